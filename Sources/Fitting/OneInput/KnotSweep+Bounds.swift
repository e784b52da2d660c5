extension KnotSweep {
  /// Raises `bounds[n]` for n beyond the stages that are done, letting the function break freely at each further knot:
  ///
  /// bound_n[j] = min over i of (least squares of the sites i + 1 … j) + bound_{n−1}[i].
  ///
  /// With no stage done but the first this is the discontinuous segmented least-squares bound.
  ///
  /// - Complexity: O(N D²) at most; a site stops at the first segment dearer than its bound.
  func extendBounds() {
    let done = stagesDone - 1
    let further = bounds.count - 1 - done
    guard further > 0 else { return }
    let count = sites.count
    // Bounds of one site lie together: entry `site * width + k` is the one with `done + k` knots.
    let width = further + 1
    let table = UnsafeMutablePointer<Double>.allocate(capacity: width * count)
    defer { table.deallocate() }
    let x = sites.x, y = sites.y, weight = sites.weight
    for j in 0..<count {
      let row = table + width * j
      for k in 0..<width { row[k] = bounds[done][j] }
      var moments = SegmentMoments(anchorWeight: weight[j])
      let anchorX = x[j], anchorY = y[j]
      var i = j - 1
      if i >= 0 {
        let source = table + width * i
        for k in 1..<width { row[k] = min(row[k], source[k - 1]) }
      }
      while i > 0 {
        moments.add(x[i] - anchorX, y[i] - anchorY, weight[i])
        i -= 1
        let source = table + width * i
        let cost = SegmentLine(moments).cost
        if cost >= row[1] { break }
        for k in 1..<width {
          let candidate = source[k - 1] + cost
          row[k] = candidate < row[k] ? candidate : row[k]
        }
      }
      for k in 1..<width {
        row[k] = min(max(row[k], bounds[done + k][j]), row[k - 1])
        bounds[done + k][j] = row[k]
      }
    }
  }
}
