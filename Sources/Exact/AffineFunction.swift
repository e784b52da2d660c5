/// The affine function x ↦ gradient · x + constant on ℝⁿ, in rational numbers.
public struct AffineFunction: Sendable, Hashable {
  /// `[n]`
  public var gradient: [Rational]
  public var constant: Rational

  public init(gradient: [Rational], constant: Rational) {
    self.gradient = gradient
    self.constant = constant
  }

  /// A constant function of `inputs` variables.
  public init(constant: Rational, inputs: Int) {
    self.init(gradient: Array(repeating: .zero, count: inputs), constant: constant)
  }

  /// n
  public var inputs: Int { gradient.count }

  public var isConstant: Bool { gradient.allSatisfy { $0.signum == 0 } }

  public var isZero: Bool { constant.signum == 0 && isConstant }

  /// The value at a point, `[n]`. O(n).
  public func callAsFunction(_ point: [Rational]) -> Rational {
    var sum = constant
    for (slope, coordinate) in zip(gradient, point) where slope.signum != 0 { sum += slope * coordinate }
    return sum
  }

  /// gradient · direction. O(n).
  public func slope(along direction: [Rational]) -> Rational {
    zip(gradient, direction).reduce(.zero) { $0 + $1.0 * $1.1 }
  }

  /// self += factor · other. O(n), zeros costing nothing.
  public mutating func add(_ other: AffineFunction, times factor: Rational) {
    for index in gradient.indices where other.gradient[index].signum != 0 {
      gradient[index] += factor * other.gradient[index]
    }
    if other.constant.signum != 0 { constant += factor * other.constant }
  }

  public static func + (left: AffineFunction, right: AffineFunction) -> AffineFunction {
    AffineFunction(gradient: zip(left.gradient, right.gradient).map(+), constant: left.constant + right.constant)
  }

  public static func - (left: AffineFunction, right: AffineFunction) -> AffineFunction {
    AffineFunction(gradient: zip(left.gradient, right.gradient).map(-), constant: left.constant - right.constant)
  }

  public static prefix func - (function: AffineFunction) -> AffineFunction {
    AffineFunction(gradient: function.gradient.map { -$0 }, constant: -function.constant)
  }

  public static func * (factor: Rational, function: AffineFunction) -> AffineFunction {
    AffineFunction(gradient: function.gradient.map { factor * $0 }, constant: factor * function.constant)
  }
}
