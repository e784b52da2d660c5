/// A closed interval [lower, upper] of real numbers that surely contains the real result it stands for.
///
/// Every operation returns an interval that contains x ∘ y for all real x and y in its operands. IEEE 754 rounds each
/// end to the nearest `Double`, so the real end lies between the two neighbours of the rounded one: the lower end moves
/// to `nextDown`, the upper end to `nextUp`. A sum that rounds to zero is exactly zero and stays.
///
/// An end may be infinite, never NaN; `lower` is never +∞ and `upper` never −∞, so an interval is never empty. What is
/// not known (a quotient by an interval that contains zero) is ``whole``. No operation traps.
///
/// - Complexity: O(1), a few nanoseconds, for each operation.
@frozen
public struct Interval: Sendable, Hashable {
  public let lower: Double
  public let upper: Double

  /// The whole real line: nothing is known.
  @inlinable public static var whole: Interval { Interval(ordered: -.infinity, .infinity) }

  @inlinable public static var zero: Interval { Interval(ordered: 0, 0) }

  /// Trusts that `lower` ≤ `upper` and that the rules on infinities hold.
  @inlinable @inline(__always)
  init(ordered lower: Double, _ upper: Double) {
    self.lower = lower
    self.upper = upper
  }

  /// The interval from `lower` to `upper`; the whole line when they are out of order or NaN.
  @inlinable
  public init(lower: Double, upper: Double) {
    let ordered = lower <= upper
    self.lower = ordered ? min(lower, .greatestFiniteMagnitude) : -.infinity
    self.upper = ordered ? max(upper, -.greatestFiniteMagnitude) : .infinity
  }

  /// Exactly this number; an infinity stands for the reals beyond the range of `Double`, NaN for the whole line.
  @inlinable @inline(__always)
  public init(_ value: Double) {
    self.init(lower: value, upper: value)
  }

  /// The smallest interval of `Double`s around an exact number.
  public init(_ value: Rational) {
    self.init(lower: value.roundedDown, upper: value.roundedUp)
  }

  /// An upper bound of upper − lower.
  @inlinable
  public var width: Double { Interval.up(upper - lower) }

  /// A number inside, near the middle; 0 for the whole line.
  @inlinable
  public var midpoint: Double {
    if lower == -.infinity { return upper == .infinity ? 0 : upper }
    if upper == .infinity { return lower }
    return min(max(lower / 2 + upper / 2, lower), upper)
  }

  /// The smallest interval that contains both.
  @inlinable
  public func hull(_ other: Interval) -> Interval {
    Interval(ordered: min(lower, other.lower), max(upper, other.upper))
  }

  @inlinable
  public func overlaps(_ other: Interval) -> Bool { lower <= other.upper && other.lower <= upper }

  @inlinable
  public func contains(_ value: Double) -> Bool { lower <= value && value <= upper }
}

extension Interval: ExpressibleByIntegerLiteral {
  @inlinable @inline(__always)
  public init(integerLiteral value: Int32) { self.init(Double(value)) }
}

// The ends of sums, products and quotients, rounded outwards. The common case is one comparison and no call.
extension Interval {
  /// Whether a number is neither zero, infinite nor NaN.
  @inlinable @inline(__always)
  static func isOrdinary(_ value: Double) -> Bool {
    (value.bitPattern & 0x7FFF_FFFF_FFFF_FFFF) &- 1 < 0x7FEF_FFFF_FFFF_FFFF
  }

  /// The next `Double` above an ordinary number: one step of its bit pattern, away from zero or towards it.
  @inlinable @inline(__always)
  static func above(_ value: Double) -> Double {
    let bits = Int64(bitPattern: value.bitPattern)
    return Double(bitPattern: UInt64(bitPattern: bits &+ (bits >> 63 | 1)))
  }

  /// An upper bound of a real sum from its rounded value. A zero is exact: sums of `Double`s do not underflow.
  @inlinable @inline(__always)
  static func up(_ sum: Double) -> Double {
    isOrdinary(sum) ? above(sum) : sum == 0 ? 0 : sum.nextUp
  }

  @inlinable @inline(__always)
  static func down(_ sum: Double) -> Double { 0 - up(-sum) }

  /// An upper bound of the real product. Zero times an infinite end is zero; a product that underflows keeps its sign.
  @inlinable @inline(__always)
  static func up(_ left: Double, times right: Double) -> Double {
    let product = left * right
    return isOrdinary(product) ? above(product) : extraordinary(product, left, right)
  }

  @inlinable @inline(__always)
  static func down(_ left: Double, times right: Double) -> Double { 0 - up(-left, times: right) }

  @usableFromInline
  static func extraordinary(_ product: Double, _ left: Double, _ right: Double) -> Double {
    if left == 0 || right == 0 { return 0 }
    if product == 0 { return (left < 0) != (right < 0) ? 0 : .leastNonzeroMagnitude }
    return product.nextUp
  }
}

extension Interval {
  @inlinable @inline(__always)
  public static func + (left: Interval, right: Interval) -> Interval {
    Interval(ordered: down(left.lower + right.lower), up(left.upper + right.upper))
  }

  @inlinable @inline(__always)
  public static func - (left: Interval, right: Interval) -> Interval {
    Interval(ordered: down(left.lower - right.upper), up(left.upper - right.lower))
  }

  @inlinable @inline(__always)
  public static prefix func - (value: Interval) -> Interval {
    Interval(ordered: -value.upper, -value.lower)
  }

  @inlinable @inline(__always)
  public static func * (left: Interval, right: Interval) -> Interval {
    if left.lower >= 0 {
      return Interval(
        ordered: down(right.lower >= 0 ? left.lower : left.upper, times: right.lower),
        up(right.upper >= 0 ? left.upper : left.lower, times: right.upper))
    }
    return mixedProduct(left, right)
  }

  /// The product when the left interval reaches below zero, apart so that the common case is inlined.
  @usableFromInline
  static func mixedProduct(_ left: Interval, _ right: Interval) -> Interval {
    if right.lower >= 0 { return right * left }
    return Interval(
      ordered: min(
        min(down(left.lower, times: right.lower), down(left.lower, times: right.upper)),
        min(down(left.upper, times: right.lower), down(left.upper, times: right.upper))),
      max(
        max(up(left.lower, times: right.lower), up(left.lower, times: right.upper)),
        max(up(left.upper, times: right.lower), up(left.upper, times: right.upper))))
  }

  /// The quotient; the whole line when the divisor contains zero.
  @inlinable @inline(__always)
  public static func / (left: Interval, right: Interval) -> Interval {
    if right.lower > 0 { return quotient(left, byPositive: right) }
    if right.upper < 0 { return quotient(-left, byPositive: -right) }
    return whole
  }

  @inlinable @inline(__always)
  static func quotient(_ left: Interval, byPositive right: Interval) -> Interval {
    // A numerator that is exactly zero stays zero; a quotient that underflows to zero does not.
    let low = left.lower / (left.lower >= 0 ? right.upper : right.lower)
    let high = left.upper / (left.upper >= 0 ? right.lower : right.upper)
    return Interval(
      ordered: left.lower == 0 ? 0 : max(low.nextDown, left.lower > 0 ? 0 : -.infinity),
      left.upper == 0 ? 0 : min(high.nextUp, left.upper < 0 ? 0 : .infinity))
  }

  /// The squares of the numbers in the interval.
  @inlinable @inline(__always)
  public var squared: Interval {
    let near = lower > 0 ? lower : upper < 0 ? -upper : 0
    let far = max(-lower, upper)
    return Interval(ordered: Interval.down(near, times: near), Interval.up(far, times: far))
  }
}
