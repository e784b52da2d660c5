/// What is wrong with a table's contents, and where.
public struct DatasetError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file, as its reader named it, or another name for where the data came from.
  public let source: String
  /// The line in a text file, from 1; nil when the fault has no single line.
  public let line: Int?
  /// The column's name, when the fault lies in one column.
  public let column: String?
  /// A sentence for the reader, which names the line and the column itself.
  public let reason: String

  public init(source: String, line: Int? = nil, column: String? = nil, _ reason: String) {
    self.source = source
    self.line = line
    self.column = column
    self.reason = reason
  }

  public var description: String { "\(source): \(reason)" }
}

/// Why a file could not be opened, read or written.
public struct FileError: Error, Sendable, Equatable, CustomStringConvertible {
  public let path: String
  public let reason: String

  public init(path: String, _ reason: String) {
    self.path = path
    self.reason = reason
  }

  public var description: String { "\(path): \(reason)" }
}

/// A piece of somebody's file between quotes, on one line and of bounded length, fit for an error message.
func excerpt(_ text: some StringProtocol) -> String {
  let limit = 40
  var shown = "'"
  for scalar in text.unicodeScalars.prefix(limit) {
    shown += scalar.value < 0x20 || scalar.value == 0x7F ? scalar.escaped(asASCII: true) : String(scalar)
  }
  return shown + (text.unicodeScalars.dropFirst(limit).isEmpty ? "'" : "…'")
}

/// Names in quotes, separated by commas; of a long list only the first.
func listing(_ names: [String]) -> String {
  let limit = 20
  let shown = names.prefix(limit).map { excerpt($0) }.joined(separator: ", ")
  return names.count > limit ? "\(shown) and \(names.count - limit) more" : shown
}
