import Exact
import Polyhedra

/// Bounding boxes of cells in doubles, rounded outwards: what decides quickly which cells can touch, or hold a point.
struct CellBoxes: Sendable {
  /// For each cell an interval on every axis; infinite where the cell is unbounded.
  let boxes: [[Interval]]

  /// - Parameter slack: by how much the boxes are widened.
  init(_ polyhedra: [ExactPolyhedron], slack: Rational) {
    boxes = polyhedra.map { Self.box($0, slack: slack) }
  }

  /// The cells whose box contains a point. O(cells · n).
  func cells(at point: [Rational]) -> [Int] {
    let near = point.map { Interval($0) }
    return boxes.indices.filter { cell in zip(boxes[cell], near).allSatisfy { $0.overlaps($1) } }
  }

  private static func box(_ polyhedron: ExactPolyhedron, slack: Rational) -> [Interval] {
    (0..<polyhedron.dimension).map { axis in
      let coordinates = polyhedron.vertices.map { $0[axis] }
      let goesBothWays = polyhedron.lines.contains { $0[axis].signum != 0 }
      let goesDown = goesBothWays || polyhedron.rays.contains { $0[axis].signum < 0 }
      let goesUp = goesBothWays || polyhedron.rays.contains { $0[axis].signum > 0 }
      return Interval(
        lower: goesDown ? -.infinity : coordinates.min().map { ($0 - slack).roundedDown } ?? -.infinity,
        upper: goesUp ? .infinity : coordinates.max().map { ($0 + slack).roundedUp } ?? .infinity)
    }
  }
}
