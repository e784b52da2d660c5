extension KnotSweep {
  /// Raises `bounds[n]` for n beyond the stages that are done, letting the function break freely at each further knot:
  ///
  /// bound_n[j] = min over i of (least squares of the sites i + 1 … j) + bound_{n−1}[i].
  ///
  /// With no stage done but the first this is the discontinuous segmented least-squares bound.
  ///
  /// - Parameter shouldStop: asked at each site; the bounds of later sites then stay as they are, which is weaker but true.
  /// - Complexity: O(N D²) at most; a site stops at the first segment dearer than its bound.
  func extendBounds(shouldStop: () -> Bool) {
    let done = stagesDone - 1
    let further = bounds.count - 1 - done
    guard further > 0 else { return }
    let count = sites.count
    // Bounds of one site lie together: entry `site * width + k` is the one with `done + k` knots.
    let width = further + 1
    let table = UnsafeMutablePointer<Double>.allocate(capacity: width * count)
    defer { table.deallocate() }
    let x = sites.x
    let y = sites.y
    let weight = sites.weight
    for j in 0..<count {
      if shouldStop() { return }
      let row = table + width * j
      for k in 0..<width { row[k] = bounds[done][j] }
      var moments = SegmentMoments(anchorWeight: weight[j])
      let anchorX = x[j]
      let anchorY = y[j]
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

  /// Where the best broken fit of all sites with this many breaks breaks: the last site of every segment but the last.
  ///
  /// Reads the bounds back, so it is that fit only while no more than the first stage is done.
  ///
  /// - Complexity: O(K D).
  func breaks(_ number: Int) -> [Int] {
    var breaks: [Int] = []
    var j = sites.count - 1
    for level in (0..<number).reversed() where j > 0 {
      var moments = SegmentMoments(anchorWeight: sites.weight[j])
      var best = (site: j - 1, cost: bounds[level][j - 1])
      for i in (0..<j - 1).reversed() {
        moments.add(sites.x[i + 1] - sites.x[j], sites.y[i + 1] - sites.y[j], sites.weight[i + 1])
        let cost = SegmentLine(moments).cost
        if cost >= best.cost { break }
        if cost + bounds[level][i] < best.cost { best = (i, cost + bounds[level][i]) }
      }
      j = best.site
      breaks.append(j)
    }
    return breaks.reversed()
  }
}
