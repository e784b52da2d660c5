/// One value of a JSON document, and where it stands.
public struct JSONValue: Sendable {
  public enum Content: Sendable {
    case null
    case bool(Bool)
    /// The number as it is written, for example `-1.25e3`: what is exact about it is its text.
    case number(String)
    case string(String)
    case array([JSONValue])
    /// In the order of the document; no two have one name.
    case object([Member])
  }

  /// A name and its value.
  public struct Member: Sendable {
    public let name: String
    public let value: JSONValue
    /// Where the name stands.
    public let place: Place
  }

  /// A position in the text, both numbers from 1; columns count Unicode scalars.
  public struct Place: Sendable, Hashable, CustomStringConvertible {
    let storedLine: UInt32
    let storedColumn: UInt32

    init(line: Int, column: Int) {
      storedLine = UInt32(clamping: line)
      storedColumn = UInt32(clamping: column)
    }

    public var line: Int { Int(storedLine) }
    public var column: Int { Int(storedColumn) }

    public var description: String { "line \(line), column \(column)" }
  }

  public let content: Content
  /// Where the value begins.
  public let place: Place

  /// What the value is, with an article: `an array`.
  public var kind: String {
    switch content {
    case .null: "null"
    case .bool: "a truth value"
    case .number: "a number"
    case .string: "a string"
    case .array: "an array"
    case .object: "an object"
    }
  }
}
