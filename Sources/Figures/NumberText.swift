import Foundation

/// Numbers as a chart writes them: minus sign U+2212, thin spaces in groups of three from five digits on, and
/// `1.4×10⁶` where plain digits would be long.
public enum NumberText {
  /// `value` to `digits` significant digits (1 to 15), trailing zeros dropped. Magnitudes in [10⁻³, 10⁶) are plain;
  /// others are in powers of ten. Non-finite values are spelled `not a number`, `∞` and `−∞`.
  public static func short(_ value: Double, digits: Int = 3) -> String {
    guard !value.isNaN else { return "not a number" }
    guard value.isFinite else { return value < 0 ? "\(minus)∞" : "∞" }
    guard value != 0 else { return "0" }
    let number = DecimalNumber(rounding: value, digits: digits)
    // The magnitude after rounding: 999 999.9 to three digits is 10⁶.
    return (-3..<6).contains(number.leadingPower)
      ? number.plain : number.scientific(power: number.leadingPower)
  }

  /// A count with its digits grouped: `1 000 000`.
  static func count(_ value: Int) -> String { DecimalNumber(units: value, exponent: 0).plain }

  static let minus = "\u{2212}"
  static let thinSpace = "\u{2009}"

  /// `power` in superscript characters, which the SVG writer draws as raised digits.
  static func superscript(_ power: Int) -> String {
    String(String(power).map { $0 == "-" ? "⁻" : superscriptDigits[$0.wholeNumberValue ?? 0] })
  }

  private static let superscriptDigits: [Character] = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
}

/// `units`·10^`exponent`, a decimal number held exactly. Ticks are made of these, so their labels carry no float noise.
struct DecimalNumber: Sendable, Equatable {
  var units: Int
  var exponent: Int

  init(units: Int, exponent: Int) {
    self.units = units
    self.exponent = exponent
  }

  /// The finite `value` rounded to `digits` significant digits, trailing zeros dropped.
  init(rounding value: Double, digits: Int) {
    let kept = min(max(digits, 1), 15)
    // "%e" is the C library's correctly rounded decimal: d.ddde±xx.
    let parts = String(format: "%.\(kept - 1)e", value).split(separator: "e")
    units = Int(parts.first?.filter { $0 != "." } ?? "") ?? 0
    exponent = (parts.count > 1 ? Int(parts[1]) ?? 0 : 0) - (kept - 1)
    while units != 0 && units.isMultiple(of: 10) {
      units /= 10
      exponent += 1
    }
  }

  /// The nearest Double; dividing by a power of ten, rather than multiplying by its inexact inverse, makes 3·10⁻¹
  /// the double 0.3.
  var value: Double {
    exponent < 0 ? Double(units) / pow(10, Double(-exponent)) : Double(units) * pow(10, Double(exponent))
  }

  /// The power of ten of the first digit; 0 for zero.
  var leadingPower: Int { units == 0 ? 0 : String(units.magnitude).count - 1 + exponent }

  /// Positional digits with `max(0, -exponent)` decimals.
  var plain: String {
    var digits = String(units.magnitude)
    var fraction = ""
    if exponent >= 0 {
      if units != 0 { digits += String(repeating: "0", count: exponent) }
    } else {
      let decimals = -exponent
      if digits.count <= decimals { digits = String(repeating: "0", count: decimals + 1 - digits.count) + digits }
      fraction = "." + digits.suffix(decimals)
      digits.removeLast(decimals)
    }
    return (units < 0 ? NumberText.minus : "") + Self.grouped(digits) + fraction
  }

  /// `m×10ᵖ` with the mantissa's decimals kept, `0` for zero; `10ᵖ` where the mantissa is one, unless it is to be kept
  /// for the sake of the numbers beside it.
  func scientific(power: Int, keepsOne: Bool = false) -> String {
    guard units != 0 else { return "0" }
    let tail = "10" + NumberText.superscript(power)
    if !keepsOne && units.magnitude == 1 && exponent == power { return (units < 0 ? NumberText.minus : "") + tail }
    return DecimalNumber(units: units, exponent: exponent - power).plain + "×" + tail
  }

  private static func grouped(_ digits: String) -> String {
    guard digits.count >= 5 else { return digits }
    var result = ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index).isMultiple(of: 3) { result += NumberText.thinSpace }
      result.append(digit)
    }
    return result
  }
}
