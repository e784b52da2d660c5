import Exact
import Networks
import Probability
import Testing

@testable import Representation

@Suite struct OneInputBrokenLineTests {
  @Test func redundantBreakpointsAreDropped() throws {
    let line = try BrokenLine(points: [
      .init(-2, -2), .init(-1, -1), .init(0, 0), .init(1, 3), .init(2, 6), .init(3, 6),
    ])
    #expect(line.breakpoints == [0, 2])
    #expect(line.values == [0, 6])
    #expect(line.slopes == [1, 3, 0])
    #expect(line.kinks == [2, -3])
    #expect(line.pieces == 3)
    #expect(line.valueAtZero == 0)
    let straight = try BrokenLine(points: [.init(3, 7), .init(5, 11), .init(6, 13)])
    #expect(straight == BrokenLine(slope: 2, constant: 1))
    #expect(straight.pieces == 1)
  }

  @Test func badPointsAreRefused() {
    #expect(throws: RepresentationError.self) { try BrokenLine(points: []) }
    #expect(throws: RepresentationError.self) { try BrokenLine(points: [.init(0, 1)], leftSlope: 1) }
    let error = #expect(throws: RepresentationError.self) {
      try BrokenLine(points: [.init(0, 1), .init(2, 1), .init(2, 3)])
    }
    #expect(error?.description.contains("point 2 has x = 2 after x = 2") == true)
  }

  @Test(arguments: 0..<40) func algebraIsPointwise(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let f = try random.brokenLine(count: 1 + random.index(below: 5))
    let g = seed % 7 == 0 ? BrokenLine(slope: 0, constant: 2) : try random.brokenLine(count: 1 + random.index(below: 5))
    let factor = random.lineNumber(size: 4, denominators: 3)
    let sum = f + g
    let difference = f - g
    let composed = f.composed(with: g)
    let highest = f.maximum(g)
    let lowest = f.minimum(g)
    for _ in 0..<40 {
      let x = random.lineNumber(size: 40, denominators: 4)
      #expect(sum(x) == f(x) + g(x), "seed \(seed)")
      #expect(difference(x) == f(x) - g(x), "seed \(seed)")
      #expect((factor * f)(x) == factor * f(x), "seed \(seed)")
      #expect((-f)(x) == -f(x), "seed \(seed)")
      #expect(composed(x) == f(g(x)), "seed \(seed)")
      #expect(highest(x) == max(f(x), g(x)), "seed \(seed)")
      #expect(lowest(x) == min(f(x), g(x)), "seed \(seed)")
      #expect(f.positivePart(x) == max(f(x), 0), "seed \(seed)")
    }
    #expect(f.valueAtZero == f(0), "seed \(seed)")
    #expect(composed.valueAtZero == f(g(0)), "seed \(seed)")
    #expect(sum - g == f, "seed \(seed)")
    #expect(zip(f.slopes, f.slopes.dropFirst()).allSatisfy { $0 != $1 }, "seed \(seed)")
  }

  @Test(arguments: 0..<20) func formsAgreeWithTheirValues(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let functions = (0..<6).map { _ in
      AffineFunction(gradient: [random.lineNumber(size: 5, denominators: 2)], constant: random.lineNumber(size: 7))
    }
    let subsets = (0..<4).map { _ in (0..<6).filter { _ in random.index(below: 2) == 0 } + [random.index(below: 6)] }
    let lattice = LatticeForm(functions: functions, clauses: subsets)
    let sum = SignedMaximumSum(
      functions: functions,
      terms: subsets.enumerated().map { .init(coefficient: $0.offset - 2, arguments: Array(Set($0.element)).sorted()) })
    let fromLattice = try BrokenLine(lattice)
    let fromSum = try BrokenLine(sum)
    let network = try RationalNetwork(
      inputs: 1,
      hidden: [
        (0..<3).map { _ in .init([0: random.lineNumber(size: 3)], constant: random.lineNumber(size: 3)) },
        (0..<3).map { _ in
          .init((0..<3).map { (key: $0, value: random.lineNumber(size: 3)) }, constant: random.lineNumber(size: 3))
        },
      ],
      outputs: [.init((0..<3).map { (key: $0, value: random.lineNumber(size: 3)) }, constant: 1)])
    let fromNetwork = try BrokenLine(network)
    for _ in 0..<40 {
      let x = random.lineNumber(size: 30, denominators: 5)
      #expect(fromLattice(x) == lattice([x]), "seed \(seed)")
      #expect(fromSum(x) == sum([x]), "seed \(seed)")
      #expect(fromNetwork(x) == network([x])[0], "seed \(seed)")
    }
    #expect(fromNetwork.pieces <= 16, "seed \(seed)")
  }

  @Test func formsThatAreNoBrokenLinesAreRefused() throws {
    let plane = AffineFunction(gradient: [1, 2], constant: 0)
    let slope = AffineFunction(gradient: [1], constant: 0)
    #expect(throws: RepresentationError.self) { try BrokenLine(LatticeForm(functions: [plane], clauses: [[0]])) }
    #expect(throws: RepresentationError.self) { try BrokenLine(LatticeForm(functions: [slope], clauses: [])) }
    #expect(throws: RepresentationError.self) { try BrokenLine(LatticeForm(functions: [slope], clauses: [[]])) }
    #expect(throws: RepresentationError.self) {
      try BrokenLine(SignedMaximumSum(functions: [slope], terms: [.init(coefficient: 1, arguments: [0, 1])]))
    }
    let pair = try RationalNetwork(inputs: 1, hidden: [], outputs: [.init([0: 1]), .init([0: 2])])
    #expect(throws: RepresentationError.self) { try BrokenLine(pair) }
    let two = try RationalNetwork(inputs: 2, hidden: [], outputs: [.init([0: 1])])
    #expect(throws: RepresentationError.self) { try BrokenLine(two) }
    #expect(try BrokenLine(SignedMaximumSum(functions: [slope], terms: [])) == BrokenLine(slope: 0, constant: 0))
  }

  /// Pieces on ℝ of the sawtooth of depth 1, 2, … for each width.
  @Test(arguments: [
    (2, [3, 6, 10, 18, 34]), (3, [4, 10, 28, 82]), (4, [5, 18, 66]), (5, [6, 26, 126]),
  ])
  func sawteethHaveTheirPieces(width: Int, pieces: [Int]) throws {
    for (depth, count) in pieces.enumerated() {
      #expect(try LineFixture.uniformSawtooth(width: width, depth: depth + 1).pieces == count)
    }
  }

  @Test func sawtoothTakesItsValues() throws {
    let f = try LineFixture.sawtooth(
      [[Rational(78, 49), Rational(135, 49)], [Rational(3, 4), Rational(15, 16)]], height: 3)
    let values = [
      ("3/7", "27/13"), ("6/7", "141/143"), ("12/7", "531/209"), ("15/7", "195/209"), ("18/7", "36/19"), ("3", "3"),
      ("24/7", "117/11"),
    ]
    for (x, y) in values { #expect(try f(LineFixture.number(x)) == LineFixture.number(y)) }
    #expect(f.pieces == 10)
  }

  @Test(arguments: [(2, 1), (2, 3), (3, 3), (3, 4), (4, 2), (4, 3)])
  func sawteethKeepTheirDistances(width: Int, depth: Int) throws {
    let f = try LineFixture.uniformSawtooth(width: width, depth: depth)
    let interval = Rational(0)...Rational(1)
    #expect(f.distanceL1(to: BrokenLine(slope: 0, constant: Rational(1, 2)), on: interval) == Rational(1, 4))
    #expect(f.distanceL1(to: BrokenLine(slope: 1, constant: 0), on: interval) == Rational(1, 3))
    for other in 1..<max(depth, 2) where other < depth {
      let g = try LineFixture.uniformSawtooth(width: width, depth: other)
      #expect(f.distanceL1(to: g, on: interval) == Rational(1, 3))
    }
  }

  @Test(arguments: [
    (["1/3", "1/4"], "29/105", "3/7", "1/3", "0"),
    (["1/10", "9/10", "1/2"], "16834378704037/53392722788559", "3953/11571", "62/81", "86/243"),
  ])
  func unevenTeethKeepTheirDistances(
    peaks: [String], toIdentity: String, toFirst: String, atHalf: String, atThird: String
  ) throws {
    let lists = try peaks.map { [try LineFixture.number($0)] }
    let f = try LineFixture.sawtooth(lists)
    let interval = Rational(0)...Rational(1)
    #expect(f.distanceL1(to: BrokenLine(slope: 0, constant: Rational(1, 2)), on: interval) == Rational(1, 4))
    #expect(try f.distanceL1(to: BrokenLine(slope: 1, constant: 0), on: interval) == LineFixture.number(toIdentity))
    #expect(try f.distanceL1(to: LineFixture.tooth(lists[0], height: 1), on: interval) == LineFixture.number(toFirst))
    #expect(try f(Rational(1, 2)) == LineFixture.number(atHalf))
    #expect(try f(Rational(1, 3)) == LineFixture.number(atThird))
  }

  @Test func distancesOfAffineFunctions() throws {
    let f = BrokenLine(slope: 1, constant: 0)
    let zero = BrokenLine(slope: 0, constant: 0)
    #expect(f.distanceL1(to: zero, on: -1...2) == Rational(5, 2))
    #expect(f.squaredDistanceL2(to: zero, on: -1...2) == 3)
    #expect(f.largestDistance(to: zero, on: -1...2) == 2)
    #expect(f.largestDistance(to: zero) == nil)
    #expect((f + BrokenLine(slope: 0, constant: -3)).largestDistance(to: f) == 3)
    #expect(f.distanceL1(to: zero, on: 2...2) == 0)
    #expect(f.largestDistance(to: zero, on: 2...2) == 2)
    let hat = try BrokenLine(points: [.init(0, 0), .init(1, 2), .init(2, 0)], leftSlope: 0, rightSlope: 0)
    #expect(hat.largestDistance(to: zero) == 2)
    #expect(hat.distanceL1(to: zero, on: -5...5) == 2)
    #expect(hat.squaredDistanceL2(to: zero, on: -5...5) == Rational(8, 3))
    #expect(hat.squaredDistanceL2(to: zero, on: Rational(1, 2)...1) == Rational(7, 6))
  }

  @Test func theInterpolantFollowsTheSamplesAtTheKnots() throws {
    let samples = [0, 1, 2, 3, 4].map { BrokenLine.Point(Rational($0), Rational($0 * $0)) }
    let line = try BrokenLine.interpolant(of: samples, knots: [0, 2, 4])
    #expect(line.breakpoints == [2])
    #expect(line.slopes == [2, 6])
    let between = try BrokenLine.interpolant(of: samples, knots: [Rational(1, 2), 4])
    #expect(between == BrokenLine(slope: Rational(31, 7), constant: Rational(1, 2) - Rational(31, 14)))
    #expect(try BrokenLine.interpolant(of: samples, knots: [3]) == BrokenLine(slope: 0, constant: 9))
    #expect(throws: RepresentationError.self) { try BrokenLine.interpolant(of: samples, knots: [0, 5]) }
    #expect(throws: RepresentationError.self) { try BrokenLine.interpolant(of: samples, knots: []) }
    #expect(throws: RepresentationError.self) { try BrokenLine.interpolant(of: samples, knots: [2, 1]) }
    #expect(throws: RepresentationError.self) { try BrokenLine.interpolant(of: [], knots: [2, 1]) }
  }
}
