import Foundation
import LinearAlgebra

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

  static func rows(_ matrix: Matrix) -> JSONText { .array(matrix.rowArrays.map { .numbers($0) }) }

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

extension Matrix {
  var rowArrays: [[Double]] { (0..<rows).map { Array(row($0)) } }
}

/// Numbers as reports print them.
enum NumberFormat {
  /// Twelve significant digits.
  static func full(_ value: Double) -> String { String(format: "%.12g", value) }
  /// Six significant digits, for formulas.
  static func short(_ value: Double) -> String { String(format: "%.6g", value) }
  /// Seconds.
  static func seconds(_ value: Double) -> String { String(format: value < 10 ? "%.3f" : "%.1f", value) }

  /// `²`, for dimensions.
  static func superscript(_ value: Int) -> String {
    let digits = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")
    return String(String(value).map { $0.wholeNumberValue.map { digits[$0] } ?? $0 })
  }

  /// `12,345`: a comma after each three digits.
  static func grouped(_ value: Int) -> String { grouped(digits: String(value)) }

  /// A natural number of any size: its digits in groups of three, or a power of ten when there are many.
  static func grouped(digits: String) -> String {
    guard digits.count <= 18 else {
      let mantissa = Double("0." + digits.prefix(17)).map { $0 * 10 } ?? 0
      return String(format: "%.4fe+%d", mantissa, digits.count - 1)
    }
    var groups = ""
    for (place, digit) in digits.enumerated() {
      if place > 0, digit != "-", (digits.count - place) % 3 == 0, groups != "-" { groups += "," }
      groups.append(digit)
    }
    return groups
  }
}
