import Activations
import Foundation
import Probability

/// The hidden unit of a committee on an instance: its activation, the signs of its output weights, and the moments that
/// message passing needs.
public struct CommitteeUnit: Sendable {
  public let activation: Activation
  public let kernel: OrderParameterKernel
  /// How values and moments are found.
  let form: Form

  enum Form: Sendable {
    case relu
    case sign
    case general
  }

  /// Throws `SolutionSpaceError` as ``OrderParameterKernel/init(_:)`` does.
  public init(_ activation: Activation) throws {
    self.activation = activation
    kernel = try OrderParameterKernel(activation)
    switch activation.name {
    case "relu": form = .relu
    case "sign": form = .sign
    default: form = .general
    }
  }

  /// Whether all output weights are 1: odd activations. The others need weights that sum to 0.
  public var isOdd: Bool { abs(kernel.mean) < 1e-9 * kernel.variance.squareRoot() && !kernel.isEven }

  /// cₗ: 1, or −1 for the second half of the units of activations that are not odd.
  ///
  /// Throws `SolutionSpaceError` for an odd number of units where half of them must be negative.
  public func outputWeights(hidden: Int) throws -> [Float] {
    if isOdd { return Array(repeating: 1, count: hidden) }
    guard hidden % 2 == 0 else {
      throw SolutionSpaceError(
        "\(hidden) hidden units with \(activation.name) cannot have half of their output weights 1 and half -1: give "
          + "an even "
          + "number")
    }
    return (0..<hidden).map { $0 < hidden / 2 ? 1 : -1 }
  }

  func value(_ x: Float) -> Float {
    switch form {
    case .relu: max(x, 0)
    case .sign: x > 0 ? 1 : x < 0 ? -1 : 0
    case .general: Float(activation.value(Double(x)))
    }
  }
}

/// Mean a and variance b of g over a normal field of mean ω and variance V, and their first two derivatives in ω.
struct UnitMoments {
  var a = 0.0
  var a1 = 0.0
  var a2 = 0.0
  var b = 0.0
  var b1 = 0.0
  var b2 = 0.0

  init(ramp omega: Double, deviation: Double) {
    let tau = omega / deviation
    let (chance, density) = (normalCDF(tau), normalDensity(tau))
    a = omega * chance + deviation * density
    a1 = chance
    a2 = density / deviation
    b = (omega * omega + deviation * deviation) * chance + omega * deviation * density - a * a
    b1 = 2 * a * (1 - a1)
    b2 = 2 * a1 - 2 * a1 * a1 - 2 * a * a2
  }

  init(sign omega: Double, deviation: Double) {
    let tau = omega / deviation
    let density = normalDensity(tau)
    a = erf(tau * 0.5.squareRoot())
    a1 = 2 * density / deviation
    a2 = -2 * tau * density / (deviation * deviation)
    b = 1 - a * a
    b1 = -2 * a * a1
    b2 = -2 * a1 * a1 - 2 * a * a2
  }

  /// From the means of g and g² and their first two derivatives.
  init(first: (Double, Double, Double), second: (Double, Double, Double)) {
    (a, a1, a2) = first
    b = second.0 - a * a
    b1 = second.1 - 2 * a * a1
    b2 = second.2 - 2 * a1 * a1 - 2 * a * a2
  }
}

/// Moments of any activation at one variance, interpolated in ω between nodes a quarter of a deviation apart.
///
/// By Stein's identity the derivatives of E g are E g z/√V and E g (z² − 1)/V; the panels of the quadrature end where g
/// breaks.
struct MomentTable {
  private static let panel = QuadratureRule.gaussLegendre(10)
  private let step: Double
  private let reach: Int
  private var nodes: [(first: (Double, Double, Double), second: (Double, Double, Double))] = []

  init(_ activation: Activation, deviation: Double) {
    step = 0.25 * max(deviation, 0.05)
    // Fields beyond 7 are not met: their variance is at most 1.
    reach = Int(7 / step) + 1
    for k in -reach...reach {
      let omega = step * Double(k)
      var cuts = [-8.0, -4, -2, 0, 2, 4, 8] + activation.breakpoints.map { ($0 - omega) / deviation }
      cuts = cuts.filter { abs($0) <= 8 }.sorted()
      var (first, second) = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0))
      for (low, high) in zip(cuts, cuts.dropFirst()) where high > low {
        let half = 0.5 * (high - low)
        for (node, weight) in zip(Self.panel.nodes, Self.panel.weights) {
          let z = low + half * (1 + node)
          let g = activation.value(omega + deviation * z)
          let share = half * weight * normalDensity(z)
          let (linear, square) = (z / deviation, (z * z - 1) / (deviation * deviation))
          first.0 += share * g
          first.1 += share * g * linear
          first.2 += share * g * square
          second.0 += share * g * g
          second.1 += share * g * g * linear
          second.2 += share * g * g * square
        }
      }
      nodes.append((first, second))
    }
  }

  func moments(_ omega: Double) -> UnitMoments {
    let place = min(max(omega / step, Double(-reach)), Double(reach) - 1e-9)
    let index = Int((place + Double(reach)).rounded(.down))
    let t = place + Double(reach) - Double(index)
    let (left, right) = (nodes[index], nodes[index + 1])
    func quintic(_ p: (Double, Double, Double), _ q: (Double, Double, Double)) -> (Double, Double, Double) {
      // Hermite of the fifth degree from values and two derivatives at both ends.
      let h = step
      let (u, v, w) = (p.0, h * p.1, h * h * p.2)
      let (x, y, z) = (q.0, h * q.1, h * h * q.2)
      let c3 = 10 * (x - u) - 6 * v - 4 * y - 1.5 * w + 0.5 * z
      let c4 = -15 * (x - u) + 8 * v + 7 * y + 1.5 * w - z
      let c5 = 6 * (x - u) - 3 * v - 3 * y - 0.5 * w + 0.5 * z
      let value = u + t * (v + t * (0.5 * w + t * (c3 + t * (c4 + t * c5))))
      let slope = v + t * (w + t * (3 * c3 + t * (4 * c4 + t * 5 * c5)))
      let bend = w + t * (6 * c3 + t * (12 * c4 + t * 20 * c5))
      return (value, slope / h, bend / (h * h))
    }
    return UnitMoments(first: quintic(left.first, right.first), second: quintic(left.second, right.second))
  }
}
