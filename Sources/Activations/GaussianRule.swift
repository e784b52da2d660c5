import Foundation
import Probability

/// Nodes z and weights with Σ w f(z) = E f(Z), Z standard normal, for functions made of φ(√q z) and Hermite
/// polynomials.
///
/// Gauss–Legendre panels that end at the breakpoints of φ(√q ·). Where φ is analytic in a strip of half-width a, a
/// panel of half-width a/√q errs by about (1 + √2)^(−2n).
struct GaussianRule: Sendable {
  let nodes: [Double]
  /// Panel weights times the normal density.
  let weights: [Double]

  private static let rule = QuadratureRule.gaussLegendre(20)

  /// - Parameters:
  ///   - order: the highest Hermite polynomial that will be integrated.
  ///   - refinement: 1, or 2 for panels of half the width.
  ///   - squares: whether squares of Hermite polynomials will be integrated, which live on |z| < 2√order.
  init(_ activation: Activation, variance: Double, order: Int, refinement: Int, squares: Bool = false) {
    let scale = variance.squareRoot()
    var reach = Self.reach(activation, scale: scale)
    if squares { reach = max(reach, 2 * Double(order).squareRoot() + 8) }
    var width = min(1, 18 / Double(max(order, 1)).squareRoot())
    if case .strip(let distance) = activation.smoothness.analyticity { width = min(width, 1.5 * distance / scale) }
    if case .unknown = activation.smoothness.analyticity { width = min(width, 0.5 / scale) }
    width = max(width, 1e-3) / Double(refinement)
    var ends = [-reach, reach]
    if scale > 0 { ends += activation.breakpoints.map { $0 / scale }.filter { abs($0) < reach } }
    ends.sort()
    var nodes: [Double] = []
    var weights: [Double] = []
    for (start, end) in zip(ends, ends.dropFirst()) where end > start {
      let panels = max(1, Int(((end - start) / width).rounded(.up)))
      let half = 0.5 * (end - start) / Double(panels)
      for panel in 0..<panels {
        let centre = start + half * Double(2 * panel + 1)
        for (node, weight) in zip(Self.rule.nodes, Self.rule.weights) {
          let z = centre + half * node
          nodes.append(z)
          weights.append(weight * half * normalDensity(z))
        }
      }
    }
    self.nodes = nodes
    self.weights = weights
  }

  /// Where φ(√q z) e^(−z²/4) has fallen below 10⁻¹⁸ for good: what Hermite functions of any order meet (Cramér's
  /// bound).
  private static func reach(_ activation: Activation, scale: Double) -> Double {
    var reach = 13.0
    while reach < 60 {
      let size = max(abs(activation.value(scale * reach)), abs(activation.value(-scale * reach)), 1)
      if log(size) - reach * reach / 4 < -41.5 { break }
      reach += 1
    }
    return reach
  }
}
