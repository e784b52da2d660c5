import Exact
import Polyhedra
import Probability
import Representation

/// Functions that the tests of functions share.
enum Sample {
  /// A triangulation of the square [0, columns] × [0, rows] in unit squares, each cut along one of its diagonals by chance.
  static func triangulatedRectangle(
    columns: Int, rows: Int, source: inout RandomSource
  ) -> (points: [[Rational]], simplices: [[Int]]) {
    let points = (0...rows).flatMap { row in (0...columns).map { [Rational($0), Rational(row)] } }
    var simplices: [[Int]] = []
    for row in 0..<rows {
      for column in 0..<columns {
        let corner = row * (columns + 1) + column
        let (right, up, across) = (corner + 1, corner + columns + 1, corner + columns + 2)
        simplices +=
          source.index(below: 2) == 0
          ? [[corner, right, across], [across, up, corner]] : [[right, corner, up], [right, up, across]]
      }
    }
    return (points, simplices)
  }

  /// A continuous function with random integer values at the points of such a triangulation.
  static func randomSurface(columns: Int, rows: Int, source: inout RandomSource) -> SimplexTable {
    let (points, simplices) = triangulatedRectangle(columns: columns, rows: rows, source: &source)
    let values = points.map { _ in [Rational(source.index(below: 9) - 4)] }
    return SimplexTable(points: points, values: values, simplices: simplices)
  }

  static func affine(_ gradient: [Rational], _ constant: Rational) -> AffineFunction {
    AffineFunction(gradient: gradient, constant: constant)
  }

  static func function(_ cells: [(ExactPolyhedron, AffineFunction)]) -> PolyhedralFunction {
    PolyhedralFunction(
      inputs: cells[0].0.dimension, outputs: 1,
      cells: cells.map { PolyhedralFunction.Cell(polyhedron: $0.0, map: [$0.1]) })
  }

  /// A small rational number.
  static func smallRational(_ source: inout RandomSource) -> Rational {
    Rational(source.index(below: 13) - 6, 1 + source.index(below: 3))
  }

  /// A random function of max–min form.
  static func randomLattice(inputs: Int, functions: Int, clauses: Int, source: inout RandomSource) -> LatticeForm {
    let pieces = (0..<functions).map { _ in
      affine((0..<inputs).map { _ in smallRational(&source) }, smallRational(&source))
    }
    let chosen = (0..<clauses).map { _ in (0..<1 + source.index(below: 3)).map { _ in source.index(below: functions) } }
    return LatticeForm(functions: pieces, clauses: chosen)
  }
}
