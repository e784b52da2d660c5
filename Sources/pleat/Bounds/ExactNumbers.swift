import Exact
import Foundation

extension NumberFormat {
  /// A natural number of any size, for people.
  static func natural(_ value: Rational) -> String { grouped(digits: value.description) }

  /// A rational number for people: the fraction, where it is short, and its value.
  static func fraction(_ value: Rational) -> String {
    if value.denominator == .one { return natural(value) }
    let text = value.description
    return text.count <= 24 ? "\(text) (\(short(value.doubleValue)))" : full(value.doubleValue)
  }
}

extension JSONText {
  /// A natural number of any size, as its digits.
  static func digits(_ value: Rational) -> JSONText { .string(value.description) }

  static func optional(_ value: Rational?) -> JSONText { value.map { .digits($0) } ?? .null }

  static func optional(_ value: Int?) -> JSONText { value.map { .integer($0) } ?? .null }
}

/// Numbers as a person wrote them.
enum ExactNumberOption {
  /// The longest text that is read.
  private static let longest = 20_000

  /// An integer, decimal or fraction, exactly.
  static func rational(_ text: String, named option: String, accepted: String) throws -> Rational {
    guard text.utf8.count <= longest, let value = Rational(text) else {
      throw Failure.usage("\(option) \(shortened(text)): accepted are \(accepted)")
    }
    return value
  }

  /// A natural number from 1, such as 82, 1e30 or forty digits.
  static func count(_ text: String, named option: String) throws -> Rational {
    let accepted = "natural numbers from 1, such as 82 or 1e30"
    let value = try rational(text, named: option, accepted: accepted)
    guard value.signum > 0, value.denominator == .one else {
      throw Failure.usage("\(option) \(shortened(text)): accepted are \(accepted)")
    }
    return value
  }

  static func shortened(_ text: String) -> String { text.count <= 60 ? "'\(text)'" : "'\(text.prefix(57))…'" }
}
