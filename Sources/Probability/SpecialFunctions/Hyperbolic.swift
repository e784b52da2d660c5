import Foundation

/// ln cosh x without overflow; relative error a few ulps, also near 0 where it is x²/2.
public func logCosh(_ x: Double) -> Double {
  let magnitude = abs(x)
  if magnitude < 0.5 {
    let half = sinh(0.5 * magnitude)
    return log1p(2 * half * half)
  }
  return magnitude + log1p(exp(-2 * magnitude)) - 0.693147180559945309417232121458
}

/// ln(2 cosh x), the logarithm of the sum of exp(x) and exp(−x), without overflow.
public func logTwoCosh(_ x: Double) -> Double { abs(x) + log1p(exp(-2 * abs(x))) }

/// ln(exp(a) + exp(b)) without overflow.
public func logSumExp(_ a: Double, _ b: Double) -> Double {
  let top = max(a, b)
  guard top.isFinite else { return top }
  return top + log1p(exp(-abs(a - b)))
}

/// The entropy −p ln p − (1 − p) ln(1 − p) of a coin in nats; 0 at 0 and 1.
public func binaryEntropy(_ p: Double) -> Double {
  guard p > 0, p < 1 else { return 0 }
  return -p * log(p) - (1 - p) * log1p(-p)
}
