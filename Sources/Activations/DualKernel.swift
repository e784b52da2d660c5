import Foundation

/// The two Gaussian kernels of an activation at one covariance.
public struct DualValues: Sendable, Equatable {
  /// K = E[φ(u) φ(v)].
  public var value: Double
  /// D = E[φ′(u) φ′(v)]; NaN for a function that jumps itself.
  public var derivative: Double

  public init(value: Double, derivative: Double) {
    self.value = value
    self.derivative = derivative
  }
}

/// The dual kernels of an activation: K = E[φ(u) φ(v)] and D = E[φ′(u) φ′(v)] for centred normal (u, v) of any
/// covariance.
///
/// | activation | way |
/// |---|---|
/// | polynomial on each side of 0: ReLU, leaky ReLU, abs, step, ReLUᵏ | closed form, half-line moments |
/// | piecewise linear: hard-tanh, ReLU6 | closed form, bivariate normal distribution function |
/// | smooth: tanh, GELU, erf, sin, … | Mehler's series of Hermite coefficients |
/// | other pieces that meet at 0: ELU, SELU, softsign | quadrature in polar coordinates |
/// | everything else | quadrature over panels that end where φ breaks |
///
/// Sources: Y. Cho and L. Saul, Kernel methods for deep learning (2009), for the arc-cosine family; A. Daniely, R.
/// Frostig, Y. Singer, Toward deeper understanding of neural networks (2016), for dual activations.
public struct DualKernel: Sendable {
  enum Route: Sendable {
    case halfLines(HalfLineKernel)
    case ramps(RampKernel)
    case series
    case polar
    case panels
  }

  public let activation: Activation
  let route: Route

  /// The longest Hermite series that is tried.
  static let longestSeries = 4096

  public init(_ activation: Activation) {
    self.activation = activation
    let breakpoints = activation.breakpoints
    if let kernel = HalfLineKernel(activation) {
      route = .halfLines(kernel)
    } else if let kernel = RampKernel(activation) {
      route = .ramps(kernel)
    } else if breakpoints.isEmpty {
      route = .series
    } else {
      route = breakpoints == [0] ? .polar : .panels
    }
  }

  /// Whether the values come from a quadrature whose error is estimated; else it is bounded.
  public var isEstimated: Bool {
    switch route {
    case .halfLines, .ramps, .series: false
    case .polar, .panels: true
    }
  }

  /// K and D for Var u = q₁, Var v = q₂, Cov = c.
  ///
  /// Within about 10⁻¹⁵ (1 + √(E φ(u)² E φ(v)²)). Closed forms cost a microsecond; a series or a quadrature a
  /// millisecond or more: for many pairs of equal variances make an ``AngularTable``.
  ///
  /// - Throws: ``ActivationError`` for variances that are not positive and finite and for |c| above √(q₁q₂).
  public func values(variance q1: Double, _ q2: Double, covariance c: Double) throws -> DualValues {
    guard q1 > 0, q2 > 0, q1.isFinite, q2.isFinite else {
      throw ActivationError("variances \(q1), \(q2): positive finite numbers are needed")
    }
    let size = (q1 * q2).squareRoot()
    guard abs(c) <= size * (1 + 0x1p-50) else {
      throw ActivationError("covariance \(c): with variances \(q1) and \(q2) at most \(size) is possible")
    }
    let half = min(1, (max(0, size - abs(c)) / (2 * size)).squareRoot())
    let angle = c < 0 ? .pi - 2 * asin(half) : 2 * asin(half)
    return values(q1, q2, angle: angle)
  }

  /// K and D for standard deviations √q₁, √q₂ and the angle θ = arccos ρ in [0, π].
  public func values(_ q1: Double, _ q2: Double, angle: Double) -> DualValues {
    switch route {
    case .halfLines(let kernel): kernel.values(q1, q2, angle: angle)
    case .ramps(let kernel): kernel.values(q1, q2, angle: angle)
    case .series: series(q1, q2, angle: angle)
    case .polar: PolarQuadrature.values(activation, q1, q2, angle: angle)
    case .panels: PanelQuadrature.values(activation, q1, q2, angle: angle)
    }
  }

  private func series(_ q1: Double, _ q2: Double, angle: Double) -> DualValues {
    func expansion(_ q: Double) -> HermiteExpansion {
      HermiteExpansion(activation, variance: q, tolerance: 1e-17, limit: Self.longestSeries)
    }
    var first = expansion(q1)
    var second = q1 == q2 ? first : expansion(q2)
    // Both to the same order: what is left of the product depends on both remainders there.
    let (orderOne, orderTwo) = (first.coefficients.count - 1, second.coefficients.count - 1)
    if orderOne < orderTwo { first = HermiteExpansion(activation, variance: q1, order: orderTwo) }
    if orderTwo < orderOne { second = HermiteExpansion(activation, variance: q2, order: orderOne) }
    let rest = (first.derivativeRemainder * second.derivativeRemainder).squareRoot()
    guard rest <= 1e-13 * (first.derivativeSecondMoment * second.derivativeSecondMoment).squareRoot() else {
      return PanelQuadrature.values(activation, q1, q2, angle: angle)
    }
    let rho = cos(angle)
    func sum(_ a: [Double], _ b: [Double]) -> Double {
      var result = 0.0
      for k in (0..<min(a.count, b.count)).reversed() { result = result * rho + a[k] * b[k] }
      return result
    }
    return DualValues(
      value: sum(first.coefficients, second.coefficients),
      derivative: sum(first.derivativeCoefficients, second.derivativeCoefficients))
  }
}
