import Foundation
import Probability

/// f(w) = ln H((κ − w) / C), the logarithm of the chance that a field of mean w and deviation C exceeds the margin κ,
/// and its derivatives in w. It is concave: f′ > 0 falls, f″ lies between −1/C² and 0.
struct PatternChance: Sendable {
  let margin: Double
  let deviation: Double

  @inline(__always)
  func logarithm(_ w: Double) -> Double { logNormalCDF((w - margin) / deviation) }

  @inline(__always)
  func slope(_ w: Double) -> Double { inverseMillsRatio((margin - w) / deviation) / deviation }

  @inline(__always)
  func bend(_ w: Double) -> Double {
    let t = (margin - w) / deviation
    let hazard = inverseMillsRatio(t)
    return -hazard * (hazard - t) / (deviation * deviation)
  }

  /// The v with v = x + s² f′(v), where −(v − x)²/2s² + f(v) is largest; Newton's method from the left, monotone.
  func response(_ x: Double, strength: Double) -> Double {
    var v = x
    for _ in 0..<100 {
      let t = (margin - v) / deviation
      let hazard = inverseMillsRatio(t)
      let excess = v - x - strength * hazard / deviation
      let slope = 1 + strength * hazard * (hazard - t) / (deviation * deviation)
      let step = excess / slope
      v -= step
      if abs(step) <= 4e-16 * max(deviation, abs(v)) { break }
    }
    return v
  }

  /// Nodes for averages over z of functions of the response to x = spread · z.
  func rule(spread: Double, strength: Double, step: Double = 0.125) -> QuadratureRule {
    let width = deviation + strength / deviation
    let centre = margin - strength * 0.797884560802865 / deviation
    return QuadratureRule.normalTrapezoid(
      centre: spread > 0 ? centre / spread : 0, scale: min(1, width / max(spread, 1e-300)), step: step)
  }
}
