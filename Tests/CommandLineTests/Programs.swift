import Foundation
import Testing

/// The built programs, run as a person runs them.
enum Programs {
  /// What a program did.
  struct Run {
    var status: Int32
    var output: String
    var errors: String

    /// The one JSON document on standard output.
    func json() throws -> [String: Any] {
      try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any], "\(output)\n\(errors)")
    }
  }

  struct Missing: Error, CustomStringConvertible {
    var description: String
  }

  /// The folder of the built programs: the test bundle lies in it, or in it lies the bundle that holds the tests.
  static func url(_ name: String) throws -> URL {
    var folders: [URL] = [
      Bundle.main.bundleURL, Bundle.main.executableURL, URL(fileURLWithPath: CommandLine.arguments[0]),
    ]
    .compactMap { $0?.absoluteURL.resolvingSymlinksInPath() }
    folders += CommandLine.arguments.filter { $0.contains(".xctest") }.map { URL(fileURLWithPath: $0).absoluteURL }
    for start in folders {
      var folder = start
      for _ in 0..<5 where folder.path != "/" {
        let candidate = folder.appendingPathComponent(name)
        var isFolder: ObjCBool = false
        if FileManager.default.fileExists(atPath: candidate.path, isDirectory: &isFolder), !isFolder.boolValue {
          return candidate
        }
        folder.deleteLastPathComponent()
      }
    }
    throw Missing(
      description: "the program \(name) is not beside the tests; build all products first. Looked above "
        + folders.map(\.path).joined(separator: ", "))
  }

  /// Runs a program to its end.
  ///
  /// - Parameters:
  ///   - input: what it reads from standard input.
  ///   - interruptOn: text on standard error after which it gets the signal of Ctrl-C.
  static func run(_ name: String, _ arguments: [String], input: String = "", interruptOn: String? = nil) throws -> Run {
    let process = Process()
    process.executableURL = try url(name)
    process.arguments = arguments
    let standardInput = Pipe()
    let output = Pipe()
    let errors = Pipe()
    process.standardInput = standardInput
    process.standardOutput = output
    process.standardError = errors
    let collected = Collected()
    let group = DispatchGroup()
    try process.run()
    let target = process.processIdentifier
    DispatchQueue.global().async(group: group) {
      collected.output = output.fileHandleForReading.readDataToEndOfFile()
    }
    DispatchQueue.global().async(group: group) {
      var waits = interruptOn != nil
      while true {
        let data = errors.fileHandleForReading.availableData
        guard !data.isEmpty else { break }
        collected.errors += data
        if waits, let text = interruptOn, String(decoding: collected.errors, as: UTF8.self).contains(text) {
          waits = false
          // The announcement comes just before the work: let the work begin.
          DispatchQueue.global().asyncAfter(deadline: .now() + 0.7) { kill(target, SIGINT) }
        }
      }
    }
    try standardInput.fileHandleForWriting.write(contentsOf: Data(input.utf8))
    try standardInput.fileHandleForWriting.close()
    process.waitUntilExit()
    group.wait()
    return Run(
      status: process.terminationStatus, output: String(decoding: collected.output, as: UTF8.self),
      errors: String(decoding: collected.errors, as: UTF8.self))
  }

  /// Each stream is written by one reader, and read after both have ended.
  private final class Collected: @unchecked Sendable {
    var output = Data()
    var errors = Data()
  }
}

/// A folder for the files of one test; removed with the value.
final class Folder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("pleat-tests-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func path(_ name: String) -> String { url.appendingPathComponent(name).path }

  /// Writes a file and returns its path.
  func write(_ name: String, _ text: String) throws -> String {
    try Data(text.utf8).write(to: url.appendingPathComponent(name))
    return path(name)
  }
}

/// Tables to fit.
enum Tables {
  /// One input; the optimum of one unit with output bias is 74/5.
  static let line = "x,y\n-3,1\n-2,-2\n0,3\n1,0\n2,2\n4,-1\n"
  /// Two inputs; the optimum of one unit with output bias is 165/92.
  static let plane = "a,b,y\n0,0,1\n3,1,-1\n-1,2,2\n2,-2,0\n-3,-1,3\n1,4,-2\n"
  static let labels = "x,y\n0,1\n1,-1\n2,1\n3,-1\n4,1\n5,-1\n6,1\n"

  /// Noise without structure: no search of three units in four dimensions ends on it soon.
  static var hard: String {
    var state: UInt64 = 1
    func next() -> String {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return String(format: "%.4f", Double(state >> 11) * 0x1p-53 - 0.5)
    }
    return (["a,b,c,d,y"] + (0..<120).map { _ in (0..<5).map { _ in next() }.joined(separator: ",") }).joined(
      separator: "\n")
  }
}
