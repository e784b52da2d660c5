import Exact
import Polyhedra

/// A piecewise-linear function ℝⁿ ⊇ D → ℝᵐ, given cell by cell: convex polyhedra that cover the domain D, and on each an
/// affine map. This is the form of explicit model-predictive controllers.
public struct PolyhedralFunction: Sendable {
  public struct Cell: Sendable {
    public var polyhedron: ExactPolyhedron
    /// One function for each output.
    public var map: [AffineFunction]

    public init(polyhedron: ExactPolyhedron, map: [AffineFunction]) {
      self.polyhedron = polyhedron
      self.map = map
    }
  }

  /// n
  public let inputs: Int
  /// m
  public let outputs: Int
  /// At least one; full-dimensional.
  public let cells: [Cell]

  public init(inputs: Int, outputs: Int, cells: [Cell]) {
    self.inputs = inputs
    self.outputs = outputs
    self.cells = cells
  }

  /// The outputs at a point of the domain, as the first cell that contains it says; nil outside. O(cells · half-spaces · n).
  public func callAsFunction(_ point: [Rational]) -> [Rational]? {
    cells.first { $0.polyhedron.contains(point) }.map { cell in cell.map.map { $0(point) } }
  }
}
