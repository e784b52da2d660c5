import Exact

/// The number of regions that units in general position make of a space, by its dimension d: the most that any such units
/// can make of any convex part of it.
///
/// Zaslavsky's Σ_{j ≤ d} C(hinges, j); with maxima of k forms, Σ over the sets of at most d units of Π (k − 1), where a
/// hinge has k = 2.
///
/// Sources: T. Zaslavsky, Facing up to arrangements (1975); G. Montúfar, Y. Ren, L. Zhang, Sharp bounds for the number of
/// regions of maxout networks and vertices of Minkowski sums (2022).
struct CellCounts {
  /// Beyond this dimension all patterns are counted: the exact sums would have too many digits, too many times.
  private static let exactDimensions = 2048
  private let sums: [Rational]
  private let patterns: Rational

  /// - Parameter largestRank: the largest dimension that will be asked for.
  /// - Complexity: O(r · (1 + maxima)) operations on integers, r = min(largestRank, 2048).
  init(hinges: Int, maxima: [Int], largestRank: Int) {
    let limit = min(largestRank, Self.exactDimensions)
    // The elementary symmetric polynomials e₀, e₁, … of k − 1 over the units.
    var terms = [Rational.one]
    for index in stride(from: 1, through: min(hinges, limit), by: 1) {
      terms.append(terms[index - 1] * Rational(hinges - index + 1) / Rational(index))
    }
    for forms in maxima {
      let factor = Rational(forms - 1)
      if terms.count <= limit { terms.append(0) }
      for index in stride(from: terms.count - 1, to: 0, by: -1) { terms[index] += factor * terms[index - 1] }
    }
    var sum = Rational.zero
    sums = terms.map { term in
      sum += term
      return sum
    }
    patterns = maxima.reduce(Rational(powerOfTwo: hinges)) { $0 * Rational($1) }
  }

  subscript(dimension: Int) -> Rational { dimension < sums.count ? sums[dimension] : patterns }
}
