import Exact

/// Rational numbers as decimals without exponent: the notation that every reader of VNN-LIB takes.
enum DecimalText {
  /// The decimal that equals the number; nil when there is none, or when it needs more than `limit` decimal places.
  static func exact(_ value: Rational, limit: Int) -> String? {
    var places = 0
    var scaled = value
    // A number with k places is an integer times 10⁻ᵏ; doubling k finds one that is large enough in few products.
    while scaled.denominator != .one {
      guard places < limit else { return nil }
      places = min(limit, max(1, 2 * places))
      scaled = value * powerOfTen(places)
    }
    return text(digits: scaled.magnitude.description, places: places, isNegative: value.signum < 0)
  }

  /// The nearest decimal of so many significant digits.
  static func rounded(_ value: Rational, digits: Int) -> String {
    guard value.signum != 0 else { return "0.0" }
    let magnitude = value.magnitude
    // The lengths of numerator and denominator give the number's own length up to one.
    let length = magnitude.numerator.description.utf8.count - magnitude.denominator.description.utf8.count
    let exponent = magnitude < powerOfTen(length) ? length : length + 1
    let places = digits - exponent
    let scaled = (magnitude * powerOfTen(places) + Rational(1, 2)).roundedDown(bits: 0)
    return text(digits: scaled.description, places: places, isNegative: value.signum < 0)
  }

  /// The shortest decimal that reads back to the same `Float`.
  static func shortest(_ value: Float) -> String { withoutExponent(value.description) }

  /// The shortest decimal that reads back to the same `Double`.
  static func shortest(_ value: Double) -> String { withoutExponent(value.description) }

  /// Six significant digits for reading, without a needless `.0`.
  static func short(_ value: Rational) -> String {
    let double = value.doubleValue
    guard double != 0, double.isFinite else { return double == 0 ? "0" : "\(double)" }
    let isModerate = (1e-4..<1e9).contains(abs(double))
    let text = isModerate ? rounded(value, digits: 6) : "\(Float(double))"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// `1.5e-07` as `0.00000015`.
  private static func withoutExponent(_ text: String) -> String {
    let parts = text.split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return text }
    let isNegative = parts[0].hasPrefix("-")
    let mantissa = parts[0].drop { $0 == "-" }
    let fraction = mantissa.split(separator: ".").dropFirst().first ?? ""
    return Self.text(
      digits: mantissa.filter { $0 != "." }, places: fraction.count - exponent, isNegative: isNegative)
  }

  /// digits · 10^−places, with at least one decimal place and no more than are needed.
  private static func text(digits: String, places: Int, isNegative: Bool) -> String {
    var digits = String(digits.drop { $0 == "0" })
    if digits.isEmpty { return "0.0" }
    if places < 0 { digits += String(repeating: "0", count: -places) }
    let places = max(0, places)
    if digits.utf8.count <= places {
      digits = String(repeating: "0", count: places + 1 - digits.utf8.count) + digits
    }
    let point = digits.index(digits.endIndex, offsetBy: -places)
    var fraction = digits[point...]
    while fraction.last == "0" { fraction.removeLast() }
    return "\(isNegative ? "-" : "")\(digits[..<point]).\(fraction.isEmpty ? "0" : fraction)"
  }

  private static func powerOfTen(_ exponent: Int) -> Rational {
    var power = Rational.one
    var factor: Rational = exponent < 0 ? Rational(1, 10) : 10
    var rest = exponent.magnitude
    while rest > 0 {
      if rest & 1 == 1 { power *= factor }
      rest >>= 1
      if rest > 0 { factor *= factor }
    }
    return power
  }
}
