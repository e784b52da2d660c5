import Figures
import Verification

/// What a picture shows of a piece.
struct ReachShape: Sendable {
  /// In the plane of two outputs the corners of a convex polygon, counter-clockwise: one for a point, two for a segment. For
  /// one output over one input the ends of a segment of its graph. Else (least, 0) and (largest, 0).
  var corners: [PlotPoint]
  var isUnsafe = false

  /// - Parameter input: the one input that varies; nil when there are more.
  init(_ piece: ReachPiece, outputs: [Int], along input: Int?) {
    if outputs.count == 2 {
      corners = piece.projection(outputs[0], outputs[1]).map { PlotPoint(x: $0.x, y: $0.y) }
    } else if let input, piece.vertices.rows > 0 {
      let images = piece.images
      corners = (0..<piece.vertices.rows).map { PlotPoint(x: piece.vertices[$0, input], y: images[$0, outputs[0]]) }
        .sorted { $0.x < $1.x }
    } else {
      let extent = piece.extent(of: [(outputs[0], 1)])
      corners = extent.map { [PlotPoint(x: $0.lowerBound, y: 0), PlotPoint(x: $0.upperBound, y: 0)] } ?? []
    }
  }
}

/// A convex polygon on paper.
struct ConvexPolygon {
  /// Counter-clockwise.
  var corners: [PlotPoint]

  /// The part where a·x + b·y ≤ c (Sutherland–Hodgman).
  func clipped(a: Double, b: Double, c: Double) -> ConvexPolygon {
    var kept: [PlotPoint] = []
    for (index, point) in corners.enumerated() {
      let previous = corners[index == 0 ? corners.count - 1 : index - 1]
      let (here, before) = (c - a * point.x - b * point.y, c - a * previous.x - b * previous.y)
      if (here >= 0) != (before >= 0) {
        let share = before / (before - here)
        kept.append(
          PlotPoint(x: previous.x + share * (point.x - previous.x), y: previous.y + share * (point.y - previous.y)))
      }
      if here >= 0 { kept.append(point) }
    }
    return ConvexPolygon(corners: kept)
  }

  /// The least and the largest y at an x within the polygon.
  func section(at x: Double) -> (lower: Double, upper: Double)? {
    var (lower, upper) = (Double.infinity, -Double.infinity)
    for (index, end) in corners.enumerated() {
      let start = corners[index == 0 ? corners.count - 1 : index - 1]
      guard min(start.x, end.x) <= x, x <= max(start.x, end.x) else { continue }
      let values =
        start.x == end.x ? [start.y, end.y] : [start.y + (x - start.x) / (end.x - start.x) * (end.y - start.y)]
      for value in values { (lower, upper) = (min(lower, value), max(upper, value)) }
    }
    return lower <= upper ? (lower, upper) : nil
  }

  /// Twice the area.
  var doubleArea: Double {
    guard corners.count > 2 else { return 0 }
    return corners.indices.reduce(0) { sum, index in
      let (a, b) = (corners[index], corners[(index + 1) % corners.count])
      return sum + a.x * b.y - b.x * a.y
    }
  }

  /// The extent along a direction.
  func extent(_ a: Double, _ b: Double) -> ClosedRange<Double>? {
    let values = corners.map { a * $0.x + b * $0.y }
    return values.min().flatMap { low in values.max().map { low...$0 } }
  }
}
