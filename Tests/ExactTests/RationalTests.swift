import Exact
import Probability
import Testing

@Suite struct RationalTests {
  /// Numerator and denominator, of a few bits or of many.
  private static func random(_ source: inout RandomSource) -> Rational {
    let bits = Int.random(in: 1...60, using: &source)
    let numerator = Int.random(in: -(1 << bits)...(1 << bits), using: &source)
    let small = Rational(numerator, Int.random(in: 1...(1 << Int.random(in: 1...60, using: &source)), using: &source))
    return Bool.random(using: &source)
      ? small : small * Rational(powerOfTwo: Int.random(in: -300...300, using: &source))
  }

  @Test(arguments: [
    ("0", "0"), ("-0", "0"), ("17", "17"), ("+17", "17"), ("007", "7"), ("0.1", "1/10"), ("-1.25e-3", "-1/800"),
    ("1E3", "1000"), ("2e+2", "200"), (".5", "1/2"), ("5.", "5"), ("-.5e1", "-5"), ("6/4", "3/2"), ("-6/4", "-3/2"),
    ("6/-4", "-3/2"), ("1.5/0.25", "6"), ("1e2/1e-2", "10000"),
    ("123456789012345678901234567890", "123456789012345678901234567890"),
  ])
  func readsNumbersExactly(_ text: String, _ expected: String) {
    #expect(Rational(text)?.description == expected)
  }

  @Test(arguments: [
    "", " ", "-", "+", ".", "-.", "e5", "1e", "1e+", "1e5.5", "1 ", " 1", "1,5", "0x10", "1_000", "nan", "inf",
    "Infinity",
    "1/0", "1/0.0", "/", "1/", "/2", "1/2/3", "--1", "1-", "1..2", "1.2.3", "٣", "１", "1e5001", "1e-5001",
    "1e9223372036854775807", "1e-9223372036854775808", "1e99999999999999999999", "1\n",
  ])
  func refusesEverythingElse(_ text: String) {
    #expect(Rational(text) == nil)
  }

  @Test func readsTheLargestExponents() {
    #expect(Rational("1e5000")! * Rational("1e-5000")! == 1)
    #expect(Rational("1e5000")!.roundedDown == .greatestFiniteMagnitude)
    #expect(Rational("1e5000")!.roundedUp == .infinity)
    #expect(Rational("-1e5000")!.roundedUp == -.greatestFiniteMagnitude)
    #expect(Rational("1e-5000")!.roundedDown == 0)
    #expect(Rational("1e-5000")!.roundedUp == .leastNonzeroMagnitude)
  }

  @Test func descriptionsReadBack() {
    for seed in 0..<300 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let value = Self.random(&source)
      #expect(Rational(value.description) == value, "seed \(seed)")
    }
  }

  @Test func doublesAreExact() {
    for seed in 0..<500 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let value = Double(bitPattern: source.next())
      guard value.isFinite else { continue }
      let exact = Rational(exactly: value)
      #expect(exact.roundedDown == value && exact.roundedUp == value && exact.doubleValue == value, "seed \(seed)")
    }
  }

  @Test func roundingsEnclose() {
    for seed in 0..<1000 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let value = Self.random(&source)
      let low = value.roundedDown
      let high = value.roundedUp
      #expect(Rational(exactly: low) <= value && value <= Rational(exactly: high), "seed \(seed): \(value)")
      #expect(low == high || low.nextUp == high, "seed \(seed): \(value) between \(low) and \(high)")
      let nearest = value.doubleValue
      let error = (Rational(exactly: nearest) - value).magnitude
      #expect((nearest == low || nearest == high), "seed \(seed)")
      #expect(
        error <= (value - Rational(exactly: low)).magnitude && error <= (value - Rational(exactly: high)).magnitude,
        "seed \(seed): \(value)")
    }
  }

  @Test func roundingToBitsEncloses() {
    for seed in 0..<300 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let value = Self.random(&source)
      let bits = Int.random(in: -80...80, using: &source)
      let step = Rational(powerOfTwo: -bits)
      let low = value.roundedDown(bits: bits)
      let high = value.roundedUp(bits: bits)
      #expect(low <= value && value <= high, "seed \(seed)")
      #expect(value - low < step && high - value < step, "seed \(seed)")
      #expect((low / step).denominator == 1 && (high / step).denominator == 1, "seed \(seed)")
    }
  }

  @Test func arithmeticIsAField() {
    for seed in 0..<500 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let a = Self.random(&source)
      let b = Self.random(&source)
      let c = Self.random(&source)
      #expect(a + b == b + a && a * b == b * a, "seed \(seed)")
      #expect((a + b) + c == a + (b + c) && (a * b) * c == a * (b * c), "seed \(seed)")
      #expect(a * (b + c) == a * b + a * c, "seed \(seed)")
      #expect(a - b == a + -b && a - a == 0, "seed \(seed)")
      if b.signum != 0 { #expect(a / b * b == a, "seed \(seed)") }
      #expect((a < b) == ((a - b).signum < 0) && (a == b) == ((a - b).signum == 0), "seed \(seed)")
      #expect(a.magnitude.signum >= 0 && (a.magnitude == a || a.magnitude == -a), "seed \(seed)")
      #expect(a.numerator / a.denominator == a && a.denominator.signum > 0, "seed \(seed)")
    }
  }

  @Test func equalNumbersHashAlike() {
    #expect(Set([Rational(1, 3), Rational("2/6")!, Rational(-1, 3), Rational("0.5")!, Rational(1, 2)]).count == 3)
  }

  @Test func powersOfTwo() {
    #expect(Rational(powerOfTwo: 10) == 1024)
    #expect(Rational(powerOfTwo: -3) == Rational(1, 8))
    #expect(Rational(powerOfTwo: 0) == 1)
  }
}
