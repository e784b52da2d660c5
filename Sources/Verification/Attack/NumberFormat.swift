import Exact
import Queries

/// The numbers that an element type has, so far as they are doubles too.
enum NumberFormat: Sendable, Hashable {
  /// ±m · 2^e with m < 2^`precision` an integer and e at least `leastExponent` − `precision` + 1, at most `greatest`.
  case binary(precision: Int, leastExponent: Int, greatest: Double)
  case integers(ClosedRange<Double>)

  static let single = binary(precision: 24, leastExponent: -126, greatest: Double(Float.greatestFiniteMagnitude))
  static let double = binary(precision: 53, leastExponent: -1022, greatest: .greatestFiniteMagnitude)

  /// Nil for `real`, and for types whose numbers are not known here.
  init?(_ type: VNNLIBElementType) {
    switch type {
    case .float16: self = .binary(precision: 11, leastExponent: -14, greatest: 65504)
    case .bfloat16: self = .binary(precision: 8, leastExponent: -126, greatest: 0x1.fep127)
    case .float32: self = .single
    case .float64: self = .double
    default:
      // Integers beyond 2⁵³ are not all doubles; those that are suffice to look for a point.
      guard let range = type.integerRange, range.upperBound < 1 << 53 else { return nil }
      self = .integers(Double(range.lowerBound)...Double(range.upperBound))
    }
  }

  /// How many bits its numbers have.
  var precision: Int {
    switch self {
    case .binary(let precision, _, _): precision
    case .integers: 0
    }
  }

  /// The number nearest to a finite one, in the direction that `rule` says; beyond the format's range its end.
  func rounded(_ value: Double, _ rule: FloatingPointRoundingRule = .toNearestOrEven) -> Double {
    switch self {
    case .integers(let range): return min(max(value.rounded(rule), range.lowerBound), range.upperBound)
    case .binary(let precision, let leastExponent, let greatest):
      let value = min(max(value, -greatest), greatest)
      guard value != 0, precision < 53 else { return value }
      let step = Double(sign: .plus, exponent: max(Int(value.exponent), leastExponent) - precision + 1, significand: 1)
      return min(max((value / step).rounded(rule) * step, -greatest), greatest)
    }
  }

  func contains(_ value: Rational) -> Bool {
    let near = value.nearbyDouble
    return near.isFinite && Rational(exactly: near) == value && rounded(near) == near
  }

  /// The next number above; the number itself at the end of the range.
  func above(_ value: Double) -> Double { rounded(value.nextUp, .up) }

  /// The next number below; the number itself at the end of the range.
  func below(_ value: Double) -> Double { rounded(value.nextDown, .down) }

  /// The least number that is in a range; nil when there is none.
  func least(in range: ValueRange) -> Double? {
    let start = range.lower.map { $0.value.roundedUp } ?? -.greatestFiniteMagnitude
    guard start.isFinite else { return nil }
    var value = rounded(start, .up)
    if !isIn(range, value) { value = above(value) }
    return isIn(range, value) ? value : nil
  }

  /// The greatest number that is in a range; nil when there is none.
  func greatest(in range: ValueRange) -> Double? {
    let start = range.upper.map { $0.value.roundedDown } ?? .greatestFiniteMagnitude
    guard start.isFinite else { return nil }
    var value = rounded(start, .down)
    if !isIn(range, value) { value = below(value) }
    return isIn(range, value) ? value : nil
  }

  private func isIn(_ range: ValueRange, _ value: Double) -> Bool {
    value.isFinite && range.contains(Rational(exactly: value))
  }
}
