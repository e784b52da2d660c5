import Exact
import Polyhedra

/// A cell's vertices in doubles beside the exact ones: most signs are decided without rational arithmetic.
struct CellCorners {
  private let cell: ExactPolyhedron
  /// `vertices × n`
  private let approximations: [Double]

  init(_ cell: ExactPolyhedron) {
    self.cell = cell
    approximations = cell.vertices.flatMap { $0.map(\.nearbyDouble) }
  }

  /// Which signs a form may have on the cell: exact for an affine one, else from the ranges of the open units in it.
  func sides(_ form: OpenForm, _ ranges: [OpenRange]) -> (positive: Bool, negative: Bool) {
    guard form.open.isEmpty, cell.isBounded else {
      let range = OpenRange(form, on: cell, ranges)
      return (range.upper.map { $0.signum > 0 } ?? true, range.lower.map { $0.signum < 0 } ?? true)
    }
    return sides(form.affine)
  }

  /// Between which numbers the values of a form lie, rounded outwards.
  func range(_ form: OpenForm, _ ranges: [OpenRange]) -> (lower: Double, upper: Double) {
    let range = OpenRange(form, on: cell, ranges)
    return (range.lower?.roundedDown ?? -.infinity, range.upper?.roundedUp ?? .infinity)
  }

  private func sides(_ function: AffineFunction) -> (positive: Bool, negative: Bool) {
    let slopes = function.gradient.map(\.nearbyDouble)
    let constant = function.constant.nearbyDouble
    let dimension = slopes.count
    // Slopes and coordinates are each off by less than one unit in the last place, and every operation rounds once.
    let unit = Double(2 * dimension + 6) * Double.ulpOfOne
    var sides = (positive: false, negative: false)
    for (index, vertex) in cell.vertices.enumerated() {
      var value = constant
      var size = abs(constant)
      for axis in 0..<dimension {
        let product = slopes[axis] * approximations[index * dimension + axis]
        value += product
        size += abs(product)
      }
      let error = size * unit + Double.leastNormalMagnitude
      let sign = value > error ? 1 : value < -error ? -1 : function(vertex).signum
      if sign > 0 { sides.positive = true }
      if sign < 0 { sides.negative = true }
      if sides.positive, sides.negative { return sides }
    }
    return sides
  }
}
