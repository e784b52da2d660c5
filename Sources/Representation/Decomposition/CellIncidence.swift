import Exact
import Polyhedra

/// Which cells share points: the sets S(y) of cells that contain a point y, and the Euler characteristic of {y : S(y) = S}.
///
/// Cells that are unbounded are cut off by a box that holds all vertices in its interior; this changes no S.
struct CellIncidence {
  /// The cells, cut off.
  let cells: [PolyhedralFunction.Cell]
  /// The closed sets S of cells, each sorted, with χ{y : S(y) = S}.
  let eulerMeasure: [(cells: [Int], weight: Int)]

  init(_ function: PolyhedralFunction, tolerance: Rational) {
    let polyhedra = Self.cutOff(function.cells.map(\.polyhedron))
    cells = zip(polyhedra, function.cells).map { .init(polyhedron: $0, map: $1.map) }
    let corners = polyhedra.map(\.vertices)
    let boxes = CellBoxes(polyhedra, slack: tolerance)
    var points = Set(corners.joined())
    if function.inputs > 2 {
      // In the plane the end points of a common edge are vertices of one of the two cells; above, edges of cells that do
      // not fit may cross.
      for (first, others) in CellNeighbours(polyhedra, slack: tolerance).lists.enumerated() {
        for second in others
        where second > first && !Self.meetInCommonFace(polyhedra[first], polyhedra[second]) {
          points.formUnion(polyhedra[first].intersection(polyhedra[second].halfSpaces).vertices)
        }
      }
    }
    eulerMeasure = Self.measure(points, polyhedra, boxes, tolerance: tolerance)
  }

  /// All cells bounded.
  private static func cutOff(_ polyhedra: [ExactPolyhedron]) -> [ExactPolyhedron] {
    guard polyhedra.contains(where: { !$0.isBounded }) else { return polyhedra }
    let dimension = polyhedra[0].dimension
    var points = polyhedra.flatMap(\.vertices)
    if dimension > 2 {
      for (first, others) in CellNeighbours(polyhedra, slack: .zero).lists.enumerated() {
        for second in others where second > first {
          points += polyhedra[first].intersection(polyhedra[second].halfSpaces).vertices
        }
      }
    }
    let lower = (0..<dimension).map { axis in points.reduce(points[0][axis]) { min($0, $1[axis]) } - 1 }
    let upper = (0..<dimension).map { axis in points.reduce(points[0][axis]) { max($0, $1[axis]) } + 1 }
    let box = ExactPolyhedron(box: lower, upper).halfSpaces
    return polyhedra.map { $0.isBounded ? $0 : $0.intersection(box) }
  }

  /// Whether a facet's hyperplane shows that two polytopes meet in a face of each, or do not meet.
  private static func meetInCommonFace(_ first: ExactPolyhedron, _ second: ExactPolyhedron) -> Bool {
    for (polytope, other) in [(first, second), (second, first)] {
      for index in polytope.halfSpaces.indices {
        let halfSpace = polytope.halfSpaces[index]
        let signs = other.vertices.map { halfSpace.slack(at: $0).signum }
        guard signs.allSatisfy({ $0 <= 0 }) else { continue }
        // Both meet the hyperplane in faces, and one another in what these have in common.
        let own = Set(zip(polytope.vertices, polytope.incidence).compactMap { $1.contains(index) ? $0 : nil })
        let others = Set(zip(other.vertices, signs).compactMap { $1 == 0 ? $0 : nil })
        if own.isSubset(of: others), isFace(own, of: other) { return true }
        if others.isSubset(of: own), isFace(others, of: polytope) { return true }
      }
    }
    return false
  }

  /// Whether some vertices are all vertices of a face.
  private static func isFace(_ vertices: Set<[Rational]>, of polytope: ExactPolyhedron) -> Bool {
    let rows = zip(polytope.vertices, polytope.incidence).filter { vertices.contains($0.0) }.map { Set($0.1) }
    guard let first = rows.first else { return true }
    let common = rows.dropFirst().reduce(first) { $0.intersection($1) }
    return polytope.incidence.count { common.isSubset(of: $0) } == vertices.count
  }

  private static func measure(
    _ points: Set<[Rational]>, _ polyhedra: [ExactPolyhedron], _ boxes: CellBoxes, tolerance: Rational
  ) -> [(cells: [Int], weight: Int)] {
    // S(v) for every vertex v.
    var ofVertices: Set<[Int]> = []
    for point in points {
      let cells = boxes.cells(at: point).filter { cell in
        polyhedra[cell].halfSpaces.allSatisfy { $0.slack(at: point) >= -tolerance }
      }
      if !cells.isEmpty { ofVertices.insert(cells) }
    }
    // All intersections, cell by cell: every closed set holds a cell, and sets that hold none are of no interest.
    var byCell = [[[Int]]](repeating: [], count: polyhedra.count)
    for set in ofVertices { for cell in set { byCell[cell].append(set) } }
    var closed = ofVertices
    for sets in byCell {
      var known: Set<[Int]> = []
      for set in sets.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
        for other in known { known.insert(Self.intersection(set, other)) }
        known.insert(set)
      }
      closed.formUnion(known)
    }
    // μ(S) = 1 − Σ over S' ⊋ S of μ(S'), the large sets first.
    let ordered = closed.sorted { $0.count != $1.count ? $0.count > $1.count : $0.lexicographicallyPrecedes($1) }
    var weights = [Int](repeating: 0, count: ordered.count)
    var withCell = [[Int]](repeating: [], count: polyhedra.count)
    for (index, set) in ordered.enumerated() {
      let rarest = set.min { withCell[$0].count < withCell[$1].count }!
      var weight = 1
      for larger in withCell[rarest] where ordered[larger].count > set.count {
        if Self.isSubset(set, of: ordered[larger]) { weight -= weights[larger] }
      }
      weights[index] = weight
      for cell in set { withCell[cell].append(index) }
    }
    return zip(ordered, weights).map { ($0, $1) }
  }

  /// Of sorted lists.
  private static func intersection(_ left: [Int], _ right: [Int]) -> [Int] {
    var result: [Int] = []
    var (i, j) = (0, 0)
    while i < left.count, j < right.count {
      if left[i] == right[j] { result.append(left[i]) }
      let (a, b) = (left[i], right[j])
      if a <= b { i += 1 }
      if b <= a { j += 1 }
    }
    return result
  }

  private static func isSubset(_ small: [Int], of large: [Int]) -> Bool {
    intersection(small, large).count == small.count
  }
}
