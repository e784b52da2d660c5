import Exact

/// A knot strictly inside a gap, with the line that reaches it.
struct KnotCrossing {
  var lower: Double
  var upper: Double
  /// The line at the points before and after the gap, relative to their ordinates.
  var left: Interval
  var right: Interval

  /// One label that stands for both, when they may be the same; see ``KnotPiece/merged(with:tolerance:)``.
  func merged(with other: KnotCrossing, tolerance: Double) -> KnotCrossing? {
    guard abs(lower - other.lower) <= tolerance, left.overlaps(other.left), right.overlaps(other.right) else {
      return nil
    }
    return KnotCrossing(
      lower: min(lower, other.lower), upper: min(upper, other.upper),
      left: left.hull(other.left), right: right.hull(other.right))
  }
}

/// The labels at one cut, by number of knots, while segments that begin there grow.
struct KnotSources {
  /// Cheapest first.
  var crossings: [[KnotCrossing]] = []
  var joints: [[KnotPiece]] = []
  /// What the first look at a joint needs, apart: most go no further.
  var probes: [[KnotProbe]] = []

  var isEmpty: Bool { crossings.allSatisfy(\.isEmpty) && joints.allSatisfy(\.isEmpty) }

  /// Drops what costs more than any limit together with a segment that only grows.
  mutating func retire(residual: Double, limits: [Double]) {
    for knots in limits.indices {
      // A rounded sum above a Double is a real sum above it.
      let limit = limits[knots]
      while let last = crossings[knots].last, last.lower + residual > limit { crossings[knots].removeLast() }
      while let last = probes[knots].last, last.lower + residual > limit {
        probes[knots].removeLast()
        joints[knots].removeLast()
      }
    }
  }
}

/// What decides at first sight whether a joint can go on over a segment.
struct KnotProbe {
  let lower: Double
  let center: Interval
  /// An upper bound of 1/a.
  let softness: Double

  init(_ piece: KnotPiece) {
    lower = piece.lower
    center = piece.center
    softness = (1 / piece.curvature.lower).nextUp
  }
}

/// The points between two cuts, with the points on both sides.
struct KnotStretch {
  let segment: KnotSegment
  /// The last point before, if any; the first and the last point inside; the first point after, if any.
  let before: KnotPoint?
  let first: KnotPoint
  let last: KnotPoint
  let after: KnotPoint?
  let end: Int

  /// The least-squares line at a point, relative to its ordinate.
  func height(_ segment: KnotSegment, at point: KnotPoint) -> Interval { segment.value(at: point.x) - point.y }
}

/// The loss of a segment as a function of its value ψ at its last point: loss + a s², with s = ψ − the best value.
struct KnotTarget {
  let center: Interval
  let curvature: Interval
  /// Where |s| is larger, the loss exceeds the limit.
  private(set) var radius = Double.infinity

  init(_ segment: KnotSegment, _ last: KnotPoint) {
    center = segment.value(at: last.x) - last.y
    curvature = Interval(1) / segment.covariance(last.x, last.x)
  }

  mutating func limit(_ loss: Double, _ limit: Double) {
    let slack = (Interval(limit) - Interval(loss)) / Interval(max(0, curvature.lower))
    radius = max(0, slack.upper).squareRoot().nextUp
  }
}
