import Foundation

/// The expansion of φ(√q z) and φ′(√q z) in normalised Hermite polynomials he_k = He_k/√k!.
///
///     a_k = E[φ(√q z) he_k(z)],   b_k = E[φ′(√q z) he_k(z)],   z ~ N(0, 1),   √q b_k = √(k + 1) a_{k+1}.
///
/// With a correlation ρ, E[φ(√q₁ u) φ(√q₂ v)] = Σ a_k(q₁) a_k(q₂) ρᵏ (Mehler), and by Parseval what the first K terms
/// leave is at most √(T_K(q₁) T_K(q₂)) |ρ|ᴷ with T_K = Σ_{k≥K} a_k².
public struct HermiteExpansion: Sendable {
  /// q.
  public let variance: Double
  /// a_k for k = 0, 1, ….
  public let coefficients: [Double]
  /// b_k for k = 0, 1, …; empty for a function that jumps itself, whose derivative is no function.
  public let derivativeCoefficients: [Double]
  /// E φ(√q z)².
  public let secondMoment: Double
  /// E φ′(√q z)².
  public let derivativeSecondMoment: Double
  /// A bound on Σ a_k² over the orders that are not here: E[(φ − Σ a_k he_k)²], which has no cancellation and is least
  /// for the true coefficients; beyond order 480, where Hermite functions leave the range of doubles, Parseval's
  /// difference and its rounding.
  public let remainder: Double
  /// The same for φ′.
  public let derivativeRemainder: Double
  /// How far any a_k may be off: 16 times what halving all panels changed, and the rounding of the sums.
  public let error: Double
  /// The same for b_k.
  public let derivativeError: Double

  private static let largestMeasuredOrder = 480

  /// The coefficients up to `order`, by quadrature. O(nodes × order); a few hundred nodes.
  public init(_ activation: Activation, variance: Double, order: Int) {
    precondition(variance > 0 && variance.isFinite, "a positive variance")
    let hasDerivative = activation.smoothness.jumpOrder != 0
    let coarse = Self.sums(activation, variance: variance, order: order, refinement: 1, hasDerivative: hasDerivative)
    let fine = Self.sums(activation, variance: variance, order: order, refinement: 2, hasDerivative: hasDerivative)
    let (evenDegree, oddDegree) = (activation.smoothness.evenDegree, activation.smoothness.oddDegree)
    func isZero(_ k: Int, _ shift: Int) -> Bool {
      let degree = (k + shift) % 2 == 0 ? evenDegree : oddDegree
      return degree.map { k + shift > $0 } ?? false
    }
    self.variance = variance
    let coefficients = fine.value.enumerated().map { isZero($0, 0) ? 0 : $1 }
    let derivativeCoefficients = fine.derivative.enumerated().map { isZero($0, 1) ? 0 : $1 }
    self.coefficients = coefficients
    self.derivativeCoefficients = derivativeCoefficients
    secondMoment = fine.square
    derivativeSecondMoment = fine.derivativeSquare
    // The recurrence and the sum: terms of magnitude ≤ 1.09 |φ| w, rounded a few times each.
    let rounding = 0x1p-53 * (8 + Double(order + 1).squareRoot())
    if order <= Self.largestMeasuredOrder {
      (remainder, derivativeRemainder) = Self.remainders(
        activation, variance: variance, values: coefficients, slopes: derivativeCoefficients)
    } else {
      func rest(_ total: Double, _ coefficients: [Double]) -> Double {
        max(0, total - coefficients.reduce(0) { $0 + $1 * $1 }) + 2 * rounding * total
      }
      remainder = rest(fine.square, coefficients)
      derivativeRemainder = rest(fine.derivativeSquare, derivativeCoefficients)
    }
    func difference(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) } }
    error = 16 * difference(coarse.value, fine.value) + rounding * fine.square.squareRoot()
    derivativeError =
      16 * difference(coarse.derivative, fine.derivative) + rounding * fine.derivativeSquare.squareRoot()
  }

  /// Terms until the rest is below `tolerance` of E φ² and E φ′², by doubling; at most `limit`.
  public init(_ activation: Activation, variance: Double, tolerance: Double, limit most: Int) {
    var order = min(32, most)
    // Parseval's difference cannot show less than its rounding.
    func limit(_ order: Int) -> Double {
      order <= Self.largestMeasuredOrder ? tolerance : max(tolerance, 0x1p-51 * (8 + Double(order + 1).squareRoot()))
    }
    while true {
      let expansion = HermiteExpansion(activation, variance: variance, order: order)
      let isEnough =
        expansion.remainder <= limit(order) * expansion.secondMoment
        && expansion.derivativeRemainder <= limit(order) * expansion.derivativeSecondMoment
      if isEnough || order >= most {
        self = expansion
        return
      }
      order = min(2 * order, most)
    }
  }

  /// A bound on T_K = Σ_{k≥K} a_k².
  public func tail(from order: Int) -> Double {
    coefficients.dropFirst(order).reduce(remainder) { $0 + Self.square(abs($1) + error) }
  }

  /// A bound on Σ_{k≥K} b_k².
  public func derivativeTail(from order: Int) -> Double {
    derivativeCoefficients.dropFirst(order).reduce(derivativeRemainder) { $0 + Self.square(abs($1) + derivativeError) }
  }

  private static func square(_ x: Double) -> Double { x * x }

  private struct Sums {
    var value: [Double] = []
    var derivative: [Double] = []
    var square = 0.0
    var derivativeSquare = 0.0
  }

  private static func sums(
    _ activation: Activation, variance: Double, order: Int, refinement: Int, hasDerivative: Bool
  ) -> Sums {
    let rule = GaussianRule(activation, variance: variance, order: order, refinement: refinement)
    let count = rule.nodes.count
    let scale = variance.squareRoot()
    let points = rule.nodes.map { scale * $0 }
    let values = activation.formula.values(at: points)
    let slopes = hasDerivative ? activation.derivativeFormula.values(at: points) : []
    var sums = Sums()
    for i in 0..<count {
      sums.square += rule.weights[i] * values[i] * values[i]
      if hasDerivative { sums.derivativeSquare += rule.weights[i] * slopes[i] * slopes[i] }
    }
    // Hermite functions e^(−z²/4) he_k(z) stay below 1.09 where he_k itself would overflow.
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 5 * count) { room in
      let z = room.baseAddress!
      let last = z + count
      let this = last + count
      let f = this + count
      let g = f + count
      for i in 0..<count {
        z[i] = rule.nodes[i]
        last[i] = 0
        this[i] = exp(-0.25 * z[i] * z[i])
        let weight = rule.weights[i] / this[i]
        f[i] = weight * values[i]
        g[i] = hasDerivative ? weight * slopes[i] : 0
      }
      for k in 0...order {
        var (a, b) = (0.0, 0.0)
        let next = 1 / Double(k + 1).squareRoot()
        let back = Double(k).squareRoot()
        for i in 0..<count {
          a += f[i] * this[i]
          b += g[i] * this[i]
          let following = (z[i] * this[i] - back * last[i]) * next
          last[i] = this[i]
          this[i] = following
        }
        sums.value.append(a)
        if hasDerivative { sums.derivative.append(b) }
      }
    }
    return sums
  }

  private static func remainders(
    _ activation: Activation, variance: Double, values: [Double], slopes: [Double]
  ) -> (value: Double, derivative: Double) {
    let rule = GaussianRule(activation, variance: variance, order: values.count, refinement: 1, squares: true)
    let count = rule.nodes.count
    let points = rule.nodes.map { variance.squareRoot() * $0 }
    // √w φ, √w φ′ and √w he_k.
    let roots = rule.weights.map { $0.squareRoot() }
    var rest = zip(roots, activation.formula.values(at: points)).map { $0 == 0 ? 0 : $0 * $1 }
    var slopeRest =
      slopes.isEmpty ? [] : zip(roots, activation.derivativeFormula.values(at: points)).map { $0 == 0 ? 0 : $0 * $1 }
    var last = [Double](repeating: 0, count: count)
    var this = roots
    for k in values.indices {
      let next = 1 / Double(k + 1).squareRoot()
      let back = Double(k).squareRoot()
      for i in 0..<count { rest[i] -= values[k] * this[i] }
      if k < slopes.count { for i in 0..<count { slopeRest[i] -= slopes[k] * this[i] } }
      for i in 0..<count {
        let following = (rule.nodes[i] * this[i] - back * last[i]) * next
        last[i] = this[i]
        this[i] = following
      }
    }
    return (rest.reduce(0) { $0 + $1 * $1 }, slopeRest.reduce(0) { $0 + $1 * $1 })
  }
}
