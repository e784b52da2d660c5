import Exact

extension Zonotope {
  /// The most faces of a kind that are listed unless asked otherwise.
  public static let standardLimit = 1_000_000

  public struct Vertex: Sendable, Hashable {
    /// center + Σ signs[i] · generators[i], `[n]`
    public let point: [Rational]
    /// For each generator −1 or +1; 0 for generators that are zero.
    public let signs: [Int]
  }

  /// A segment between two vertices, which differ in one class of parallel generators.
  public struct Edge: Sendable, Hashable {
    /// Indices of ``Zonotope/vertices(limit:)``, increasing.
    public let ends: [Int]
    /// The indices of the class.
    public let generators: [Int]
  }

  /// A face of one dimension less than the zonotope: the zonotope of some of the generators about another centre.
  public struct Facet: Sendable, Hashable {
    /// Contains the zonotope and touches it in the facet. The normal is in integers without common factor; of a zonotope
    /// that is not full-dimensional, it is 0 in as many coordinates as there are dimensions missing.
    public let halfSpace: ExactHalfSpace
    /// The indices of the generators, not zero, that are orthogonal to the normal.
    public let generators: [Int]
    /// `[n]`
    public let center: [Rational]
  }

  /// All vertices, in the order of the signs of the classes of parallel generators.
  ///
  /// The hyperplanes orthogonal to the generators are added one by one; which cells one crosses is the same question one
  /// dimension below. O(m · vertices · n) operations there and here: about a second for 30 generators in four dimensions,
  /// 8180 vertices.
  ///
  /// - Throws: ``ZonotopeError/tooMany(what:limit:)``.
  public func vertices(limit: Int = standardLimit) throws(ZonotopeError) -> [Vertex] {
    let span = ZonotopeSpan(self)
    return try span.arrangement.cells(limit: limit).map { vertex(span, $0.signs) }
  }

  /// All edges, in increasing order of their ends. O(m · vertices) besides the vertices.
  ///
  /// - Throws: ``ZonotopeError/tooMany(what:limit:)`` when there are more vertices than `limit`.
  public func edges(limit: Int = standardLimit) throws(ZonotopeError) -> [Edge] {
    let arrangement = ZonotopeSpan(self).arrangement
    let cells = try arrangement.cells(limit: limit)
    var indices: [[Bool]: Int] = [:]
    for (index, cell) in cells.enumerated() { indices[cell.signs] = index }
    let classes = arrangement.normals.indices.map { normal in
      arrangement.places.indices.filter { arrangement.places[$0]?.normal == normal }
    }
    var edges: [Edge] = []
    for (index, cell) in cells.enumerated() {
      for normal in arrangement.normals.indices {
        var signs = cell.signs
        signs[normal].toggle()
        guard let other = indices[signs], other > index else { continue }
        edges.append(Edge(ends: [index, other], generators: classes[normal]))
      }
    }
    return edges.sorted { ($0.ends[0], $0.ends[1]) < ($1.ends[0], $1.ends[1]) }
  }

  /// All facets, opposite ones next to each other; none for a point. O(C(m, r − 1) · m · n) operations for rank r.
  ///
  /// - Throws: ``ZonotopeError/tooMany(what:limit:)`` when there are more than `limit` pairs.
  public func facets(limit: Int = standardLimit) throws(ZonotopeError) -> [Facet] {
    let span = ZonotopeSpan(self)
    guard span.rank > 0 else { return [] }
    return try span.arrangement.lines(limit: limit).flatMap { line in
      let normal = span.direction(line, dimension: dimension)
      let signs = generators.map { CentralArrangement.dot(normal, $0).signum }
      return [1, -1].map { side in
        var center = center
        for (generator, sign) in zip(generators, signs) where sign != 0 {
          center = zip(center, generator).map { side == sign ? $0 + $1 : $0 - $1 }
        }
        let outer = side > 0 ? normal : normal.map { -$0 }
        return Facet(
          halfSpace: ExactHalfSpace(normal: outer, offset: CentralArrangement.dot(outer, center)),
          generators: generators.indices.filter { signs[$0] == 0 && span.arrangement.places[$0] != nil },
          center: center)
      }
    }
  }

  /// Half-spaces whose intersection is the zonotope: those of its facets, and two for each dimension that it lacks.
  ///
  /// - Throws: ``ZonotopeError/tooMany(what:limit:)`` as ``facets(limit:)`` does.
  public func halfSpaces(limit: Int = standardLimit) throws(ZonotopeError) -> [ExactHalfSpace] {
    let hull = ZonotopeSpan(self).orthogonal.flatMap { normal in
      let hyperplane = ExactHalfSpace(normal: normal, offset: CentralArrangement.dot(normal, center))
      return [hyperplane, hyperplane.opposite]
    }
    return try facets(limit: limit).map(\.halfSpace) + hull
  }

  /// Whether a point lies in the zonotope, boundary included. O(C(m, r − 1) · m · n) for rank r.
  ///
  /// - Parameter point: n entries.
  /// - Throws: ``ZonotopeError`` for another number of entries, and more than `limit` pairs of facets.
  public func contains(_ point: [Rational], limit: Int = standardLimit) throws(ZonotopeError) -> Bool {
    try check(point, "the point")
    let span = ZonotopeSpan(self)
    let offset = zip(point, center).map(-)
    guard span.orthogonal.allSatisfy({ CentralArrangement.dot($0, offset).signum == 0 }) else { return false }
    guard span.rank > 0 else { return true }
    return try span.arrangement.lines(limit: limit).allSatisfy { line in
      let normal = span.direction(line, dimension: dimension)
      let width = generators.reduce(Rational.zero) { $0 + CentralArrangement.dot(normal, $1).magnitude }
      return CentralArrangement.dot(normal, offset).magnitude <= width
    }
  }

  private func vertex(_ span: ZonotopeSpan, _ signs: [Bool]) -> Vertex {
    let point = zip(signs, span.sums).reduce(center) { point, term in
      zip(point, term.1).map { term.0 ? $0 + $1 : $0 - $1 }
    }
    return Vertex(
      point: point,
      signs: span.arrangement.places.map { place in place.map { signs[$0.normal] ? $0.sign : -$0.sign } ?? 0 })
  }
}
