import Exact
import Polyhedra

/// Values at scattered points, interpolated on given simplices.
public struct SimplexTable: Sendable, Equatable {
  /// `[points][n]`
  public var points: [[Rational]]
  /// At each point, one for each output.
  public var values: [[Rational]]
  /// n + 1 indices of points each, in any order.
  public var simplices: [[Int]]

  public init(points: [[Rational]], values: [[Rational]], simplices: [[Int]]) {
    self.points = points
    self.values = values
    self.simplices = simplices
  }

  public var inputs: Int { points[0].count }

  public var outputs: Int { values[0].count }

  /// The simplices as cells.
  ///
  /// - Throws: `RepresentationError` when a simplex is flat, when it does not have n + 1 points that are there, or when two
  ///   simplices have interior points in common; it names them.
  /// - Complexity: O(simplices · n³) rational operations, and a comparison for each pair that touches.
  public func polyhedralFunction() throws(RepresentationError) -> PolyhedralFunction {
    guard !simplices.isEmpty else { throw RepresentationError("there are no simplices") }
    var cells: [PolyhedralFunction.Cell] = []
    for (index, simplex) in simplices.enumerated() { cells.append(try cell(index, simplex)) }
    let function = PolyhedralFunction(inputs: inputs, outputs: outputs, cells: cells)
    let overlaps = CellFitter(function, tolerance: .zero, slack: .zero).overlaps(stopsAtFirst: true)
    if let overlap = overlaps.first {
      throw RepresentationError(
        "simplices[\(overlap.first)] and simplices[\(overlap.second)] overlap: both contain \(wording(overlap.point)) in "
          + "their interiors")
    }
    return function
  }

  private func cell(_ index: Int, _ simplex: [Int]) throws(RepresentationError) -> PolyhedralFunction.Cell {
    guard simplex.count == inputs + 1, simplex.allSatisfy(points.indices.contains) else {
      throw RepresentationError(
        "simplices[\(index)] is \(simplex); a simplex is \(inputs + 1) numbers of points, from 0 to \(points.count - 1)"
      )
    }
    guard let weights = barycentric(simplex.map { points[$0] }) else {
      throw RepresentationError(
        "simplices[\(index)] is flat: its points \(simplex.map { wording(points[$0]) }.joined(separator: ", ")) lie in "
          + (inputs == 2 ? "one line" : "one hyperplane"))
    }
    let map = (0..<outputs).map { output in
      zip(simplex, weights).reduce(AffineFunction(constant: .zero, inputs: inputs)) { sum, corner in
        sum + values[corner.0][output] * corner.1
      }
    }
    let halfSpaces = weights.map { ExactHalfSpace(notNegative: $0) }
    return PolyhedralFunction.Cell(
      polyhedron: ExactPolyhedron(dimension: inputs, halfSpaces: halfSpaces), map: map)
  }

  /// The affine functions that are 1 at one corner and 0 at the others; nil when the corners lie in a hyperplane.
  private func barycentric(_ corners: [[Rational]]) -> [AffineFunction]? {
    // Gauss–Jordan on [1, corner | unit rows]: the columns of the inverse are the functions' coefficients.
    let size = inputs + 1
    var rows = corners.enumerated().map { index, corner in
      [.one] + corner + (0..<size).map { $0 == index ? .one : .zero }
    }
    for column in 0..<size {
      guard let pivot = (column..<size).first(where: { rows[$0][column].signum != 0 }) else { return nil }
      rows.swapAt(column, pivot)
      let scale = Rational.one / rows[column][column]
      rows[column] = rows[column].map { $0 * scale }
      for row in 0..<size where row != column && rows[row][column].signum != 0 {
        let factor = rows[row][column]
        rows[row] = zip(rows[row], rows[column]).map { $1.signum == 0 ? $0 : $0 - factor * $1 }
      }
    }
    return (0..<size).map { corner in
      let coefficients = rows.map { $0[size + corner] }
      return AffineFunction(gradient: Array(coefficients.dropFirst()), constant: coefficients[0])
    }
  }
}
