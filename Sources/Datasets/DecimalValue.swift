/// The value of a decimal literal as a double.
enum DecimalValue {
  /// The largest magnitude of an exponent that is read: with more, exact arithmetic on the literal could take all
  /// memory.
  static let largestExponent = 5000

  /// The nearest double to a literal of the form that `Column.literals` documents; nil when it is beyond the largest
  /// double, when it is not zero and yet nearest to zero, or when its exponent is beyond `largestExponent`. O(length).
  static func nearest(_ literal: String) -> Double? {
    guard let value = Double(literal), value.isFinite else { return nil }
    // A normal value with a larger exponent would need thousands of digits to make up for it.
    if value.isNormal, literal.utf8.count < 4000 { return value }
    let digits = literal.utf8.prefix { $0 | 0x20 != UInt8(ascii: "e") }
    if digits.endIndex < literal.utf8.endIndex {
      let text = literal[literal.utf8.index(after: digits.endIndex)...]
      guard let exponent = Int(text), exponent.magnitude <= largestExponent else { return nil }
    }
    let isZero = !digits.contains { $0 >= UInt8(ascii: "1") && $0 <= UInt8(ascii: "9") }
    return value == 0 && !isZero ? nil : value
  }
}
