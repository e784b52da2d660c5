import Exact

/// Lower bounds of the loss that the points after a cut must add, whatever comes before it.
///
/// Cut `i` lies after the first i points. Write r(i+1…l) for the residual of the least-squares line through points i+1
/// to l. The first knot of a function after cut i lies on point l or in the gap after it, for some l, so
///
///     V[m][i] = min over l > i of r(i+1…l) + V[m−1][l]
///
/// bounds the loss of every function with at most m knots there. Without further knowledge V[m] is the optimum of m + 1
/// segments that need not join, and then V[m+1] also bounds functions with m knots that may break once. Where a search
/// has found better bounds, they take the place of V.
struct KnotSuffixBounds {
  let depth: Int
  private var values: [Double]

  /// - Parameters:
  ///   - depth: bounds for 0…depth knots.
  ///   - cap: bounds need not exceed this number: the search then drops everything anyway.
  ///   - known: lower bounds that already hold, by cut and number of knots; rows may be short or missing.
  /// - Complexity: O(n²·depth) additions, O(n·depth) memory.
  init(_ samples: KnotSamples, depth: Int, cap: Double, known: [[Double]] = []) {
    self.depth = depth
    let count = samples.count
    let width = depth + 1
    values = [Double](repeating: 0, count: (count + 1) * width)
    var row = [Double](repeating: 0, count: width)
    for cut in stride(from: count - 1, through: 0, by: -1) {
      let frame = samples.frame(at: cut)
      var segment = KnotSegment()
      for knots in 0..<width { row[knots] = cap }
      for end in cut + 1...count {
        segment.add(frame.point(end - 1))
        let residual = segment.residual.lower
        guard residual < cap else { break }
        if end == count { row[0] = min(row[0], residual) }
        let next = end * width
        for knots in 1..<max(width, 1) { row[knots] = min(row[knots], residual + values[next + knots - 1]) }
      }
      for knots in 0..<width {
        // Rounding is monotone, so one step down after the minimum is enough.
        let bound = max(row[knots].nextDown, 0)
        let isKnown = cut < known.count && knots < known[cut].count
        values[cut * width + knots] = isKnown ? max(bound, known[cut][knots]) : bound
      }
    }
  }

  /// A lower bound of the loss on the points after `cut` of a function with at most `knots` knots there.
  @inline(__always)
  func value(after cut: Int, knots: Int) -> Double { values[cut * (depth + 1) + knots] }
}
