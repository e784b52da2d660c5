import Exact

/// The weighted least-squares line through some points, enclosed: what a segment of a continuous fit costs.
///
/// With total weight W, means x̄ and ȳ, Sxx = Σ w (x − x̄)², slope b and residual sum of squares r, every line L has
///
///     Σ w (L(x) − y)² = r + W (L(x̄) − ȳ)² + Sxx (L′ − b)²,
///
/// a sum of terms that are not negative: nothing cancels. A point is added by the recursive least-squares update
/// (Plackett 1950), in which r grows by W w/(W + w) · e² · Sxx/Sxx₊, where e is the error of the old line at the point.
/// Every field contains the real value, whatever the rounding.
///
/// Minimising q(φ) = c + a (φ − m)² over the value φ of the line at some z, together with the points, is the same update:
/// a point (z, m) of weight a. Minimising with the value at z held at ψ gives r + (ψ − ℓ(z))²/h(z, z), where ℓ is the
/// line and h(z, z) its ``covariance(_:_:)``; the line that attains it has the value
/// ℓ(x) + (ψ − ℓ(z)) · h(x, z)/h(z, z) at x.
struct KnotSegment {
  /// The number of points.
  private(set) var count = 0
  private(set) var weight = Interval.zero
  private(set) var meanX = Interval.zero
  private(set) var meanY = Interval.zero
  private(set) var sxx = Interval.zero
  private(set) var sxy = Interval.zero
  /// Zero for a single point, which leaves the slope free.
  private(set) var slope = Interval.zero
  private(set) var residual = Interval.zero

  @inline(__always)
  mutating func add(_ point: KnotPoint) {
    count += 1
    guard count > 1 else {
      weight = point.weight
      meanX = point.x
      meanY = point.y
      return
    }
    let total = weight + point.weight
    let fraction = point.weight / total
    let dx = point.x - meanX
    let dy = point.y - meanY
    let share = weight * fraction
    let shareX = share * dx
    let newSxx = sxx + shareX * dx
    let error = dy - dx * slope
    residual = residual + share * error.squared * (sxx / newSxx)
    sxx = newSxx
    sxy = sxy + shareX * dy
    slope = sxy / sxx
    meanX = meanX + fraction * dx
    meanY = meanY + fraction * dy
    weight = total
  }

  /// The value of the line at `x`.
  @inline(__always)
  func value(at x: Interval) -> Interval { meanY + slope * (x - meanX) }

  /// h(x, z) = 1/W + (x − x̄)(z − x̄)/Sxx: how much the line rises at x per unit of force at z. Needs two points.
  @inline(__always)
  func covariance(_ x: Interval, _ z: Interval) -> Interval {
    Interval(1) / weight + (x - meanX) * (z - meanX) / sxx
  }
}
