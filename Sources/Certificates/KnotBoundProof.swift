import Exact

/// Runs the search for a whole path of claims, with help from the mirrored samples when they are hard.
struct KnotProof {
  let samples: KnotSamples
  /// What is claimed for each number of knots, in the units of the samples, rounded up; −∞ where nothing is.
  let bounds: [Double]
  let labelLimit: Int
  /// How many labels to spend before asking for help.
  let easyLimit: Int

  init(samples: KnotSamples, bounds: [Double], labelLimit: Int, easyLimit: Int? = nil) {
    self.samples = samples
    self.bounds = bounds
    self.labelLimit = labelLimit
    // About as many labels as the bounds of the suffix cost.
    self.easyLimit = easyLimit ?? samples.count * samples.count / 100 + 5000
  }

  /// Bounds of the least loss for each number of knots, valid as far as they are below the claim; nil when the search
  /// was stopped by the label limit.
  ///
  /// Most claims fall at once. For the others a pilot search from the right, with one knot, first finds what a
  /// continuous function must add; that sharpens every bound of the suffix and pays for itself many times.
  func run() -> [(lower: Double, upper: Double)]? {
    let depth = bounds.count - 1
    let cap = bounds.max() ?? 0
    let firstLimit = min(easyLimit, labelLimit)
    if let answer = search(KnotSuffixBounds(samples, depth: depth, cap: cap), labelLimit: firstLimit) {
      return answer
    }
    guard easyLimit < labelLimit else { return nil }
    let known = depth >= 2 ? pilot(cap: cap) : []
    return search(KnotSuffixBounds(samples, depth: depth, cap: cap, known: known), labelLimit: labelLimit)
  }

  private func search(_ suffix: KnotSuffixBounds, labelLimit: Int) -> [(lower: Double, upper: Double)]? {
    let depth = bounds.count - 1
    let count = samples.count
    let limits = KnotSearch.Limits(
      open: table(layers: depth) { cut, knots in limit(suffix, cut, knots, 0...depth) },
      // Functions that end before the last point are no counterexamples.
      closed: table(layers: depth) { cut, knots in
        cut == count ? limit(suffix, cut, knots, 0...depth) : -.infinity
      })
    var search = KnotSearch(samples, depth: depth, limits: limits, labelLimit: labelLimit)
    guard search.run() else { return nil }
    var best = (lower: Double.infinity, upper: Double.infinity)
    return (0...depth).map { knots in
      let loss = search.closedLoss(at: count, knots: knots)
      best = (min(best.lower, loss.lower), min(best.upper, loss.upper))
      return best
    }
  }

  /// Lower bounds, by cut, of the loss of continuous functions with at most 0 and 1 knots on the points after it.
  ///
  /// Seen from the right, these are the functions that end at a cut in a search with one knot. Such a function, and each
  /// of its labels, matters only if together with the points on the other side, where a function of its own begins, it
  /// keeps below a claim; where all of them were dropped, the loss is at least the limit. Only claims of two knots or more are asked: for these the
  /// limits are sharp, and a bound that one claim yields holds for every other.
  private func pilot(cap: Double) -> [[Double]] {
    let depth = bounds.count - 1
    let count = samples.count
    let mirrored = samples.mirrored()
    let suffix = KnotSuffixBounds(mirrored, depth: depth + 1, cap: cap)
    let closed = table(layers: 1) { cut, knots in limit(suffix, cut, knots, 2...depth) }
    let open = table(layers: 1) { cut, knots in limit(suffix, cut, knots, 2...depth, breaks: 1) }
    var search = KnotSearch(mirrored, depth: 1, limits: .init(open: open, closed: closed), labelLimit: .max)
    guard search.run() else { return [] }
    return (0...count).map { cut in
      var best = Double.infinity
      return (0...1).map { knots in
        best = min(best, search.closedLoss(at: count - cut, knots: knots).lower)
        // The limit is rounded up twice.
        return min(best, closed[(count - cut) * 2 + knots].nextDown.nextDown)
      }
    }
  }

  private func table(layers: Int, _ entry: (_ cut: Int, _ knots: Int) -> Double) -> [Double] {
    (0...samples.count).flatMap { cut in (0...layers).map { entry(cut, $0) } }
  }

  /// Below which loss a label with these knots can be part of a counterexample to one of the claims, rounded up.
  private func limit(
    _ suffix: KnotSuffixBounds, _ cut: Int, _ knots: Int, _ claims: ClosedRange<Int>, breaks: Int = 0
  ) -> Double {
    var limit = -Double.infinity
    for total in max(knots, claims.lowerBound)..<max(knots, claims.lowerBound, claims.upperBound + 1) {
      limit = max(limit, (bounds[total] - suffix.value(after: cut, knots: total - knots + breaks)).nextUp)
    }
    return limit
  }
}
