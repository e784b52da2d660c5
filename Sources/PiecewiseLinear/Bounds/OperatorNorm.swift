import Exact
import LinearAlgebra

/// Which norm measures vectors: the sum of magnitudes, the Euclidean length, the largest magnitude.
public enum NormExponent: Sendable, CaseIterable {
  case one
  case two
  case infinity
}

extension Matrix {
  /// The operator norm max ‖A x‖ₚ / ‖x‖ₚ, between proved bounds.
  ///
  /// For p = 1 the largest sum of magnitudes in a column, for p = ∞ in a row: the bounds differ by rounding only. For
  /// p = 2 the largest singular value, to about 10 digits; see `SpectralNorm`. The elements must be finite.
  ///
  /// - Complexity: O(m n) for an `m × n` matrix; for p = 2, O(m n k + k³ s) with k = min(m, n) and s ≤ 40 squarings.
  public func operatorNorm(_ norm: NormExponent) -> Interval {
    switch norm {
    case .one: transposed.largestRowSum
    case .infinity: largestRowSum
    case .two: SpectralNorm(self).range
    }
  }

  private var largestRowSum: Interval {
    (0..<rows).reduce(.zero) { largest, index in
      let sum = row(index).reduce(Interval.zero) { $0 + Interval(abs($1)) }
      return Interval(lower: max(largest.lower, sum.lower), upper: max(largest.upper, sum.upper))
    }
  }
}

extension Interval {
  /// The square roots of the numbers in the interval that are not negative.
  var squareRoot: Interval {
    let low = max(lower, 0).squareRoot()
    let high = max(upper, 0).squareRoot()
    return Interval(lower: low == 0 ? 0 : low.nextDown, upper: high == 0 ? 0 : high.nextUp)
  }

  /// The magnitudes of the numbers in the interval.
  var magnitudes: Interval {
    Interval(lower: max(lower, -upper, 0), upper: magnitude)
  }
}
