import Exact
import Probability
import Testing

@testable import Polyhedra

/// Zonotopes whose faces and measures are known.
@Suite struct ZonotopeTests {
  private func zonotope(_ generators: [[Int]]) throws -> Zonotope {
    try Zonotope(generators: generators.map { $0.map { Rational($0) } })
  }

  private static let square = [[1, 0], [0, 1]]
  private static let typeB3 = [
    [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, -1, 0], [1, 0, 1], [1, 0, -1], [0, 1, 1], [0, 1, -1],
  ]
  private static let braid4 = [
    [1, -1, 0, 0], [1, 0, -1, 0], [1, 0, 0, -1], [0, 1, -1, 0], [0, 1, 0, -1], [0, 0, 1, -1],
  ]

  @Test(arguments: [
    (generators: [[1, -1, 0], [1, 0, -1], [0, 1, -1]], vertices: 6, rank: 2, isGeneric: false),
    (braid4, 24, 3, false),
    ([[1, 0], [2, 0], [0, 1], [-3, 0]], 4, 2, false),
    ([[1, 0], [0, 1], [1, 1], [1, -1]], 8, 2, true),
    (typeB3, 48, 3, false),
    ([[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]], 12, 3, false),
    ([[1, 0, 0], [0, 1, 0], [0, 0, 1]], 8, 3, true),
    ([[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]], 16, 4, true),
    ([[-1, -1, -1], [-1, -1, -1], [-1, 0, 0], [-1, 1, 1]], 6, 2, false),
    ([[-1, 0], [0, 1], [1, -1], [1, 1]], 8, 2, true),
    ([[0, 1, 0], [-1, 0, 0], [1, -1, -1]], 8, 3, true),
    ([[0, 0, -1], [1, 1, 0], [0, -1, 0], [-1, -1, 0], [1, 1, 0], [-1, 0, 0], [1, 1, -1]], 18, 3, false),
    ([[0, 0]], 1, 0, false),
    ([[0, 0, 0], [1, 2, 3], [-2, -4, -6]], 2, 1, false),
  ])
  func countsVertices(generators: [[Int]], vertices: Int, rank: Int, isGeneric: Bool) throws {
    let zonotope = try zonotope(generators)
    #expect(zonotope.vertexCount == Rational(vertices))
    #expect(try zonotope.vertices().count == vertices)
    #expect(zonotope.rank == rank)
    #expect(zonotope.isGeneric == isGeneric)
  }

  @Test func generalPositionHasTheMostVertices() throws {
    let table: [Int: [(count: Int, vertices: Int)]] = [
      1: [(1, 2), (2, 2), (6, 2)],
      2: [(1, 2), (2, 4), (3, 6), (8, 16)],
      3: [(3, 8), (4, 14), (5, 22), (6, 32), (7, 44), (8, 58), (30, 872)],
      4: [(3, 8), (4, 16), (5, 30), (6, 52), (7, 84), (8, 128), (30, 8180)],
    ]
    for (dimension, rows) in table {
      for row in rows {
        let curve = try Zonotope.momentCurve(dimension: dimension, count: row.count)
        #expect(curve.vertexCount == Rational(row.vertices))
        #expect(curve.isGeneric)
        #expect(
          try Zonotope.genericVertexCount(dimension: dimension, count: row.count) == Rational(row.vertices))
      }
    }
    #expect(try Zonotope.genericVertexCount(dimension: 3, count: 0) == 1)
    #expect(try Zonotope.genericVertexCount(dimension: 80, count: 70) == Rational(powerOfTwo: 70))
  }

  /// Independent groups multiply, so that products of many small zonotopes are no work.
  @Test func countsProducts() throws {
    let cube = try zonotope((0..<40).map { i in (0..<40).map { $0 == i ? 1 : 0 } })
    #expect(cube.vertexCount == Rational(powerOfTwo: 40))
    #expect(cube.volume == Rational(powerOfTwo: 40))
    let hexagons = try zonotope(
      (0..<8).flatMap { block in
        [[1, 0], [0, 1], [1, 1]].map { pair in
          (0..<16).map { $0 / 2 == block ? pair[$0 % 2] : 0 }
        }
      })
    // 6⁸
    #expect(hexagons.vertexCount == 1_679_616)
  }

  @Test func prism() throws {
    let prism = try Zonotope(
      generators: [[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1], [0, 0, 0]], center: [10, 0, Rational(1, 2)])
    #expect(prism.volume == 24)
    #expect(try prism.supportFunction([1, -2, 3]) == 7 + 10 + Rational(3, 2))
    #expect(try prism.edges().count == 18)
    let facets = try prism.facets()
    #expect(facets.count == 8)
    #expect(facets.count { $0.generators == [0, 1, 2] } == 2)
    #expect(facets.contains { $0.halfSpace == ExactHalfSpace(normal: [0, 0, 1], offset: Rational(3, 2)) })
    #expect(try prism.polygons().map(\.count).sorted() == [4, 4, 4, 4, 4, 4, 6, 6])
    #expect(try prism.contains([12, 2, Rational(3, 2)]))
    #expect(try !prism.contains([12, 2, Rational(1501, 1000)]))
    #expect(try !prism.contains([12, -1, 0]))
    #expect(try prism.contains([11, -1, 0]))
    let top = try prism.face(maximizing: [0, 0, 5])
    #expect(top.generators.count == 4 && top.center == [10, 0, Rational(3, 2)])
    #expect(try prism.vertices().allSatisfy { $0.signs[4] == 0 && $0.signs.dropLast().allSatisfy { abs($0) == 1 } })
  }

  @Test func permutohedronInItsHyperplane() throws {
    let permutohedron = try zonotope(Self.braid4)
    // The permutations of (3, 1, −1, −3).
    let points = try permutohedron.vertices().map(\.point)
    #expect(Set(points).count == 24)
    #expect(points.allSatisfy { Set($0) == [3, 1, -1, -3] })
    #expect(try permutohedron.edges().count == 36)
    #expect(try permutohedron.facets().count == 14)
    #expect(try permutohedron.polygons().map(\.count).sorted() == [4, 4, 4, 4, 4, 4, 6, 6, 6, 6, 6, 6, 6, 6])
    #expect(permutohedron.volume == 0)
    #expect(try permutohedron.contains([3, -3, 1, -1]))
    #expect(try !permutohedron.contains([3, -3, 1, 0]))
    #expect(try !permutohedron.contains([3, -3, 2, -2]))
  }

  @Test func pointsAndSegments() throws {
    let point = try Zonotope(generators: [], center: [1, 2])
    #expect(point.vertexCount == 1 && point.volume == 0 && point.rank == 0)
    #expect(try point.vertices().map(\.point) == [[1, 2]])
    #expect(try point.facets().isEmpty && point.edges().isEmpty && point.polygons().isEmpty)
    #expect(try point.contains([1, 2]))
    #expect(try !point.contains([1, 3]))
    let segment = try zonotope([[1, 1], [-2, -2]])
    #expect(try Set(segment.vertices().map(\.point)) == [[3, 3], [-3, -3]])
    #expect(try segment.edges() == [Zonotope.Edge(ends: [0, 1], generators: [0, 1])])
    #expect(try segment.facets().count == 2)
    let line = try zonotope([[2], [-1], [0]])
    #expect(line.volume == 6 && line.vertexCount == 2)
  }

  @Test func regularPolygonsAreSymmetric() throws {
    for count in [1, 2, 3, 4, 7, 12] {
      let polygon = try Zonotope.regular(count: count)
      #expect(try polygon.vertices().count == 2 * count)
      // Exact symmetry in both axes: zeros are zeros.
      let points = Set(polygon.generators.flatMap { [$0, $0.map { -$0 }] })
      #expect(points == Set(points.map { [$0[0], -$0[1]] }))
      #expect(points.contains([1, 0]))
      #expect(!count.isMultiple(of: 2) || points.contains([0, 1]))
    }
    // Twice the sides' length, 2, times the apothem over 2: 14 / tan(π / 14).
    #expect(abs(try Zonotope.regular(count: 7).volume.doubleValue - 61.338_1) < 1e-3)
  }

  @Test func randomGeneratorsAreGeneric() throws {
    var source = RandomSource(seed: 11)
    for (dimension, count) in [(1, 4), (2, 12), (3, 9), (4, 3), (5, 8), (12, 13), (20, 12)] {
      let zonotope = try Zonotope.random(dimension: dimension, count: count, using: &source)
      #expect(zonotope.isGeneric)
      #expect(zonotope.vertexCount == (try Zonotope.genericVertexCount(dimension: dimension, count: count)))
    }
    var (one, other) = (RandomSource(seed: 5), RandomSource(seed: 5))
    #expect(
      try Zonotope.random(dimension: 3, count: 6, using: &one)
        == Zonotope.random(dimension: 3, count: 6, using: &other))
  }

  @Test func refusesWhatIsNoZonotope() throws {
    #expect(throws: ZonotopeError.noDimension) { try Zonotope(generators: []) }
    #expect(throws: ZonotopeError.noDimension) { try Zonotope(generators: [[]]) }
    #expect(throws: ZonotopeError.wrongLength(what: "generator 1", length: 1, dimension: 2)) {
      try Zonotope(generators: [[1, 2], [3]])
    }
    let square = try zonotope(Self.square)
    #expect(throws: ZonotopeError.self) { try square.supportFunction([1]) }
    #expect(throws: ZonotopeError.self) { try square.contains([1, 2, 3]) }
    #expect(throws: ZonotopeError.self) { try square.image(under: [[1, 2, 3]]) }
    #expect(throws: ZonotopeError.self) { try square.image(under: []) }
    #expect(throws: ZonotopeError.self) { try square.minkowskiSum(Zonotope(generators: [[1]])) }
    #expect(throws: ZonotopeError.tooMany(what: "vertices", limit: 3)) { try square.vertices(limit: 3) }
    #expect(throws: ZonotopeError.self) { try zonotope(Self.typeB3).facets(limit: 5) }
    #expect(throws: ZonotopeError.self) { try Zonotope.momentCurve(dimension: 0, count: 3) }
    #expect(throws: ZonotopeError.self) { try Zonotope.momentCurve(dimension: .max, count: .max) }
    #expect(throws: ZonotopeError.self) { try Zonotope.regular(count: 0) }
    #expect(throws: ZonotopeError.self) { try Zonotope.genericVertexCount(dimension: .max, count: .max) }
    var source = RandomSource(seed: 1)
    #expect(throws: ZonotopeError.self) { try Zonotope.random(dimension: 20, count: 40, using: &source) }
  }
}
