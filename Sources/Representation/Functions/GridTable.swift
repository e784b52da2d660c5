import Exact
import Polyhedra

/// Values on a grid, interpolated by Kuhn's triangulation: each box of the grid is cut into n! simplices, one for each
/// order of the inputs' relative positions in the box.
///
/// Source: H. Kuhn, *Some combinatorial lemmas in topology* (1960).
public struct GridTable: Sendable, Equatable {
  /// The grid lines of each input, increasing, at least two.
  public var axes: [[Rational]]
  /// The values at each grid point, one for each output; the last axis runs fastest.
  public var values: [[Rational]]

  public init(axes: [[Rational]], values: [[Rational]]) {
    self.axes = axes
    self.values = values
  }

  /// So many simplices are made at most.
  public static let simplexLimit = 200_000

  public var inputs: Int { axes.count }

  public var outputs: Int { values[0].count }

  /// The simplices of all boxes.
  ///
  /// - Throws: `RepresentationError` when an axis has less than two lines or does not increase, when the values are not as
  ///   many as grid points, or when there are more than ``simplexLimit`` simplices.
  /// - Complexity: O(simplices) double descriptions.
  public func polyhedralFunction() throws(RepresentationError) -> PolyhedralFunction {
    try check()
    let strides = axes.indices.map { axis in axes[(axis + 1)...].reduce(1) { $0 * $1.count } }
    let orders = Self.permutations(inputs)
    var cells: [PolyhedralFunction.Cell] = []
    var corner = [Int](repeating: 0, count: inputs)
    repeat {
      let start = zip(corner, strides).reduce(0) { $0 + $1.0 * $1.1 }
      cells += orders.map { simplex(at: corner, start, strides, order: $0) }
    } while advance(&corner)
    return PolyhedralFunction(inputs: inputs, outputs: outputs, cells: cells)
  }

  private func check() throws(RepresentationError) {
    guard !axes.isEmpty else { throw RepresentationError("a grid needs at least one axis") }
    var points = 1
    var simplices = 1
    var isTooLarge = false
    func multiply(_ count: inout Int, by factor: Int) {
      let (product, overflow) = count.multipliedReportingOverflow(by: factor)
      isTooLarge = isTooLarge || overflow
      count = product
    }
    for (axis, lines) in axes.enumerated() {
      guard lines.count > 1 else {
        throw RepresentationError("axes[\(axis)] has \(lines.count) grid lines; an axis needs at least two")
      }
      for (index, pair) in zip(lines, lines.dropFirst()).enumerated() where pair.0 >= pair.1 {
        throw RepresentationError(
          "axes[\(axis)][\(index + 1)] is \(wording(pair.1)), not more than the line before, \(wording(pair.0)); "
            + "an axis must increase")
      }
      multiply(&points, by: lines.count)
      multiply(&simplices, by: lines.count - 1)
      multiply(&simplices, by: axis + 1)
    }
    guard !isTooLarge, simplices <= Self.simplexLimit else {
      let count = isTooLarge ? "more than 9e18" : "\(simplices)"
      throw RepresentationError(
        "the grid has \(count) simplices (\(inputs)! for each box); accepted are up to \(Self.simplexLimit)")
    }
    guard values.count == points, values.allSatisfy({ $0.count == outputs }) else {
      throw RepresentationError("the grid has \(points) points, but there are \(values.count) values")
    }
  }

  /// Moves on to the next box; false after the last.
  private func advance(_ corner: inout [Int]) -> Bool {
    for axis in corner.indices.reversed() {
      corner[axis] += 1
      if corner[axis] < axes[axis].count - 1 { return true }
      corner[axis] = 0
    }
    return false
  }

  /// The simplex of a box on which the relative positions t satisfy 1 ≥ t at order[0] ≥ t at order[1] ≥ … ≥ 0.
  private func simplex(at corner: [Int], _ start: Int, _ strides: [Int], order: [Int]) -> PolyhedralFunction.Cell {
    let positions = axes.indices.map { axis -> AffineFunction in
      let (low, high) = (axes[axis][corner[axis]], axes[axis][corner[axis] + 1])
      let scale = Rational.one / (high - low)
      var gradient = [Rational](repeating: .zero, count: inputs)
      gradient[axis] = scale
      return AffineFunction(gradient: gradient, constant: -low * scale)
    }
    let ends = [AffineFunction(constant: .one, inputs: inputs)] + order.map { positions[$0] }
    let lowest = positions[order[inputs - 1]]
    let halfSpaces = (zip(ends, ends.dropFirst()).map { $0 - $1 } + [lowest]).map { ExactHalfSpace(notNegative: $0) }
    var map = values[start].map { AffineFunction(constant: $0, inputs: inputs) }
    var index = start
    for axis in order {
      let next = index + strides[axis]
      for output in map.indices {
        map[output] = map[output] + (values[next][output] - values[index][output]) * positions[axis]
      }
      index = next
    }
    return PolyhedralFunction.Cell(
      polyhedron: ExactPolyhedron(dimension: inputs, halfSpaces: halfSpaces), map: map)
  }

  /// All orders of 0 ..< count, at least one.
  private static func permutations(_ count: Int) -> [[Int]] {
    (0..<count).reduce([[]]) { shorter, next in
      shorter.flatMap { order in
        (0...order.count).map { place in Array(order[..<place]) + [next] + Array(order[place...]) }
      }
    }
  }
}
