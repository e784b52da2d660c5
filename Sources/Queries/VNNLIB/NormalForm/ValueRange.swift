import Exact

/// The numbers between two bounds, each of which may be left out, and may itself belong to them or not.
public struct ValueRange: Sendable, Hashable {
  public struct Bound: Sendable, Hashable {
    public var value: Rational
    /// Whether the value itself is excluded.
    public var isStrict: Bool

    public init(_ value: Rational, isStrict: Bool = false) {
      self.value = value
      self.isStrict = isStrict
    }
  }

  public var lower: Bound?
  public var upper: Bound?

  public init(lower: Bound? = nil, upper: Bound? = nil) {
    self.lower = lower
    self.upper = upper
  }

  /// The single number.
  public init(_ value: Rational) { self.init(lower: Bound(value), upper: Bound(value)) }

  public var isEmpty: Bool {
    guard let lower, let upper else { return false }
    return lower.value > upper.value || (lower.isStrict || upper.isStrict) && lower.value == upper.value
  }

  public func contains(_ value: Rational) -> Bool {
    if let lower, value < lower.value || lower.isStrict && value == lower.value { return false }
    if let upper, value > upper.value || upper.isStrict && value == upper.value { return false }
    return true
  }

  public func intersection(_ other: ValueRange) -> ValueRange {
    ValueRange(
      lower: Self.tighter(lower, other.lower, >), upper: Self.tighter(upper, other.upper, <))
  }

  private static func tighter(_ one: Bound?, _ two: Bound?, _ isTighter: (Rational, Rational) -> Bool) -> Bound? {
    guard let one, let two else { return one ?? two }
    if one.value == two.value { return one.isStrict ? one : two }
    return isTighter(one.value, two.value) ? one : two
  }
}
