/// Which parts of the page data already cover, on a grid of small cells: what legends and labels keep clear of.
struct Occupancy {
  private let area: Rect
  private let columns: Int
  private let rows: Int
  private var cells: [Bool]
  private static let cell = 4.0

  init(area: Rect) {
    self.area = area
    columns = Int((area.width / Self.cell).rounded(.up)) + 1
    rows = Int((area.height / Self.cell).rounded(.up)) + 1
    cells = Array(repeating: false, count: columns * rows)
  }

  mutating func cover(_ rect: Rect) {
    guard let (across, down) = span(of: rect) else { return }
    for row in down {
      for column in across { cells[row * columns + column] = true }
    }
  }

  mutating func cover(disc center: Pixel, radius: Double) {
    cover(
      Rect(minX: center.x - radius, minY: center.y - radius, maxX: center.x + radius, maxY: center.y + radius))
  }

  /// Covers a segment that lies within the area.
  mutating func cover(from a: Pixel, to b: Pixel) {
    let steps = Int((a.distance(to: b) / Self.cell).rounded(.up)) + 1
    for step in 0...steps {
      cover(disc: a.mixed(with: b, fraction: Double(step) / Double(steps)), radius: 1)
    }
  }

  /// How many covered cells a rectangle touches.
  func count(in rect: Rect) -> Int {
    guard let (across, down) = span(of: rect) else { return 0 }
    return down.reduce(0) { sum, row in sum + across.count { cells[row * columns + $0] } }
  }

  private func span(of rect: Rect) -> (ClosedRange<Int>, ClosedRange<Int>)? {
    guard rect.maxX >= area.minX, rect.minX <= area.maxX, rect.maxY >= area.minY, rect.minY <= area.maxY else {
      return nil
    }
    func place(_ offset: Double, _ count: Int) -> Int { Int(min(max(offset / Self.cell, 0), Double(count - 1))) }
    return (
      place(rect.minX - area.minX, columns)...place(rect.maxX - area.minX, columns),
      place(rect.minY - area.minY, rows)...place(rect.maxY - area.minY, rows)
    )
  }
}
