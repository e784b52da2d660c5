import Foundation
import Testing

@testable import Datasets

@Suite("Files")
struct AtomicFileTests {
  @Test("a new file, then another in its place, and no temporary left")
  func replaces() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/out.txt"
      try AtomicFile.write(Data("one".utf8), to: path)
      #expect(try SystemFile.read(path) == Array("one".utf8))
      try AtomicFile.write(Data(), to: path)
      #expect(try SystemFile.read(path) == [])
      let long = folder + "/" + String(repeating: "n", count: 255)
      try AtomicFile.write(Data("two".utf8), to: long)
      #expect(try SystemFile.read(long) == Array("two".utf8))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).count == 2)
    }
  }

  @Test("a folder that does not exist is named")
  func noFolder() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a/b.txt"
      let error = #expect(throws: FileError.self) { try AtomicFile.write(Data([1]), to: path) }
      #expect(error?.path == path)
      #expect(error?.reason == "the folder '\(folder)/a' does not exist; make it first")
      #expect(message { try AtomicFile.write(Data(), to: "") }.contains("an empty file name"))
    }
  }

  @Test("a folder is not written over, and the temporary is removed on failure")
  func failures() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/out"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
      #expect(message { try AtomicFile.write(Data([1]), to: path) } == "\(path): is a folder; name a file to write")
      let tooLong = folder + "/" + String(repeating: "n", count: 300)
      #expect(throws: FileError.self) { try AtomicFile.write(Data([1]), to: tooLong) }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["out"])
    }
  }

  @Test("a link keeps being a link; a device keeps being a device")
  func links() throws {
    try withTemporaryFolder { folder in
      let (target, link) = (folder + "/target", folder + "/link")
      try AtomicFile.write(Data("old".utf8), to: target)
      try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target)
      try AtomicFile.write(Data("new".utf8), to: link)
      #expect(try SystemFile.read(target) == Array("new".utf8))
      #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == target)
    }
    try AtomicFile.write(Data([1]), to: "/dev/null")
    #expect(SystemFile.kind(of: "/dev/null") == .other)
  }

  @Test("permissions stay, and an open stream is appended to")
  func streams() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/private"
      try AtomicFile.write(Data("one".utf8), to: path)
      #expect(chmod(path, 0o600) == 0)
      try AtomicFile.write(Data("two".utf8), to: path)
      #expect(SystemFile.permissions(of: path) == 0o600)
      let file = try SystemFile.open(path, flags: O_WRONLY | O_APPEND)
      defer { close(file) }
      try AtomicFile.write(Data(" and three".utf8), to: "/dev/fd/\(file)")
      #expect(try SystemFile.read(path) == Array("two and three".utf8))
      #expect(SystemFile.openStream("/dev/stdout") == 1 && SystemFile.openStream("/dev/null") == nil)
    }
  }

  @Test("tables from files")
  func reading() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write(Data("x,y\n1,2\n".utf8), to: folder + "/t.txt")
      let table = try Table.read(path: folder + "/t.txt")
      #expect(table.columnNames == ["x", "y"] && table.source == folder + "/t.txt")
      // The contents decide, not the name.
      try AtomicFile.write(try NumpyFile.npy([1, 2], shape: [2]), to: folder + "/array")
      #expect(try Table.read(path: folder + "/array").column(named: "c1").values == [1, 2])
      try AtomicFile.write(try NumpyFile.npz([("k", [1], [1])]), to: folder + "/a.npz")
      #expect(try Table.read(path: folder + "/a.npz").columnNames == ["k"])
      #expect(message { try Table.read(path: folder) } == "\(folder): is a folder; name a file to read")
      #expect(message { try Table.read(path: folder + "/no.csv") } == "\(folder)/no.csv: no such file or directory")
      try AtomicFile.write(Data(), to: folder + "/empty.npy")
      #expect(message { try Table.read(path: folder + "/empty.npy") }.contains("is empty"))
    }
  }
}
