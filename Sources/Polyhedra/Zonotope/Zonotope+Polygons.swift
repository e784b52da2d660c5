import Exact

extension Zonotope {
  /// The faces to draw, each as indices of ``vertices(limit:)`` around its rim: the facets of a zonotope of rank 3, the
  /// polygon itself for rank 2; none for other ranks.
  ///
  /// In ℝ³ a facet is seen from outside counter-clockwise, and so is a polygon in ℝ². O(faces · m log m) besides the
  /// vertices and facets.
  ///
  /// - Throws: ``ZonotopeError/tooMany(what:limit:)`` when there are more vertices or pairs of facets than `limit`.
  public func polygons(limit: Int = standardLimit) throws(ZonotopeError) -> [[Int]] {
    let arrangement = ZonotopeSpan(self).arrangement
    let rank = arrangement.dimension
    guard rank == 2 || rank == 3 else { return [] }
    var indices: [[Bool]: Int] = [:]
    for (index, cell) in try arrangement.cells(limit: limit).enumerated() { indices[cell.signs] = index }
    guard rank == 3 else {
      let signs = arrangement.normals.map { _ in 0 }
      return [Self.rim(arrangement.normals, signs) { Self.cross([$0[0], $0[1], 0], [$1[0], $1[1], 0])[2].signum }]
        .map { rim in rim.compactMap { indices[$0] } }
    }
    return try arrangement.lines(limit: limit).flatMap { line in
      [line, line.map { -$0 }].map { outer in
        let signs = arrangement.normals.map { CentralArrangement.dot(outer, $0).signum }
        let rim = Self.rim(arrangement.normals, signs) { CentralArrangement.dot(outer, Self.cross($0, $1)).signum }
        return rim.compactMap { indices[$0] }
      }
    }
  }

  /// The sign vectors around a polygon: `signs`, with all that are 0 filled in.
  ///
  /// - Parameter turn: the sign of the turn from one of the polygon's generators to another, positive to the left.
  private static func rim(
    _ normals: [[Rational]], _ signs: [Int], turn: ([Rational], [Rational]) -> Int
  ) -> [[Bool]] {
    guard let first = signs.firstIndex(of: 0) else { return [] }
    // All turned to the left of the first one; from the least point in these directions the rim takes them in order.
    let oriented = normals.indices.filter { signs[$0] == 0 }.map { index in
      let isReversed = turn(normals[first], normals[index]) < 0
      return (index: index, isReversed: isReversed, vector: isReversed ? normals[index].map { -$0 } : normals[index])
    }
    let steps = oriented.sorted { turn($0.vector, $1.vector) > 0 }
    var current = signs.map { $0 > 0 }
    for step in steps { current[step.index] = step.isReversed }
    var rim: [[Bool]] = []
    for step in steps + steps {
      rim.append(current)
      current[step.index].toggle()
    }
    return rim
  }

  private static func cross(_ a: [Rational], _ b: [Rational]) -> [Rational] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
  }
}
