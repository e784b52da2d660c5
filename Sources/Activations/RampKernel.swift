import Foundation
import Probability

/// Dual kernels of a continuous piecewise-linear function, φ(x) = c + m x + Σ gⱼ (x − tⱼ)₊.
struct RampKernel: Sendable {
  private let constant: Double
  private let slope: Double
  private let places: [Double]
  private let bends: [Double]

  init?(_ activation: Activation) {
    let smoothness = activation.smoothness
    guard smoothness.isPiecewiseLinear, smoothness.jumpOrder == 1 else { return nil }
    let first = activation.formula.piece(at: activation.breakpoints[0] - 1)
    guard let line = first.affineCoefficients else { return nil }
    (constant, slope) = (line.intercept, line.slope)
    places = smoothness.jumps.map(\.place)
    bends = smoothness.jumps.map(\.size)
  }

  func values(_ q1: Double, _ q2: Double, angle: Double) -> DualValues {
    let (s1, s2) = (q1.squareRoot(), q2.squareRoot())
    let pair = BivariateNormal(correlation: cos(angle), independence: sin(angle))
    let rho = pair.correlation
    var value = constant * constant + slope * slope * rho * s1 * s2
    var derivative = slope * slope
    for (t, g) in zip(places, bends) {
      let (h, k) = (t / s1, t / s2)
      // E[(u − t)₊], E[v (u − t)₊] = ρ s₂/s₁ · E[u (u − t)₊], and the same with u and v exchanged.
      let meanOne = s1 * (normalDensity(h) - h * normalCDF(-h))
      let meanTwo = s2 * (normalDensity(k) - k * normalCDF(-k))
      value += g * constant * (meanOne + meanTwo)
      value += g * slope * rho * s1 * s2 * (normalCDF(-h) + normalCDF(-k))
      derivative += g * slope * (normalCDF(-h) + normalCDF(-k))
      for (other, gain) in zip(places, bends) {
        value += g * gain * s1 * s2 * pair.rampProduct(h, other / s2)
        derivative += g * gain * pair.lowerProbability(-h, -other / s2)
      }
    }
    return DualValues(value: value, derivative: derivative)
  }
}
