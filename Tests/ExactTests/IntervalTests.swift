import Exact
import Probability
import Testing

@Suite struct IntervalTests {
  /// Ends of every kind: zeros, small integers, numbers near underflow and overflow, and ordinary ones.
  private static func end(_ source: inout RandomSource) -> Double {
    switch source.index(below: 8) {
    case 0: return 0
    case 1: return Double(source.index(below: 7) - 3)
    case 2: return (source.uniform() - 0.5) * 0x1p-1060
    case 3: return (source.uniform() - 0.5) * 0x1p1023
    case 4: return (source.uniform() - 0.5) * 0x1p-540
    default: return (source.uniform() - 0.5) * 4
    }
  }

  private static func interval(_ source: inout RandomSource) -> Interval {
    let a = end(&source)
    let b = source.index(below: 3) == 0 ? a : end(&source)
    return Interval(lower: min(a, b), upper: max(a, b))
  }

  private static func contains(_ interval: Interval, _ value: Rational) -> Bool {
    (interval.lower == -.infinity || Rational(exactly: interval.lower) <= value)
      && (interval.upper == .infinity || value <= Rational(exactly: interval.upper))
  }

  private static func members(_ interval: Interval) -> [Rational] {
    let low = Rational(exactly: interval.lower)
    let high = Rational(exactly: interval.upper)
    return [low, high, (low + high) / 2]
  }

  @Test func operationsEncloseExactResults() {
    let seed: UInt64 = 41
    var source = RandomSource(seed: seed)
    for round in 0..<20_000 {
      let a = Self.interval(&source)
      let b = Self.interval(&source)
      let context: Comment = "seed \(seed), round \(round): \(a), \(b)"
      for x in Self.members(a) {
        #expect(Self.contains(-a, -x), context)
        #expect(Self.contains(a.squared, x * x), context)
        for y in Self.members(b) {
          #expect(Self.contains(a + b, x + y), context)
          #expect(Self.contains(a - b, x - y), context)
          #expect(Self.contains(a * b, x * y), context)
          if y.signum != 0 { #expect(Self.contains(a / b, x / y), context) }
          #expect(Self.contains(a.hull(b), x) && Self.contains(a.hull(b), y), context)
        }
      }
      for result in [a + b, a - b, a * b, a / b, a.squared] {
        #expect(result.lower <= result.upper && result.lower < .infinity && result.upper > -.infinity, context)
      }
    }
  }

  @Test func ordinaryResultsAreTight() {
    let third = Interval(1) / Interval(3)
    #expect(third.upper - third.lower <= 2 * third.upper.ulp && third.width >= third.upper - third.lower)
    #expect((third * Interval(3)).width <= 0x1p-50)
    #expect(Interval(Rational(1, 3)).upper == Interval(Rational(1, 3)).lower.nextUp)
    #expect(Interval(Rational(5)) == Interval(5))
    #expect(Interval(2) - Interval(2) == .zero)
    #expect(Interval(0) * .whole == .zero)
    #expect(Interval(lower: -2, upper: 1).squared.lower == 0)
    #expect((Interval(lower: 0, upper: 2) * Interval(lower: 0, upper: 3)).lower == 0)
  }

  @Test func whatIsNotKnownIsTheWholeLine() {
    #expect(Interval(1) / Interval(lower: -1, upper: 1) == .whole)
    #expect(Interval(1) / .zero == .whole)
    #expect(Interval(lower: 2, upper: 1) == .whole)
    #expect(Interval(.nan) == .whole)
    #expect(Interval.whole - .whole == .whole)
    #expect(Interval.whole * .whole == .whole)
    #expect(Interval.whole.midpoint == 0)
  }

  @Test func numbersBeyondTheRangeKeepABound() throws {
    let huge = Interval(try #require(Rational("1e400")))
    #expect(huge.lower == .greatestFiniteMagnitude && huge.upper == .infinity)
    let tiny = Interval(try #require(Rational("-1e-400")))
    #expect(tiny.lower == -.leastNonzeroMagnitude && tiny.upper == 0)
    #expect((huge + huge).lower == .greatestFiniteMagnitude.nextDown || (huge + huge).lower == .greatestFiniteMagnitude)
    #expect((huge - huge) == .whole)
    #expect((Interval(1) / huge).lower == 0)
  }
}
