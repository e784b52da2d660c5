import Exact
import Execution
import Networks
import Probability
import Testing

@testable import PiecewiseLinear

@Suite struct RegionSampleTests {
  private static func box(_ inputs: Int) -> [Interval] {
    Array(repeating: Interval(lower: -1, upper: 1), count: inputs)
  }

  /// Points of a coarse lattice, of which many lie on hyperplanes: inside a cell the pattern is the cell's, elsewhere none.
  @Test func patternsAroundPoints() {
    let seed: UInt64 = 51
    var onBoundaries = 0
    for round in 0..<200 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(round % 4 == 0 ? .generic : .degenerate, using: &source)
      let cells = OracleRegions(network).cells
      let pattern = LocalPattern(network)
      for _ in 0..<20 {
        let point = (0..<network.inputCount).map { _ in Double(source.index(below: 17) - 8) / 4 }
        let exact = point.map { Rational(exactly: $0) }
        let inside = cells.filter { $0.rows.allSatisfy { $0.value(at: exact).signum > 0 } }
        #expect(pattern.choices(at: point) == inside.first?.pattern, "seed \(seed), round \(round), point \(point)")
        if inside.isEmpty { onBoundaries += 1 }
      }
    }
    #expect(onBoundaries > 100)
  }

  /// Numbers whose sums cancel to the last bit are decided in rational arithmetic.
  @Test func signsBelowTheRoundingError() throws {
    let tiny = 0x1p-80
    for sign in [-1.0, 0, 1] {
      let unit = UnitNetwork.Unit.relu(AffineForm(constant: sign * tiny, weights: [0.1, -0.1], first: 1))
      let copies = [UnitNetwork.Unit.relu(AffineForm(value: 0)), .relu(AffineForm(value: 0))]
      let network = try UnitNetwork(
        inputCount: 1, stages: [.init(name: "a", units: copies), .init(name: "b", units: [unit])],
        outputs: [AffineForm(value: 3)])
      #expect(LocalPattern(network).choices(at: [0.7]) == [1, 1, sign > 0 ? 1 : 0])
      #expect(LocalPattern(network).choices(at: [0]) == nil)
    }
  }

  @Test func samplesFindRegionsOfTheBox() throws {
    let seed: UInt64 = 52
    for round in 0..<40 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(round % 2 == 0 ? .degenerate : .generic, using: &source)
      let n = network.inputCount
      let count = OracleRegions(network, domain: OracleRegions.box(-1, 1, inputCount: n)).cells.count
      let sampling = RegionSampling(points: 3000, seed: 7, threads: 1)
      let sample = try sampling.run(on: network, box: Self.box(n))
      let context: Comment = "seed \(seed), round \(round): \(sample), \(count) regions"
      #expect(sample.points == 3000 && sample.boundaryPoints < 3, context)
      #expect(sample.distinct <= count && sample.distinct >= 1, context)
      #expect(sample.singletons + sample.doubletons <= sample.distinct, context)
      let coverage = try #require(sample.estimatedCoverage)
      #expect(coverage > 0.98 && coverage <= 1, context)
      #expect(sample.estimatedCount >= Double(sample.distinct), context)
    }
  }

  @Test func countsOfPatterns() throws {
    let grid = OracleNetworks.grid(inputs: 2, at: [-0.5, 0, 0.5])
    let sample = try RegionSampling(points: 5000, threads: 2).run(on: grid, box: Self.box(2))
    #expect(sample.distinct == 16 && sample.singletons == 0 && sample.estimatedCoverage == 1)
    #expect(sample.estimatedCount == 16)
    let few = try RegionSampling(points: 3, seed: 1, threads: 2).run(on: grid, box: Self.box(2))
    #expect(few.distinct == 3 && few.singletons == 3)
    #expect(few.estimatedCoverage == 0 && few.estimatedCount == 6)
    // A line of points on a hyperplane: all on the boundary.
    let plane = try UnitNetwork(
      inputCount: 2, stages: [.init(name: "a", units: [.relu(AffineForm(constant: 0, weights: [1, -1], first: 0))])],
      outputs: [AffineForm(value: 2)])
    #expect(LocalPattern(plane).choices(at: [0.3, 0.3]) == nil)
  }

  @Test func theSeedAloneDecides() throws {
    let network = OracleNetworks.grid(inputs: 3, at: (1...20).map { Double($0) / 10.5 - 1 })
    let results = try [1, 2, 5].map { threads in
      try RegionSampling(points: 5000, seed: 9, threads: threads).run(on: network, box: Self.box(3))
    }
    #expect(results.allSatisfy { "\($0)" == "\(results[0])" })
    let other = try RegionSampling(points: 5000, seed: 10, threads: 2).run(on: network, box: Self.box(3))
    #expect("\(other)" != "\(results[0])")
  }

  @Test func stoppedWorkSaysHowFarItCame() throws {
    let cancellation = Cancellation()
    cancellation.cancel()
    let sample = try RegionSampling(points: 5000).run(
      on: OracleNetworks.diamond, box: Self.box(2), cancellation: cancellation)
    #expect(sample.points == 0 && sample.distinct == 0 && sample.estimatedCoverage == nil)
  }

  @Test func boxesThatCannotBeSampled() {
    let good = Interval(lower: 0, upper: 1)
    for (box, text) in [
      ([good], "1 sides"), ([good, Interval(2)], "single number 2.0"),
      ([Interval(lower: 0, upper: .infinity), good], "side 0 of the box is infinite"),
    ] {
      let error = #expect(throws: RegionSamplingError.self) {
        try RegionSampling(points: 10).run(on: OracleNetworks.diamond, box: box)
      }
      #expect(error?.description.contains(text) == true)
    }
  }
}
