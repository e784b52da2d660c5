import Exact
import Networks
import Probability
import Testing

@testable import Representation

@Suite struct OneInputTwoLayerTests {
  struct Reference: Sendable {
    var breakpoints: [Int]
    var values: [Int]
    var left: Int
    var right: Int
    var weights: [String]
    var least: Int
  }

  /// Left-facing units at the breakpoints in turn, and a right-facing one at the last where there is a weight more.
  static let references = [
    Reference(breakpoints: [4, 7], values: [3, -4], left: 1, right: 3, weights: ["-10/3", "7/3", "3"], least: 3),
    Reference(
      breakpoints: [-16, 1, 4, 5, 7, 17], values: [6, -2, 0, -9, 4, -5], left: 2, right: 0,
      weights: ["-42/17", "58/51", "-29/3", "31/2", "-37/5", "9/10"], least: 6),
    Reference(
      breakpoints: [-18, -17, -14, -9], values: [-9, -3, -8, 6], left: 4, right: 3,
      weights: ["2", "-23/3", "67/15", "-14/5", "3"], least: 5),
    Reference(breakpoints: [4], values: [-5], left: 4, right: -4, weights: ["-4", "-4"], least: 2),
    Reference(breakpoints: [12, 15], values: [-3, 1], left: 1, right: 4, weights: ["1/3", "-4/3", "4"], least: 3),
    Reference(breakpoints: [20], values: [9], left: 4, right: 0, weights: ["-4"], least: 1),
  ]

  @Test(arguments: references) func closedFormHasItsUnits(reference: Reference) throws {
    let points = zip(reference.breakpoints, reference.values).map { BrokenLine.Point(Rational($0), Rational($1)) }
    let line = try BrokenLine(
      points: points, leftSlope: Rational(reference.left), rightSlope: Rational(reference.right))
    let network = try line.twoLayerNetwork(outputBias: true)
    #expect(try network.outputs[0].terms.map(\.weight) == reference.weights.map { try LineFixture.number($0) })
    #expect(network.outputs[0].constant == points[points.count - 1].y)
    for (index, row) in network.hidden[0].enumerated() {
      let side: Rational = index < points.count ? -1 : 1
      #expect(row == .init([0: side], constant: -side * points[min(index, points.count - 1)].x))
    }
    #expect(try BrokenLine(network) == line)
    let minimal = try line.minimalTwoLayerNetwork(outputBias: true)
    #expect(minimal.units == reference.least)
    #expect(minimal.isMinimal)
    #expect(try BrokenLine(minimal.network) == line)
  }

  /// Whether some indices, other than `without`, have sums of both kinds.
  private static func someSubset(_ count: Int, without: Int? = nil, _ isWanted: ([Int]) -> Bool) -> Bool {
    (0..<(1 << count)).contains { mask in
      let subset = (0..<count).filter { mask >> $0 & 1 == 1 }
      return !(without.map { subset.contains($0) } ?? false) && isWanted(subset)
    }
  }

  @Test(arguments: 0..<150) func minimumAgreesWithAllSubsets(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let line = try random.brokenLine(count: 1 + random.index(below: 5), size: 3, denominators: 1 + seed % 2)
    let count = line.breakpoints.count
    guard count > 0 else { return }
    let kinks = line.kinks
    let start = line.leftSlope
    let first = { (x: Rational) in line.values[0] + start * (x - line.breakpoints[0]) }
    func sum(_ subset: [Int], _ weight: (Int) -> Rational) -> Rational {
      subset.reduce(.zero) { $0 + kinks[$1] * weight($1) }
    }
    let turns = Self.someSubset(count) { sum($0) { _ in 1 } == -start }
    let fitsAll = Self.someSubset(count) {
      sum($0) { _ in 1 } == -start && sum($0) { line.breakpoints[$0] } == first(0)
    }
    let fitsOnce = (0..<count).contains { double in
      Self.someSubset(count, without: double) { subset in
        sum(subset) { line.breakpoints[$0] - line.breakpoints[double] } == first(line.breakpoints[double])
      }
    }
    let withBias = try line.minimalTwoLayerNetwork(outputBias: true)
    #expect(withBias.units == (turns ? count : count + 1), "seed \(seed)")
    let without = try line.minimalTwoLayerNetwork(outputBias: false)
    #expect(without.units == (fitsAll ? count : turns || fitsOnce ? count + 1 : count + 2), "seed \(seed)")
    #expect(without.network.outputs[0].constant == 0, "seed \(seed)")
    for minimal in [withBias, without] {
      #expect(minimal.isMinimal, "seed \(seed)")
      #expect(try BrokenLine(minimal.network) == line, "seed \(seed)")
    }
    for outputBias in [true, false] {
      let closed = try line.twoLayerNetwork(outputBias: outputBias)
      #expect(try BrokenLine(closed) == line, "seed \(seed)")
      #expect(closed.size <= line.pieces + (outputBias ? 0 : 1), "seed \(seed)")
      #expect(outputBias || closed.outputs[0].constant == 0, "seed \(seed)")
    }
  }

  @Test func affineFunctionsTakeTwoUnits() throws {
    let slope = BrokenLine(slope: 2, constant: -3)
    let constant = BrokenLine(slope: 0, constant: 5)
    let zero = BrokenLine(slope: 0, constant: 0)
    for (line, outputBias, units) in [
      (slope, true, 2), (slope, false, 2), (constant, true, 0), (constant, false, 1), (zero, false, 0),
    ] {
      let minimal = try line.minimalTwoLayerNetwork(outputBias: outputBias)
      #expect(minimal.units == units)
      #expect(minimal.isMinimal)
      #expect(try BrokenLine(minimal.network) == line)
    }
  }

  /// Hinges facing left at random breakpoints, so that p − 1 units suffice though neither outer slope is 0.
  @Test(arguments: [12, 40, 200]) func hiddenOrientationIsFound(count: Int) throws {
    var random = RandomSource(seed: UInt64(count))
    var line = BrokenLine(slope: 0, constant: 1)
    for position in 0..<count {
      // From 41 hinges on, only small multiples of a common unit are decided.
      let size = count <= 40 ? 1_000_000_007 : 20
      let factor = Rational(1 + random.index(below: size), 3)
      let left = BrokenLine(slope: -1, constant: Rational(position)).positivePart
      let right = BrokenLine(slope: 1, constant: Rational(-position)).positivePart
      line = line + factor * (random.index(below: 2) == 0 ? left : right)
    }
    let minimal = try line.minimalTwoLayerNetwork(outputBias: true)
    #expect(minimal.units == count)
    #expect(minimal.isMinimal)
    #expect(try BrokenLine(minimal.network) == line)
  }

  @Test func whatIsNotDecidedSaysSo() throws {
    var random = RandomSource(seed: 5)
    var line = BrokenLine(slope: -1_000_000_007, constant: 0)
    for position in 0..<50 {
      let hinge = BrokenLine(slope: 1, constant: Rational(-position)).positivePart
      line = line + Rational(2 * random.index(below: 100_000_000) + 1) * hinge
    }
    let minimal = try line.minimalTwoLayerNetwork(outputBias: true)
    #expect(minimal.units == 51)
    #expect(minimal.leastUnits == 50)
    #expect(!minimal.isMinimal)
    #expect(try BrokenLine(minimal.network) == line)
  }
}
