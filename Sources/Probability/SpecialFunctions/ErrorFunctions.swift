import Foundation

/// The scaled complementary error function erfcx(x) = exp(x²) erfc(x).
///
/// It decays like 1 / (x √π) where erfc underflows, and is +∞ below −26.6. Relative error below 2·10⁻¹⁵: exp(x²) is
/// taken of x² in two parts up to 12, and the asymptotic series (Abramowitz and Stegun 7.1.23) is taken beyond.
public func erfcx(_ x: Double) -> Double {
  if x > 12 {
    let step = 0.5 / (x * x)
    var sum = 0.0
    for n in stride(from: 10, through: 1, by: -1) { sum = Double(2 * n - 1) * step * (1 - sum) }
    return (1 - sum) / (x * Double.pi.squareRoot())
  }
  let square = x * x
  let rest = (-square).addingProduct(x, x)
  return erfc(x) * exp(square) * (1 + rest)
}

/// The density φ(x) = exp(−x²/2) / √(2π) of a standard normal number.
public func normalDensity(_ x: Double) -> Double { exp(-0.5 * x * x) * 0.398942280401432677939946059934 }

/// Φ(x), the probability that a standard normal number is below x; relative error a few ulps down to underflow.
public func normalCDF(_ x: Double) -> Double { 0.5 * erfc(-x * 0.5.squareRoot()) }

/// ln Φ(x), accurate for every x: −x²/2 − ln(−x √(2π)) + … at −∞, −(1 − Φ) at +∞.
public func logNormalCDF(_ x: Double) -> Double {
  let scaled = x * 0.5.squareRoot()
  if x > 0 { return log1p(-0.5 * erfc(scaled)) }
  return log(0.5 * erfcx(-scaled)) - 0.5 * x * x
}

/// The inverse Mills ratio G(x) = φ(x) / (1 − Φ(x)), also called the hazard of the normal law: x + 1/x − … at +∞, φ(x)
/// at −∞. Relative error a few ulps for every x.
public func inverseMillsRatio(_ x: Double) -> Double {
  // √(2/π)
  0.797884560802865355879892119869 / erfcx(x * 0.5.squareRoot())
}

/// Φ⁻¹(p), the number that a standard normal one is below with probability p; ±∞ at 0 and 1, NaN outside [0, 1].
///
/// A rational guess (Abramowitz and Stegun 26.2.23) and three steps of Newton's method on ln Φ, which is concave;
/// relative error about 10⁻¹⁵ in the lower half. Near 1 the argument's own rounding dominates: use −Φ⁻¹ of the small
/// complement.
public func normalQuantile(_ p: Double) -> Double {
  guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
  if p > 0.5 { return -normalQuantile(1 - p) }
  let t = (-2 * log(p)).squareRoot()
  var x =
    (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
  for _ in 0..<3 {
    let ratio = inverseMillsRatio(-x)
    let excess = logNormalCDF(x) - log(p)
    x -= excess / ratio
  }
  return x
}
