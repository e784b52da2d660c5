import Exact
import Networks
import Polyhedra
import Probability
import Testing

@testable import PiecewiseLinear

@Suite struct ComplexGraphTests {
  private static func graph(
    _ network: UnitNetwork, _ domain: RegionDomain = .space
  ) throws -> (complex: RegionComplex, graph: DualGraph) {
    let complex = try RegionComplex(try RegionEnumeration(network, in: domain))
    return (complex, DualGraph(complex))
  }

  @Test(arguments: OracleNetworks.Weights.allCases)
  func agreesWithBruteForce(_ weights: OracleNetworks.Weights) throws {
    let seed: UInt64 = 41
    for round in 0..<80 {
      var source = RandomSource(seed: seed, index: round)
      let item = ComplexCase(weights, units: 6, using: &source)
      let complex = try RegionComplex(item.enumeration())
      let graph = DualGraph(complex)
      let context: Comment = "seed \(seed), round \(round), \(weights), \(item.domain)"
      let numbers = item.patterns(complex.enumeration.layout).map { complex.region(with: $0) }
      #expect(!numbers.contains(nil), context)
      var edges: Set<[Int]> = []
      for region in 0..<complex.count {
        for neighbour in graph.neighbours(of: region) { edges.insert([region, neighbour].sorted()) }
      }
      #expect(edges == Set(item.oracle.neighbours.map { $0.compactMap { numbers[$0] }.sorted() }), context)
      #expect(graph.edgeCount == edges.count && graph.unmatchedFacetCount == 0, context)
      #expect(graph.oneSidedFacetCount == 0 && graph.isConnected, context)
      #expect(complex.crossings.count == 2 * graph.edgeCount + graph.boundaryFacetCount, context)
    }
  }

  @Test func grids() throws {
    let plane = OracleNetworks.grid(inputs: 2, at: [-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75])
    let (_, inBox) = try Self.graph(plane, .box(lower: [-1, -1], upper: [1, 1]))
    #expect(inBox.edgeCount == 112 && inBox.boundaryFacetCount == 32)
    #expect(inBox.degreeHistogram == [0, 0, 4, 24, 36] && inBox.meanDegree == 3.5)
    #expect(inBox.diameter == 14...14)
    let (_, inSpace) = try Self.graph(OracleNetworks.grid(inputs: 3, at: [-0.5, 0, 0.5]))
    #expect(inSpace.edgeCount == 144 && inSpace.boundaryFacetCount == 0 && inSpace.diameter == 9...9)
  }

  /// Hyperplanes through the origin: opposite regions are as far apart as there are planes.
  @Test func fans() throws {
    let (_, fan) = try Self.graph(OracleNetworks.fan(inputs: 3, planes: 12))
    #expect(fan.edgeCount == 264 && fan.diameter == 12...12)
    let (_, wheel) = try Self.graph(OracleNetworks.fan(inputs: 2, planes: 9))
    #expect(wheel.edgeCount == 18 && wheel.degreeHistogram == [0, 0, 18] && wheel.diameter == 9...9)
  }

  @Test func unitsThatBendTogether() throws {
    // x, x again, −x and 2x bend together; behind them a unit that is zero everywhere, and one that bends where x = y > 0.
    let first: [[Double]] = [[0, 1, 0], [0, 1, 0], [0, -1, 0], [0, 2, 0], [0, 0, 1]]
    let second: [[Double]] = [[0, 1, -1, 0, 0, 0], [0, 1, 0, 0, 0, -1]]
    let (_, graph) = try Self.graph(OracleNetworks.layers(inputs: 2, [first, second]))
    #expect(graph.regionCount == 5 && graph.edgeCount == 5)
    #expect(graph.unmatchedFacetCount == 0 && graph.isConnected)
  }

  /// One layer in general position: the neighbours of a region differ in one unit, and the graph distance of two regions
  /// is the number of units in which they differ.
  @Test func oneGenericLayerIsAnArrangement() throws {
    var source = RandomSource(seed: 42)
    for inputs in 2...4 {
      let rows = (0..<8).map { _ in (0...inputs).map { _ in source.normal() } }
      let (complex, graph) = try Self.graph(OracleNetworks.layers(inputs: inputs, [rows]))
      // Each hyperplane is cut by the seven others like a space of one dimension less.
      #expect(complex.count == Self.sum(8, inputs))
      #expect(graph.edgeCount == 8 * Self.sum(7, inputs - 1))
      for region in 0..<complex.count {
        for neighbour in graph.neighbours(of: region) {
          let (left, right) = (complex.pattern(of: region).words[0], complex.pattern(of: neighbour).words[0])
          #expect((left ^ right).nonzeroBitCount == 1)
        }
      }
      #expect(graph.diameter == 8...8)
    }
  }

  /// Σ_{j ≤ n} C(m, j)
  private static func sum(_ m: Int, _ n: Int) -> Int {
    var (term, sum) = (1, 1)
    for j in 0..<n {
      term = term * (m - j) / (j + 1)
      sum += term
    }
    return sum
  }

  @Test func pathsAndIncompleteGraphs() throws {
    let steps = OracleNetworks.grid(inputs: 1, at: (0..<40).map { Double($0) })
    let (_, path) = try Self.graph(steps)
    #expect(path.diameter == 40...40 && path.edgeCount == 40)
    var enumeration = try RegionEnumeration(steps, in: .space)
    enumeration.limit = 7
    let cut = DualGraph(try RegionComplex(enumeration))
    #expect(cut.regionCount == 7 && cut.unmatchedFacetCount > 0)
  }
}
