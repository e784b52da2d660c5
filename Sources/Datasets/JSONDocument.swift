import Foundation

/// A JSON text (RFC 8259) as its values, each with its line and column; numbers keep their digits.
///
/// ```swift
/// let document = try JSONDocument(#"{"gain": [0.1, "1/3"]}"#, source: "law.json")
/// if case .object(let members) = document.root.content {
///   print(members[0].name, members[0].place)      // gain line 1, column 2
/// }
/// ```
///
/// The reader is strict: one value, no comments, no trailing commas, no `NaN`, no name twice in an object, UTF-8 without
/// faults, at most ``depthLimit`` arrays and objects within each other. A byte order mark is skipped.
public struct JSONDocument: Sendable {
  /// The file, as its reader named it, or another name for where the text came from.
  public let source: String
  public let root: JSONValue

  /// How deep arrays and objects may stand within each other.
  public static let depthLimit = 64

  /// Reads JSON from a file; `-` is standard input. O(bytes).
  ///
  /// Throws `FileError` when the file cannot be read and `DatasetError`, with line and column, when it is not JSON.
  public static func read(path: String) throws -> JSONDocument {
    if path == "-" {
      let source = "standard input"
      return try JSONDocument(bytes: SystemFile.readAll(STDIN_FILENO, path: source), source: source)
    }
    return try JSONDocument(bytes: SystemFile.read(path), source: path)
  }

  /// Reads JSON in memory. Throws `DatasetError`, with line and column. O(bytes).
  public init(_ text: String, source: String) throws {
    try self.init(bytes: Array(text.utf8), source: source)
  }

  init(bytes: [UInt8], source: String) throws {
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw DatasetError(source: source, "is UTF-16 text; save it as UTF-8")
    }
    self.source = source
    root = try bytes.withUnsafeBufferPointer { buffer in
      var parser = JSONParser(buffer, source: source, start: TextEncoding.markLength(bytes))
      return try parser.document()
    }
  }

  /// An error about a value of the document: the reason, followed by the place in brackets.
  public func error(_ reason: String, at place: JSONValue.Place) -> DatasetError {
    DatasetError(source: source, line: place.line, "\(reason) (\(place))")
  }
}
