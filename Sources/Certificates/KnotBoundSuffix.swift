import Exact

/// Lower bounds of the loss that the points after a cut must add, whatever comes before it.
///
/// Cut `i` lies after the first i points. Write r(i+1…l) for the residual of the least-squares line through points i+1
/// to l. The first knot of a function after cut i lies on point l or in the gap after it, for some l, so
///
///     V[m][i] = min over l > i of r(i+1…l) + V[m−1][l]
///
/// bounds the loss of every function with at most m knots there. Where the search has found better bounds, they take
/// the place of V. For a function that may in addition jump once, without a knot,
///
///     G[m][i] = min of V[m][i] and of r(i+1…l) + min(V[m][l], G[m−1][l]) over l > i.
struct KnotSuffixBounds {
  let depth: Int
  private var continuous: [Double]
  private var broken: [Double]

  /// - Parameters:
  ///   - depth: bounds for 0…depth knots.
  ///   - cap: bounds need not exceed this number: the search then drops everything anyway.
  ///   - known: lower bounds that already hold, by cut and number of knots; rows may be short.
  /// - Complexity: O(n²·depth) additions, O(n·depth) memory.
  init(_ samples: KnotSamples, depth: Int, cap: Double, known: [[Double]]) {
    self.depth = depth
    let count = samples.count, width = depth + 1
    continuous = [Double](repeating: 0, count: (count + 1) * width)
    broken = continuous
    var row = [Double](repeating: 0, count: width), brokenRow = row
    for cut in stride(from: count - 1, through: 0, by: -1) {
      let frame = samples.frame(at: cut)
      var segment = KnotSegment()
      for knots in 0..<width {
        row[knots] = cap
        brokenRow[knots] = cap
      }
      for end in cut + 1...count {
        segment.add(frame.point(end - 1))
        let residual = segment.residual.lower
        guard residual < cap else { break }
        let next = end * width
        row[0] = end == count ? min(row[0], residual) : row[0]
        brokenRow[0] = min(brokenRow[0], residual + continuous[next])
        for knots in 1..<max(width, 1) {
          row[knots] = min(row[knots], residual + continuous[next + knots - 1])
          brokenRow[knots] = min(
            brokenRow[knots], residual + min(continuous[next + knots], broken[next + knots - 1]))
        }
      }
      for knots in 0..<width {
        // Rounding is monotone, so one step down after the minimum is enough.
        var bound = max(row[knots].nextDown, 0)
        if knots < known[cut].count { bound = max(bound, known[cut][knots]) }
        continuous[cut * width + knots] = bound
        broken[cut * width + knots] = min(bound, max(brokenRow[knots].nextDown, 0))
      }
    }
  }

  /// A lower bound of the loss on the points after `cut` of a function with at most `knots` knots there.
  @inline(__always)
  func continuous(after cut: Int, knots: Int) -> Double { continuous[cut * (depth + 1) + knots] }

  /// The same for a function that may jump once as well.
  @inline(__always)
  func broken(after cut: Int, knots: Int) -> Double { broken[cut * (depth + 1) + knots] }
}
