import Exact

/// How far piecewise-linear interpolation can be from a smooth function, by a bound M on the function's curvature: the
/// largest magnitude of its second derivative, in several variables of the eigenvalues of its Hessian matrix.
///
/// All bounds are exact rationals and hold for functions with a Lipschitz derivative.
public enum InterpolationError {
  /// M h² / 8: between two samples at a distance h, by the straight join.
  ///
  /// - Throws: ``RepresentationError`` when M is negative.
  public static func bound(spacing: Rational, curvature: Rational) throws -> Rational {
    try check(curvature)
    return curvature * spacing * spacing / 8
  }

  /// M d² / 8 for the interpolant of a grid's values on Kuhn's triangulation, d the diagonal of its largest cell.
  ///
  /// All of Kuhn's simplices in a cell have that cell's diagonal as an edge, and lie in the ball around it.
  ///
  /// - Parameter axes: for each input its grid points, at least two, increasing.
  /// - Throws: ``RepresentationError`` when M is negative, or an axis is no such list; it says which.
  ///
  /// Source: S. Waldron, *The error in linear interpolation at the vertices of a simplex* (1998).
  public static func bound(grid axes: [[Rational]], curvature: Rational) throws -> Rational {
    try check(curvature)
    var diagonal = Rational.zero
    for (index, axis) in axes.enumerated() {
      let widths = zip(axis, axis.dropFirst()).map { $1 - $0 }
      guard let widest = widths.max(), widths.allSatisfy({ $0.signum > 0 }) else {
        throw RepresentationError("axis \(index) of the grid needs at least two points, and these must increase")
      }
      diagonal += widest * widest
    }
    return curvature * diagonal / 8
  }

  /// A bound of sup |f − g| from the first to the last sample of a smooth function f on ℝ, for a broken line g.
  ///
  /// Between neighbouring samples at a distance h it is at most
  ///
  ///     M h² / 8  +  the larger of g's two errors there  +  the largest distance of g from its own chord,
  ///
  /// whose last term is 0 where g has no breakpoint. That g is near f at the samples is not enough without it: g may leave
  /// them on the way.
  ///
  /// - Parameters:
  ///   - line: g
  ///   - samples: values of f without error, by increasing input; at least one.
  ///   - curvature: M ≥ |f″| between the samples.
  /// - Complexity: O(N log q + q).
  /// - Throws: ``RepresentationError`` when M is negative, there is no sample, or the inputs do not increase.
  public static func bound(
    of line: BrokenLine, from samples: [BrokenLine.Point], curvature: Rational
  ) throws -> Rational {
    try check(curvature)
    // Refuses inputs that do not increase.
    _ = try BrokenLine(points: samples, leftSlope: .zero, rightSlope: .zero)
    var largest = samples.reduce(.zero) { max($0, ($1.y - line($1.x)).magnitude) }
    for (left, right) in zip(samples, samples.dropFirst()) {
      let path = line.points(on: left.x...right.x)
      let start = path[0].y
      let slope = (path[path.count - 1].y - start) / (right.x - left.x)
      let detour = path.reduce(.zero) { max($0, ($1.y - start - slope * ($1.x - left.x)).magnitude) }
      let ends = max((start - left.y).magnitude, (path[path.count - 1].y - right.y).magnitude)
      largest = max(largest, try bound(spacing: right.x - left.x, curvature: curvature) + ends + detour)
    }
    return largest
  }

  private static func check(_ curvature: Rational) throws {
    guard curvature.signum >= 0 else {
      throw RepresentationError("a bound on the curvature is not negative, as \(curvature) is")
    }
  }
}
