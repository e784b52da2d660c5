/// Which of very many points to draw, so that a picture stays a picture: a file people can open, looking as if all
/// were there.
enum Thinning {
  /// No mark draws more symbols than this.
  static let limit = 5000

  /// What the reader is told about it.
  static func remark(drawn: Int, of given: Int) -> String {
    "\(NumberText.count(drawn)) of \(NumberText.count(given)) points drawn, thinned where dense"
  }

  /// At most `limit` indices of the points (x[i], y[i]), increasing; all of them if they are few enough. Coordinates
  /// are fractions of the axes. Linear time.
  ///
  /// Of the n points in each cell of a grid about as many are kept as is proportional to √n, and at least one: dense
  /// places stay the darker ones, where drawing all would have been solid ink, and no outlier is lost.
  static func scatter(x: [Double], y: [Double]) -> [Int] {
    guard x.count > limit else { return Array(x.indices) }
    let (columns, rows) = (64, 48)
    func place(_ fraction: Double, _ count: Int) -> Int { min(max(Int(fraction * Double(count)), 0), count - 1) }
    let cells = x.indices.map { place(y[$0], rows) * columns + place(x[$0], columns) }
    var counts = [Int](repeating: 0, count: columns * rows)
    for cell in cells { counts[cell] += 1 }

    func quota(_ count: Int, _ factor: Double) -> Int { min(count, max(1, Int(factor * Double(count).squareRoot()))) }
    // The largest factor that keeps within the limit. One point a cell does, so zero is a lower end; the square root
    // of the limit keeps the whole of a cell of that size.
    var (low, high) = (0.0, Double(limit).squareRoot())
    for _ in 0..<40 {
      let middle = (low + high) / 2
      let total = counts.reduce(0) { $0 + ($1 == 0 ? 0 : quota($1, middle)) }
      if total <= limit { low = middle } else { high = middle }
    }
    var seen = [Int](repeating: 0, count: counts.count)
    return x.indices.filter { index in
      let cell = cells[index]
      let (rank, size) = (seen[cell], counts[cell])
      seen[cell] += 1
      // As a line of slope quota/size climbs a step: kept points are spread evenly over the cell's own order.
      let kept = quota(size, low)
      return (rank + 1) * kept / size > rank * kept / size
    }
  }

  /// Indices of a polyline's vertices that draw the same picture: of each run of vertices within one of 2000 columns
  /// along x, the first, the lowest, the highest and the last. A line that runs to and fro too often for that to help
  /// is sampled, and `isExact` is false. Linear time.
  static func polyline(x: [Double], y: [Double]) -> (kept: [Int], isExact: Bool) {
    guard x.count > limit else { return (Array(x.indices), true) }
    var kept: [Int] = []
    var start = 0
    while start < x.count {
      let column = Int(x[start] * 2000)
      var end = start
      var (low, high) = (start, start)
      while end + 1 < x.count && Int(x[end + 1] * 2000) == column {
        end += 1
        if y[end] < y[low] { low = end }
        if y[end] > y[high] { high = end }
      }
      kept += Set([start, low, high, end]).sorted()
      start = end + 1
    }
    if kept.count <= 2 * limit { return (kept, true) }
    return (sample(count: x.count, size: limit - 1) + [x.count - 1], false)
  }

  /// `size` of the indices below `count` (size ≤ count), one from each of as many equal stretches, at a place within
  /// it that hops about so that no period of the data is picked out.
  private static func sample(count: Int, size: Int) -> [Int] {
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    return (0..<size).map { stretch in
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let place = Double(state >> 11) * 0x1p-53
      return min(Int((Double(stretch) + place) * Double(count) / Double(size)), count - 1)
    }
  }
}
