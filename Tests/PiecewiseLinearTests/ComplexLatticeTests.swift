import Exact
import Networks
import Polyhedra
import Probability
import Testing

@testable import PiecewiseLinear

@Suite struct ComplexLatticeTests {
  private static func lattice(_ network: UnitNetwork, _ domain: RegionDomain = .space) throws -> FaceLattice {
    try FaceLattice(try RegionEnumeration(network, in: domain))
  }

  private static func box(_ inputs: Int) -> RegionDomain {
    .box(lower: Array(repeating: -1, count: inputs), upper: Array(repeating: 1, count: inputs))
  }

  private static func choose(_ m: Int, _ k: Int) -> Int { (0..<k).reduce(1) { $0 * (m - $1) / ($1 + 1) } }

  /// Euler's relation, the regions and facets of the dual graph, and the vertices by brute force.
  @Test(arguments: OracleNetworks.Weights.allCases)
  func agreesWithBruteForce(_ weights: OracleNetworks.Weights) throws {
    let seed: UInt64 = 51
    for round in 0..<80 {
      var source = RandomSource(seed: seed, index: round)
      let item = ComplexCase(weights, units: 6, using: &source)
      let lattice = try FaceLattice(item.enumeration())
      let graph = DualGraph(try RegionComplex(item.enumeration()))
      let n = item.network.inputCount
      let context: Comment = "seed \(seed), round \(round), \(weights), \(item.domain)"
      #expect(lattice.eulerCharacteristic == lattice.expectedEulerCharacteristic, context)
      #expect(lattice.fVector[n] == item.oracle.cells.count, context)
      #expect(lattice.fVector[n - 1] == graph.edgeCount + graph.boundaryFacetCount, context)
      guard lattice.lineDimension == 0 else { continue }
      #expect(lattice.fVector[0] == lattice.vertices.rows, context)
      let known = item.oracle.vertices.map { $0.map(\.doubleValue) }
      #expect(known.count == lattice.vertices.rows, context)
      for vertex in 0..<lattice.vertices.rows {
        let isKnown = known.contains { point in
          zip(point, lattice.vertices.row(vertex)).allSatisfy { abs($0 - $1) <= 1e-12 * max(1, abs($0)) }
        }
        #expect(isKnown, context)
      }
    }
  }

  /// The faces of an arrangement of m hyperplanes in general position: each set of n − k of them meets in a k-flat, which
  /// the others cut into Σ_{j ≤ k} C(m − n + k, j) cells.
  @Test func oneGenericLayerIsAnArrangement() throws {
    var source = RandomSource(seed: 52)
    for (n, m) in [(1, 6), (2, 7), (3, 6), (4, 6)] {
      let rows = (0..<m).map { _ in (0...n).map { _ in source.normal() } }
      let lattice = try Self.lattice(OracleNetworks.layers(inputs: n, [rows]))
      let expected = (0...n).map { k in
        Self.choose(m, n - k) * (0...k).reduce(0) { $0 + Self.choose(m - n + k, $1) }
      }
      #expect(lattice.fVector == expected)
      #expect(lattice.eulerCharacteristic == (n % 2 == 0 ? 1 : -1))
      // Each line of the arrangement goes to infinity both ways.
      #expect(lattice.rays.rows == 2 * Self.choose(m, n - 1))
    }
  }

  /// k cells on each axis: products of the faces of a subdivided interval.
  @Test func grids() throws {
    let inBox = try Self.lattice(OracleNetworks.grid(inputs: 3, at: [-0.5, 0, 0.5]), Self.box(3))
    #expect(inBox.fVector == [125, 300, 240, 64] && inBox.eulerCharacteristic == 1)
    let inSpace = try Self.lattice(OracleNetworks.grid(inputs: 3, at: [-0.5, 0, 0.5]))
    #expect(inSpace.fVector == [27, 108, 144, 64] && inSpace.rays.rows == 6)
    let edge = inBox.faces[1][0]
    #expect(edge.count == 2 && edge[0] < edge[1] && edge[1] < inBox.vertices.rows)
    #expect((0..<inSpace.faces[3].count).allSatisfy { inSpace.faces[3][$0].contains { $0 < 27 } })
  }

  /// Twelve planes through the origin: one vertex that all regions share, and the faces of a polygonal subdivision of the
  /// sphere.
  @Test func aFan() throws {
    let fan = try Self.lattice(OracleNetworks.fan(inputs: 3, planes: 12))
    #expect(fan.fVector == [1, 132, 264, 134] && fan.rays.rows == 132)
    #expect(fan.vertices.elements == [0, 0, 0])
    let boxed = try Self.lattice(OracleNetworks.fan(inputs: 3, planes: 12), Self.box(3))
    #expect(boxed.fVector[3] == 134 && boxed.rays.rows == 0)
    // Without what is inside, the faces of a subdivision of the box's surface, a sphere.
    #expect(boxed.fVector[0] - 1 - (boxed.fVector[1] - 132) + boxed.fVector[2] - 264 == 2)
  }

  @Test func cellsWithLines() throws {
    let strips = OracleNetworks.layers(inputs: 3, [[[0, 1, 1, 0], [1, 1, 1, 0], [0, 0, 0, 1]]])
    let lattice = try Self.lattice(strips)
    #expect(lattice.lineDimension == 1 && lattice.dimension == 3)
    #expect(lattice.fVector == [0, 2, 7, 6] && lattice.eulerCharacteristic == -1)
    #expect(lattice.expectedEulerCharacteristic == -1)
    let halfSpace = RegionDomain.polyhedron([HalfSpace(normal: [0, 0, 1], offset: 2)])
    let half = try Self.lattice(strips, halfSpace)
    #expect(half.fVector == [0, 4, 10, 6] && half.eulerCharacteristic == 0 && half.expectedEulerCharacteristic == 0)
    // Nothing bends at all: one cell, all of the plane.
    let plane = try Self.lattice(OracleNetworks.layers(inputs: 2, [[[1, 0, 0]]]))
    #expect(plane.fVector == [0, 0, 1] && plane.lineDimension == 2 && plane.expectedEulerCharacteristic == 1)
  }

  @Test func whatIsRefused() throws {
    let wide = try RegionEnumeration(OracleNetworks.grid(inputs: 5, at: [0]), in: Self.box(5))
    #expect(throws: RegionError.self) { try FaceLattice(wide) }
    var cut = try RegionEnumeration(OracleNetworks.grid(inputs: 2, at: [0]), in: Self.box(2))
    cut.limit = 2
    #expect(throws: RegionError.self) { try FaceLattice(cut) }
  }
}
