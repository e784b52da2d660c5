import Foundation

/// One tick: where it stands, and what it says.
public struct Tick: Sendable, Equatable {
  public var value: Double
  public var label: String

  public init(value: Double, label: String) {
    self.value = value
    self.label = label
  }
}

/// Tick choice: values people count in, labels without float noise.
public enum Ticks {
  /// Multiples of 1, 2 or 5 times a power of ten inside [lower, upper], in increasing order with distinct labels:
  /// three to nine of them, as near to `count` as the range allows.
  ///
  /// Empty where no chart can be drawn: a bound that is not finite or beyond ±10³⁰⁰, or a width below 10⁻¹² of the
  /// bounds' magnitude or below 10⁻²⁹⁰. With `integersOnly` there may be fewer than three, and in a range that
  /// contains no integer the ticks are chosen as if it were not asked.
  public static func linear(
    from lower: Double, to upper: Double, count: Int = 6, integersOnly: Bool = false
  ) -> [Tick] {
    linear(from: lower, to: upper, count: count, integersOnly: integersOnly, accepting: { _ in true })
  }

  /// Ticks for a logarithmic axis over 0 < lower < upper: three to nine, increasing, with distinct labels. Powers of
  /// ten where at least three fit (every second, third, … where too many do); else 1, 2, 5 times a power; else, in a
  /// range narrower than that, equally spaced ones. Empty as for `linear`, and where `lower` is not positive.
  public static func logarithmic(from lower: Double, to upper: Double, count: Int = 6) -> [Tick] {
    logarithmic(from: lower, to: upper, count: count, accepting: { _ in true })
  }

  /// As the public call; of the possible choices, the first that `accepting` takes (labels that fit their axis, say),
  /// or the sparsest if it takes none.
  static func linear(
    from lower: Double, to upper: Double, count: Int, integersOnly: Bool, accepting: ([Tick]) -> Bool
  ) -> [Tick] {
    guard AxisRange.isDrawable(lower, upper) else { return [] }
    var choices = linearChoices(lower, upper, counts: 3...9, leastExponent: nil)
    if integersOnly {
      let whole = linearChoices(lower, upper, counts: 1...9, leastExponent: 0)
      // One or two ticks only where the range holds no more integers than that.
      let rich = whole.filter { $0.count >= 3 }
      if !rich.isEmpty {
        choices = rich
      } else if let most = whole.max(by: { $0.count < $1.count }) {
        choices = [most]
      }
    }
    return pick(choices.map { labelled($0) }, near: count, accepting: accepting)
  }

  static func logarithmic(
    from lower: Double, to upper: Double, count: Int, accepting: ([Tick]) -> Bool
  ) -> [Tick] {
    guard AxisRange.isDrawable(lower, upper), lower > 0 else { return [] }
    // One power wider on each side than the logarithms say: they are rounded, the comparison of values is not.
    let powers = (Int(log10(lower).rounded(.down)) - 1)...(Int(log10(upper).rounded(.up)) + 1)
    func inside(_ number: DecimalNumber) -> Bool { (lower...upper).contains(number.value) }

    let decades = powers.map { DecimalNumber(units: 1, exponent: $0) }.filter(inside)
    if decades.count >= 3 {
      let choices = (1...decades.count).map { stride in
        decades.filter { $0.exponent.isMultiple(of: stride) }
      }.filter { (3...9).contains($0.count) }
      if !choices.isEmpty { return pick(choices.map { powerLabels($0) }, near: 9, accepting: accepting) }
    }
    let oneTwoFive = powers.flatMap { power in [1, 2, 5].map { DecimalNumber(units: $0, exponent: power) } }
      .filter(inside)
    if (3...9).contains(oneTwoFive.count) {
      return pick([powerLabels(oneTwoFive)], near: count, accepting: accepting)
    }
    return linear(from: lower, to: upper, count: count, integersOnly: false, accepting: accepting)
  }

  /// The unlabelled ticks 2, 3, … 9 times each power of ten in [lower, upper], given where a decade is wide enough to
  /// show them: at most `decades` decades.
  static func minorLogarithmic(from lower: Double, to upper: Double, decades limit: Int = 8) -> [Double] {
    guard AxisRange.isDrawable(lower, upper), lower > 0 else { return [] }
    let powers = Int(log10(lower).rounded(.down))...Int(log10(upper).rounded(.up))
    guard powers.count <= limit + 1 else { return [] }
    return powers.flatMap { power in (2...9).map { DecimalNumber(units: $0, exponent: power).value } }
      .filter { $0 >= lower && $0 <= upper }
  }

  /// Every set of multiples of a 1-2-5 step in [lower, upper] whose size lies in `counts`.
  ///
  /// A range of width w holds ⌊w/s⌋ or one more multiples of s, so any step with 3 ≤ w/s < 9 will do, and since
  /// consecutive steps differ by a factor of at most 2.5 < 9/3 there always is one.
  private static func linearChoices(
    _ lower: Double, _ upper: Double, counts: ClosedRange<Int>, leastExponent: Int?
  ) -> [[DecimalNumber]] {
    let magnitude = Int(log10(upper - lower).rounded(.down))
    let exponents = (magnitude - 2)...(max(magnitude, leastExponent ?? magnitude))
    return exponents.filter { $0 >= leastExponent ?? $0 }.flatMap { exponent in
      [1, 2, 5].compactMap { factor in
        let step = DecimalNumber(units: factor, exponent: exponent).value
        // Quotients may round to either side of a whole number; one multiple too many is filtered out by its value.
        let first = (lower / step - 1e-3).rounded(.up)
        let last = (upper / step + 1e-3).rounded(.down)
        guard last - first <= 12, let from = Int(exactly: first), let to = Int(exactly: last), from <= to else {
          return nil
        }
        let multiples = (from...to).map { DecimalNumber(units: $0 * factor, exponent: exponent) }
          .filter { $0.value >= lower && $0.value <= upper }
        return counts.contains(multiples.count) ? multiples : nil
      }
    }
  }

  private static func pick(_ choices: [[Tick]], near count: Int, accepting: ([Tick]) -> Bool) -> [Tick] {
    let ordered = choices.sorted { abs($0.count - count) < abs($1.count - count) }
    return ordered.first(where: accepting) ?? choices.min { $0.count < $1.count } ?? []
  }

  /// One form for all labels of a linear axis, so that they can be compared at a glance: the same decimals, the same
  /// power of ten.
  private static func labelled(_ numbers: [DecimalNumber]) -> [Tick] {
    let plain = numbers.map(\.plain)
    let power = numbers.filter { $0.units != 0 }.map(\.leadingPower).max() ?? 0
    var labels = plain
    if !(-3..<6).contains(power) {
      let scientific = numbers.map { $0.scientific(power: power, keepsOne: true) }
      // 1 000 002 says more, in less room, than 1.000002×10⁶.
      if longest(scientific) <= longest(plain) { labels = scientific }
    }
    return zip(numbers, labels).map { Tick(value: $0.value, label: $1) }
  }

  /// Labels of a logarithmic axis: plain if all are of everyday size, else each with its own power.
  private static func powerLabels(_ numbers: [DecimalNumber]) -> [Tick] {
    let everyday = numbers.allSatisfy { (-3..<6).contains($0.leadingPower) }
    return numbers.map {
      Tick(value: $0.value, label: everyday ? $0.plain : $0.scientific(power: $0.exponent))
    }
  }

  private static func longest(_ labels: [String]) -> Int { labels.map(\.count).max() ?? 0 }
}
