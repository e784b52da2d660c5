/// A cubic spline on equally spaced knots with given slopes at both ends, continued beyond them by parabolas.
///
/// Source: C. de Boor, A Practical Guide to Splines (1978), chapter IV.
struct CubicSpline: Sendable {
  private let start: Double
  private let step: Double
  private let values: [Double]
  /// Second derivatives at the knots.
  private let bends: [Double]
  private let leftSlope: Double
  private let leftBend: Double

  /// - Parameters:
  ///   - leftSlope: of the function at the first knot; the slope at the last one is 0, and so is the function beyond.
  ///   - leftBend: the second derivative before the first knot.
  init(start: Double, step: Double, values: [Double], leftSlope: Double, leftBend: Double) {
    self.start = start
    self.step = step
    self.values = values
    self.leftSlope = leftSlope
    self.leftBend = leftBend
    let n = values.count
    // Tridiagonal elimination of m₋₁ + 4 m + m₊₁ = 6 (second difference) / step², clamped at both ends.
    var bends = [Double](repeating: 0, count: n)
    var factors = bends
    let scale = 6 / (step * step)
    factors[0] = 0.5
    bends[0] = 0.5 * scale * (values[1] - values[0] - step * leftSlope)
    for i in 1..<n - 1 {
      let pivot = 1 / (4 - factors[i - 1])
      factors[i] = pivot
      bends[i] = (scale * (values[i + 1] - 2 * values[i] + values[i - 1]) - bends[i - 1]) * pivot
    }
    bends[n - 1] = (scale * (values[n - 2] - values[n - 1]) - bends[n - 2]) / (2 - factors[n - 2])
    for i in stride(from: n - 2, through: 0, by: -1) { bends[i] -= factors[i] * bends[i + 1] }
    self.bends = bends
  }

  @inline(__always)
  func callAsFunction(_ x: Double) -> Double {
    let place = (x - start) / step
    if place < 0 {
      let distance = x - start
      return values[0] + distance * (leftSlope + 0.5 * leftBend * distance)
    }
    guard place < Double(values.count - 1) else { return 0 }
    let i = Int(place)
    let b = place - Double(i)
    let a = 1 - b
    return values.withUnsafeBufferPointer { v in
      bends.withUnsafeBufferPointer { m in
        a * v[i] + b * v[i + 1] - step * step / 6 * a * b * ((1 + a) * m[i] + (1 + b) * m[i + 1])
      }
    }
  }
}
