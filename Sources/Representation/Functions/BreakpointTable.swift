import Exact
import Polyhedra

/// A continuous piecewise-linear function ℝ → ℝᵐ by points of its graph and the slopes outside.
public struct BreakpointTable: Sendable, Equatable {
  public struct Point: Sendable, Equatable {
    public var position: Rational
    /// One for each output.
    public var values: [Rational]

    public init(position: Rational, values: [Rational]) {
      self.position = position
      self.values = values
    }
  }

  /// At least one.
  public var points: [Point]
  /// The slopes, one for each output, before the first point; nil continues the first segment.
  public var leftSlopes: [Rational]?
  /// The slopes after the last point; nil continues the last segment.
  public var rightSlopes: [Rational]?

  public init(points: [Point], leftSlopes: [Rational]? = nil, rightSlopes: [Rational]? = nil) {
    self.points = points
    self.leftSlopes = leftSlopes
    self.rightSlopes = rightSlopes
  }

  public var outputs: Int { points[0].values.count }

  /// The cells (−∞, x₀], [x₀, x₁], …, [x_k, ∞).
  ///
  /// - Throws: `RepresentationError` when positions do not increase, or when one point stands without both slopes.
  /// - Complexity: O(points · m).
  public func polyhedralFunction() throws(RepresentationError) -> PolyhedralFunction {
    for (index, pair) in zip(points, points.dropFirst()).enumerated() where pair.0.position >= pair.1.position {
      throw RepresentationError(
        "points[\(index + 1)] lies at \(wording(pair.1.position)), not to the right of points[\(index)] at "
          + "\(wording(pair.0.position)); positions must increase")
    }
    let hasSlopes = leftSlopes != nil && rightSlopes != nil
    guard points.count > 1 || hasSlopes, let first = points.first, let last = points.last else {
      throw RepresentationError("one breakpoint makes a function only with both left_slope and right_slope")
    }
    let segments = zip(points, points.dropFirst()).map { left, right in
      let width = right.position - left.position
      return Self.map(through: left, slopes: zip(left.values, right.values).map { ($1 - $0) / width })
    }
    let left = leftSlopes.map { Self.map(through: first, slopes: $0) }
    let right = rightSlopes.map { Self.map(through: last, slopes: $0) }
    let maps = [left ?? segments[0]] + segments + [right ?? segments[segments.count - 1]]
    let cells = maps.enumerated().map { index, map in
      var halfSpaces: [ExactHalfSpace] = []
      if index > 0 { halfSpaces.append(ExactHalfSpace(normal: [-1], offset: -points[index - 1].position)) }
      if index < points.count { halfSpaces.append(ExactHalfSpace(normal: [1], offset: points[index].position)) }
      return PolyhedralFunction.Cell(polyhedron: ExactPolyhedron(dimension: 1, halfSpaces: halfSpaces), map: map)
    }
    return PolyhedralFunction(inputs: 1, outputs: outputs, cells: cells)
  }

  private static func map(through point: Point, slopes: [Rational]) -> [AffineFunction] {
    zip(slopes, point.values).map { AffineFunction(gradient: [$0], constant: $1 - $0 * point.position) }
  }
}
