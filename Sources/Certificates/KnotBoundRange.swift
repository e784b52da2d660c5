import Exact

/// A range of real numbers, empty when `low` > `high`.
struct KnotRange {
  var low: Double
  var high: Double

  static let none = KnotRange(low: .infinity, high: -.infinity)

  var isEmpty: Bool { !(low <= high) }

  func contains(_ other: KnotRange) -> Bool { low <= other.low && other.high <= high }

  func intersection(_ other: KnotRange) -> KnotRange {
    KnotRange(low: max(low, other.low), high: min(high, other.high))
  }

  var length: Double { isEmpty ? 0 : high - low }

  func touches(_ other: KnotRange) -> Bool { low <= other.high && other.low <= high }

  /// The union of two ranges that touch.
  func hull(_ other: KnotRange) -> KnotRange { KnotRange(low: min(low, other.low), high: max(high, other.high)) }

  func surelyContains(_ value: Interval) -> Bool { low <= value.lower && value.upper <= high }

  func surelyMisses(_ value: Interval) -> Bool { value.upper < low || high < value.lower }
}

/// What is known about a set of real numbers: it lies inside `outer` and contains `inner`.
struct KnotRangeBounds {
  var outer: KnotRange
  var inner: KnotRange

  func intersection(_ other: KnotRangeBounds) -> KnotRangeBounds {
    KnotRangeBounds(outer: outer.intersection(other.outer), inner: inner.intersection(other.inner))
  }

  static let none = KnotRangeBounds(outer: .none, inner: .none)

  /// {s : |s| ≤ radius and base + rate·s ≥ 0}
  static func halfLine(base: Interval, rate: Interval, radius: Double) -> KnotRangeBounds {
    let all = KnotRange(low: -radius, high: radius)
    if rate.lower > 0 {
      let root = -base / rate
      return KnotRangeBounds(
        outer: KnotRange(low: max(-radius, root.lower), high: radius),
        inner: KnotRange(low: max(-radius, root.upper), high: radius))
    }
    if rate.upper < 0 {
      let root = base / -rate
      return KnotRangeBounds(
        outer: KnotRange(low: -radius, high: min(radius, root.upper)),
        inner: KnotRange(low: -radius, high: min(radius, root.lower)))
    }
    let value = base + rate * Interval(lower: -radius, upper: radius)
    if value.lower >= 0 { return KnotRangeBounds(outer: all, inner: all) }
    if value.upper < 0 { return .none }
    return KnotRangeBounds(outer: all, inner: .none)
  }

  /// {s : |s| ≤ radius, left + leftRate·s ≥ 0 and right + rightRate·s ≤ 0}
  static func signChange(
    _ left: Interval, _ leftRate: Interval, _ right: Interval, _ rightRate: Interval, radius: Double
  ) -> KnotRangeBounds {
    halfLine(base: left, rate: leftRate, radius: radius)
      .intersection(halfLine(base: -right, rate: -rightRate, radius: radius))
  }
}
