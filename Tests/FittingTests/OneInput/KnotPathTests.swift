import Exact
import Foundation
import Testing

@testable import Fitting

/// A small seeded generator (SplitMix64), so that a failing case can be made again from its printed seed.
private struct Dice {
  private var state: UInt64

  init(_ seed: Int) { state = UInt64(truncatingIfNeeded: seed) &* 0xD134_2543_DE82_EF95 }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func integer(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + Int(next() % UInt64(range.count))
  }

  mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

  /// Approximately normal, which is all that noise needs to be here.
  mutating func noise() -> Double { (0..<12).reduce(-6) { sum, _ in sum + unit() } }
}

private struct Sample {
  var x: [Int]
  var y: [Int]
  var weights: [Int]

  init(_ seed: Int, sites: Int) {
    var dice = Dice(seed)
    let widestStep = [1, 1, 3, 20][seed % 4]
    let largest = [1, 2, 5, 100][(seed / 4) % 4]
    let heaviest = [1, 1, 4][seed % 3]
    var position = dice.integer(-5...5)
    x = (0..<sites).map { _ in
      position += dice.integer(1...widestStep)
      return position
    }
    y = (0..<sites).map { _ in dice.integer(-largest...largest) }
    weights = (0..<sites).map { _ in dice.integer(1...heaviest) }
  }

  func rationals(_ values: [Int]) -> [Rational] { values.map { Rational($0) } }
  func doubles(_ values: [Int]) -> [Double] { values.map { Double($0) } }

  func path(_ maximumKnots: Int) -> [KnotSolution] {
    KnotPath(x: doubles(x), y: doubles(y), weights: doubles(weights)).run(maximumKnots: maximumKnots)
  }

  func truth(_ maximumKnots: Int) -> [Rational] {
    StructureOracle.losses(
      x: rationals(x), y: rationals(y), weights: rationals(weights), maximumKnots: maximumKnots)
  }
}

@Suite("Best piecewise-linear fits of one input")
struct KnotPathTests {
  private func expectTruth(_ sample: Sample, knots: Int, _ note: String) {
    let truth = sample.truth(knots)
    let path = sample.path(knots)
    #expect(path.count == knots + 1)
    for (number, solution) in path.enumerated() {
      let exact = KnotStructure(joins: solution.joins).solve(
        x: sample.rationals(sample.x), y: sample.rationals(sample.y), weights: sample.rationals(sample.weights))
      #expect(exact.loss == truth[number], "\(note), \(number) knots, joins \(solution.joins)")
      #expect(abs(solution.loss - truth[number].doubleValue) <= 1e-9 * (1 + solution.loss), "\(note), \(number) knots")
      #expect(solution.completed && solution.lowerBound == solution.loss)
      #expect(solution.joins.reduce(0) { $0 + $1.knots } <= number)
    }
  }

  @Test("agree exactly with every structure tried, up to 6 sites")
  func smallSamples() {
    for seed in 0..<320 {
      expectTruth(Sample(seed, sites: 1 + seed % 6), knots: 3, "seed \(seed), sites \(1 + seed % 6)")
    }
  }

  @Test("agree exactly with every structure tried, 7 to 9 sites")
  func largerSamples() {
    for seed in 1000..<1060 {
      expectTruth(Sample(seed, sites: 7 + seed % 3), knots: 3, "seed \(seed), sites \(7 + seed % 3)")
    }
  }

  @Test("need no knots on equal or collinear targets, and none too many on few sites")
  func degenerate() {
    for count in 1...8 {
      let x = (0..<count).map { Double($0 * $0) }
      let ones = Array(repeating: 1.0, count: count)
      for targets in [ones, x.map { 3 - 0.5 * $0 }, x.map { 0.1 * $0 }] {
        for solution in KnotPath(x: x, y: targets, weights: ones).run(maximumKnots: 10) {
          #expect(solution.loss <= 1e-24 && solution.completed, "\(count) sites")
        }
      }
    }
    #expect(KnotPath(x: [], y: [], weights: []).run(maximumKnots: 2).isEmpty)
  }

  @Test("agree with every structure tried on 24 noisy sites, in floating point")
  func mediumSamples() {
    for seed in 0..<6 {
      var dice = Dice(seed)
      let count = 24
      let x = (0..<count).map { Double($0) + 0.6 * dice.unit() }
      let y = x.map { abs($0 - 11.3) * Double(seed % 3) * 0.2 + dice.noise() }
      let weights = x.map { _ in 0.5 + dice.unit() }
      let truth = StructureOracle.losses(x: x, y: y, weights: weights, maximumKnots: 3)
      for (knots, solution) in KnotPath(x: x, y: y, weights: weights).run(maximumKnots: 3).enumerated() {
        #expect(abs(solution.loss - truth[knots]) <= 1e-9 * truth[knots], "seed \(seed), \(knots) knots")
      }
    }
  }

  private func noisy(_ seed: Int, count: Int) -> (x: [Double], y: [Double], ones: [Double]) {
    var dice = Dice(seed)
    let x = (0..<count).map { _ in dice.unit() }.sorted()
    return (x, x.map { sin(9 * $0) + 0.4 * dice.noise() }, Array(repeating: 1.0, count: count))
  }

  @Test("do not depend on the origin, the units or the direction of the data")
  func invariance() {
    for seed in 0..<4 {
      let (x, y, ones) = noisy(seed, count: 120)
      let plain = KnotPath(x: x, y: y, weights: ones).run(maximumKnots: 5)
      let moved = KnotPath(x: x.map { 1871 + 64 * $0 }, y: y.map { 1e6 + 3 * $0 }, weights: ones).run(maximumKnots: 5)
      let mirrored = KnotPath(x: x.reversed().map { -$0 }, y: y.reversed(), weights: ones.map { 2 * $0 })
        .run(maximumKnots: 5)
      for knots in 0...5 {
        let loss = plain[knots].loss
        #expect(abs(moved[knots].loss / 9 - loss) <= 1e-8 * loss, "seed \(seed), \(knots) knots")
        #expect(abs(mirrored[knots].loss / 2 - loss) <= 1e-10 * loss, "seed \(seed), \(knots) knots")
      }
    }
  }

  @Test("are functions with the loss they claim, and longer paths agree with shorter ones")
  func consistency() {
    let (x, y, ones) = noisy(7, count: 150)
    let path = KnotPath(x: x, y: y, weights: ones).run(maximumKnots: 7)
    for solution in path {
      let loss = zip(x, y).reduce(0) { $0 + ($1.1 - solution.function($1.0)) * ($1.1 - solution.function($1.0)) }
      #expect(abs(loss - solution.loss) <= 1e-9 * loss)
      #expect(solution.function.knots.count <= solution.knots)
      let shorter = KnotPath(x: x, y: y, weights: ones).run(maximumKnots: solution.knots)
      #expect(abs(shorter[solution.knots].loss - solution.loss) <= 1e-10 * loss)
    }
    for (fewer, more) in zip(path, path.dropFirst()) { #expect(more.loss <= fewer.loss) }
  }

  @Test("find a function that is there")
  func planted() {
    let x = (0..<200).map { Double($0) }
    let y = x.map { 2 - 0.3 * $0 + 1.5 * max($0 - 40.25, 0) - 2 * max($0 - 97, 0) + 0.7 * max($0 - 150.5, 0) }
    let path = KnotPath(x: x, y: y, weights: x.map { _ in 1 }).run(maximumKnots: 5)
    #expect(path[2].loss > 1)
    #expect(path[3].loss < 1e-18)
    #expect(path[3].function.knots.count == 3)
    #expect(zip(path[3].function.knots, [40.25, 97, 150.5]).allSatisfy { abs($0.position - $1) < 1e-9 })
  }

  @Test("leave out smaller numbers of knots when asked")
  func minimumKnots() {
    let (x, y, ones) = noisy(11, count: 150)
    let whole = KnotPath(x: x, y: y, weights: ones).run(maximumKnots: 6)
    for least in 0...6 {
      let part = KnotPath(x: x, y: y, weights: ones).run(minimumKnots: least, maximumKnots: 6)
      #expect(part.map(\.knots) == Array(least...6))
      for solution in part {
        #expect(solution.completed)
        #expect(abs(solution.loss - whole[solution.knots].loss) <= 1e-10 * solution.loss)
      }
    }
    #expect(KnotPath(x: x, y: y, weights: ones).run(minimumKnots: 3, maximumKnots: 2).isEmpty)
  }

  @Test("start from knots on sites that cannot be moved for the better one by one")
  func fixedKnots() {
    let (x, y, ones) = noisy(5, count: 100)
    let sites = SiteTable(x: x, y: y, weights: ones)
    func loss(_ knots: [Int]) -> Double {
      KnotStructure(joins: knots.map(Join.at)).solve(x: x, y: y, weights: ones).loss
    }
    let poor = [5, 10, 15]
    let found = FixedKnots(sites).descend(from: poor)
    #expect(found.cost < 0.9 * loss(poor))
    #expect(abs(found.cost - loss(found.knots)) < 1e-9 * found.cost)
    for number in found.knots.indices {
      for site in 1..<99 where !found.knots.contains(site) {
        var moved = found.knots
        moved[number] = site
        #expect(loss(moved.sorted()) >= found.cost * (1 - 1e-9))
      }
    }
    let optima = KnotPath(x: x, y: y, weights: ones).run(maximumKnots: 4)
    for (knots, optimum) in zip(FixedKnots(sites).path(maximum: 4) { Array(1...$0) }, optima) {
      #expect(knots.count == optimum.knots && loss(knots) < 1.1 * optimum.loss)
    }
  }

  @Test("stop when told, with honest bounds and the best so far")
  func stopping() {
    let (x, y, ones) = noisy(3, count: 200)
    let path = KnotPath(x: x, y: y, weights: ones)
    let truth = path.run(maximumKnots: 6)
    for patience in [0, 50, 230, 600, 900, 1200, 1500, 1800, 2100] {
      var questions = 0
      let stopped = path.run(
        maximumKnots: 6,
        shouldStop: {
          questions += 1
          return questions > patience
        })
      #expect(questions > patience && !stopped[6].completed)
      for (early, late) in zip(stopped, truth) {
        #expect(early.loss >= late.loss - 1e-9 && early.loss < (patience < 900 ? 4 : 1.2) * late.loss)
        #expect(early.lowerBound <= late.loss + 1e-9 && early.lowerBound >= 0)
        if patience >= 900 { #expect(early.lowerBound > 0.5 * late.loss) }
        if early.completed { #expect(abs(early.loss - late.loss) <= 1e-9) }
      }
    }
  }
}

@Suite("The lower envelope of quadratics on intervals")
struct PieceEnvelopeTests {
  @Test("is the minimum of what was inserted, at all points")
  func minimum() {
    for seed in 0..<200 {
      var dice = Dice(seed)
      let envelope = PieceEnvelope()
      var inserted: [ValuePiece] = []
      for _ in 0..<dice.integer(1...20) {
        let lower = dice.unit() * 4
        let piece = ValuePiece(
          curvature: dice.integer(0...2) == 0 ? 1 : 0.1 + 3 * dice.unit(), vertex: 4 * dice.unit(), cost: dice.unit(),
          lower: lower, upper: lower + 2 * dice.unit() + 1e-3, parent: .start)
        inserted.append(piece)
        envelope.insert(piece)
      }
      envelope.finish()
      let pieces = Array(envelope.pieces.elements)
      for (left, right) in zip(pieces, pieces.dropFirst()) { #expect(left.upper <= right.lower, "seed \(seed)") }
      for _ in 0..<200 {
        let phi = 6 * dice.unit()
        func least(_ pieces: [ValuePiece]) -> Double {
          pieces.filter { $0.lower <= phi && phi <= $0.upper }.map { $0.value(phi) }.min() ?? .infinity
        }
        let expected = least(inserted)
        let found = least(pieces)
        #expect(expected == found || abs(expected - found) < 1e-9, "seed \(seed) at \(phi)")
      }
    }
  }
}

@Suite("Structures of joins")
struct KnotStructureTests {
  private let x = [0, 1, 2, 3, 4, 5].map { Rational($0) }
  private let ones = Array(repeating: Rational.one, count: 6)

  @Test("are solved exactly, with knots where the lines cross")
  func exact() {
    // Two lines that cross at 7/3.
    let y = [0, 1, 2, Rational(5, 3), Rational(7, 6), Rational(2, 3)]
    let fit = KnotStructure(joins: [.inside(2)]).solve(x: x, y: y, weights: ones)
    #expect(fit.loss == 0 && fit.intercept == 0 && fit.slope == 1)
    #expect(fit.knots.count == 1)
    #expect(fit.knots[0].change == Rational(-3, 2))
    #expect(fit(fit.knots[0].position) == fit.knots[0].position)
    #expect(zip(x, y).allSatisfy { fit($0) == $1 })
  }

  @Test("take a jump as two knots on the sites of its gap")
  func jump() {
    let y = [0, 1, 2, 10, 9, 8].map { Rational($0) }
    let fit = KnotStructure(joins: [.jump(2)]).solve(x: x, y: y, weights: ones)
    #expect(fit.loss == 0)
    #expect(fit.knots.map(\.position) == [2, 3])
    #expect(zip(x, y).allSatisfy { fit($0) == $1 })
  }

  @Test("move a knot onto a site when its lines do not cross in the gap")
  func repair() {
    let y = [0, 1, 2, 10, 9, 8].map { Rational($0) }
    let fit = KnotStructure(joins: [.inside(2)]).solve(x: x, y: y, weights: ones)
    #expect(fit.joins == [.at(2)] || fit.joins == [.at(3)])
    let loss = zip(x, y).reduce(Rational.zero) { $0 + ($1.1 - fit($1.0)) * ($1.1 - fit($1.0)) }
    #expect(fit.loss == loss && fit.knots.count == 1)
  }

  @Test("keep at most their knots, and the loss of the function returned, whatever the joins")
  func anyJoins() {
    for seed in 0..<200 {
      var dice = Dice(seed)
      let y = x.map { _ in Rational(dice.integer(-3...3)) }
      var joins: [Join] = []
      for site in 0...5 {
        switch dice.integer(0...6) {
        case 0: joins.append(.at(site))
        case 1: joins.append(.inside(site))
        case 2: joins.append(.jump(site))
        case 3: joins += [.at(site), .inside(site)]
        default: break
        }
      }
      let fit = KnotStructure(joins: joins).solve(x: x, y: y, weights: ones)
      let loss = zip(x, y).reduce(Rational.zero) { $0 + ($1.1 - fit($1.0)) * ($1.1 - fit($1.0)) }
      #expect(fit.loss == loss, "seed \(seed): \(joins)")
      #expect(fit.knots.count <= joins.reduce(0) { $0 + $1.knots }, "seed \(seed): \(joins)")
    }
  }
}
