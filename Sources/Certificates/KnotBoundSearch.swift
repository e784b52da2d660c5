import Exact

/// The search for a function with few knots and a small loss: a dynamic programme over joins, from left to right.
///
/// Cut `i` lies after the first i points, inside the gap (x_i, x_{i+1}). See ``KnotBoundCheck`` for the theorem and for
/// the argument that nothing is lost. What is stored, by number of knots k and cut:
/// - `joints`: a knot on the last point x_i; the loss so far as a function of the value there;
/// - `crossings`: a knot strictly inside the gap; the loss so far and the line on its left;
/// - `closed`: the least loss of the points so far, on their own.
struct KnotSearch {
  /// Below which loss a label with k knots at a cut can still be part of a counterexample.
  struct Limits {
    /// By cut × (depth + 1) + knots: for labels that end in a knot, and for functions that end at the cut.
    var open: [Double]
    var closed: [Double]
  }

  /// Losses that differ by less than this part of the limit may be those of twins.
  private static let mergingTolerance = 0x1p-40

  let samples: KnotSamples
  /// The largest number of knots.
  let depth: Int
  let limits: Limits
  /// The largest limit of each layer, at any cut.
  let largestLimit: [Double]
  private var joints: [[KnotPiece]]
  private var crossings: [[KnotCrossing]]
  private var closedLower: [Double]
  private var closedUpper: [Double]
  private(set) var labelsLeft: Int
  private var parts: [(piece: KnotPiece, next: Int)] = []

  init(_ samples: KnotSamples, depth: Int, limits: Limits, labelLimit: Int) {
    self.samples = samples
    self.depth = depth
    self.limits = limits
    labelsLeft = labelLimit
    let width = depth + 1
    let size = (samples.count + 1) * width
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

  /// Bounds of the least loss of the points before `cut`, on their own, with exactly this number of knots: a lower bound
  /// unless the least loss is above the limit for closed labels, and the loss of a function that exists.
  func closedLoss(at cut: Int, knots: Int) -> (lower: Double, upper: Double) {
    (closedLower[cut * (depth + 1) + knots], closedUpper[cut * (depth + 1) + knots])
  }

  /// Runs the search; false when it was stopped by the label limit.
  mutating func run() -> Bool {
    for cut in 0..<samples.count {
      var sources = takeSources(at: cut)
      if cut == 0 || !sources.isEmpty { extend(&sources, from: cut) }
      guard labelsLeft > 0 else { return false }
    }
    return true
  }

  func index(_ cut: Int, _ knots: Int) -> Int { cut * (depth + 1) + knots }

  /// Takes the labels at a cut out of the store: they are complete, and needed only now.
  private mutating func takeSources(at cut: Int) -> KnotSources {
    var sources = KnotSources()
    for knots in 0...depth {
      let here = index(cut, knots)
      let tolerance = KnotSearch.mergingTolerance * limits.open[here]
      var distinct: [KnotCrossing] = []
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
      sources.probes.append(sorted.map(KnotProbe.init))
      crossings[here] = []
      joints[here] = []
    }
    return sources
  }
}

// Storing labels.
extension KnotSearch {
  /// Adds the loss of a segment. Losses are not negative, whatever their lower bounds say.
  func sum(_ lower: Double, _ upper: Double, _ residual: Interval) -> (lower: Double, upper: Double) {
    (max(0, (lower + residual.lower).nextDown), (upper + residual.upper).nextUp)
  }

  /// Whether a label with this loss can be part of a counterexample.
  func isOpen(_ loss: (lower: Double, upper: Double), at end: Int, knots: Int) -> Bool {
    knots <= depth && !(loss.lower >= limits.open[index(end, knots)])
  }

  /// Records the loss of a function that ends at a cut.
  mutating func close(_ loss: (lower: Double, upper: Double), at end: Int, knots: Int) {
    let here = index(end, knots)
    closedLower[here] = min(closedLower[here], loss.lower)
    closedUpper[here] = min(closedUpper[here], loss.upper)
  }

  mutating func addCrossing(
    _ loss: (lower: Double, upper: Double), _ segment: KnotSegment, _ stretch: KnotStretch, knots: Int
  ) {
    // A line through fewer than two points beyond the gap turns freely until its knot reaches a point.
    guard let after = stretch.after, stretch.end <= samples.count - 2 else { return }
    let label = KnotCrossing(
      lower: loss.lower, upper: loss.upper,
      left: stretch.height(segment, at: stretch.last), right: stretch.height(segment, at: after))
    crossings[index(stretch.end, knots)].append(label)
    labelsLeft -= 1
  }

  /// Adds a knot on the last point of a stretch, for s in `range`.
  mutating func addJoint(
    _ loss: (lower: Double, upper: Double), _ target: KnotTarget, _ range: KnotRangeBounds, at end: Int, knots: Int
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
    for arrival in arrivals where !merge(arrival, at: here) {
      joints[here].append(arrival)
      labelsLeft -= 1
    }
  }

  /// Lets a stored piece stand for this one, too, if they may be twins.
  private mutating func merge(_ piece: KnotPiece, at here: Int) -> Bool {
    let tolerance = KnotSearch.mergingTolerance * limits.open[here]
    for index in joints[here].indices {
      if let merged = joints[here][index].merged(with: piece, tolerance: tolerance) {
        joints[here][index] = merged
        return true
      }
    }
    return false
  }
}
