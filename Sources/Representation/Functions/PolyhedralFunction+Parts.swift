import Exact
import Polyhedra

extension PolyhedralFunction {
  /// The smallest box around the vertices of all cells; rays and lines lead out of it. O(vertices · n).
  public var vertexBounds: (lower: [Rational], upper: [Rational]) {
    let vertices = cells.flatMap(\.polyhedron.vertices)
    return (0..<inputs).reduce(into: (lower: [], upper: [])) { bounds, axis in
      let coordinates = vertices.map { $0[axis] }
      bounds.lower.append(coordinates.min() ?? .zero)
      bounds.upper.append(coordinates.max() ?? .zero)
    }
  }

  /// Whether all cells are bounded.
  public var isBounded: Bool { cells.allSatisfy(\.polyhedron.isBounded) }

  /// The function on the part of its domain in the box lower[j] ≤ xⱼ ≤ upper[j]. Cells that do not meet the box's
  /// interior are left out.
  ///
  /// - Throws: `RepresentationError` when the box does not fit the inputs, has no interior, or meets no cell's interior.
  /// - Complexity: O(cells) intersections.
  public func clipped(toBox lower: [Rational], _ upper: [Rational]) throws(RepresentationError) -> PolyhedralFunction {
    let box = try Self.box(lower, upper, inputs: inputs)
    let clipped = cells.compactMap { cell -> Cell? in
      let polyhedron = cell.polyhedron.intersection(box.halfSpaces)
      guard polyhedron.isFullDimensional else { return nil }
      return Cell(polyhedron: CellCone(polyhedron).polyhedron, map: cell.map)
    }
    guard !clipped.isEmpty else {
      throw RepresentationError(
        "the box from \(wording(lower)) to \(wording(upper)) lies outside the function's domain")
    }
    return PolyhedralFunction(inputs: inputs, outputs: outputs, cells: clipped)
  }

  /// One of the outputs alone.
  ///
  /// - Throws: `RepresentationError` when there is no such output.
  public func restricted(toOutput output: Int) throws(RepresentationError) -> PolyhedralFunction {
    try checkOutput(output)
    return PolyhedralFunction(
      inputs: inputs, outputs: 1, cells: cells.map { Cell(polyhedron: $0.polyhedron, map: [$0.map[output]]) })
  }

  func checkOutput(_ output: Int) throws(RepresentationError) {
    guard output >= 0, output < outputs else {
      throw RepresentationError("there is no output \(output); the function has the outputs 0 to \(outputs - 1)")
    }
  }

  /// A box with interior.
  static func box(_ lower: [Rational], _ upper: [Rational], inputs: Int) throws(RepresentationError) -> ExactPolyhedron
  {
    guard lower.count == inputs, upper.count == inputs else {
      throw RepresentationError(
        "a box with \(lower.count) lower and \(upper.count) upper bounds is given; the function has \(inputs) inputs")
    }
    for axis in 0..<inputs where lower[axis] >= upper[axis] {
      throw RepresentationError(
        "the box goes from \(wording(lower[axis])) to \(wording(upper[axis])) along input \(axis); "
          + "the upper bound must be the larger")
    }
    return ExactPolyhedron(box: lower, upper)
  }
}
