import Foundation
import Probability

/// Dual kernels of functions whose pieces meet at 0, in polar coordinates: u = s₁ r cos α, v = s₂ r cos(α − θ).
///
/// The signs of u and v change at four angles; between them the integrand is analytic in α, and in r throughout. Works
/// for all θ from 0 to π.
enum PolarQuadrature {
  private static let rule = QuadratureRule.gaussLegendre(20)

  static func values(_ activation: Activation, _ q1: Double, _ q2: Double, angle: Double) -> DualValues {
    let (s1, s2) = (q1.squareRoot(), q2.squareRoot())
    // Where φ has a pole at −1, as softsign has, the first panel must be short beside 1/s.
    let turn = 1.5 / max(1, s1, s2)
    var radii: [(radius: Double, mass: Double)] = []
    for (start, end) in [(0, turn), (turn, 4.5), (4.5, 9.5)] {
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let r = 0.5 * (start + end) + 0.5 * (end - start) * node
        radii.append((r, 0.5 * (end - start) * weight * r * exp(-0.5 * r * r) / (2 * .pi)))
      }
    }
    let ends = [-.pi / 2, angle - .pi / 2, .pi / 2, angle + .pi / 2, 1.5 * .pi]
    var u: [Double] = []
    var v: [Double] = []
    var weights: [Double] = []
    for (start, end) in zip(ends, ends.dropFirst()) where end > start {
      let edge = min(0.25 * (end - start), 0.25 * turn)
      for (low, high) in [(start, start + edge), (start + edge, end - edge), (end - edge, end)] {
        for (node, weight) in zip(rule.nodes, rule.weights) {
          let alpha = 0.5 * (low + high) + 0.5 * (high - low) * node
          let (x, y) = (s1 * cos(alpha), s2 * cos(alpha - angle))
          for (radius, mass) in radii {
            u.append(x * radius)
            v.append(y * radius)
            weights.append(0.5 * (high - low) * weight * mass)
          }
        }
      }
    }
    func sum(_ f: Formula) -> Double {
      let (a, b) = (f.values(at: u), f.values(at: v))
      var result = 0.0
      for i in weights.indices { result += weights[i] * a[i] * b[i] }
      return result
    }
    return DualValues(
      value: sum(activation.formula),
      derivative: activation.smoothness.jumpOrder == 0 ? .nan : sum(activation.derivativeFormula))
  }
}

/// Dual kernels of any piecewise smooth function: u = s₁x, v = s₂(ρx + √(1 − ρ²) z), panels in z that end where φ(v)
/// breaks, panels in x that end where φ(u) breaks and grow away from where the inner integral changes fast.
enum PanelQuadrature {
  private static let rule = QuadratureRule.gaussLegendre(16)
  private static let reach = 9.5

  static func values(_ activation: Activation, _ q1: Double, _ q2: Double, angle: Double) -> DualValues {
    let (s1, s2) = (q1.squareRoot(), q2.squareRoot())
    let (rho, sine) = (cos(angle), sin(angle))
    let breaks = activation.breakpoints
    let turns = abs(rho) < 1e-3 ? [] : breaks.map { $0 / (s2 * rho) }
    guard sine > 1e-12 else {
      let outer = panels(breaks.map { $0 / s1 } + turns, transitions: [], scale: 1, spread: max(s1, s2))
      let points = outer.nodes
      func sum(_ f: Formula) -> Double {
        let (a, b) = (f.values(at: points.map { s1 * $0 }), f.values(at: points.map { s2 * rho * $0 }))
        return points.indices.reduce(0) { $0 + outer.weights[$1] * a[$1] * b[$1] }
      }
      return DualValues(
        value: sum(activation.formula),
        derivative: activation.smoothness.jumpOrder == 0 ? .nan : sum(activation.derivativeFormula))
    }
    let hasDerivative = activation.smoothness.jumpOrder != 0
    let outer = panels(breaks.map { $0 / s1 }, transitions: turns, scale: sine, spread: max(s1, s2))
    var result = DualValues(value: 0, derivative: hasDerivative ? 0 : .nan)
    for (x, weight) in zip(outer.nodes, outer.weights) {
      let inner = panels(
        breaks.map { ($0 / s2 - rho * x) / sine }, transitions: [], scale: 1, spread: s2 * sine)
      let v = inner.nodes.map { s2 * (rho * x + sine * $0) }
      func mean(_ f: Formula) -> Double { zip(f.values(at: v), inner.weights).reduce(0) { $0 + $1.0 * $1.1 } }
      result.value += weight * activation.value(s1 * x) * mean(activation.formula)
      if hasDerivative {
        result.derivative += weight * activation.derivative(s1 * x) * mean(activation.derivativeFormula)
      }
    }
    return result
  }

  /// Nodes, and weights times the normal density, on [−reach, reach].
  private static func panels(
    _ breaks: [Double], transitions: [Double], scale: Double, spread: Double
  ) -> QuadratureRule {
    let count = (5 * max(1, spread)).rounded(.up)
    var ends = (0...Int(2 * count)).map { reach * (Double($0) / count - 1) } + breaks
    for place in transitions where abs(place) < reach {
      ends.append(place)
      var distance = scale
      while distance < 2 {
        ends += [place - distance, place + distance]
        distance *= 2
      }
    }
    ends = ends.filter { abs($0) <= reach }.sorted()
    var nodes: [Double] = []
    var weights: [Double] = []
    for (start, end) in zip(ends, ends.dropFirst()) where end > start {
      let (centre, half) = (0.5 * (start + end), 0.5 * (end - start))
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let z = centre + half * node
        nodes.append(z)
        weights.append(half * weight * normalDensity(z))
      }
    }
    return QuadratureRule(nodes: nodes, weights: weights)
  }
}
