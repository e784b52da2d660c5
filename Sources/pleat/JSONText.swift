import Foundation

/// A JSON value whose objects keep the order in which they were written, so that documents read as they are documented.
indirect enum JSONText {
  case null
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  case array([JSONText])
  case object([(String, JSONText)])

  static func numbers(_ values: [Double]) -> JSONText { .array(values.map { .number($0) }) }

  /// Prints one document on standard output.
  static func print(_ members: [(String, JSONText)]) throws {
    Swift.print(JSONText.object(members).text)
  }

  var text: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return String(value)
    // JSON has no infinity and no NaN.
    case .number(let value): return value.isFinite ? "\(value)" : "null"
    case .string(let value): return Self.quoted(value)
    case .array(let values): return "[" + values.map(\.text).joined(separator: ", ") + "]"
    case .object(let members):
      return "{" + members.map { "\(Self.quoted($0)): \($1.text)" }.joined(separator: ", ") + "}"
    }
  }

  private static func quoted(_ value: String) -> String {
    var result = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 {
          result += String(format: "\\u%04x", scalar.value)
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

/// Numbers as reports print them.
enum NumberFormat {
  /// Twelve significant digits.
  static func full(_ value: Double) -> String { String(format: "%.12g", value) }
  /// Six significant digits, for formulas.
  static func short(_ value: Double) -> String { String(format: "%.6g", value) }
}
