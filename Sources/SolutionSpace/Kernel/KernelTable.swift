import Activations
import Foundation
import Probability

/// The kernel of any activation from the table of its dual kernels in the angle θ = acos q.
///
/// 1 − Q(cos θ) = θᵖ W(θ) / Var g, where p = 2, or 1 for activations that jump, keeps its digits as θ → 0, and W is
/// smooth even for activations with kinks.
struct KernelTable: Sendable {
  let mean: Double
  let variance: Double
  let hasJump: Bool
  let error: Double
  private let drop: ChebyshevSeries
  /// Of W; the second too.
  private let dropSlope: ChebyshevSeries
  private let dropBend: ChebyshevSeries
  /// E g′(u) g′(v) and its derivative in θ; nil for activations that jump.
  private let derivative: (value: ChebyshevSeries, slope: ChebyshevSeries)?

  init(_ activation: Activation) throws {
    let name = activation.name
    let reach = try Self.reach(name, activation.value)
    func moment(_ f: (Double) -> Double) -> Double {
      adaptiveIntegral(
        from: -reach, to: reach, breakpoints: activation.breakpoints + [0], absolute: 1e-15, relative: 1e-14
      ) { f($0) * normalDensity($0) }.value
    }
    let mean = moment(activation.value)
    let variance = moment { (activation.value($0) - mean) * (activation.value($0) - mean) }
    guard variance > 1e-14 * (variance + mean * mean), variance > 0 else { throw OrderParameterKernel.constant(name) }
    let table = try AngularTable(activation, variance: 1)
    self.mean = mean
    self.variance = variance
    hasJump = table.dropPower == 1
    error = table.valueError / variance
    drop = ChebyshevSeries(from: 0, to: .pi, coefficients: table.drop)
    dropSlope = drop.derivative
    dropBend = dropSlope.derivative
    derivative =
      table.derivative.isEmpty
      ? nil
      : {
        let value = ChebyshevSeries(from: 0, to: .pi, coefficients: table.derivative)
        return (value, value.derivative)
      }()
  }

  /// A = Q′(1).
  var slopeAtOne: Double { derivative.map { $0.value(0) / variance } ?? .infinity }

  func point(theta: Double, complement rest: Double) -> OrderParameterKernel.Point {
    let w = drop(theta)
    let (sine, cosine) = (sin(theta), 1 - rest)
    guard let derivative else {
      let first = (w + theta * dropSlope(theta)) / variance
      let second = (2 * dropSlope(theta) + theta * dropBend(theta)) / variance
      let complement = theta * w / variance
      return OrderParameterKernel.Point(
        value: 1 - complement, complement: complement, slope: first / sine,
        curvature: (first * cosine - second * sine) / (sine * sine * sine))
    }
    let complement = theta * theta * w / variance
    return OrderParameterKernel.Point(
      value: 1 - complement, complement: complement, slope: derivative.value(theta) / variance,
      curvature: theta > 0 ? -derivative.slope(theta) / (sine * variance) : 0)
  }

  /// How far out the square of g counts under the normal density.
  private static func reach(_ name: String, _ g: (Double) -> Double) throws -> Double {
    func weight(_ x: Double) -> Double {
      let value = abs(g(x))
      return value == 0 ? 0 : exp(2 * log(value) - 0.5 * x * x)
    }
    let places = stride(from: 0.0, through: 37, by: 0.25).map { ($0, max(weight($0), weight(-$0))) }
    guard places.allSatisfy({ $0.1.isFinite }) else {
      throw SolutionSpaceError(
        "the activation \(name) is not finite on the numbers from -37 to 37, or grows too fast: its second moment "
          + "under the "
          + "normal law must be finite")
    }
    let top = places.reduce(0) { max($0, $1.1) }
    guard top > 0 else { throw OrderParameterKernel.constant(name) }
    let far = places.last { $0.1 > 1e-19 * top }?.0 ?? 8.5
    guard far < 36 else {
      throw SolutionSpaceError(
        "the activation \(name) has no finite second moment under the normal law: it grows like exp(x²/4) or faster")
    }
    return max(8.5, far + 0.5)
  }
}
