import Figures

/// Many polygons as few marks of a chart: gaps part them.
enum ReachMarks {
  /// A mark of more values is thinned.
  private static let mostValues = 4900

  /// Convex polygons as areas.
  static func areas(_ polygons: [ConvexPolygon], style: BandStyle, name: String?) -> [Mark] {
    var marks: [Mark] = []
    var (x, lower, upper): ([Double], [Double], [Double]) = ([], [], [])
    func flush() {
      guard !x.isEmpty else { return }
      marks.append(.band(x: x, lower: lower, upper: upper, style: style, name: marks.isEmpty ? name : nil))
      (x, lower, upper) = ([], [], [])
    }
    for polygon in polygons where polygon.corners.count > 2 {
      if x.count + polygon.corners.count + 1 > mostValues { flush() }
      for place in Set(polygon.corners.map(\.x)).sorted() {
        guard let section = polygon.section(at: place) else { continue }
        x.append(place)
        lower.append(section.lower)
        upper.append(section.upper)
      }
      x.append(.nan)
      lower.append(.nan)
      upper.append(.nan)
    }
    flush()
    return marks
  }

  /// Lines through corners, back to the first when closed, as the values of one mark.
  static func lines(_ paths: [[PlotPoint]], isClosed: Bool) -> (x: [Double], y: [Double]) {
    var (x, y): ([Double], [Double]) = ([], [])
    for path in paths where path.count > 1 {
      let points = isClosed && path.count > 2 ? path + path.prefix(1) : path
      x += points.map(\.x) + [.nan]
      y += points.map(\.y) + [.nan]
    }
    return (x, y)
  }

  /// Parallel strokes across a polygon, `count` across a frame.
  static func hatching(
    of polygon: ConvexPolygon, x: ClosedRange<Double>, y: ClosedRange<Double>, count: Int
  ) -> [[PlotPoint]] {
    let (width, height) = (x.upperBound - x.lowerBound, y.upperBound - y.lowerBound)
    // In units of the frame the strokes rise at 45 degrees.
    let (a, b) = (1 / width, -1 / height)
    let origin = a * x.lowerBound + b * y.upperBound
    return (0...2 * count).compactMap { index in
      let level = origin + 2 * Double(index) / Double(2 * count)
      let ends = polygon.corners.indices.compactMap { corner -> PlotPoint? in
        let (p, q) = (polygon.corners[corner], polygon.corners[(corner + 1) % polygon.corners.count])
        let (before, after) = (a * p.x + b * p.y - level, a * q.x + b * q.y - level)
        guard (before >= 0) != (after >= 0) else { return nil }
        let share = before / (before - after)
        return PlotPoint(x: p.x + share * (q.x - p.x), y: p.y + share * (q.y - p.y))
      }
      return ends.count == 2 ? ends : nil
    }
  }
}
