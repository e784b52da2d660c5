import Exact
import Networks
import Polyhedra
import Probability
import Testing

@testable import PiecewiseLinear

@Suite struct ComplexCensusTests {
  private static func census(_ network: UnitNetwork, _ domain: RegionDomain = .space) throws -> RegionCensus {
    try RegionCensus(try RegionEnumeration(network, in: domain))
  }

  private static func counts(_ network: UnitNetwork, _ domain: RegionDomain = .space) throws -> [Int?] {
    let census = try census(network, domain)
    return [census.activationRegions, census.affineComponents, census.pieces]
  }

  @Test(arguments: OracleNetworks.Weights.allCases)
  func agreesWithBruteForce(_ weights: OracleNetworks.Weights) throws {
    let seed: UInt64 = 31
    for round in 0..<160 {
      var source = RandomSource(seed: seed, index: round)
      let item = ComplexCase(weights, using: &source)
      let census = try RegionCensus(item.enumeration())
      let context: Comment = "seed \(seed), round \(round), \(weights), \(item.domain)"
      #expect(census.activationRegions == item.oracle.cells.count, context)
      #expect(census.affineComponents == item.oracle.affineComponents, context)
      #expect(census.pieces == item.oracle.pieces, context)
      #expect(census.isComplete, context)
    }
  }

  @Test func exactMapsAreThoseOfTheOracle() throws {
    let seed: UInt64 = 32
    for round in 0..<60 {
      var source = RandomSource(seed: seed, index: round)
      let item = ComplexCase(round % 2 == 0 ? .degenerate : .generic, using: &source)
      let maps = try ExactMaps(item.network)
      let layout = PatternLayout(item.network)
      for (cell, pattern) in zip(item.oracle.cells, item.patterns(layout)) {
        let map = maps.map(of: pattern)
        let context: Comment = "seed \(seed), round \(round), pattern \(cell.pattern)"
        #expect(map.offset == cell.outputs.map { $0[0] }, context)
        #expect(map.weights == cell.outputs.flatMap { $0.dropFirst() }, context)
        #expect(map(cell.interiorPoint) == cell.outputs.map { $0.value(at: cell.interiorPoint) }, context)
        for entry in layout.entries {
          let unit = item.network.stages[entry.stage].units[entry.unit]
          let forms = unit.forms.map { $0.exact(over: cell.values) }
          #expect(maps.unit(entry.stage, entry.unit, of: pattern) == forms, context)
        }
      }
    }
  }

  @Test func knownFunctions() throws {
    #expect(try Self.counts(OracleNetworks.diamond) == [8, 5, 5])
    // relu(|x| − 1): one interval of zeros; relu(1 − |x|): two that do not touch.
    #expect(try Self.counts(OracleNetworks.layers(inputs: 1, [[[0, 1], [0, -1]], [[-1, 1, 1]]])) == [4, 3, 3])
    #expect(try Self.counts(OracleNetworks.layers(inputs: 1, [[[0, 1], [0, -1]], [[1, -1, -1]]])) == [4, 3, 4])
    #expect(try Self.counts(OracleNetworks.grid(inputs: 2, at: [-0.5, 0, 0.5])) == [16, 16, 16])
    #expect(try Self.counts(OracleNetworks.fan(inputs: 3, planes: 12)) == [134, 134, 134])
  }

  /// relu(|x| − |y|) is zero on two cones that have the origin in common only, which makes them one piece, unless the
  /// origin does not belong to the domain.
  @Test func touchingInOnePoint() throws {
    let absolute: [[Double]] = [[0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]
    let cones = OracleNetworks.layers(inputs: 2, [absolute, [[0, 1, 1, -1, -1]]])
    #expect(try Self.counts(cones) == [8, 5, 5])
    let upper = RegionDomain.polyhedron([HalfSpace(normal: [0, -1], offset: -1)])
    #expect(try Self.census(cones, upper).pieces == 3)
    // The cones without the origin: x ≥ 1 − y/2 cuts it off but leaves both cones.
    let beside = RegionDomain.polyhedron([HalfSpace(normal: [-1, -0.5], offset: -1)])
    let census = try Self.census(cones, beside)
    #expect(try #require(census.pieces) > census.affineComponents)
  }

  /// Cells that contain lines: the zeros of relu(|x| − 1) touch along one, those of relu(1 − |x + y|) at infinity only.
  @Test func piecesOfStrips() throws {
    let strips = OracleNetworks.layers(inputs: 2, [[[0, 1, 0], [0, -1, 0]], [[-1, 1, 1]]])
    #expect(try Self.counts(strips) == [4, 3, 3])
    let apart = OracleNetworks.layers(inputs: 2, [[[0, 1, 1], [0, -1, -1]], [[1, -1, -1]]])
    #expect(try Self.counts(apart) == [4, 3, 4])
  }

  @Test func anIncompleteEnumerationHasNoPieces() throws {
    var enumeration = try RegionEnumeration(OracleNetworks.grid(inputs: 2, at: [-0.5, 0, 0.5]), in: .space)
    enumeration.limit = 5
    let census = try RegionCensus(enumeration)
    #expect(census.activationRegions == 5 && !census.isComplete && census.pieces == nil)
  }

  /// A dead network: many regions, one map, one piece.
  @Test func deadUnits() throws {
    var source = RandomSource(seed: 33)
    let first = (0..<12).map { _ in (0..<3).map { _ in source.normal() } }
    let second = (0..<3).map { _ in [-1.0] + (0..<12).map { _ in -1 } }
    let census = try Self.census(OracleNetworks.layers(inputs: 2, [first, second]))
    #expect(census.activationRegions > 60)
    #expect(census.affineComponents == 1 && census.pieces == 1)
  }

  /// In seven dimensions cells are not known by their vertices: regions with one map can be joined by facets only.
  @Test func manyInputs() throws {
    let axes = (0..<7).map { axis in [0.25] + (0..<7).map { $0 == axis ? 1.0 : 0 } }
    let box = RegionDomain.box(lower: Array(repeating: -1, count: 7), upper: Array(repeating: 1, count: 7))
    #expect(try Self.counts(OracleNetworks.layers(inputs: 7, [axes]), box) == [128, 128, 128])
    // Nothing comes through the second layer.
    let dead = OracleNetworks.layers(inputs: 7, [axes, [[-100] + axes.map { _ in 1 }]])
    #expect(try Self.counts(dead, box) == [128, 1, 1])
    // relu(|x₁| − |x₂|): its two cones of zeros touch, but in no facet.
    let absolute: [[Double]] = [[1, 0], [-1, 0], [0, 1], [0, -1]].map { [0] + $0 + [0, 0, 0, 0, 0] }
    let others = axes[2...].map { $0 }
    let cones = OracleNetworks.layers(inputs: 7, [absolute + others, [[0, 1, 1, -1, -1, 0, 0, 0, 0, 0]]])
    let census = try Self.census(cones, box)
    #expect(census.affineComponents == 5 && census.pieces == nil)
  }
}
