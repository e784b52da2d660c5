import Exact
import Polyhedra

/// A piecewise-affine function as explicit model-predictive controllers are given: half-spaces and an affine map for each
/// region, nothing said about how regions fit together.
public struct RegionTable: Sendable, Equatable {
  public struct Region: Sendable, Equatable {
    /// The region is their intersection; all of ℝⁿ without any.
    public var halfSpaces: [ExactHalfSpace]
    /// One function for each output.
    public var map: [AffineFunction]

    public init(halfSpaces: [ExactHalfSpace], map: [AffineFunction]) {
      self.halfSpaces = halfSpaces
      self.map = map
    }
  }

  /// n ≥ 1
  public var inputs: Int
  /// m ≥ 1
  public var outputs: Int
  public var regions: [Region]

  public init(inputs: Int, outputs: Int, regions: [Region]) {
    self.inputs = inputs
    self.outputs = outputs
    self.regions = regions
  }

  /// The cells of a function, as they are.
  public init(_ function: PolyhedralFunction) {
    self.init(
      inputs: function.inputs, outputs: function.outputs,
      regions: function.cells.map { Region(halfSpaces: $0.polyhedron.halfSpaces, map: $0.map) })
  }

  /// The function on the regions that have interior points, their redundant half-spaces dropped.
  ///
  /// - Returns: the function, with the index of the region of each cell, and a note in words on each region that is left
  ///   out because it is empty or flat.
  /// - Throws: `RepresentationError` when none is left.
  /// - Complexity: one double description for each region.
  public func polyhedralFunction() throws(RepresentationError) -> (
    function: PolyhedralFunction, regionOfCell: [Int], notes: [String]
  ) {
    var cells: [PolyhedralFunction.Cell] = []
    var regionOfCell: [Int] = []
    var notes: [String] = []
    for (index, region) in regions.enumerated() {
      let polyhedron = ExactPolyhedron(dimension: inputs, halfSpaces: region.halfSpaces)
      if polyhedron.isEmpty {
        notes.append("regions[\(index)] is empty and was left out")
      } else if !polyhedron.isFullDimensional {
        notes.append("regions[\(index)] is flat, without interior points, and was left out")
      } else {
        cells.append(PolyhedralFunction.Cell(polyhedron: CellCone(polyhedron).polyhedron, map: region.map))
        regionOfCell.append(index)
      }
    }
    guard !cells.isEmpty else {
      throw RepresentationError(
        regions.isEmpty ? "there are no regions" : "none of the \(regions.count) regions has interior points")
    }
    return (PolyhedralFunction(inputs: inputs, outputs: outputs, cells: cells), regionOfCell, notes)
  }
}
