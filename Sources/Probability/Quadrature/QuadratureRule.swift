import Foundation

/// Nodes and weights: ∫ f ≈ Σ wᵢ f(xᵢ) for a weight function that the maker of the rule says.
public struct QuadratureRule: Sendable, Equatable {
  /// Ascending.
  public let nodes: [Double]
  public let weights: [Double]

  public init(nodes: [Double], weights: [Double]) {
    precondition(nodes.count == weights.count, "one weight for each node")
    self.nodes = nodes
    self.weights = weights
  }

  /// Σ wᵢ f(xᵢ).
  @inlinable
  public func integral(_ f: (Double) throws -> Double) rethrows -> Double {
    var sum = 0.0
    for i in nodes.indices { sum += weights[i] * (try f(nodes[i])) }
    return sum
  }
}

extension QuadratureRule {
  /// Gauss–Legendre: ∫₋₁¹ f(x) dx, exact for polynomials of degree 2n − 1.
  ///
  /// Newton's method on the Legendre recurrence, O(n²); nodes and weights within a few ulps for n up to some thousands.
  public static func gaussLegendre(_ count: Int) -> QuadratureRule {
    let n = max(1, count)
    var nodes = [Double](repeating: 0, count: n)
    var weights = nodes
    for i in 0..<(n + 1) / 2 {
      var x = cos(Double.pi * (Double(i) + 0.75) / (Double(n) + 0.5))
      var slope = 1.0
      for _ in 0..<100 {
        var (last, value) = (1.0, x)
        for k in stride(from: 2, through: n, by: 1) {
          (last, value) = (value, ((2 * Double(k) - 1) * x * value - (Double(k) - 1) * last) / Double(k))
        }
        slope = Double(n) * (last - x * value) / (1 - x * x)
        let step = value / slope
        x -= step
        if abs(step) < 1e-15 { break }
      }
      if n % 2 == 1, i == n / 2 { x = 0 }
      (nodes[n - 1 - i], nodes[i]) = (x, -x)
      weights[i] = 2 / ((1 - x * x) * slope * slope)
      weights[n - 1 - i] = weights[i]
    }
    return QuadratureRule(nodes: nodes, weights: weights)
  }

  /// Gauss–Legendre on [lower, upper].
  public static func gaussLegendre(_ count: Int, from lower: Double, to upper: Double) -> QuadratureRule {
    let (centre, half) = (0.5 * (lower + upper), 0.5 * (upper - lower))
    let rule = gaussLegendre(count)
    return QuadratureRule(nodes: rule.nodes.map { centre + half * $0 }, weights: rule.weights.map { half * $0 })
  }

  /// Gauss–Hermite for a standard normal variable: E f(Z) ≈ Σ wᵢ f(xᵢ), exact for polynomials of degree 2n − 1.
  ///
  /// The weights sum to 1. Newton's method on the orthonormal recurrence from the guesses of Numerical Recipes, O(n²).
  ///
  /// - Precondition: 1 ≤ count ≤ 160; beyond that outer weights underflow to nothing.
  public static func gaussHermite(_ count: Int) -> QuadratureRule {
    precondition((1...160).contains(count), "from 1 to 160 nodes")
    let n = count
    var roots: [Double] = []
    var weights: [Double] = []
    let size = Double(n)
    for i in 0..<(n + 1) / 2 {
      var x =
        switch i {
        case 0: (2 * size + 1).squareRoot() - 1.85575 * pow(2 * size + 1, -1.0 / 6)
        case 1: roots[0] - 1.14 * pow(size, 0.426) / roots[0]
        case 2: 1.86 * roots[1] - 0.86 * roots[0]
        case 3: 1.91 * roots[2] - 0.91 * roots[1]
        default: 2 * roots[i - 1] - roots[i - 2]
        }
      var slope = 1.0
      for _ in 0..<200 {
        var (last, value) = (0.0, pow(Double.pi, -0.25))
        for k in 0..<n {
          let scale = 2 / (Double(k) + 1)
          (last, value) = (value, x * scale.squareRoot() * value - (Double(k) / (Double(k) + 1)).squareRoot() * last)
        }
        slope = (2 * size).squareRoot() * last
        let step = value / slope
        x -= step
        if abs(step) < 1e-15 * max(1, abs(x)) { break }
      }
      if n % 2 == 1, i == n / 2 { x = 0 }
      roots.append(x)
      weights.append(2 / (slope * slope * Double.pi.squareRoot()))
    }
    let outer = roots.prefix(n / 2).map { $0 * 2.0.squareRoot() }
    let middle = n % 2 == 1 ? [0.0] : []
    return QuadratureRule(
      nodes: outer.map { -$0 } + middle + outer.reversed(),
      weights: weights + weights.prefix(n / 2).reversed())
  }

  /// The trapezoidal rule for a standard normal variable, with nodes crowded around a place:
  ///
  ///     z = centre + 2 asinh(½ scale · sinh u),   u equally spaced
  ///
  /// For functions of z that change at one place over a length `scale` ≤ 1, however short, and are smooth beyond: nodes
  /// are `step` · scale apart there and 2 · `step` far away, and their number grows with ln(1 / scale) only. Where the
  /// function is analytic in t = (z − centre) / scale away from |Im t| ≤ |Re t| the error falls like exp(−π² / (2
  /// step)), 10⁻¹⁵ at the default step. The nodes reach from −`reach` to +`reach`, where the normal density is cut off.
  public static func normalTrapezoid(
    centre: Double = 0, scale: Double = 1, step: Double = 0.125, reach: Double = 10
  ) -> QuadratureRule {
    precondition(scale > 0 && scale <= 1 && step > 0 && reach > 0, "positive lengths, a scale of 1 at most")
    // A centre beyond the density's reach has nothing to resolve.
    let (place, width) = abs(centre) < reach + 1 ? (centre, scale) : (0, 1)
    func coordinate(_ z: Double) -> Double { asinh(2 / width * sinh(0.5 * (z - place))) }
    let first = Int((coordinate(-reach) / step).rounded(.down))
    let last = Int((coordinate(reach) / step).rounded(.up))
    var nodes: [Double] = []
    var weights: [Double] = []
    nodes.reserveCapacity(last - first + 1)
    weights.reserveCapacity(last - first + 1)
    for k in first...last {
      let u = step * Double(k)
      let (grown, half) = (exp(u), 0.25 * width)
      let inner = half * (grown - 1 / grown)
      let z = place + 2 * asinh(inner)
      nodes.append(z)
      weights.append(step * 2 * half * (grown + 1 / grown) / (1 + inner * inner).squareRoot() * normalDensity(z))
    }
    return QuadratureRule(nodes: nodes, weights: weights)
  }
}
