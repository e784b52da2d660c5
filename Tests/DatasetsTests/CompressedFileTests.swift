import Foundation
import Testing

@testable import Datasets

@Suite("Compressed files")
struct CompressedFileTests {
  /// `hello\n` as gzip wrote it.
  private static let member: [UInt8] = [
    0x1F, 0x8B, 0x08, 0, 0, 0, 0, 0, 0, 0x03, 0xCB, 0x48, 0xCD, 0xC9, 0xC9, 0xE7, 0x02, 0, 0x20, 0x30, 0x3A, 0x36, 0x06,
    0, 0, 0,
  ]

  private func file(_ bytes: [UInt8], _ name: String = "file") throws -> String {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    try Data(bytes).write(to: folder.appendingPathComponent(name))
    return folder.appendingPathComponent(name).path
  }

  @Test("members one after another, padding, and plain bytes")
  func reads() throws {
    #expect(try CompressedFile.read(file(Array("plain".utf8))) == Data("plain".utf8))
    #expect(try CompressedFile.read(file([])) == Data())
    #expect(try CompressedFile.read(file(Self.member)) == Data("hello\n".utf8))
    #expect(try CompressedFile.read(file(Self.member + Self.member + [0, 0])) == Data("hello\nhello\n".utf8))
  }

  @Test("where there is no such file, one with .gz after its name is read")
  func name() throws {
    let path = try file(Self.member, "text.gz")
    #expect(try CompressedFile.read(String(path.dropLast(3))) == Data("hello\n".utf8))
    #expect(throws: FileError.self) { try CompressedFile.read(path + ".none") }
  }

  @Test("a stream that is cut off or changed is refused")
  func damage() throws {
    for length in 2..<Self.member.count {
      let path = try file(Array(Self.member.prefix(length)))
      #expect(throws: FileError.self, "\(length) bytes") { try CompressedFile.read(path) }
    }
    var changed = Self.member
    changed[19] ^= 1
    let path = try file(changed)
    #expect(throws: FileError(path: path, "is damaged or cut off: its gzip stream cannot be decompressed")) {
      try CompressedFile.read(path)
    }
  }
}
