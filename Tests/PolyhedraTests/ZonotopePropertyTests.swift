import Exact
import Probability
import Testing

@testable import Polyhedra

/// Random zonotopes, most of them degenerate, against other ways to the same answers.
@Suite struct ZonotopePropertyTests {
  private static let trials: [(dimension: Int, count: Int)] = [
    (1, 3), (2, 2), (2, 5), (2, 6), (3, 3), (3, 5), (3, 6), (3, 7), (4, 4), (4, 6), (5, 6),
  ]

  /// Entries from −2 … 2: zero and parallel generators, and dependent ones, are frequent.
  private func zonotope(_ dimension: Int, _ count: Int, _ source: inout RandomSource) throws -> Zonotope {
    func vector(_ bound: Int) -> [Rational] {
      (0..<dimension).map { _ in Rational(Int.random(in: -bound...bound, using: &source), 1 + source.index(below: 2)) }
    }
    return try Zonotope(generators: (0..<count).map { _ in vector(2) }, center: vector(5))
  }

  private func forEach(
    seed: UInt64, repetitions: Int = 6, _ body: (Zonotope, inout RandomSource, Comment) throws -> Void
  ) throws {
    for trial in 0..<repetitions {
      for (dimension, count) in Self.trials {
        let index = 1000 * trial + 10 * dimension + count
        var source = RandomSource(seed: seed, index: index)
        let zonotope = try zonotope(dimension, count, &source)
        try body(zonotope, &source, "seed \(seed), index \(index): \(zonotope.generators)")
      }
    }
  }

  /// Gauss's elimination, the slow and sure way.
  private func rankAndDeterminant(_ rows: [[Rational]]) -> (rank: Int, determinant: Rational) {
    var rows = rows
    var (rank, determinant) = (0, Rational.one)
    for column in (rows.first ?? []).indices {
      guard let pivot = rows.indices.dropFirst(rank).first(where: { rows[$0][column].signum != 0 }) else { continue }
      rows.swapAt(rank, pivot)
      determinant *= rows[rank][column]
      for row in rows.indices.dropFirst(rank + 1) {
        let factor = rows[row][column] / rows[rank][column]
        for index in rows[row].indices { rows[row][index] -= factor * rows[rank][index] }
      }
      rank += 1
    }
    return (rank, determinant)
  }

  private func subsets(_ vectors: [[Rational]]) -> [[[Rational]]] {
    vectors.reduce([[]]) { subsets, vector in subsets + subsets.map { $0 + [vector] } }
  }

  @Test func countIsWhitneysSum() throws {
    try forEach(seed: 21) { zonotope, _, what in
      let nonZero = zonotope.generators.filter { $0.contains { $0.signum != 0 } }
      let whitney = subsets(nonZero).reduce(0) { sum, subset in
        (subset.count - rankAndDeterminant(subset).rank).isMultiple(of: 2) ? sum + 1 : sum - 1
      }
      #expect(zonotope.vertexCount == Rational(whitney), what)
      let generic = try Zonotope.genericVertexCount(dimension: zonotope.dimension, count: zonotope.generators.count)
      // On a line a zero generator is not generic, and costs no vertex if there is another.
      if zonotope.dimension > 1 || nonZero.count == zonotope.generators.count {
        #expect(zonotope.isGeneric == (zonotope.vertexCount == generic), what)
      }
      #expect(zonotope.vertexCount <= generic, what)
    }
  }

  @Test func volumeIsTheSumOfDeterminants() throws {
    try forEach(seed: 22) { zonotope, _, what in
      let sum = subsets(zonotope.generators).filter { $0.count == zonotope.dimension }.reduce(Rational.zero) {
        let (rank, determinant) = rankAndDeterminant($1)
        return rank == zonotope.dimension ? $0 + determinant.magnitude : $0
      }
      #expect(zonotope.volume == Rational(powerOfTwo: zonotope.dimension) * sum, what)
      #expect((zonotope.volume.signum > 0) == (zonotope.rank == zonotope.dimension), what)
    }
  }

  /// The double description method knows nothing of zonotopes; and all 2ᵐ signed sums lie inside.
  @Test func facetsAndVerticesDescribeOneBody() throws {
    try forEach(seed: 23, repetitions: 2) { zonotope, _, what in
      let vertices = try zonotope.vertices()
      let halfSpaces = try zonotope.halfSpaces()
      let polyhedron = ExactPolyhedron(dimension: zonotope.dimension, halfSpaces: halfSpaces)
      #expect(polyhedron.isBounded, what)
      #expect(Set(polyhedron.vertices) == Set(vertices.map(\.point)), what)
      #expect(polyhedron.vertices.count == vertices.count, what)
      let sums = zonotope.generators.reduce([zonotope.center]) { sums, generator in
        sums.flatMap { sum in [zip(sum, generator).map(+), zip(sum, generator).map(-)] }
      }
      #expect(sums.allSatisfy(polyhedron.contains), what)
      for vertex in vertices {
        let sum = zip(vertex.signs, zonotope.generators).reduce(zonotope.center) { sum, term in
          zip(sum, term.1).map { $0 + Rational(term.0) * $1 }
        }
        #expect(sum == vertex.point, what)
      }
    }
  }

  @Test func facesAreWhatTheySay() throws {
    try forEach(seed: 24, repetitions: 2) { zonotope, source, what in
      let vertices = try zonotope.vertices()
      for facet in try zonotope.facets() {
        let face = try zonotope.face(maximizing: facet.halfSpace.normal)
        #expect(face.rank == zonotope.rank - 1, what)
        #expect(face.center == facet.center, what)
        #expect(facet.generators.count == face.generators.count { $0.contains { $0.signum != 0 } }, what)
        let tight = vertices.filter { facet.halfSpace.slack(at: $0.point).signum == 0 }
        #expect(Set(tight.map(\.point)) == Set(try face.vertices().map(\.point)), what)
      }
      for edge in try zonotope.edges() {
        let (a, b) = (vertices[edge.ends[0]], vertices[edge.ends[1]])
        #expect(edge.generators == a.signs.indices.filter { a.signs[$0] != b.signs[$0] }, what)
      }
      for _ in 0..<5 {
        let r = zonotope.center.map { _ in Rational(Int.random(in: -3...3, using: &source)) }
        let largest = vertices.map { vertex in zip(r, vertex.point).reduce(Rational.zero) { $0 + $1.0 * $1.1 } }.max()
        #expect(try zonotope.supportFunction(r) == largest, what)
        let point = zonotope.center.map { $0 + Rational(Int.random(in: -12...12, using: &source), 3) }
        let inside = try zonotope.halfSpaces().allSatisfy { $0.slack(at: point).signum >= 0 }
        #expect(try zonotope.contains(point) == inside, what)
      }
    }
  }

  /// Euler's formula, and polygons that turn left at each corner as seen from outside.
  @Test func polygonsGoRoundTheSolid() throws {
    try forEach(seed: 25) { zonotope, _, what in
      guard zonotope.dimension == 3, zonotope.rank == 3 else { return }
      let points = try zonotope.vertices().map(\.point)
      let polygons = try zonotope.polygons()
      let edges = try zonotope.edges()
      #expect(points.count - edges.count + polygons.count == 2, what)
      let sides = polygons.flatMap { rim in zip(rim, rim.dropFirst() + rim.prefix(1)).map { [$0, $1] } }
      // Each edge is met once in each direction: the orientations agree.
      #expect(Set(sides).count == sides.count && sides.count == 2 * edges.count, what)
      #expect(Set(sides.map { $0.sorted() }) == Set(edges.map(\.ends)), what)
      for rim in polygons {
        for corner in rim.indices {
          let (next, after) = (rim[(corner + 1) % rim.count], rim[(corner + 2) % rim.count])
          let outward = zip(points[next], zonotope.center).map(-)
          let first = zip(points[next], points[rim[corner]]).map(-)
          let second = zip(points[after], points[next]).map(-)
          #expect(rankAndDeterminant([outward, first, second]).rank == 3, what)
          #expect(determinant(outward, first, second).signum > 0, what)
        }
      }
    }
  }

  private func determinant(_ a: [Rational], _ b: [Rational], _ c: [Rational]) -> Rational {
    let (x, y, z) = (b[1] * c[2] - b[2] * c[1], b[2] * c[0] - b[0] * c[2], b[0] * c[1] - b[1] * c[0])
    return a[0] * x + a[1] * y + a[2] * z
  }

  @Test func countDoesNotDependOnTheBasis() throws {
    try forEach(seed: 26) { zonotope, source, what in
      let count = zonotope.vertexCount
      // Signs, scales other than zero, order.
      let changed = zonotope.generators.map { generator in
        let factor = Rational(1 + source.index(below: 5), source.index(below: 2) == 0 ? -3 : 2)
        return generator.map { factor * $0 }
      }
      #expect(try Zonotope(generators: changed.shuffled(using: &source)).vertexCount == count, what)
      let dimension = zonotope.dimension
      let matrix = (0..<dimension).map { row in
        (0..<dimension).map { column in
          row == column ? Rational(7) : Rational(Int.random(in: -1...1, using: &source))
        }
      }
      // Dominated by its diagonal, so invertible.
      let image = try zonotope.image(under: matrix)
      #expect(image.vertexCount == count, what)
      #expect(image.isGeneric == zonotope.isGeneric, what)
      let factor = rankAndDeterminant(matrix).determinant.magnitude
      #expect(image.volume == factor * zonotope.volume, what)
      #expect(try image.edges().count == zonotope.edges().count, what)
      #expect(try image.facets().count == zonotope.facets().count, what)
    }
  }

  @Test func supportFunctionsAdd() throws {
    try forEach(seed: 27, repetitions: 2) { zonotope, source, what in
      let other = try self.zonotope(zonotope.dimension, 3, &source)
      let sum = try zonotope.minkowskiSum(other)
      let r = zonotope.center.map { _ in Rational(Int.random(in: -3...3, using: &source)) }
      let (h, k) = (try zonotope.supportFunction(r), try other.supportFunction(r))
      #expect(try sum.supportFunction(r) == h + k, what)
      #expect(try zonotope.scaled(by: -2).supportFunction(r) == 2 * (try zonotope.supportFunction(r.map { -$0 })), what)
      #expect(zonotope.scaled(by: 0).vertexCount == 1, what)
    }
  }
}
