import Exact
import Networks
import Probability
import Testing

/// The oracle itself against closed forms and against points.
@Suite struct OracleTests {
  private static func unitBox(_ inputs: Int) -> [ExactForm] { OracleRegions.box(-1, 1, inputCount: inputs) }

  @Test func knownCounts() {
    let quarters = [-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75]
    #expect(OracleRegions(OracleNetworks.grid(inputs: 2, at: quarters)).cells.count == 64)
    #expect(OracleRegions(OracleNetworks.grid(inputs: 2, at: quarters), domain: Self.unitBox(2)).cells.count == 64)
    let halves = OracleNetworks.grid(inputs: 3, at: [-0.5, 0, 0.5])
    #expect(OracleRegions(halves, domain: Self.unitBox(3)).cells.count == 64)
    #expect(OracleRegions(OracleNetworks.grid(inputs: 3, at: [-0.5, 0, 3]), domain: Self.unitBox(3)).cells.count == 27)
    #expect(OracleRegions(OracleNetworks.fan(inputs: 2, planes: 12)).cells.count == 24)
    #expect(OracleRegions(OracleNetworks.fan(inputs: 3, planes: 12)).cells.count == 134)
    #expect(OracleRegions(OracleNetworks.fan(inputs: 3, planes: 12), domain: Self.unitBox(3)).cells.count == 134)
  }

  @Test func theDiamond() {
    let regions = OracleRegions(OracleNetworks.diamond)
    #expect(regions.countsByStage == [4, 8])
    #expect(regions.affineComponents == 5)
    #expect(regions.pieces == 5)
  }

  /// relu(|x| − 1) is zero in one interval that two regions share, relu(1 − |x|) in two that do not touch, and
  /// relu(|x| − |y|) in two cones that touch in the origin only.
  @Test func piecesOfEqualMaps() {
    let inside = OracleRegions(OracleNetworks.layers(inputs: 1, [[[0, 1], [0, -1]], [[-1, 1, 1]]]))
    #expect((inside.cells.count, inside.affineComponents, inside.pieces) == (4, 3, 3))
    let outside = OracleRegions(OracleNetworks.layers(inputs: 1, [[[0, 1], [0, -1]], [[1, -1, -1]]]))
    #expect((outside.cells.count, outside.affineComponents, outside.pieces) == (4, 3, 4))
    let absolute: [[Double]] = [[0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]]
    let cones = OracleRegions(OracleNetworks.layers(inputs: 2, [absolute, [[0, 1, 1, -1, -1]]]))
    #expect((cones.cells.count, cones.affineComponents, cones.pieces) == (8, 5, 5))
  }

  @Test func identicallyVanishingFormsAreInactive() {
    let network = OracleNetworks.layers(inputs: 1, [[[0, 1], [0, 1], [0, 0], [1, 0]], [[0, 1, -1, 0, 0]]])
    let regions = OracleRegions(network)
    #expect(Set(regions.cells.map(\.pattern)) == [[0, 0, 0, 1, 0], [1, 1, 0, 1, 0]])
  }

  @Test func mapsAgreeWithTheForwardPass() {
    let seed: UInt64 = 11
    for weights in OracleNetworks.Weights.allCases {
      for round in 0..<60 {
        var source = RandomSource(seed: seed, index: round)
        let network = OracleNetworks.random(weights, using: &source)
        for cell in OracleRegions(network, domain: Self.unitBox(network.inputCount)).cells {
          let values = network.exactValues(cell.interiorPoint)
          let context: Comment = "seed \(seed), round \(round), \(weights), pattern \(cell.pattern)"
          #expect(cell.values.map { $0.value(at: cell.interiorPoint) } == values, context)
          #expect(cell.rows.allSatisfy { $0.value(at: cell.interiorPoint).signum > 0 }, context)
          #expect(
            cell.outputs.map { $0.value(at: cell.interiorPoint) } == network.outputs.map { $0.exactValue(values) },
            context)
        }
      }
    }
  }

  /// Every random point lies in the closure of exactly one cell, or on the boundary of several.
  @Test func cellsCoverTheDomainOnce() {
    let seed: UInt64 = 12
    for round in 0..<40 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(round % 2 == 0 ? .degenerate : .generic, using: &source)
      let regions = OracleRegions(network, domain: Self.unitBox(network.inputCount))
      #expect(Set(regions.cells.map(\.pattern)).count == regions.cells.count)
      for _ in 0..<100 {
        let point = (0..<network.inputCount).map { _ in Rational(exactly: 2 * source.uniform() - 1) }
        let signs = regions.cells.map { cell in cell.rows.map { $0.value(at: point).signum }.min() ?? 1 }
        let context: Comment = "seed \(seed), round \(round), point \(point)"
        #expect(signs.count { $0 > 0 } <= 1, context)
        #expect(signs.contains { $0 >= 0 }, context)
      }
    }
  }
}
