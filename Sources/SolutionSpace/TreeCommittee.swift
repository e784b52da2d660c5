import Foundation
import Probability

/// Which weights a committee may have.
public enum WeightSpace: String, Sendable, CaseIterable {
  /// Σᵢ W²ₗᵢ = N/K for every hidden unit l.
  case spherical
  /// Wₗᵢ = ±1.
  case binary
}

/// A tree committee machine with many hidden units, K → ∞, as a question about its solutions.
///
/// N weights, N/K of them in each hidden unit, each unit on inputs of its own. The output is the sign of
/// Σ cₗ g(hₗ) / √K with fixed cₗ = ±1 that sum to 0 (or a threshold that does the same); P = αN random patterns with
/// random labels are to be classified, each with the output at least `margin` on its side.
public struct TreeCommittee: Sendable {
  public let kernel: OrderParameterKernel
  public let weights: WeightSpace
  /// κ in units of √Var g, the standard deviation of the output over random inputs.
  public let margin: Double

  /// Throws `SolutionSpaceError` unless the margin is a finite number.
  public init(kernel: OrderParameterKernel, weights: WeightSpace, margin: Double = 0) throws {
    guard margin.isFinite, abs(margin) < 1e3 else {
      throw SolutionSpaceError(
        "a margin of \(margin) cannot be met: a finite number is needed, in units of the output's spread")
    }
    self.kernel = kernel
    self.weights = weights
    self.margin = margin
  }
}

/// A number with an estimate of its error.
public struct Estimate: Sendable, Equatable {
  public var value: Double
  public var error: Double

  public init(_ value: Double, error: Double) {
    self.value = value
    self.error = error
  }
}

/// Averages over the reference field z of the logarithm f(w) = ln H((κ − w) / √(1 − Q)) of a pattern's chance, at w =
/// √Q z.
struct EnergeticAverages {
  /// E f.
  var logarithm = 0.0
  /// E f′².
  var slopeSquare = 0.0
  /// E f″².
  var bendSquare = 0.0

  /// - Parameter step: of the quadrature, 0.125 for full precision.
  init(_ point: OrderParameterKernel.Point, margin: Double, step: Double = 0.125) {
    let (spread, width) = (max(point.value, 0).squareRoot(), point.complement.squareRoot())
    let rule = QuadratureRule.normalTrapezoid(
      centre: spread > 0 ? margin / spread : 0, scale: min(1, width / max(spread, 1e-300)), step: step)
    for (z, weight) in zip(rule.nodes, rule.weights) {
      let t = (margin - spread * z) / width
      let hazard = inverseMillsRatio(t)
      let bend = hazard * (hazard - t)
      logarithm += weight * logNormalCDF(-t)
      slopeSquare += weight * hazard * hazard
      bendSquare += weight * bend * bend
    }
    slopeSquare /= point.complement
    bendSquare /= point.complement * point.complement
  }
}
