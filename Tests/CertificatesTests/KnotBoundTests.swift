import Exact
import Probability
import Testing

@testable import Certificates

@Suite struct KnotBoundTests {
  struct Data {
    var x: [Rational] = []
    var y: [Rational] = []
    var weights: [Rational] = []

    var check: KnotBoundCheck { KnotBoundCheck(x: x, y: y, weights: weights) }
  }

  private static let below = Rational("0.999999999")!, above = Rational("1.000000001")!

  /// Small integers with repeated abscissas and, sometimes, weights.
  private static func tiny(_ source: inout RandomSource) -> Data {
    var data = Data()
    let samples = 3 + source.index(below: 7)
    let range = 4 + source.index(below: 8)
    let weighted = source.index(below: 2) == 0
    while data.x.count < samples {
      let x = Rational(source.index(below: range))
      if Set(data.x).count == 7, !data.x.contains(x) { continue }
      data.x.append(x)
      data.y.append(Rational(source.index(below: 11) - 5))
      data.weights.append(weighted ? Rational(1 + source.index(below: 5), 1 + source.index(below: 3)) : 1)
    }
    return data
  }

  /// Noise around a zigzag, on an irregular grid.
  private static func noisy(_ count: Int, seed: UInt64, noise: Int) -> Data {
    var source = RandomSource(seed: seed)
    var data = Data()
    var x = 0
    for index in 0..<count {
      x += 1 + source.index(below: 5)
      let phase = index * 4 / count
      let ramp = phase % 2 == 0 ? index * 4 % count : count - index * 4 % count
      data.x.append(Rational(x, 7))
      data.y.append(Rational(100 * ramp / count * 10 + source.index(below: 2 * noise + 1) - noise, 100))
      data.weights.append(1)
    }
    return data
  }

  @Test(arguments: [1, 2, 3, 4] as [UInt64])
  func provesExactlyWhatIsTrueOfTinyData(_ seed: UInt64) {
    var source = RandomSource(seed: seed)
    for round in 0..<60 {
      let data = Self.tiny(&source)
      let optima = KnotBoundOracle(x: data.x, y: data.y, weights: data.weights).leastLosses()
      let context: Comment = "seed \(seed), round \(round): \(data) has optima \(optima)"
      let check = data.check
      #expect(check.proves(bounds: optima.map { $0 * Self.below }) == [true, true, true], context)
      let tooLarge = optima.map { $0 * Self.above + Rational(1, 1_000_000_000) }
      #expect(check.proves(bounds: tooLarge) == [false, false, false], context)
      for (knots, optimum) in optima.enumerated() {
        #expect(check.proves(knots: knots, lossAtLeast: optimum * Self.below), context)
        guard optimum.signum > 0 else { continue }
        #expect(check.verdict(knots: knots, lossAtLeast: optimum * Self.above).outcome == .refuted, context)
      }
    }
  }

  @Test func theMirroredPilotIsSound() {
    let seed: UInt64 = 8
    var source = RandomSource(seed: seed)
    for round in 0..<120 {
      let data = Self.tiny(&source)
      let optima = KnotBoundOracle(x: data.x, y: data.y, weights: data.weights).leastLosses()
      let samples = KnotSamples(x: data.x, y: data.y, weights: data.weights)
      guard samples.count > 4 else { continue }
      let unit = Rational(powerOfTwo: samples.lossExponent)
      let context: Comment = "seed \(seed), round \(round): \(data) has optima \(optima)"
      for factor in [Self.below, Self.above] {
        let bounds = optima.map { (($0 * factor - samples.constantLoss) * unit).roundedUp }
        let losses = KnotProof(samples: samples, bounds: bounds, labelLimit: .max, easyLimit: 0).run()
        for knots in 0...2 where optima[knots] > samples.constantLoss {
          let isProved = losses.map { $0[knots].lower >= bounds[knots] }
          #expect(isProved == (factor < 1), context)
        }
      }
    }
  }

  /// The least loss with one knot by the classical enumeration: on each point, and in each gap when the lines cross there.
  private static func leastLossWithOneKnot(_ data: Data) -> Rational {
    func line(_ range: Range<Int>) -> (loss: Rational, a: Rational, b: Rational) {
      let n = Rational(range.count)
      let sx = range.reduce(Rational.zero) { $0 + data.x[$1] }
      let sy = range.reduce(Rational.zero) { $0 + data.y[$1] }
      let sxx = range.reduce(Rational.zero) { $0 + (data.x[$1] - sx / n) * (data.x[$1] - sx / n) }
      let sxy = range.reduce(Rational.zero) { $0 + (data.x[$1] - sx / n) * data.y[$1] }
      let b = sxx.signum == 0 ? 0 : sxy / sxx
      let a = (sy - b * sx) / n
      let loss = range.reduce(Rational.zero) {
        let error = a + b * data.x[$1] - data.y[$1]
        return $0 + error * error
      }
      return (loss, a, b)
    }
    let count = data.x.count
    var best = line(0..<count).loss
    for cut in 2..<count - 1 {
      let left = line(0..<cut)
      let right = line(cut..<count)
      func rise(_ index: Int) -> Rational { right.a - left.a + (right.b - left.b) * data.x[index] }
      if rise(cut - 1).signum * rise(cut).signum <= 0 { best = min(best, left.loss + right.loss) }
    }
    for knot in 1..<count - 1 {
      // Residuals of y and of the hinge after a line through all points.
      let all = line(0..<count)
      var hinge = data
      hinge.y = data.x.map { max($0 - data.x[knot], 0) }
      let other = lineCoefficients(hinge)
      var dot = Rational.zero
      var square = Rational.zero
      for index in 0..<count {
        let r = data.y[index] - all.a - all.b * data.x[index]
        let h = hinge.y[index] - other.a - other.b * data.x[index]
        dot += r * h
        square += h * h
      }
      if square.signum > 0 { best = min(best, all.loss - dot * dot / square) }
    }
    return best

    func lineCoefficients(_ data: Data) -> (a: Rational, b: Rational) {
      let n = Rational(data.x.count)
      let mx = data.x.reduce(Rational.zero, +) / n
      let my = data.y.reduce(Rational.zero, +) / n
      var sxx = Rational.zero
      var sxy = Rational.zero
      for (x, y) in zip(data.x, data.y) {
        sxx += (x - mx) * (x - mx)
        sxy += (x - mx) * (y - my)
      }
      return (my - sxy / sxx * mx, sxy / sxx)
    }
  }

  @Test(arguments: [11, 12, 13, 14, 15, 16] as [UInt64])
  func agreesWithTheEnumerationOfOneKnot(_ seed: UInt64) {
    let data = Self.noisy(40, seed: seed, noise: 300)
    let optimum = Self.leastLossWithOneKnot(data)
    #expect(data.check.proves(knots: 1, lossAtLeast: optimum * Self.below), "seed \(seed)")
    #expect(data.check.verdict(knots: 1, lossAtLeast: optimum * Self.above).outcome == .refuted, "seed \(seed)")
  }

  @Test func thePilotProvesNothingThatIsFalse() throws {
    // Little noise around a zigzag: crossings that are not active, where the bounds of the suffix are sharp.
    for seed in 0..<300 as Range<UInt64> {
      let data = Self.noisy(9 + Int(seed % 8), seed: seed, noise: 40 + Int(seed % 5) * 60)
      let samples = KnotSamples(x: data.x, y: data.y, weights: data.weights)
      for knots in 2...3 {
        var bounds = [Double](repeating: -.infinity, count: knots) + [1e6]
        let loss = KnotProof(samples: samples, bounds: bounds, labelLimit: .max, easyLimit: .max).run()
        let optimum = try #require(loss)[knots].upper
        for factor in [1 - 1e-9, 1 + 1e-9] {
          bounds[knots] = optimum * factor
          let losses = try #require(KnotProof(samples: samples, bounds: bounds, labelLimit: .max, easyLimit: 0).run())
          #expect((losses[knots].lower >= bounds[knots]) == (factor < 1), "seed \(seed), \(knots) knots, \(factor)")
        }
      }
    }
  }

  @Test func rangesOfSupersededPiecesAreProved() {
    // Wide enclosures, so that the guess of the range is often wrong.
    func interval(_ source: inout RandomSource, from low: Double, to high: Double) -> Interval {
      let start = low + (high - low) * source.uniform()
      return Interval(lower: start, upper: start + (high - low) * 0.3 * source.uniform() * source.uniform())
    }
    func piece(_ source: inout RandomSource) -> KnotPiece {
      let loss = interval(&source, from: 0, to: 1)
      let curvature = interval(&source, from: 0.1, to: 4)
      let center = interval(&source, from: -1, to: 1)
      let low = -2 + 2 * source.uniform()
      let range = KnotRange(low: low, high: low + 3 * source.uniform())
      return KnotPiece(
        lower: loss.lower, upper: loss.upper, curvature: curvature, center: center,
        range: KnotRangeBounds(outer: range, inner: range))
    }
    var found = 0
    for seed in 0..<20_000 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let winner = piece(&source)
      let loser = piece(&source)
      guard let range = winner.supersededRange(of: loser) else { continue }
      found += 1
      #expect(winner.range.inner.contains(range) && loser.range.outer.contains(range), "seed \(seed)")
      for step in 0...16 {
        let value = range.low + (range.high - range.low) * Double(step) / 16
        for choice in 0..<16 {
          func pick(_ interval: Interval, _ bit: Int) -> Double {
            choice >> bit & 1 == 0 ? interval.lower : interval.upper
          }
          let m = value - pick(winner.center, 0)
          let n = value - pick(loser.center, 1)
          let high = winner.upper + pick(winner.curvature, 2) * m * m
          let low = loser.lower + pick(loser.curvature, 3) * n * n
          #expect(high < low + 1e-12, "seed \(seed)")
        }
      }
    }
    #expect(found > 1000)
  }

  /// The bound where the verdict changes, to 2^−40, by bisection; there must be no gap of undecided bounds.
  private static func threshold(_ check: KnotBoundCheck, knots: Int, from low: Rational, to high: Rational) -> Rational
  {
    var low = low
    var high = high
    for _ in 0..<36 {
      let middle = ((low + high) / 2).roundedDown(bits: 60)
      switch check.verdict(knots: knots, lossAtLeast: middle).outcome {
      case .proved: low = middle
      case .refuted: high = middle
      case .undecided: return low
      }
    }
    return low
  }

  private static func provesWithPilot(_ data: Data, knots: Int, bound: Rational) -> Bool {
    let samples = KnotSamples(x: data.x, y: data.y, weights: data.weights)
    var bounds = [Double](repeating: -.infinity, count: knots + 1)
    bounds[knots] = ((bound - samples.constantLoss) * Rational(powerOfTwo: samples.lossExponent)).roundedUp
    let losses = KnotProof(samples: samples, bounds: bounds, labelLimit: .max, easyLimit: 0).run()
    return losses.map { $0[knots].lower >= bounds[knots] } ?? false
  }

  @Test func theLeastLossIsFoundFromBothSides() {
    let data = Self.noisy(80, seed: 3, noise: 150)
    let check = data.check
    var mirrored = data
    mirrored.x = data.x.map { 5 - 3 * $0 }
    mirrored.y = zip(data.x, data.y).map { Rational(1, 10) * $1 + 100 * $0 - 7 }
    for knots in 2...4 {
      let optimum = Self.threshold(check, knots: knots, from: 10, to: 400)
      #expect(check.proves(knots: knots, lossAtLeast: optimum * Self.below))
      #expect(check.verdict(knots: knots, lossAtLeast: optimum * Self.above).outcome == .refuted)
      // Subtracting a line, turning and scaling change nothing but the unit.
      let scaled = optimum / 100
      #expect(Self.provesWithPilot(data, knots: knots, bound: optimum * Self.below))
      #expect(!Self.provesWithPilot(data, knots: knots, bound: optimum * Self.above))
      #expect(mirrored.check.proves(knots: knots, lossAtLeast: scaled * Self.below))
      #expect(mirrored.check.verdict(knots: knots, lossAtLeast: scaled * Self.above).outcome == .refuted)
    }
  }

  @Test func tinyNoiseOnALargeSignalIsMeasured() {
    // Residuals of 10^−9 of the signal: losses of 10^−18 of its square.
    var data = Data()
    var source = RandomSource(seed: 4)
    for index in 0..<60 {
      let x = Rational(1_000_000_000 + 3 * index)
      let ramp = index < 25 ? 5 * index : 125 - 2 * (index - 25)
      data.x.append(x)
      data.y.append(Rational(ramp) + Rational(source.index(below: 201) - 100, 10_000_000_000))
      data.weights.append(1)
    }
    let optimum = Self.leastLossWithOneKnot(data)
    #expect(optimum < Rational("1e-14")!)
    #expect(data.check.proves(knots: 1, lossAtLeast: optimum * Self.below))
    #expect(data.check.verdict(knots: 1, lossAtLeast: optimum * Self.above).outcome == .refuted)
  }

  @Test func repeatedAbscissasAloneCostTheirSpread() {
    let check = KnotBoundCheck(x: [1, 1, 2, 2], y: [0, 2, 5, 5], weights: [1, 3, 1, 1])
    // 3·1/(1 + 3) · 2² = 3
    #expect(check.proves(knots: 0, lossAtLeast: 3))
    #expect(check.verdict(knots: 7, lossAtLeast: Rational(300_000_001, 100_000_000)).outcome == .refuted)
  }

  @Test func badInputProvesNothingAndSaysWhy() {
    func reason(_ check: KnotBoundCheck, knots: Int = 1, bound: Rational = 1) -> String {
      let verdict = check.verdict(knots: knots, lossAtLeast: bound)
      #expect(verdict.outcome == .undecided)
      return verdict.reason
    }
    #expect(reason(KnotBoundCheck(x: [1, 2], y: [1], weights: [1, 1])).contains("2 abscissas, 1 ordinates"))
    #expect(reason(KnotBoundCheck(x: [1, 2], y: [1, 2], weights: [1, 0])).contains("sample 2"))
    let three = KnotBoundCheck(x: [1, 2, 3], y: [0, 1, 0], weights: [1, 1, 1])
    #expect(reason(three, knots: -1).contains("negative"))
    let long = Self.noisy(3000, seed: 1, noise: 50)
    #expect(reason(long.check, knots: 2000).contains("more than the check takes on"))
    let short = Self.noisy(60, seed: 2, noise: 200)
    let limited = KnotBoundCheck(x: short.x, y: short.y, weights: short.weights, labelLimit: 10)
    #expect(reason(limited, knots: 3, bound: 100).contains("10 labels"))
  }

  @Test func extremesDoNotCrash() {
    let empty = KnotBoundCheck(x: [], y: [], weights: [])
    #expect(empty.proves(bounds: []).isEmpty)
    #expect(empty.proves(knots: 3, lossAtLeast: 0))
    #expect(!empty.proves(knots: 3, lossAtLeast: 1))
    #expect(!KnotBoundCheck(x: [4], y: [2], weights: [1]).proves(knots: 0, lossAtLeast: 1))
    let three = KnotBoundCheck(x: [1, 2, 3], y: [0, 3, 0], weights: [1, 1, 1])
    #expect(three.proves(knots: 0, lossAtLeast: Rational(599, 100)))
    #expect(!three.proves(knots: 0, lossAtLeast: Rational(601, 100)))
    #expect(!three.proves(knots: .max, lossAtLeast: 1))
    #expect(!three.proves(knots: 0, lossAtLeast: Rational("1e4000")!))
    #expect(three.proves(knots: 0, lossAtLeast: Rational("-1e4000")!))
    // Abscissas that no Double tells apart, and sizes beyond its range: no proof is promised, only no crash.
    let close = Rational("1e-60")!
    let huge = Rational("1e900")!
    let x: [Rational] = [0, close, 1, huge, huge + 1]
    let y: [Rational] = [0, huge, 1, -huge, close]
    let odd = KnotBoundCheck(x: x, y: y, weights: [1, huge, close, 1, 1])
    #expect(odd.verdicts(bounds: [huge, huge, huge]).count == 3)
    #expect(odd.verdicts(bounds: [close, close, close]).count == 3)
  }
}
