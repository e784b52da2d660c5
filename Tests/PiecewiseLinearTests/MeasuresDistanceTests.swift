import Networks
import PiecewiseLinear
import Probability
import Testing

/// Distances of points from decision boundaries.
@Suite struct MeasuresDistanceTests {
  private static func distance(
    _ network: UnitNetwork, _ level: Double, _ point: [Double], _ norm: NormExponent, upTo largest: Double = 4
  ) throws -> BoundaryDistance {
    try DecisionBoundary.distance(
      of: network, .level(output: 0, value: level), from: point, norm, upTo: largest)
  }

  /// From a point with |x| + … = s to the set where it is ½: the difference, over the dual norm of (1, …, 1).
  @Test func toTheDiamond() throws {
    for inputs in 1...3 {
      let network = try Measured.taxicab(inputs)
      let duals: [(NormExponent, Double)] = [
        (.one, 1), (.two, Double(inputs).squareRoot()), (.infinity, Double(inputs)),
      ]
      for (norm, dual) in duals {
        for size in [0.375, 0.75] {
          let point = (0..<inputs).map { _ in size / Double(inputs) }
          let found = try Self.distance(network, 0.5, point, norm)
          #expect(abs((found.distance ?? 0) - abs(size - 0.5) / dual) < 1e-12)
          #expect(abs(network(found.nearestPoint)[0] - 0.5) < 1e-12)
        }
        // From (2, 0, …) the corner (½, 0, …) is nearest.
        let corner = try Self.distance(network, 0.5, (0..<inputs).map { $0 == 0 ? 2 : 0 }, norm)
        #expect(abs((corner.distance ?? 0) - 1.5) < 1e-12)
      }
    }
  }

  @Test func onTheBoundaryAndOutOfReach() throws {
    let network = try Measured.taxicab(2)
    for norm in NormExponent.allCases {
      #expect(try Self.distance(network, 0.5, [0.25, 0.25], norm).distance.map { $0 < 1e-15 } == true)
      let far = try Self.distance(network, 9, [0, 0], norm, upTo: 2)
      #expect(far.distance == nil && far.nearestPoint.isEmpty && far.searchedRadius == 2)
      #expect(try Self.distance(OracleNetworks.diamond, 0, [0.125, 0.125], norm).distance.map { $0 < 1e-15 } == true)
    }
    #expect(throws: RegionError.self) { try Self.distance(network, 1, [0], .two) }
    #expect(throws: RegionError.self) { try Self.distance(network, 1, [0, .nan], .two) }
    #expect(throws: RegionError.self) { try Self.distance(network, 1, [0, 0], .two, upTo: 0) }
  }

  /// Inside the ball the output stays on its side of the level; the nearest point has the level.
  @Test func ballsDoNotCross() throws {
    let seed: UInt64 = 61
    for round in 0..<12 {
      var source = RandomSource(seed: seed, index: round)
      let inputs = 2 + round % 2
      let network = OracleNetworks.random(.generic, inputs: inputs, units: 10, using: &source)
      let point = (0..<inputs).map { _ in source.normal() }
      let level = network(point)[0] + source.normal() / 4
      for norm in NormExponent.allCases {
        let found = try Self.distance(network, level, point, norm, upTo: 8)
        let context: Comment = "seed \(seed), round \(round), \(norm)"
        guard let distance = found.distance else { continue }
        #expect(abs(network(found.nearestPoint)[0] - level) < 1e-9, context)
        let isAbove = network(point)[0] > level
        for _ in 0..<300 {
          let direction = (0..<inputs).map { _ in source.normal() }
          let length =
            switch norm {
            case .one: direction.reduce(0) { $0 + abs($1) }
            case .two: direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
            case .infinity: direction.reduce(0) { max($0, abs($1)) }
            }
          let near = zip(point, direction).map { $0 + 0.9999 * distance * $1 / length }
          #expect((network(near)[0] > level) == isAbove, context)
        }
      }
    }
  }
}
