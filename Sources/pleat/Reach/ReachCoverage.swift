import Figures

/// Which cells of a fine grid over a picture are covered: polygons that add none lie under others and need not be drawn.
struct ReachCoverage {
  private static let columns = 1600
  private static let rows = 1000
  private let x: ClosedRange<Double>
  private let y: ClosedRange<Double>
  /// For each cell of a row, and one beyond it, a step towards the first free cell from there on.
  private var next: [Int32]

  init(x: ClosedRange<Double>, y: ClosedRange<Double>) {
    self.x = x
    self.y = y
    next = (0..<Self.rows).flatMap { _ in Int32(0)...Int32(Self.columns) }
  }

  /// Covers a polygon; whether a cell was free. O(rows · corners).
  mutating func cover(_ polygon: ConvexPolygon) -> Bool {
    let points = polygon.corners.map { (column($0.x), row($0.y)) }
    var isNew = false
    // The rim, so that what is thinner than a cell counts too.
    for (index, end) in points.enumerated() {
      let start = points[index == 0 ? points.count - 1 : index - 1]
      let steps = min(max(Int(max(abs(end.0 - start.0), abs(end.1 - start.1))), 1), 4000)
      for step in 0...steps {
        let share = Double(step) / Double(steps)
        let place = start.0 + share * (end.0 - start.0)
        if cover(row: start.1 + share * (end.1 - start.1), from: place, to: place) { isNew = true }
      }
    }
    guard polygon.corners.count > 2 else { return isNew }
    let low = Int(max(points.reduce(.infinity) { min($0, $1.1) }, 0))
    let high = Int(min(points.reduce(-.infinity) { max($0, $1.1) }, Double(Self.rows - 1)))
    guard low <= high else { return isNew }
    for line in low...high {
      let height = Double(line) + 0.5
      var (left, right) = (Double.infinity, -Double.infinity)
      for (index, end) in points.enumerated() {
        let start = points[index == 0 ? points.count - 1 : index - 1]
        guard (start.1 <= height) != (end.1 <= height) else { continue }
        let place = start.0 + (height - start.1) / (end.1 - start.1) * (end.0 - start.0)
        (left, right) = (min(left, place), max(right, place))
      }
      if left <= right, cover(row: height, from: left + 0.5, to: right - 0.5) { isNew = true }
    }
    return isNew
  }

  private func column(_ value: Double) -> Double {
    (value - x.lowerBound) / (x.upperBound - x.lowerBound) * Double(Self.columns)
  }

  private func row(_ value: Double) -> Double {
    (value - y.lowerBound) / (y.upperBound - y.lowerBound) * Double(Self.rows)
  }

  private mutating func cover(row: Double, from left: Double, to right: Double) -> Bool {
    guard row >= 0, row < Double(Self.rows), right >= 0, left < Double(Self.columns), left <= right else {
      return false
    }
    let start = Int(row) * (Self.columns + 1)
    let last = min(Int(right), Self.columns - 1)
    var cell = free(start, Int(max(left, 0)))
    var isNew = false
    while cell <= last {
      next[start + cell] = Int32(cell + 1)
      isNew = true
      cell = free(start, cell + 1)
    }
    return isNew
  }

  /// The first free cell from one on, halving the path.
  private mutating func free(_ start: Int, _ cell: Int) -> Int {
    var cell = cell
    while Int(next[start + cell]) != cell {
      let further = next[start + Int(next[start + cell])]
      next[start + cell] = further
      cell = Int(further)
    }
    return cell
  }
}
