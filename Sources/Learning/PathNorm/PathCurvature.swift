import Foundation

/// How path sums are taken.
public struct PathNormOptions: Sendable, Hashable {
  /// p: paths weigh the product of |w|^p along them; 1 or 2.
  public var exponent: Int
  /// The multiple of S that is added for weights that a path may use twice; nil for κ⁽¹⁾ alone. 4 gives half the second
  /// derivative of γ², exactly; 2 and 1 are constants in print.
  public var secondTerm: Double?

  public init(exponent: Int = 2, secondTerm: Double? = nil) {
    self.exponent = exponent
    self.secondTerm = secondTerm
  }

  /// The constant that makes κ half the second derivative.
  public static let exactSecondTerm = 4.0
}

/// κ for the numbers of one tensor.
public struct TensorCurvature: Sendable {
  public let tensor: TensorShape
  /// Whether κ of the number at (i, j) is `left[i] · right[j]`; else it is `each` in the order of the tensor.
  public internal(set) var isRankOne: Bool
  public internal(set) var left: [Double]
  public internal(set) var right: [Double]
  public internal(set) var each: [Double]
  /// All of it times two to this power.
  public internal(set) var exponent: Int

  mutating func square() {
    for place in left.indices { left[place] *= left[place] }
    for place in right.indices { right[place] *= right[place] }
    for place in each.indices { each[place] *= each[place] }
    exponent *= 2
  }

  /// κ of every number; infinite where a `Double` ends.
  public var values: [Double] {
    let factor = ScaledNumber(1, exponent: exponent).value
    guard isRankOne else { return each.map { $0 * factor } }
    return left.flatMap { row in right.map { row * $0 * factor } }
  }
}

/// The path norm of a model and its curvature κ by every parameter.
///
/// κ_i is half the second derivative of γ² = Σ over paths of Π w² by w_i: κ⁽¹⁾ counts what one use of the weight weighs,
/// and a second term what pairs of uses on one path do. For p = 1 it is the square of the derivative of Σ Π |w| by |w_i|.
/// An update divided by κ is the same in all networks that differ by rescaling.
///
/// Sources: B. Neyshabur, R. Salakhutdinov, N. Srebro, Path-SGD, NIPS 2015, eq. 8–9; B. Neyshabur, Y. Wu, R. Salakhutdinov,
/// N. Srebro, Path-normalized optimization of recurrent neural networks with ReLU activations, NIPS 2016, Theorem 3, with
/// the constant of the second term corrected.
public struct PathCurvature: Sendable {
  public let options: PathNormOptions
  /// Σ over all paths of Π |w|^p, over all outputs and steps.
  public internal(set) var pathSum: ScaledNumber
  /// In the order of the model's tensors.
  public internal(set) var tensors: [TensorCurvature]

  /// γ², the square of the path norm: pathSum^{2/p}.
  public var squaredNorm: ScaledNumber {
    options.exponent == 1 ? pathSum * pathSum : pathSum
  }

  public subscript(name: String) -> TensorCurvature? { tensors.first { $0.tensor.name == name } }
}

/// Why a model has no path norm.
public struct PathNormError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
