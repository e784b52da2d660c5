import CKernels
import Foundation
import Probability

/// The dual kernels of an activation for one variance q, as functions of the angle θ = arccos ρ: Chebyshev series on
/// [0, π].
///
/// K(θ) = K(0) − θᵖ W(θ) with p = 2 (p = 1 for a function that jumps itself), and D(θ). Both W and D are smooth in θ up
/// to both ends even for functions with kinks, where power series in ρ converge hardly at all at ρ = 1. As W comes from
///
///     K(0) − K(θ) = q ∫₀^θ sin t D(t) dt
///
/// the difference K(0) − K keeps all its digits for rows that are nearly equal, through any number of layers.
public struct AngularTable: Sendable {
  /// q.
  public let variance: Double
  /// K(0) = E φ(√q z)².
  public let valueAtZero: Double
  /// D(0) = E φ′(√q z)²; NaN for a function that jumps itself.
  public let derivativeAtZero: Double
  /// How far a value of K may be off, rounding included.
  public let valueError: Double
  /// How far a value of D may be off, rounding included.
  public let derivativeError: Double
  /// Whether those two are bounds: closed forms and series of one kink at 0 or none are followed to the end. Else they rest on how
  /// the last coefficients fall.
  public let isErrorProved: Bool
  /// The power p.
  public let dropPower: Int
  /// Chebyshev coefficients of W and D in 2θ/π − 1.
  public let drop: [Double]
  public let derivative: [Double]

  /// The most coefficients that are tried; kinks away from 0 need the most.
  static let largestDegree = 512

  /// - Complexity: a few dozen to a few hundred evaluations of ``DualKernel``, from a millisecond to a second.
  /// - Throws: ``ActivationError`` for a variance that is not positive and finite.
  public init(_ activation: Activation, variance: Double) throws {
    guard variance > 0, variance.isFinite else {
      throw ActivationError("variance \(variance): a positive finite number is needed")
    }
    let kernel = DualKernel(activation)
    let source = AngularSource(kernel, variance: variance)
    self.variance = variance
    let hasDerivative = activation.smoothness.jumpOrder != 0
    let zero = source.values(angle: 0)
    valueAtZero = zero.value
    derivativeAtZero = zero.derivative
    isErrorProved = source.degree != nil
    var main = ChebyshevFit(limit: Self.largestDegree, scale: abs(hasDerivative ? zero.derivative : zero.value)) {
      angle in
      let values = source.values(angle: angle)
      return hasDerivative ? values.derivative : (zero.value - values.value) / angle
    }
    if let degree = source.degree {
      main.measure(points: 4 * max(degree, 64)) { angle in
        let values = source.values(angle: angle)
        return hasDerivative ? values.derivative : (zero.value - values.value) / angle
      }
    }
    if hasDerivative {
      dropPower = 2
      derivative = main.coefficients
      derivativeError = main.error + source.derivativeError
      let rule = QuadratureRule.gaussLegendre(max(24, main.coefficients.count), from: 0, to: 1)
      let slopes = main
      func mean(_ angle: Double) -> Double {
        rule.integral { t in
          let x = t * angle
          let sinc = x == 0 ? 1 : sin(x) / x
          return variance * t * sinc * slopes.value(x)
        }
      }
      var inner = ChebyshevFit(limit: Self.largestDegree, scale: variance * abs(zero.derivative), mean)
      if isErrorProved { inner.measure(points: 2 * (main.coefficients.count + 32), mean) }
      drop = inner.coefficients
      // θ² ≤ 10, and ∫ sin = 2 for what D itself is off.
      valueError = 10 * inner.error + 2 * variance * derivativeError + source.valueError
    } else {
      dropPower = 1
      derivative = []
      derivativeError = .nan
      drop = main.coefficients
      valueError = .pi * main.error + source.valueError
    }
  }

  /// K and D at one angle. O(coefficients).
  public func values(angle: Double) -> DualValues {
    let x = 2 * angle / .pi - 1
    let power = dropPower == 2 ? angle * angle : angle
    return DualValues(
      value: valueAtZero - power * ChebyshevFit.sum(drop, x),
      derivative: derivative.isEmpty ? .nan : ChebyshevFit.sum(derivative, x))
  }

  /// K(0) − K(θ), to a relative error of a few 10⁻¹⁵ for p = 2.
  public func drop(angle: Double) -> Double {
    (dropPower == 2 ? angle * angle : angle) * ChebyshevFit.sum(drop, 2 * angle / .pi - 1)
  }

  /// K and D at many angles: `count` of them are read and as many values written to each target; a target may be nil.
  public func evaluate(
    angles: UnsafePointer<Double>, count: Int, values: UnsafeMutablePointer<Double>?,
    derivatives: UnsafeMutablePointer<Double>?
  ) {
    if let values {
      pleat_chebyshev_drop(angles, count, drop, drop.count, Int32(dropPower), valueAtZero, values)
    }
    if let derivatives { pleat_chebyshev_sum(angles, count, derivative, derivative.count, derivatives) }
  }
}

/// Where a table takes its values from: the series, made once, or the kernel's closed form or quadrature.
private struct AngularSource {
  private let kernel: DualKernel
  private let variance: Double
  private let expansion: HermiteExpansion?
  let valueError: Double
  let derivativeError: Double
  /// The degree in cos θ and sin θ of what the values are sums of; nil where they are no such sums.
  let degree: Int?

  init(_ kernel: DualKernel, variance: Double) {
    self.kernel = kernel
    self.variance = variance
    let unit = 0x1p-53
    var series: HermiteExpansion?
    if case .series = kernel.route {
      let made = HermiteExpansion(
        kernel.activation, variance: variance, tolerance: 1e-17, limit: DualKernel.longestSeries)
      if made.derivativeRemainder <= 1e-13 * made.derivativeSecondMoment { series = made }
    }
    expansion = series
    if case .halfLines = kernel.route {
      degree = 16
    } else {
      degree = series.map { $0.coefficients.count }
    }
    if let series {
      // Σ (a + δ)² − a² ≤ 2δ Σ|a| + nδ²; the coefficients' errors are independent of each other, and their sum is
      // measured by the sum itself at ρ = 1, where it must give the second moment.
      let sum = series.coefficients.reduce(0) { $0 + $1 * $1 }
      let slopes = series.derivativeCoefficients.reduce(0) { $0 + $1 * $1 }
      valueError = abs(series.secondMoment - sum) + series.remainder + 16 * unit * series.secondMoment
      derivativeError =
        abs(series.derivativeSecondMoment - slopes) + series.derivativeRemainder
        + 16 * unit * series.derivativeSecondMoment
    } else {
      let zero = Self.diagonal(kernel.activation, variance)
      valueError = 32 * unit * abs(zero.value)
      derivativeError = zero.derivative.isNaN ? 0 : 32 * unit * abs(zero.derivative)
    }
  }

  /// E φ² and E φ′², which one-dimensional quadrature gives whatever the kinks.
  private static func diagonal(_ activation: Activation, _ variance: Double) -> DualValues {
    let moments = HermiteExpansion(activation, variance: variance, order: 0)
    return DualValues(
      value: moments.secondMoment,
      derivative: activation.smoothness.jumpOrder == 0 ? .nan : moments.derivativeSecondMoment)
  }

  func values(angle: Double) -> DualValues {
    guard let expansion else {
      return angle == 0 && kernel.isEstimated
        ? Self.diagonal(kernel.activation, variance) : kernel.values(variance, variance, angle: angle)
    }
    let rho = cos(angle)
    func sum(_ a: [Double]) -> Double {
      var result = 0.0
      for k in a.indices.reversed() { result = result * rho + a[k] * a[k] }
      return result
    }
    return DualValues(value: sum(expansion.coefficients), derivative: sum(expansion.derivativeCoefficients))
  }
}

/// A Chebyshev interpolant on [0, π], as short as double precision allows.
struct ChebyshevFit {
  let coefficients: [Double]
  /// What was cut off, the last coefficients before that, and rounding; or, once measured, a bound on the error.
  private(set) var error: Double

  /// Interpolates at 32, 64, … points until the last quarter of the coefficients is noise: as small as rounding, or
  /// small and no smaller than with half the points.
  ///
  /// - Parameter scale: the magnitude of f by which noise is judged.
  init(limit: Int, scale: Double, _ f: (Double) -> Double) {
    var count = 32
    var before = Double.infinity
    while true {
      let all = Self.interpolate(count, f)
      let size = max(scale, all.map(abs).max() ?? 0)
      let last = all.suffix(count / 4).map(abs).max() ?? 0
      let isNoise = last <= 0x1p-51 * size || (last <= 1e-12 * size && last > 0.25 * before)
      if isNoise || count >= limit {
        let cut = max(0x1p-53 * size, 2 * last)
        let kept = (all.lastIndex { abs($0) > cut } ?? 0) + 1
        coefficients = Array(all.prefix(kept))
        // The coefficients beyond the points fall at least as fast as over the last quarter.
        error = all.dropFirst(kept).reduce(0) { $0 + abs($1) } + 2 * last + 8 * 0x1p-53 * size
        return
      }
      before = last
      count *= 2
    }
  }

  /// Bounds the error from the differences at `points` Chebyshev nodes: a polynomial of lower degree is at most 1 + 2/π ln points
  /// times as large between them. For functions whose own coefficients beyond that degree are nothing: sums of cos kθ and θ cos kθ
  /// with k below a quarter of the points, of which they are Bessel functions J_m(πk/2), m > 4k.
  mutating func measure(points: Int, _ f: (Double) -> Double) {
    let step = Double.pi / Double(points)
    var largest = 0.0
    for j in 0..<points {
      let angle = 0.5 * .pi * (1 + cos(step * (Double(j) + 0.5)))
      largest = max(largest, abs(f(angle) - value(angle)))
    }
    error = (1 + 2 / .pi * log(Double(points))) * largest + 8 * 0x1p-53 * (coefficients.map(abs).max() ?? 0)
  }

  func value(_ angle: Double) -> Double { Self.sum(coefficients, 2 * angle / .pi - 1) }

  private static func interpolate(_ count: Int, _ f: (Double) -> Double) -> [Double] {
    let step = Double.pi / Double(count)
    let values = (0..<count).map { f(0.5 * .pi * (1 + cos(step * (Double($0) + 0.5)))) }
    let cosines = (0..<4 * count).map { cos(0.5 * step * Double($0)) }
    return (0..<count).map { k in
      var sum = 0.0
      // cos(k (j + ½) π/count), from one table.
      for j in 0..<count { sum += values[j] * cosines[(k * (2 * j + 1)) % (4 * count)] }
      return sum * (k == 0 ? 1 : 2) / Double(count)
    }
  }

  /// Clenshaw's sum Σ c_k T_k(x).
  static func sum(_ coefficients: [Double], _ x: Double) -> Double {
    var (one, two) = (0.0, 0.0)
    for c in coefficients.dropFirst().reversed() { (one, two) = (2 * x * one - two + c, one) }
    return x * one - two + (coefficients.first ?? 0)
  }
}
