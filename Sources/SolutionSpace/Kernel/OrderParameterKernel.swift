import Activations
import Foundation
import Probability

/// The kernel of an activation g in the theory of wide tree committees:
///
///     Q(q) = (D(q) − D(0)) / (D(1) − D(0)),   D(q) = E g(u) g(v),   u, v standard normal with correlation q.
///
/// Two weight vectors of overlap q have outputs of correlation Q(q), and nothing else of the activation matters when
/// the number K of hidden units is large. Q(0) = 0, Q(1) = 1; defined here for q from 0 to 1.
///
/// Two lines that meet at 0 (ReLU, leaky ReLU, the absolute value, the identity) and steps at 0 (sign, Heaviside) have
/// closed forms and are recognised; every other activation gets a table when the value is made, which takes
/// milliseconds.
///
/// Source: C. Baldassi, E. Malatesta, R. Zecchina, Properties of the geometry of solutions and capacity of multilayer
/// neural networks with rectified linear unit activations, Phys. Rev. Lett. 123, 170602 (2019).
public struct OrderParameterKernel: Sendable {
  /// The kernel and its derivatives at one overlap.
  public struct Point: Sendable {
    /// Q(q).
    public let value: Double
    /// 1 − Q(q), accurate where it is small.
    public let complement: Double
    /// Q′(q).
    public let slope: Double
    /// Q″(q).
    public let curvature: Double
  }

  enum Form: Sendable {
    /// b q + c (2/π) (√(1 − q²) + q asin q), divided by the variance: two lines of slopes l and r that meet at 0 have
    /// b = ((r + l)/2)² and c = ((r − l)/2)².
    case hinge(b: Double, c: Double)
    /// (2/π) asin q.
    case step
    case table(KernelTable)
  }

  /// The activation's name.
  public let name: String
  /// E g(u).
  public let mean: Double
  /// Var g(u).
  public let variance: Double
  /// A = Q′(1) = E g′(u)² / Var g(u) ≥ 1; +∞ for activations that jump.
  public let slopeAtOne: Double
  /// The size of errors in Q, estimated: rounding for closed forms.
  public let error: Double
  let form: Form

  /// Throws `SolutionSpaceError` when the activation is constant, or not square-integrable under the normal law.
  public init(_ activation: Activation) throws {
    let name = activation.name
    let g = activation.value
    self.name = name
    if let (left, right) = Self.linesMeetingAtZero(g) {
      let (b, c) = (0.25 * (right + left) * (right + left), 0.25 * (right - left) * (right - left))
      guard b + c > 0 else { throw Self.constant(name) }
      mean = g(0) + (right - left) * normalDensity(0)
      variance = b + c * (1 - 2 / Double.pi)
      slopeAtOne = (b + c) / variance
      error = 4 * Double.ulpOfOne
      form = .hinge(b: b, c: c)
    } else if let (left, right) = Self.stepAtZero(g) {
      mean = 0.5 * (left + right)
      variance = 0.25 * (right - left) * (right - left)
      slopeAtOne = .infinity
      error = 4 * Double.ulpOfOne
      form = .step
    } else {
      let table = try KernelTable(activation)
      mean = table.mean
      variance = table.variance
      slopeAtOne = table.slopeAtOne
      error = table.error
      form = .table(table)
    }
  }

  static func constant(_ name: String) -> SolutionSpaceError {
    SolutionSpaceError(
      "the activation \(name) is constant on the numbers that matter: it stores nothing. Give one that varies, such as "
        + "relu, tanh or sign")
  }

  private static let probes = [1e-3, 0.03, 0.4, 1, 1.7, 3, 8, 21]

  private static func linesMeetingAtZero(_ g: (Double) -> Double) -> (left: Double, right: Double)? {
    let base = g(0)
    let (left, right) = (base - g(-1), g(1) - base)
    func isLine(_ slope: Double, _ x: Double) -> Bool {
      abs(g(x) - base - slope * x) <= 1e-14 * (abs(base) + abs(slope * x))
    }
    guard left.isFinite, right.isFinite, probes.allSatisfy({ isLine(right, $0) && isLine(left, -$0) }) else {
      return nil
    }
    return (left, right)
  }

  private static func stepAtZero(_ g: (Double) -> Double) -> (left: Double, right: Double)? {
    let (left, right) = (g(-1), g(1))
    guard left.isFinite, right.isFinite, left != right, probes.allSatisfy({ g($0) == right && g(-$0) == left }) else {
      return nil
    }
    return (left, right)
  }

  /// Whether Q′(0) = 0, as for even activations: q = 0 is then a solution of every saddle-point equation.
  public var isEven: Bool { point(0).slope < 1e-12 }

  /// At the overlap q from 0 to 1.
  public func point(_ q: Double) -> Point { point(complement: 1 - q) }

  /// At the overlap q = 1 − ε, given by ε, so that overlaps near 1 lose nothing.
  public func point(complement epsilon: Double) -> Point {
    let rest = min(max(epsilon, 0), 1)
    let q = 1 - rest
    // θ = acos q
    let theta = 2 * asin((0.5 * rest).squareRoot())
    let sine = (rest * (2 - rest)).squareRoot()
    switch form {
    case .step:
      let scale = 2 / Double.pi
      return Point(
        value: scale * asin(q), complement: scale * theta, slope: scale / sine,
        curvature: scale * q / (sine * sine * sine))
    case .hinge(let b, let c):
      let share = 2 / Double.pi * c / variance
      let complement = (b + c) / variance * rest - share * Self.sineMinusProduct(theta)
      // √(1 − q²) − 1 without cancellation for small q.
      let value = b / variance * q + share * (q * asin(q) - q * q / (1 + sine))
      return Point(
        value: rest < 0.5 ? 1 - complement : value, complement: rest < 0.5 ? complement : 1 - value,
        slope: b / variance + share * asin(q), curvature: share / sine)
    case .table(let table): return table.point(theta: theta, complement: rest)
    }
  }

  /// sin θ − θ cos θ = θ³/3 − θ⁵/30 + ….
  private static func sineMinusProduct(_ theta: Double) -> Double {
    guard theta < 0.3 else { return sin(theta) - theta * cos(theta) }
    let square = theta * theta
    var (sum, power) = (0.0, -theta)
    for k in 1...8 {
      let even = 2 * Double(k)
      // (−1)ᵏ θ²ᵏ⁺¹ / (2k + 1)!
      power *= -square / (even * (even + 1))
      sum += even * power
    }
    return sum
  }
}
