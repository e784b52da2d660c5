import Foundation

/// A minimum found by a search: where, how deep, and how much deeper it may lie.
struct Minimum: Sendable {
  var point: [Double]
  var value: Double
  /// The decrease that a quadratic model still promises.
  var promise: Double
}

/// Minimises a smooth function of a few variables, all of order 1, by the method of Broyden, Fletcher, Goldfarb and
/// Shanno with central differences and halved steps.
///
/// The function may be +∞ where it is not defined. Stops when the promised decrease is below `tolerance`, or after
/// `mostSteps` steps.
///
/// Source: J. Nocedal, S. Wright, Numerical Optimization (2006), chapter 6.
func minimise(
  from start: [Double], tolerance: Double, mostSteps: Int = 200, difference: Double = 1e-4, _ f: ([Double]) -> Double
) -> Minimum {
  let n = start.count
  func gradient(_ x: [Double]) -> [Double] {
    (0..<n).map { i in
      var (up, down) = (x, x)
      up[i] += difference
      down[i] -= difference
      return (f(up) - f(down)) / (2 * difference)
    }
  }
  func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
  var x = start
  var value = f(x)
  var g = gradient(x)
  func identity(_ scale: Double) -> [[Double]] { (0..<n).map { i in (0..<n).map { $0 == i ? scale : 0 } } }
  var inverse = identity(1)
  var isFresh = true
  var promise = Double.infinity
  for _ in 0..<mostSteps {
    var direction = inverse.map { -dot($0, g) }
    var slope = dot(direction, g)
    if !(slope < 0) {
      inverse = identity(1)
      isFresh = true
      direction = g.map { -$0 }
      slope = dot(direction, g)
    }
    promise = -0.5 * slope
    guard promise > tolerance, slope.isFinite else { break }
    // Steps of more than 1 in a variable of order 1 are guesses.
    let longest = direction.reduce(0) { max($0, abs($1)) }
    var step = min(1, 1 / longest)
    var next = x
    var nextValue = Double.infinity
    for _ in 0..<40 {
      next = zip(x, direction).map { $0 + step * $1 }
      nextValue = f(next)
      if nextValue <= value + 1e-4 * step * slope { break }
      step *= 0.5
    }
    guard nextValue < value else {
      guard !isFresh else { break }
      inverse = identity(1)
      isFresh = true
      continue
    }
    let nextGradient = gradient(next)
    let s = zip(next, x).map { $0 - $1 }
    let y = zip(nextGradient, g).map { $0 - $1 }
    let curvature = dot(s, y)
    if curvature > 0 {
      if isFresh { inverse = identity(curvature / dot(y, y)) }
      isFresh = false
      let hy = inverse.map { dot($0, y) }
      let factor = (1 + dot(y, hy) / curvature) / curvature
      for i in 0..<n {
        for j in 0..<n { inverse[i][j] += factor * s[i] * s[j] - (hy[i] * s[j] + s[i] * hy[j]) / curvature }
      }
    }
    (x, value, g) = (next, nextValue, nextGradient)
  }
  return Minimum(point: x, value: value, promise: promise.isFinite ? promise : 0)
}

/// A place where f changes its sign between two places where it does, by Brent's method; nil when the signs agree or a
/// value is not a number.
///
/// Source: R. Brent, Algorithms for Minimization without Derivatives (1973), chapter 4.
func root(from lower: Double, to upper: Double, tolerance: Double = 1e-15, _ f: (Double) throws -> Double) rethrows
  -> Double?
{
  var (a, b) = (lower, upper)
  var (fa, fb) = (try f(a), try f(b))
  if fa == 0 { return a }
  if fb == 0 { return b }
  guard fa.isFinite || fa.isInfinite, fb.isFinite || fb.isInfinite, (fa < 0) != (fb < 0) else { return nil }
  var (c, fc) = (a, fa)
  var d = b - a
  var e = d
  for _ in 0..<200 {
    if (fb < 0) == (fc < 0) {
      (c, fc) = (a, fa)
      d = b - a
      e = d
    }
    if abs(fc) < abs(fb) {
      (a, b, c) = (b, c, b)
      (fa, fb, fc) = (fb, fc, fb)
    }
    let limit = 2 * Double.ulpOfOne * abs(b) + 0.5 * tolerance
    let middle = 0.5 * (c - b)
    if abs(middle) <= limit || fb == 0 { return b }
    if abs(e) >= limit, abs(fa) > abs(fb), fa.isFinite, fb.isFinite {
      let s = fb / fa
      var p: Double
      var q: Double
      if a == c {
        p = 2 * middle * s
        q = 1 - s
      } else {
        let (u, r) = (fa / fc, fb / fc)
        p = s * (2 * middle * u * (u - r) - (b - a) * (r - 1))
        q = (u - 1) * (r - 1) * (s - 1)
      }
      if p > 0 { q = -q } else { p = -p }
      if 2 * p < min(3 * middle * q - abs(limit * q), abs(e * q)) {
        e = d
        d = p / q
      } else {
        d = middle
        e = middle
      }
    } else {
      d = middle
      e = middle
    }
    (a, fa) = (b, fb)
    b += abs(d) > limit ? d : (middle > 0 ? limit : -limit)
    fb = try f(b)
    if fb.isNaN { return nil }
  }
  return b
}
