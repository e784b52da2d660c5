import Exact
import Networks
import Probability
import Testing

@testable import PiecewiseLinear

@Suite struct RegionBoundsTests {
  /// A chain of ReLU layers of the given widths with random weights: bounds only see the shape.
  private static func chain(_ inputs: Int, _ widths: [Int]) -> UnitNetwork {
    var source = RandomSource(seed: 1)
    var before = inputs
    let layers = widths.map { width in
      let rows = (0..<width).map { _ in (0...before).map { _ in source.normal() } }
      before = width
      return rows
    }
    return OracleNetworks.layers(inputs: inputs, layers)
  }

  @Test func formulasOfTheLiterature() {
    let expected: [(inputs: Int, widths: [Int], montufar: String, serra: String)] = [
      (1, [50, 50, 50], "132651", "132651"),
      (2, [10, 10], "3136", "3136"),
      (4, [32, 32], "1718019601", "1718019601"),
      (5, [20, 20], "470890000", "470890000"),
      (8, [12, 12], "14417209", "9598384"),
      (8, [16], "39203", "39203"),
      (2, [4, 1], "22", "22"),
    ]
    for row in expected {
      let bounds = RegionBounds(Self.chain(row.inputs, row.widths))
      #expect(bounds.montufar.description == row.montufar, "\(row)")
      #expect(bounds.serra.description == row.serra, "\(row)")
      #expect(bounds.patterns.value == Rational(powerOfTwo: row.widths.reduce(0, +)))
    }
    let deep = RegionBounds(Self.chain(1, [50, 50, 50]))
    #expect(deep.patterns.description == "1427247692705959881058285969449495136382746624")
    #expect(abs(deep.patterns.log10 - 45.15449934959717) < 1e-12)
    #expect(RegionCount(0).log10 == -.infinity && RegionCount(1000).log10 == 3)
    #expect(RegionBounds(Self.chain(10, [14])).zaslavsky?.description == "15914")
    #expect(RegionBounds(Self.chain(10, [14, 2])).zaslavsky == nil)
  }

  /// Three inputs, five ReLUs: 26 regions. At most 16 have three alive by counting the dead, at most 15 by opposite pairs.
  @Test func histogramsByHand() {
    let bounds = RegionBounds(Self.chain(3, [5, 5]))
    #expect(bounds.serra == RegionCount(16 * 26 + 10 * 16))
    #expect(bounds.hinz == RegionCount(15 * 26 + 11 * 16))
  }

  /// One layer: the regions with at least J units alive never exceed what the histogram says.
  @Test func histogramsHoldForSingleLayers() {
    let seed: UInt64 = 21
    for round in 0..<120 {
      var source = RandomSource(seed: seed, index: round)
      let inputs = 2 + source.index(below: 2)
      let width = 3 + source.index(below: 3)
      let isGeneric = source.index(below: 2) == 0
      let rows = (0..<width).map { _ in
        (0...inputs).map { _ in isGeneric ? source.normal() : Double(source.index(below: 5)) - 2 }
      }
      let cells = OracleRegions(OracleNetworks.layers(inputs: inputs, [rows])).cells
      var stage = StageCensus()
      stage.hinges = width
      stage.vanishing = width
      let column = StageArrangement(stage, largestRank: inputs).column(rank: inputs, isRefined: true)
      for rank in 0...inputs {
        let found = cells.count { min($0.pattern.reduce(0, +), inputs) >= rank }
        let allowed = column.filter { $0.rank >= rank }.reduce(Rational.zero) { $0 + $1.count }
        #expect(Rational(found) <= allowed, "seed \(seed), round \(round), rank \(rank)")
      }
    }
  }

  /// Networks of every kind: the bounds hold on all of space, and on a box for the units that are not proved stable.
  @Test func boundsHoldForEveryNetwork() throws {
    let seed: UInt64 = 22
    for round in 0..<300 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(round % 2 == 0 ? .degenerate : .generic, using: &source)
      let n = network.inputCount
      let all = RegionBounds(network)
      let context: Comment = "seed \(seed), round \(round)"
      #expect(RegionCount(OracleRegions(network).cells.count) <= all.best, context)
      let box = [Interval](repeating: Interval(lower: -1, upper: 1), count: n)
      let choices = try #require(BoundPropagation(network).bounds(over: box)).choices
      let inside = RegionBounds(network, choices: choices)
      let count = OracleRegions(network, domain: OracleRegions.box(-1, 1, inputCount: n)).cells.count
      #expect(RegionCount(count) <= inside.best, context)
      #expect(inside.best <= all.best, context)
      for bounds in [all, inside] {
        #expect(bounds.hinz <= bounds.serra && bounds.serra <= bounds.montufar, context)
        #expect(bounds.montufar <= bounds.patterns, context)
        if let zaslavsky = bounds.zaslavsky { #expect(bounds.best <= zaslavsky, context) }
      }
    }
  }

  @Test func oneStageInGeneralPositionAttainsTheBound() {
    for (inputs, width) in [(1, 6), (2, 7), (3, 6)] {
      let network = Self.chain(inputs, [width])
      #expect(RegionCount(OracleRegions(network).cells.count) == RegionBounds(network).best)
    }
  }

  /// A skip connection past a narrow layer: with it, the third layer sees both inputs again.
  @Test func skipConnectionsKeepTheDimension() throws {
    func network(skipping: Bool) throws -> UnitNetwork {
      let narrow = AffineForm(constant: 0.1, weights: [1, 1], first: 0)
      let last = (0..<4).map { index -> UnitNetwork.Unit in
        let skipped: [AffineForm.Term] = skipping ? [.init(value: 0, weight: Double(index) - 1.5)] : []
        return .relu(AffineForm(constant: 0.2 * Double(index), terms: skipped + [.init(value: 2, weight: 1)]))
      }
      return try UnitNetwork(
        inputCount: 2, stages: [.init(name: "narrow", units: [.relu(narrow)]), .init(name: "wide", units: last)],
        outputs: [AffineForm(value: 3)])
    }
    // One unit: two regions, in one of which it is alive. Rank 1 is cut into 1 + 4 by four units, rank 0 into 1.
    #expect(RegionBounds(try network(skipping: false)).best == RegionCount(5 + 1))
    // The first input is carried past: rank 2 where the unit is alive, rank 1 where not.
    #expect(RegionBounds(try network(skipping: true)).best == RegionCount(11 + 5))
  }

  @Test func whatAnArchitectureCanReach() throws {
    #expect(RegionBounds.architectureMaximum(Self.chain(2, [4, 4, 4])) == RegionCount(176))
    #expect(RegionBounds.architectureMaximum(Self.chain(2, [8, 8])) == RegionCount(16 * 37))
    // Too narrow for folding two inputs: the zonotope of two generators, 4 cones, times 1 and 6.
    #expect(RegionBounds.architectureMaximum(Self.chain(2, [4, 1, 6])) == RegionCount(24))
    #expect(RegionBounds.architectureMaximum(Self.chain(1, [3, 3])) == RegionCount(12))
    let leaky = UnitNetwork.Unit(kind: .hinge(below: 0.1, above: 1), forms: [AffineForm(value: 0)])
    let other = try UnitNetwork(
      inputCount: 1, stages: [.init(name: "leaky", units: [leaky])], outputs: [AffineForm(value: 1)])
    #expect(RegionBounds.architectureMaximum(other) == nil)
  }

  /// The numbers are exact however large, and wide layers take no time.
  @Test func wideLayers() {
    let wide = StageArrangement(Self.census(100_000), largestRank: 100_000)
    #expect(wide.total(rank: 100_000) == Rational(powerOfTwo: 100_000))
    #expect(wide.total(rank: 2) == 1 + 100_000 + Rational(100_000 * 99_999 / 2))
    #expect(wide.column(rank: 700, isRefined: true).map(\.rank) == [700])
  }

  private static func census(_ hinges: Int) -> StageCensus {
    var census = StageCensus()
    census.hinges = hinges
    census.vanishing = hinges
    return census
  }
}
