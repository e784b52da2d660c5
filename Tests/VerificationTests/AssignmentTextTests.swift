import Exact
import Probability
import Testing

@testable import Verification

/// Rational numbers as decimals.
@Suite struct AssignmentTextTests {
  @Test(arguments: [
    (Rational(1, 8), "0.125"), (Rational(-5, 2), "-2.5"), (Rational(7), "7.0"), (.zero, "0.0"),
    (Rational(1, 1 << 40), "0.0000000000009094947017729282379150390625"), (Rational(3, 50), "0.06"),
  ])
  func exactExpansions(_ value: Rational, _ text: String) {
    #expect(DecimalText.exact(value, limit: 100) == text)
  }

  @Test func numbersWithoutExpansion() {
    #expect(DecimalText.exact(Rational(1, 3), limit: 100) == nil)
    #expect(DecimalText.exact(Rational(1, 1 << 40), limit: 39) == nil)
    #expect(DecimalText.exact(Rational(1, 1 << 40), limit: 40) != nil)
  }

  @Test(arguments: [
    (Rational(2, 3), 3, "0.667"), (Rational(-2, 3), 3, "-0.667"), (Rational(123_456), 3, "123000.0"),
    (Rational(9_999), 3, "10000.0"), (Rational(1, 1000), 2, "0.001"), (Rational(99, 100), 1, "1.0"),
  ])
  func roundedNumbers(_ value: Rational, _ digits: Int, _ text: String) {
    #expect(DecimalText.rounded(value, digits: digits) == text)
  }

  /// No exponent, the same number when read, and no more digits than Swift's own shortest text.
  @Test func shortestTextsReadBack() throws {
    let seed: UInt64 = 7
    var random = RandomSource(seed: seed)
    for _ in 0..<2000 {
      let float = Float(bitPattern: UInt32(truncatingIfNeeded: random.next()))
      guard float.isFinite else { continue }
      let text = DecimalText.shortest(float)
      #expect(!text.contains("e") && Float(text) == float, "seed \(seed): \(float) as \(text)")
      let double = Double(bitPattern: random.next())
      guard double.isFinite else { continue }
      let long = DecimalText.shortest(double)
      #expect(!long.contains("e") && Double(long) == double, "seed \(seed): \(double) as \(long)")
      #expect(Rational(long) != nil, "seed \(seed): \(long)")
    }
  }

  @Test func roundedTextsAreNearest() throws {
    let seed: UInt64 = 11
    var random = RandomSource(seed: seed)
    for _ in 0..<500 {
      let value = Rational(Int(random.next() >> 20), Int(random.next() >> 30) + 1)
      let digits = 1 + random.index(below: 30)
      let text = DecimalText.rounded(value, digits: digits)
      let error = (try #require(Rational(text)) - value).magnitude
      let unit = (1..<digits).reduce(Rational.one) { power, _ in power * Rational(1, 10) }
      let bound = value.magnitude * Rational(1, 2) * unit
      #expect(error <= bound, "seed \(seed): \(value) with \(digits) digits as \(text)")
    }
  }
}
