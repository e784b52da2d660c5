/// Least squares with knots on given sites, and the best site for one more knot, from global prefix sums.
///
/// It finds good knots, not their cost: what it proposes is evaluated anew. So plain prefix sums are accurate enough.
struct FixedKnots {
  /// a (φ − m)² + c: the least cost of the sites on one side up to a site, as a function of the value φ there.
  struct Side {
    var curvature: Double
    var vertex: Double
    var cost: Double
  }

  private let sites: SiteTable
  /// Σ w, Σ w x, Σ w y, Σ w x², Σ w x y, Σ w y² of the sites before each, interleaved.
  private let sums: [Double]

  init(_ sites: SiteTable) {
    self.sites = sites
    var sums = Array(repeating: 0.0, count: 6 * (sites.count + 1))
    for site in 0..<sites.count {
      let x = sites.x[site]
      let y = sites.y[site]
      let weight = sites.weight[site]
      let terms = [weight, weight * x, weight * y, weight * x * x, weight * x * y, weight * y * y]
      for k in 0..<6 { sums[6 * (site + 1) + k] = sums[6 * site + k] + terms[k] }
    }
    self.sums = sums
  }

  private func line(_ range: Range<Int>, anchor: Int) -> SegmentLine {
    let x = sites.x[anchor]
    let y = sites.y[anchor]
    return sums.withUnsafeBufferPointer { sums in
      let low = sums.baseAddress! + 6 * range.lowerBound
      let high = sums.baseAddress! + 6 * range.upperBound
      let n = high[0] - low[0]
      let sx = high[1] - low[1]
      let sy = high[2] - low[2]
      var moments = SegmentMoments(anchorWeight: n)
      moments.u = sx - n * x
      moments.v = sy - n * y
      moments.uu = high[3] - low[3] - x * (2 * sx - n * x)
      moments.uv = high[4] - low[4] - x * sy - y * sx + n * x * y
      moments.vv = high[5] - low[5] - y * (2 * sy - n * y)
      return SegmentLine(moments)
    }
  }

  /// Carries one side from the knot on `source` to `target`, in either direction.
  @inline(__always)
  private func carry(_ side: Side, from source: Int, to target: Int) -> Side {
    if abs(target - source) == 1 {
      return Side(curvature: sites.weight[target], vertex: sites.y[target], cost: side.cost)
    }
    let line = line(source < target ? source + 1..<target + 1 : target..<source, anchor: target)
    let length = sites.x[target] - sites.x[source]
    let offset = line.mean + length
    let determinant = line.n * line.spread
    let joinMoment = line.spread + line.n * offset * offset
    let joinCross = line.spread + line.n * line.mean * offset
    let endMoment = line.spread + line.n * line.mean * line.mean
    let total = determinant + side.curvature * joinMoment
    let atEnd = sites.y[target] + line.value
    let difference = side.vertex - (atEnd - length * line.slope)
    let gain = side.curvature * difference / total
    return Side(
      curvature: total / (side.curvature * length * length + endMoment), vertex: atEnd + gain * joinCross,
      cost: side.cost + line.cost + gain * difference * determinant)
  }

  /// A line free at its far end over `range`, seen at `target`, one end of it.
  private func outer(_ range: Range<Int>, _ target: Int) -> Side {
    guard range.count > 1 else { return Side(curvature: sites.weight[target], vertex: sites.y[target], cost: 0) }
    let line = line(range, anchor: target)
    let endMoment = line.spread + line.n * line.mean * line.mean
    return Side(
      curvature: line.n * line.spread / endMoment, vertex: sites.y[target] + line.value, cost: line.cost)
  }

  private func leftOf(_ target: Int, _ knot: Int?, _ side: Side?) -> Side {
    guard let knot, let side else { return outer(0..<target + 1, target) }
    return carry(side, from: knot, to: target)
  }

  private func rightOf(_ target: Int, _ knot: Int?, _ side: Side?) -> Side {
    guard let knot, let side else { return outer(target..<sites.count, target) }
    return carry(side, from: knot, to: target)
  }

  private func joined(_ left: Side, _ right: Side, at site: Int) -> Double {
    let weight = sites.weight[site]
    let y = sites.y[site]
    let curvature = left.curvature + right.curvature - weight
    let phi = (left.curvature * left.vertex + right.curvature * right.vertex - weight * y) / curvature
    let a = phi - left.vertex
    let b = phi - right.vertex
    let c = phi - y
    return left.cost + right.cost + left.curvature * a * a + right.curvature * b * b - weight * c * c
  }

  /// The best site for one more knot beside the ones in `knots` (increasing sites), within interval number `only` of
  /// theirs if given, and about what the fit then costs; nil when every site has one.
  ///
  /// - Complexity: O(D).
  func bestInsertion(into knots: [Int], only: Int? = nil) -> (site: Int, cost: Double)? {
    var left: [Side] = []
    for (number, knot) in knots.enumerated() {
      left.append(leftOf(knot, number == 0 ? nil : knots[number - 1], left.last))
    }
    var right: [Side] = []
    for number in knots.indices.reversed() {
      let outermost = number == knots.count - 1
      right.append(rightOf(knots[number], outermost ? nil : knots[number + 1], right.last))
    }
    right.reverse()
    var best: (site: Int, cost: Double)?
    for interval in only.map({ $0...$0 }) ?? 0...knots.count {
      let leftKnot = interval > 0 ? knots[interval - 1] : nil
      let rightKnot = interval < knots.count ? knots[interval] : nil
      let start = (leftKnot ?? 0) + 1
      let end = rightKnot ?? sites.count - 1
      guard start < end else { continue }
      let leftSide = interval > 0 ? left[interval - 1] : nil
      let rightSide = interval < knots.count ? right[interval] : nil
      for site in start..<end {
        let cost = joined(leftOf(site, leftKnot, leftSide), rightOf(site, rightKnot, rightSide), at: site)
        if cost < best?.cost ?? .infinity { best = (site, cost) }
      }
    }
    return best
  }

  /// Moves knots one at a time, first between their neighbours, then anywhere, while that lowers the cost.
  func descend(from start: [Int], shouldStop: () -> Bool = { false }) -> (knots: [Int], cost: Double) {
    var knots = start
    var cost = Double.infinity
    var anywhere = false
    while true {
      var improved = false
      for number in knots.indices {
        if shouldStop() { return (knots, cost) }
        var others = knots
        others.remove(at: number)
        guard let found = bestInsertion(into: others, only: anywhere ? nil : number) else { continue }
        guard found.cost * (1 + 1e-12) < cost, found.site != knots[number] || cost == .infinity else { continue }
        cost = found.cost
        if found.site != knots[number] {
          knots = (others + [found.site]).sorted()
          improved = true
          if anywhere { break }
        }
      }
      if anywhere && improved {
        anywhere = false
      } else if !improved {
        if anywhere { return (knots, cost) }
        anywhere = true
      }
    }
  }

  /// Good knots on sites for each number 0 … `maximum`: descents from one knot more, from one knot fewer, and from
  /// `starts`, which proposes increasing sites for a number of knots.
  func path(maximum: Int, starts: (Int) -> [Int], shouldStop: () -> Bool = { false }) -> [[Int]] {
    let inner = max(0, sites.count - 2)
    var path: [(knots: [Int], cost: Double)] = [([], .infinity)]
    for number in 1...max(1, maximum) where number <= maximum {
      let last = path[number - 1]
      guard number <= inner, let added = bestInsertion(into: last.knots) else {
        path.append(last)
        continue
      }
      var best = descend(from: (last.knots + [added.site]).sorted(), shouldStop: shouldStop)
      let proposed = starts(number).filter { $0 > 0 && $0 < sites.count - 1 }
      if proposed.count == number {
        let found = descend(from: proposed, shouldStop: shouldStop)
        if found.cost < best.cost { best = found }
      }
      path.append(best)
    }
    for number in stride(from: maximum - 1, through: 1, by: -1) where path[number + 1].knots.count == number + 1 {
      for removed in 0...number {
        var knots = path[number + 1].knots
        knots.remove(at: removed)
        let found = descend(from: knots, shouldStop: shouldStop)
        if found.cost < path[number].cost { path[number] = found }
      }
    }
    return path.map(\.knots)
  }
}
