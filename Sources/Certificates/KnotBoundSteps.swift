import Exact

// From the labels at one cut to the labels at later cuts, over one segment.
extension KnotSearch {
  /// Lets segments of all lengths grow from a cut.
  mutating func extend(_ sources: inout KnotSources, from cut: Int) {
    let frame = samples.frame(at: cut)
    let before = cut > 0 ? frame.point(cut - 1) : nil
    let first = frame.point(cut)
    var segment = KnotSegment()
    var last = first
    for end in cut + 1...samples.count {
      segment.add(last)
      let after = end < samples.count ? frame.point(end) : nil
      let stretch = KnotStretch(segment: segment, before: before, first: first, last: last, after: after, end: end)
      if cut == 0 {
        begin(stretch)
      } else {
        sources.retire(residual: max(0, segment.residual.lower), limits: largestLimit)
        if sources.isEmpty { return }
        extendCrossings(sources, stretch)
        extendJoints(sources, stretch)
      }
      guard let after, labelsLeft > 0 else { return }
      last = after
    }
  }

  /// The first line of the function.
  private mutating func begin(_ stretch: KnotStretch) {
    let loss = sum(0, 0, stretch.segment.residual)
    close(loss, at: stretch.end, knots: 0)
    guard stretch.segment.count > 1, isOpen(loss, at: stretch.end, knots: 1) else { return }
    addCrossing(loss, stretch.segment, stretch, knots: 1)
    guard stretch.after != nil else { return }
    var target = KnotTarget(stretch.segment, stretch.last)
    target.limit(loss.lower, limits.open[index(stretch.end, 1)])
    let all = KnotRange(low: -target.radius, high: target.radius)
    addJoint(loss, target, KnotRangeBounds(outer: all, inner: all), at: stretch.end, knots: 1)
  }

  /// The line of the stretch must cross a line on the left in the gap before it: their difference changes sign there.
  private mutating func extendCrossings(_ sources: borrowing KnotSources, _ stretch: KnotStretch) {
    guard let before = stretch.before, stretch.segment.count > 1 else { return }
    let segment = stretch.segment
    let left = stretch.height(segment, at: before)
    let right = stretch.height(segment, at: stretch.first)
    for knots in 0...depth where !sources.crossings[knots].isEmpty {
      // What follows depends on the new line alone: the cheapest line that it crosses stands for all.
      var cheapest = (lower: Double.infinity, upper: Double.infinity)
      for label in sources.crossings[knots] {
        let leftRise = left - label.left
        let rightRise = right - label.right
        if leftRise.lower > 0 && rightRise.lower > 0 || leftRise.upper < 0 && rightRise.upper < 0 { continue }
        cheapest.lower = min(cheapest.lower, label.lower)
        if leftRise.lower >= 0 && rightRise.upper <= 0 || leftRise.upper <= 0 && rightRise.lower >= 0 {
          cheapest.upper = label.upper
          break
        }
      }
      if cheapest.lower < .infinity {
        let loss = sum(cheapest.lower, cheapest.upper, segment.residual)
        close(loss, at: stretch.end, knots: knots)
        if isOpen(loss, at: stretch.end, knots: knots + 1) {
          addCrossing(loss, segment, stretch, knots: knots + 1)
        }
      }
      join(sources.crossings[knots], stretch, left: left, right: right, knots: knots)
    }
  }

  /// Crossings that end in a knot on the last point: the line through the value ψ there moves with ψ, and so does its
  /// crossing with each line on the left.
  ///
  /// All labels give the same parabola, on other ranges: where cheaper labels surely cover a range, it needs no other.
  private mutating func join(
    _ labels: [KnotCrossing], _ stretch: KnotStretch, left: Interval, right: Interval, knots: Int
  ) {
    guard knots < depth, stretch.after != nil, let before = stretch.before else { return }
    let segment = stretch.segment
    var target = KnotTarget(segment, stretch.last)
    let leftRate = segment.covariance(before.x, stretch.last.x) * target.curvature
    let rightRate = segment.covariance(stretch.first.x, stretch.last.x) * target.curvature
    var covered = KnotRange.none
    var coveredUpper = -Double.infinity
    for label in labels {
      let loss = sum(label.lower, label.upper, segment.residual)
      guard isOpen(loss, at: stretch.end, knots: knots + 1) else { break }
      target.limit(loss.lower, limits.open[index(stretch.end, knots + 1)])
      if loss.lower > coveredUpper, covered.contains(KnotRange(low: -target.radius, high: target.radius)) { break }
      let leftRise = left - label.left
      let rightRise = right - label.right
      for isRising in [false, true] {
        let range =
          isRising
          ? KnotRangeBounds.signChange(leftRise, leftRate, rightRise, rightRate, radius: target.radius)
          : KnotRangeBounds.signChange(-leftRise, -leftRate, -rightRise, -rightRate, radius: target.radius)
        if range.outer.isEmpty || loss.lower > coveredUpper && covered.contains(range.outer) { continue }
        addJoint(loss, target, range, at: stretch.end, knots: knots + 1)
        if range.inner.isEmpty || loss.upper == .infinity { continue }
        if covered.touches(range.inner) {
          covered = covered.hull(range.inner)
          coveredUpper = max(coveredUpper, loss.upper)
        } else if covered.length < range.inner.length {
          covered = range.inner
          coveredUpper = loss.upper
        }
      }
    }
  }

  /// The line of the stretch passes through the value φ at the point before it, which is chosen best for both sides.
  private mutating func extendJoints(_ sources: borrowing KnotSources, _ stretch: KnotStretch) {
    guard let before = stretch.before else { return }
    let residual = max(0, stretch.segment.residual.lower)
    // The points alone want the value `height` at x, with force `pull`; a single point leaves the slope free.
    let isLine = stretch.segment.count > 1
    let height = isLine ? stretch.height(stretch.segment, at: before) : .zero
    let softness = isLine ? stretch.segment.covariance(before.x, before.x) : .zero
    let pull = isLine ? Interval(1) / softness : .zero
    for knots in 0...depth where !sources.joints[knots].isEmpty {
      let openLimit = knots < depth ? limits.open[index(stretch.end, knots + 1)] : -.infinity
      let limit = max(openLimit, limits.closed[index(stretch.end, knots)])
      for (position, probe) in sources.probes[knots].enumerated() {
        // The loss is at least c + r + e²/(1/a + h). Eight roundings of numbers that are not negative, and 2^−49.
        let base = probe.lower + residual
        if base * (1 - 0x1p-49) > limit { break }
        let miss = max(probe.center.lower - height.upper, height.lower - probe.center.upper)
        let extra = isLine && miss > 1e-140 ? miss * miss / (probe.softness + softness.upper) : 0
        if (base + extra) * (1 - 0x1p-49) > limit { continue }
        let piece = sources.joints[knots][position]
        // When the best φ lies outside the range of the piece, the loss is least at the nearer end.
        let force = piece.curvature.lower
        let best = (force * piece.center.lower + pull.lower * height.lower) / (force + pull.lower)
        let isInside = piece.range.outer.low <= best && best <= piece.range.outer.high
        if !isInside {
          let end = Interval(best < piece.range.outer.low ? piece.range.outer.low : piece.range.outer.high)
          let rate = piece.curvature * (end - piece.center) + pull * (end - height)
          if best < piece.range.outer.low ? rate.lower > 0 : rate.upper < 0 {
            let rise = piece.rise(at: end) + pull * (end - height).squared
            if (Interval(piece.lower) + Interval(residual) + rise).lower > openLimit { continue }
          }
        }
        extend(piece, knots: knots, over: stretch, from: before)
      }
    }
  }

  private mutating func extend(_ piece: KnotPiece, knots: Int, over stretch: KnotStretch, from before: KnotPoint) {
    var segment = stretch.segment
    segment.add(KnotPoint(x: before.x, y: piece.center + before.y, weight: piece.curvature))
    let loss = sum(piece.lower, piece.upper, segment.residual)
    let value = stretch.height(segment, at: before)
    if !piece.range.outer.surelyMisses(value) {
      let exists = piece.range.inner.surelyContains(value)
      let loss = (lower: loss.lower, upper: exists ? loss.upper : .infinity)
      close(loss, at: stretch.end, knots: knots)
      if isOpen(loss, at: stretch.end, knots: knots + 1) {
        addCrossing(loss, segment, stretch, knots: knots + 1)
      }
    }
    guard stretch.after != nil, isOpen(loss, at: stretch.end, knots: knots + 1) else { return }
    var target = KnotTarget(segment, stretch.last)
    target.limit(loss.lower, limits.open[index(stretch.end, knots + 1)])
    let rate = segment.covariance(before.x, stretch.last.x) * target.curvature
    func within(_ range: KnotRange) -> KnotRangeBounds {
      guard !range.isEmpty else { return .none }
      return KnotRangeBounds.halfLine(base: value - Interval(range.low), rate: rate, radius: target.radius)
        .intersection(.halfLine(base: Interval(range.high) - value, rate: -rate, radius: target.radius))
    }
    let outer = within(piece.range.outer).outer
    guard !outer.isEmpty else { return }
    let range = KnotRangeBounds(outer: outer, inner: within(piece.range.inner).inner)
    addJoint(loss, target, range, at: stretch.end, knots: knots + 1)
  }
}
