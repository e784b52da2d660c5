import Exact

/// The search for a function with few knots and a small loss: a dynamic programme over joins, from left to right.
///
/// Cut `i` lies after the first i points, inside the gap (x_i, x_{i+1}). See ``KnotBoundCheck`` for the theorem and for
/// the argument that nothing is lost. What is stored, by number of knots k and cut:
/// - `joints`: a knot on the last point x_i; the loss so far as a function of the value there;
/// - `crossings`: a knot strictly inside the gap; the loss so far and the line on its left;
/// - `closed`: the least loss of the points so far when the function may jump in the gap.
struct KnotSearch {
  /// A knot strictly inside a gap, with the line that reaches it.
  struct Crossing {
    var lower: Double
    var upper: Double
    /// The line at the points before and after the gap, relative to their ordinates.
    var left: Interval
    var right: Interval

    /// One label that stands for both, when they may be the same; see ``KnotPiece/merged(with:tolerance:)``.
    func merged(with other: Crossing, tolerance: Double) -> Crossing? {
      guard abs(lower - other.lower) <= tolerance, left.overlaps(other.left), right.overlaps(other.right) else {
        return nil
      }
      return Crossing(
        lower: min(lower, other.lower), upper: min(upper, other.upper),
        left: left.hull(other.left), right: right.hull(other.right))
    }
  }

  /// Below which loss a label with k knots at a cut can still be part of a counterexample.
  struct Limits {
    /// By cut × (depth + 1) + knots: for labels whose function goes on with a knot, and for those that end there.
    var open: [Double]
    var closed: [Double]
  }

  /// Losses that differ by less than this part of the limit may be those of twins.
  private static let mergingTolerance = 0x1p-40

  let samples: KnotSamples
  /// The largest number of knots.
  let depth: Int
  private let limits: Limits
  /// The largest limit of each layer, at any cut.
  private let largestLimit: [Double]
  private var joints: [[KnotPiece]]
  private var crossings: [[Crossing]]
  private var closedLower: [Double]
  private var closedUpper: [Double]
  private(set) var labelsLeft: Int
  private var parts: [(piece: KnotPiece, next: Int)] = []

  init(_ samples: KnotSamples, depth: Int, limits: Limits, labelLimit: Int) {
    self.samples = samples
    self.depth = depth
    self.limits = limits
    labelsLeft = labelLimit
    let width = depth + 1, size = (samples.count + 1) * width
    var largest = [Double](repeating: -.infinity, count: width)
    for index in 0..<size {
      let layer = index % width
      largest[layer] = max(largest[layer], limits.closed[index])
      if layer > 0 { largest[layer - 1] = max(largest[layer - 1], limits.open[index]) }
    }
    largestLimit = largest
    joints = Array(repeating: [], count: size)
    crossings = Array(repeating: [], count: size)
    closedLower = Array(repeating: .infinity, count: size)
    closedUpper = Array(repeating: .infinity, count: size)
  }

  /// A lower bound of the loss of the points before `cut` with exactly these joins, or a number that is not below the
  /// limit; and the loss of a function that surely exists.
  func closedLoss(at cut: Int, knots: Int) -> (lower: Double, upper: Double) {
    (closedLower[cut * (depth + 1) + knots], closedUpper[cut * (depth + 1) + knots])
  }

  /// Runs the search; false when it was stopped by the label limit.
  mutating func run() -> Bool {
    for cut in 0..<samples.count {
      var sources = takeSources(at: cut)
      if !sources.isEmpty { extend(&sources, from: cut) }
      guard labelsLeft > 0 else { return false }
    }
    return true
  }

  private func index(_ cut: Int, _ knots: Int) -> Int { cut * (depth + 1) + knots }
}

extension KnotSearch {
  /// The labels at one cut, by number of knots, while segments that begin there grow.
  private struct Sources {
    /// The loss before a function that begins anew; infinite when there is none.
    var starts: [(lower: Double, upper: Double)] = []
    /// Cheapest first.
    var crossings: [[Crossing]] = []
    var joints: [[KnotPiece]] = []
    /// What the first look at a joint needs, apart: most go no further.
    var probes: [[Probe]] = []

    var isEmpty: Bool {
      starts.allSatisfy { $0.lower == .infinity } && crossings.allSatisfy(\.isEmpty) && joints.allSatisfy(\.isEmpty)
    }

    /// Drops what costs more than any limit together with a segment that only grows. False when nothing is left.
    mutating func retire(residual: Double, limits: [Double]) -> Bool {
      for knots in limits.indices {
        // A rounded sum above a Double is a real sum above it.
        let limit = limits[knots]
        if starts[knots].lower + residual > limit { starts[knots].lower = .infinity }
        while let last = crossings[knots].last, last.lower + residual > limit { crossings[knots].removeLast() }
        while let last = probes[knots].last, last.lower + residual > limit {
          probes[knots].removeLast()
          joints[knots].removeLast()
        }
      }
      return !isEmpty
    }
  }

  private struct Probe {
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

  /// Takes the labels at a cut out of the store: they are complete, and needed only now.
  private mutating func takeSources(at cut: Int) -> Sources {
    var sources = Sources()
    for knots in 0...depth {
      let here = index(cut, knots)
      var start = cut == 0 && knots == 0 ? (lower: 0, upper: 0) : (lower: Double.infinity, upper: Double.infinity)
      if cut > 0, knots >= 2 { start = closedLoss(at: cut, knots: knots - 2) }
      if start.lower >= limits.open[here] { start.lower = .infinity }
      sources.starts.append(start)
      let tolerance = KnotSearch.mergingTolerance * limits.open[here]
      var distinct: [Crossing] = []
      for label in crossings[here].sorted(by: { $0.lower < $1.lower }) {
        if let merged = distinct.last?.merged(with: label, tolerance: tolerance) {
          distinct[distinct.count - 1] = merged
        } else {
          distinct.append(label)
        }
      }
      sources.crossings.append(distinct)
      let sorted = joints[here].sorted { $0.lower < $1.lower }
      sources.joints.append(sorted)
      sources.probes.append(sorted.map(Probe.init))
      crossings[here] = []
      joints[here] = []
    }
    return sources
  }

  /// The points between two cuts, with the points on both sides.
  private struct Stretch {
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

  private mutating func extend(_ sources: inout Sources, from cut: Int) {
    let frame = samples.frame(at: cut)
    let before = cut > 0 ? frame.point(cut - 1) : nil
    let first = frame.point(cut)
    var segment = KnotSegment()
    var last = first
    for end in cut + 1...samples.count {
      segment.add(last)
      let after = end < samples.count ? frame.point(end) : nil
      guard sources.retire(residual: max(0, segment.residual.lower), limits: largestLimit) else { return }
      let stretch = Stretch(segment: segment, before: before, first: first, last: last, after: after, end: end)
      extendStarts(sources, stretch)
      extendCrossings(sources, stretch)
      extendJoints(sources, stretch)
      guard let after, labelsLeft > 0 else { return }
      last = after
    }
  }

  private mutating func extendStarts(_ sources: borrowing Sources, _ stretch: Stretch) {
    for knots in 0...depth where sources.starts[knots].lower < .infinity {
      let start = sources.starts[knots]
      let loss = sum(start.lower, start.upper, stretch.segment.residual)
      close(loss, at: stretch.end, knots: knots)
      guard stretch.segment.count > 1, isOpen(loss, at: stretch.end, knots: knots + 1) else { continue }
      addCrossing(loss, stretch.segment, stretch, knots: knots + 1)
      guard stretch.after != nil else { continue }
      var target = JointTarget(stretch.segment, stretch.last)
      target.limit(loss.lower, limits.open[index(stretch.end, knots + 1)])
      let all = KnotRange(low: -target.radius, high: target.radius)
      addJoint(loss, target, KnotRangeBounds(outer: all, inner: all), at: stretch.end, knots: knots + 1)
    }
  }

  /// The line of the stretch must cross a line on the left in the gap before it: their difference changes sign there.
  private mutating func extendCrossings(_ sources: borrowing Sources, _ stretch: Stretch) {
    guard let before = stretch.before, stretch.segment.count > 1 else { return }
    let segment = stretch.segment
    for knots in 0...depth where !sources.crossings[knots].isEmpty {
      let left = stretch.height(segment, at: before), right = stretch.height(segment, at: stretch.first)
      // What follows depends on the new line alone: the cheapest line that it crosses stands for all.
      var cheapest = (lower: Double.infinity, upper: Double.infinity)
      for label in sources.crossings[knots] {
        let leftRise = left - label.left, rightRise = right - label.right
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
      guard knots < depth, stretch.after != nil else { continue }
      // Every label gives the same parabola, on other ranges: what cheaper labels surely cover needs no other.
      var target = JointTarget(segment, stretch.last)
      let leftRate = segment.covariance(before.x, stretch.last.x) * target.curvature
      let rightRate = segment.covariance(stretch.first.x, stretch.last.x) * target.curvature
      var covered = KnotRange.none, coveredUpper = -Double.infinity
      for label in sources.crossings[knots] {
        let loss = sum(label.lower, label.upper, segment.residual)
        guard isOpen(loss, at: stretch.end, knots: knots + 1) else { break }
        target.limit(loss.lower, limits.open[index(stretch.end, knots + 1)])
        let leftRise = left - label.left, rightRise = right - label.right
        for rising in [false, true] {
          let range =
            rising
            ? KnotRangeBounds.halfLine(base: leftRise, rate: leftRate, radius: target.radius)
              .intersection(.halfLine(base: -rightRise, rate: -rightRate, radius: target.radius))
            : KnotRangeBounds.halfLine(base: -leftRise, rate: -leftRate, radius: target.radius)
              .intersection(.halfLine(base: rightRise, rate: rightRate, radius: target.radius))
          if range.outer.isEmpty { continue }
          if loss.lower > coveredUpper, covered.low <= range.outer.low, range.outer.high <= covered.high { continue }
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
        if loss.lower > coveredUpper, covered.low <= -target.radius, target.radius <= covered.high { break }
      }
    }
  }

  /// The line of the stretch passes through the value φ at the point before it, which is chosen best for both sides.
  private mutating func extendJoints(_ sources: borrowing Sources, _ stretch: Stretch) {
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
        let best =
          (piece.curvature.lower * piece.center.lower + pull.lower * height.lower) / (piece.curvature.lower + pull.lower)
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

  private mutating func extend(_ piece: KnotPiece, knots: Int, over stretch: Stretch, from before: KnotPoint) {
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
    var target = JointTarget(segment, stretch.last)
    target.limit(loss.lower, limits.open[index(stretch.end, knots + 1)])
    let rate = segment.covariance(before.x, stretch.last.x) * target.curvature
    func within(_ range: KnotRange) -> KnotRangeBounds {
      guard !range.isEmpty else { return KnotRangeBounds(outer: .none, inner: .none) }
      return KnotRangeBounds.halfLine(base: value - Interval(range.low), rate: rate, radius: target.radius)
        .intersection(.halfLine(base: Interval(range.high) - value, rate: -rate, radius: target.radius))
    }
    let outer = within(piece.range.outer).outer
    guard !outer.isEmpty else { return }
    let range = KnotRangeBounds(outer: outer, inner: within(piece.range.inner).inner)
    addJoint(loss, target, range, at: stretch.end, knots: knots + 1)
  }
}

/// The loss of a segment as a function of its value ψ at its last point: loss + a s², with s = ψ − the best value.
private struct JointTarget {
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

// Storing labels.
extension KnotSearch {
  private func sum(_ lower: Double, _ upper: Double, _ residual: Interval) -> (lower: Double, upper: Double) {
    (max(0, (lower + residual.lower).nextDown), (upper + residual.upper).nextUp)
  }

  private func isOpen(_ loss: (lower: Double, upper: Double), at end: Int, knots: Int) -> Bool {
    knots <= depth && !(loss.lower >= limits.open[index(end, knots)])
  }

  private mutating func close(_ loss: (lower: Double, upper: Double), at end: Int, knots: Int) {
    let here = index(end, knots)
    closedLower[here] = min(closedLower[here], loss.lower)
    closedUpper[here] = min(closedUpper[here], loss.upper)
  }

  private mutating func addCrossing(
    _ loss: (lower: Double, upper: Double), _ segment: KnotSegment, _ stretch: Stretch, knots: Int
  ) {
    // A line through fewer than two points beyond the gap turns freely until its knot reaches a point.
    guard let after = stretch.after, stretch.end <= samples.count - 2 else { return }
    let label = Crossing(
      lower: loss.lower, upper: loss.upper,
      left: stretch.height(segment, at: stretch.last), right: stretch.height(segment, at: after))
    crossings[index(stretch.end, knots)].append(label)
    labelsLeft -= 1
  }

  /// Adds a knot on the last point of a stretch, for s in `range`.
  private mutating func addJoint(
    _ loss: (lower: Double, upper: Double), _ target: JointTarget, _ range: KnotRangeBounds, at end: Int, knots: Int
  ) {
    let center = target.center
    let outer = KnotRange(
      low: (center.lower + range.outer.low).nextDown, high: (center.upper + range.outer.high).nextUp)
    let inner = KnotRange(
      low: (center.upper + range.inner.low).nextUp, high: (center.lower + range.inner.high).nextDown)
    let piece = KnotPiece(
      lower: loss.lower, upper: loss.upper, curvature: target.curvature, center: center,
      range: KnotRangeBounds(outer: outer, inner: loss.upper < .infinity ? inner : .none))
    insert(piece, at: index(end, knots))
  }

  /// Adds a piece to a lower envelope: wherever one of two pieces is surely above the other, it goes.
  private mutating func insert(_ piece: KnotPiece, at here: Int) {
    parts.removeAll(keepingCapacity: true)
    parts.append((piece, 0))
    var arrivals: [KnotPiece] = []
    while var (part, next) = parts.popLast() {
      while next < joints[here].count, !part.range.outer.isEmpty {
        if let range = joints[here][next].supersededRange(of: part) {
          let (left, right) = part.without(range)
          part = left
          if !right.range.outer.isEmpty { parts.append((right, next + 1)) }
        }
        next += 1
      }
      if !part.range.outer.isEmpty { arrivals.append(part) }
    }
    for arrival in arrivals {
      var index = 0
      while index < joints[here].count {
        if let range = arrival.supersededRange(of: joints[here][index]) {
          let (left, right) = joints[here][index].without(range)
          switch (left.range.outer.isEmpty, right.range.outer.isEmpty) {
          case (true, true):
            joints[here].swapAt(index, joints[here].count - 1)
            joints[here].removeLast()
            continue
          case (false, true): joints[here][index] = left
          case (true, false): joints[here][index] = right
          case (false, false):
            joints[here][index] = left
            joints[here].append(right)
          }
        }
        index += 1
      }
    }
    let tolerance = KnotSearch.mergingTolerance * limits.open[here]
    nextArrival: for arrival in arrivals {
      for index in joints[here].indices {
        if let merged = joints[here][index].merged(with: arrival, tolerance: tolerance) {
          joints[here][index] = merged
          continue nextArrival
        }
      }
      joints[here].append(arrival)
      labelsLeft -= 1
    }
  }
}
