import Exact

extension BrokenLine {
  /// The function that joins the samples' polygon at given knots: its values there are those of the straight joins of
  /// neighbouring samples; the outer segments go on.
  ///
  /// - Parameters:
  ///   - samples: by increasing input, at least one.
  ///   - knots: increasing, between the first and the last sample; at least two, or one for a constant.
  /// - Complexity: O(N + k log N).
  /// - Throws: ``RepresentationError`` when the inputs or the knots do not increase, or a knot lies outside the samples.
  public static func interpolant(of samples: [Point], knots: [Rational]) throws -> BrokenLine {
    let polygon = try BrokenLine(points: samples, leftSlope: .zero, rightSlope: .zero)
    guard let first = samples.first?.x, let last = samples.last?.x else { return polygon }
    for knot in knots where knot < first || knot > last {
      throw RepresentationError("the knot \(knot) lies outside the samples, which go from \(first) to \(last)")
    }
    let points = knots.map { Point($0, polygon($0)) }
    return knots.count == 1
      ? try BrokenLine(points: points, leftSlope: .zero, rightSlope: .zero) : try BrokenLine(points: points)
  }
}
