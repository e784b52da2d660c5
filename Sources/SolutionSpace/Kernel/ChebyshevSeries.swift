/// A function on an interval as a sum of Chebyshev polynomials, with its derivatives.
///
/// Source: J. P. Boyd, Chebyshev and Fourier Spectral Methods (2001), chapters 2 and 5.
struct ChebyshevSeries: Sendable {
  let lower: Double
  let upper: Double
  /// Of T₀, T₁, …
  let coefficients: [Double]

  init(from lower: Double, to upper: Double, coefficients: [Double]) {
    self.lower = lower
    self.upper = upper
    self.coefficients = coefficients
  }

  /// Clenshaw's recurrence, O(count).
  func callAsFunction(_ x: Double) -> Double {
    let y = 2 * (x - lower) / (upper - lower) - 1
    var (next, afterNext) = (0.0, 0.0)
    for c in coefficients.dropFirst().reversed() { (next, afterNext) = (c + 2 * y * next - afterNext, next) }
    return (coefficients.first ?? 0) + y * next - afterNext
  }

  var derivative: ChebyshevSeries {
    let n = coefficients.count
    var result = [Double](repeating: 0, count: n + 1)
    for k in stride(from: n - 1, to: 0, by: -1) {
      result[k - 1] = result[k + 1] + 2 * Double(k) * coefficients[k]
    }
    result[0] *= 0.5
    let scale = 2 / (upper - lower)
    return ChebyshevSeries(from: lower, to: upper, coefficients: result.prefix(max(1, n - 1)).map { $0 * scale })
  }
}
