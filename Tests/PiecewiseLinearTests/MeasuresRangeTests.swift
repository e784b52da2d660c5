import Exact
import Networks
import PiecewiseLinear
import Probability
import Testing

/// Exact extremes of outputs, and integrals.
@Suite struct MeasuresRangeTests {
  @Test func knownRanges() throws {
    let absolute = try Measured.taxicab(1)
    let ends = try RegionEnumeration(absolute, in: .box(lower: [-1], upper: [2])).outputRanges().ranges[0]
    #expect(ends.minimum.value == 0 && ends.minimum.point == [0])
    #expect(ends.maximum.value == 2 && ends.maximum.point == [2])

    let taxicab = try RegionEnumeration(Measured.taxicab(3), in: Measured.box(3, -1, 0.5)).outputRanges().ranges[0]
    #expect(taxicab.minimum.value == 0 && taxicab.minimum.point == [0, 0, 0])
    #expect(taxicab.maximum.value == 3 && taxicab.maximum.point == [-1, -1, -1])

    let larger = try Measured.network(
      2, [[.init(kind: .maximum, forms: [AffineForm(value: 0), AffineForm(value: 1)])]],
      [AffineForm(value: 2), AffineForm(constant: 0.1, terms: [.init(value: 2, weight: -3)])])
    let (ranges, _) = try RegionEnumeration(larger, in: .box(lower: [-1, -2], upper: [0.25, 0.5])).outputRanges()
    #expect(ranges[0].minimum.value == -1 && ranges[0].maximum.value == Rational(1, 2))
    #expect(ranges[1].minimum.value == Rational(exactly: 0.1) - Rational(3, 2))
    #expect(ranges[1].maximum.value == Rational(exactly: 0.1) + 3)
    #expect(ranges[1].approximation.upper == 3.1)
  }

  /// The tip of a fold at 1/3 is no double: the value there still is exact.
  @Test func rationalTip() throws {
    let tip = try Measured.network(1, [[Measured.absolute(Measured.form(-1, [3]))]], [AffineForm(value: 1)])
    let range = try RegionEnumeration(tip, in: Measured.box(1)).outputRanges().ranges[0]
    #expect(range.minimum.value == 0 && range.minimum.point == [Rational(1, 3)])
    let tents = try RegionEnumeration(Measured.tents(8), in: Measured.box(1, 0, 1)).outputRanges()
    #expect(tents.summary.activationRegions == 256)
    #expect(tents.ranges[0].minimum.value == 0 && tents.ranges[0].maximum.value == 1)
  }

  @Test func unboundedRanges() throws {
    let absolute = try RegionEnumeration(Measured.taxicab(2), in: .space).outputRanges().ranges[0]
    #expect(absolute.minimum.value == 0 && absolute.maximum.isUnbounded)
    #expect(absolute.approximation.lower == 0 && absolute.approximation.upper == .infinity)
    // x + relu(y) contains lines, relu(y) is constant along them.
    let skip = try Measured.network(
      2, [[.relu(AffineForm(value: 1))]],
      [AffineForm(constant: 0, terms: [.init(value: 0, weight: 1), .init(value: 2, weight: 1)]), AffineForm(value: 2)])
    let (ranges, _) = try RegionEnumeration(skip, in: .space).outputRanges()
    #expect(ranges[0].minimum.isUnbounded && ranges[0].maximum.isUnbounded)
    #expect(ranges[1].minimum.value == 0 && ranges[1].maximum.isUnbounded)
    let cut = try RegionEnumeration(
      skip, in: .polyhedron([.init(normal: [1, 1], offset: 1), .init(normal: [-1, 0], offset: 0.5)])
    ).outputRanges().ranges
    #expect(cut[0].minimum.value == Rational(-1, 2) && cut[0].maximum.isUnbounded)
  }

  private static func box(_ n: Int) -> [ExactForm] { OracleRegions.box(-1, 1, inputCount: n) }

  @Test func rangesAgreeWithBruteForce() throws {
    let seed: UInt64 = 5
    for weights in OracleNetworks.Weights.allCases {
      for round in 0..<40 {
        var source = RandomSource(seed: seed, index: round)
        let network = OracleNetworks.random(weights, units: 6, using: &source)
        let cells = OracleRegions(network, domain: Self.box(network.inputCount)).cells
        var enumeration = try RegionEnumeration(network, in: Measured.box(network.inputCount))
        enumeration.threads = 1 + round % 3
        let (ranges, summary) = try enumeration.outputRanges()
        #expect(summary.isComplete)
        for output in network.outputs.indices {
          let values = cells.flatMap { cell in cell.corners.map { cell.outputs[output].value(at: $0) } }
          let range = ranges[output]
          let context: Comment = "seed \(seed), round \(round), \(weights), output \(output)"
          #expect(range.minimum.value == values.min(), context)
          #expect(range.maximum.value == values.max(), context)
          let exact = network.exactValues(range.maximum.point)
          #expect(network.outputs[output].exactValue(exact) == range.maximum.value, context)
        }
      }
    }
  }

  /// On all of space: a finite end is that of the corners, and along the direction of an infinite one the output grows.
  @Test func unboundedRangesAgreeWithBruteForce() throws {
    let seed: UInt64 = 6
    for weights in OracleNetworks.Weights.allCases {
      for round in 0..<40 {
        var source = RandomSource(seed: seed, index: round)
        let network = OracleNetworks.random(weights, units: 5, using: &source)
        let cells = OracleRegions(network).cells
        let (ranges, _) = try RegionEnumeration(network, in: .space).outputRanges()
        for output in network.outputs.indices {
          let context: Comment = "seed \(seed), round \(round), \(weights), output \(output)"
          func value(_ point: [Rational]) -> Rational { network.outputs[output].exactValue(network.exactValues(point)) }
          let corners = cells.flatMap { cell in cell.corners.map { cell.outputs[output].value(at: $0) } }
          let inside = cells.map { $0.outputs[output].value(at: $0.interiorPoint) }
          for (end, turn) in [(ranges[output].maximum, Rational(1)), (ranges[output].minimum, Rational(-1))] {
            if let found = end.value {
              #expect(value(end.point) == found, context)
              #expect(inside.allSatisfy { turn * $0 <= turn * found }, context)
              if !corners.isEmpty { #expect(corners.map { turn * $0 }.max() == turn * found, context) }
            } else {
              let steps = [0, 1, 1000].map { step in
                turn * value(zip(end.point, end.direction).map { $0 + Rational(step) * $1 })
              }
              #expect(steps[1] > steps[0], context)
              #expect(steps[2] - steps[0] == 1000 * (steps[1] - steps[0]), context)
            }
          }
        }
      }
    }
  }

  @Test func limitAndThreads() throws {
    var source = RandomSource(seed: 3)
    let network = OracleNetworks.random(.generic, inputs: 2, units: 30, using: &source)
    var enumeration = try RegionEnumeration(network, in: Measured.box(2))
    enumeration.threads = 1
    let one = try enumeration.outputRanges()
    enumeration.threads = 4
    let four = try enumeration.outputRanges()
    for (a, b) in zip(one.ranges, four.ranges) {
      #expect(a.minimum.point == b.minimum.point && a.maximum.point == b.maximum.point)
      #expect(a.minimum.pattern == b.minimum.pattern && a.maximum.pattern == b.maximum.pattern)
    }
    enumeration.limit = 3
    let cut = try enumeration.outputRanges()
    #expect(!cut.summary.isComplete && cut.summary.activationRegions == 3)
    let (whole, part) = (one.ranges[0], cut.ranges[0])
    #expect((part.maximum.value ?? 0) <= (whole.maximum.value ?? 0))
    #expect((part.minimum.value ?? 0) >= (whole.minimum.value ?? 0))
    enumeration.limit = 0
    #expect(try enumeration.outputRanges().ranges.isEmpty)
  }

  @Test func knownIntegrals() throws {
    let taxicab = try RegionEnumeration(Measured.taxicab(3), in: Measured.box(3)).outputIntegrals()
    #expect(abs(taxicab.integrals[0] - 12) <= taxicab.errors[0] && taxicab.errors[0] < 1e-11)
    #expect(abs(taxicab.means[0] - 1.5) < 1e-14)
    let tents = try RegionEnumeration(Measured.tents(6), in: Measured.box(1, 0, 1)).outputIntegrals()
    #expect(abs(tents.integrals[0] - 0.5) < 1e-14)
    // ∫ max(x, y) over the triangle x, y ≥ 0, x + y ≤ 1 is 1/4.
    let larger = try Measured.network(
      2, [[.init(kind: .maximum, forms: [AffineForm(value: 0), AffineForm(value: 1)])]], [AffineForm(value: 2)])
    let triangle: RegionDomain = .polyhedron([
      .init(normal: [-1, 0], offset: 0), .init(normal: [0, -1], offset: 0), .init(normal: [1, 1], offset: 1),
    ])
    let part = try RegionEnumeration(larger, in: triangle).outputIntegrals()
    #expect(abs(part.integrals[0] - 0.25) < 1e-14 && abs(part.volume - 0.5) < 1e-14 && part.domainVolume == nil)
    #expect(throws: RegionError.self) { try RegionEnumeration(Measured.taxicab(1), in: .space).outputIntegrals() }
  }

  /// The midpoint rule is off by at most the Lipschitz constant times half a step, in each cell.
  @Test func integralsAgreeWithQuadrature() throws {
    let seed: UInt64 = 8
    for round in 0..<6 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(.generic, inputs: 2, units: 12, using: &source)
      let enumeration = try RegionEnumeration(network, in: Measured.box(2))
      let integral = try enumeration.outputIntegrals()
      let steps = 100
      var sums = network.outputs.map { _ in 0.0 }
      for i in 0..<steps {
        for j in 0..<steps {
          let point = [i, j].map { (2 * Double($0) + 1) / Double(steps) - 1 }
          for (output, value) in network(point).enumerated() { sums[output] += value }
        }
      }
      let slope = try #require(try enumeration.lipschitzConstant(.infinity)).bounds.upper
      for (sum, mean) in zip(sums, integral.means) {
        #expect(
          abs(sum / Double(steps * steps) - mean) <= slope / Double(steps), "seed \(seed), round \(round)")
      }
      #expect(abs(integral.volume - 4) < 1e-12, "seed \(seed), round \(round)")
    }
  }
}
