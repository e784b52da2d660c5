import Foundation
import Probability

/// Two standard normal variables X and Y with a given correlation.
public struct BivariateNormal: Sendable {
  /// ρ.
  public let correlation: Double
  /// √(1 − ρ²).
  public let independence: Double

  /// - Parameters:
  ///   - correlation: ρ in [−1, 1]; moved there where rounding left it.
  ///   - independence: √(1 − ρ²), where it is known better than from ρ.
  public init(correlation: Double, independence: Double? = nil) {
    self.correlation = min(max(correlation, -1), 1)
    self.independence =
      independence ?? ((1 - self.correlation) * (1 + self.correlation)).squareRoot()
  }

  /// P[X < h, Y < k], to a few 10⁻¹⁶ absolutely.
  ///
  /// Through Owen's T function. Source: D. B. Owen, Tables for computing bivariate normal probabilities, Annals of
  /// Mathematical Statistics 27 (1956), equation 2.1.
  public func lowerProbability(_ h: Double, _ k: Double) -> Double {
    if h == -.infinity || k == -.infinity { return 0 }
    if h == .infinity { return normalCDF(k) }
    if k == .infinity { return normalCDF(h) }
    guard independence > 0 else {
      return correlation > 0 ? normalCDF(min(h, k)) : max(0, normalCDF(h) - normalCDF(-k))
    }
    if h == 0, k == 0 { return 0.25 + asin(correlation) / (2 * .pi) }
    let a = h == 0 ? 0 : OwenT.value(h, conditional(k, given: h) / h)
    let b = k == 0 ? 0 : OwenT.value(k, conditional(h, given: k) / k)
    // Where one of the limits is 0 its T function is that of an infinite slope.
    let atZeroH = h == 0 ? (k > 0 ? 0.25 : -0.25) : a
    let atZeroK = k == 0 ? (h > 0 ? 0.25 : -0.25) : b
    let correction = h * k > 0 || (h * k == 0 && h + k >= 0) ? 0 : 0.5
    return max(0, 0.5 * (normalCDF(h) + normalCDF(k)) - atZeroH - atZeroK - correction)
  }

  /// (k − ρh)/√(1 − ρ²), without cancellation where ρ is near ±1.
  private func conditional(_ k: Double, given h: Double) -> Double {
    let sign: Double = correlation < 0 ? -1 : 1
    let gap = independence * independence / (1 + abs(correlation))
    return ((k - sign * h) + sign * gap * h) / independence
  }

  /// E[(X − h)₊ (Y − k)₊].
  public func rampProduct(_ h: Double, _ k: Double) -> Double {
    let rho = correlation
    guard independence > 0 else { return rho > 0 ? sameRamps(h, k) : opposedRamps(h, k) }
    let both = lowerProbability(-h, -k)
    let a = normalDensity(h) * normalCDF(-conditional(k, given: h))
    let b = normalDensity(k) * normalCDF(-conditional(h, given: k))
    let x = a + rho * b
    let y = b + rho * a
    let square = conditional(k, given: h) * conditional(k, given: h) + h * h
    let product = rho * both + rho * (h * a + k * b) + independence / (2 * .pi) * exp(-0.5 * square)
    return product - h * y - k * x + h * k * both
  }

  /// Y = X: ∫ (x − h)(x − k) n(x) from the larger of the two.
  private func sameRamps(_ h: Double, _ k: Double) -> Double {
    let start = max(h, k)
    return (1 + h * k) * normalCDF(-start) + (start - h - k) * normalDensity(start)
  }

  /// Y = −X: ∫ (x − h)(−x − k) n(x) from h to −k.
  private func opposedRamps(_ h: Double, _ k: Double) -> Double {
    guard h < -k else { return 0 }
    let mass = normalCDF(-k) - normalCDF(h)
    let mean = normalDensity(h) - normalDensity(k)
    let square = mass + h * normalDensity(h) + k * normalDensity(k)
    return -square + (h - k) * mean + h * k * mass
  }
}

/// Owen's T(h, a) = 1/(2π) ∫₀ᵃ e^(−h²(1 + x²)/2) / (1 + x²) dx.
enum OwenT {
  private static let rule = QuadratureRule.gaussLegendre(24)

  static func value(_ h: Double, _ a: Double) -> Double {
    let size = abs(h)
    let result: Double
    if abs(a) <= 1 {
      result = integral(size, abs(a))
    } else {
      // T(h, a) + T(ah, 1/a) = ½ Φ(h) + ½ Φ(ah) − Φ(h) Φ(ah), written with the upper tails so that nothing cancels.
      let (p, r) = (normalCDF(-size), normalCDF(-size * abs(a)))
      let other = abs(a).isFinite ? integral(size * abs(a), 1 / abs(a)) : 0
      result = 0.5 * (p + r) - p * r - other
    }
    return a < 0 ? -result : result
  }

  private static func integral(_ h: Double, _ a: Double) -> Double {
    guard h < 40 else { return 0 }
    // Beyond x = 9/h the integrand has fallen below 1e-17 of its value at 0.
    let end = min(a, 9 / max(h, 1e-300))
    let panels = max(1, Int((end * max(1, h) / 3).rounded(.up)))
    let half = 0.5 * end / Double(panels)
    var sum = 0.0
    for panel in 0..<panels {
      let centre = half * Double(2 * panel + 1)
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let x = centre + half * node
        let square = 1 + x * x
        sum += weight * exp(-0.5 * h * h * square) / square
      }
    }
    return sum * half / (2 * .pi)
  }
}
