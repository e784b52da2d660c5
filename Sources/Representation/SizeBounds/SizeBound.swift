import Exact

/// How sure a statement is.
public enum Standing: String, Sendable, Codable, CaseIterable {
  /// Proved in the source or in the documentation here, and the proof was followed.
  case proved
  /// Printed in the paper; the proof could not be followed. Never used as a fact.
  case printed
  /// From the literature, not re-derived here.
  case literature

  public var description: String {
    switch self {
    case .proved: "proved"
    case .printed: "printed in the paper, not re-derived here"
    case .literature: "from the literature, not re-derived here"
    }
  }
}

/// A lower bound on the number of hidden units of every ReLU network that computes a function, from the function's number
/// of pieces.
///
/// ```swift
/// let bounds = try SizeBound.table(pieces: 82, inputs: 1, layers: 2)
/// bounds.map(\.units)                                      // [9, 12, 12, 17, 17]
/// SizeBound.best(bounds)?.name                             // "product bound"
/// ```
public struct SizeBound: Sendable, Equatable {
  /// What the condition bounds: a real number, or the integers that satisfy a condition.
  public enum Form: String, Sendable, Codable {
    case real
    case integer
  }

  /// Which networks the bound holds for.
  public enum Layers: String, Sendable, Codable {
    /// Those with k′ hidden layers, each with at least one unit. The real bounds grow in k′ beyond ln p, so that they do
    /// not hold for networks with fewer layers.
    case exactly
    /// Those with at most k′ hidden layers.
    case atMost
  }

  public let name: String
  public let source: String
  public let form: Form
  public let layers: Layers
  public let standing: Standing
  /// The bound itself, to within rounding: for display.
  public let value: Double
  /// The least natural number of units that satisfies the bound, exactly.
  public let units: Rational
  /// What else there is to say; nil mostly.
  public let remark: String?

  init(
    name: String, source: String, form: Form, layers: Layers, standing: Standing, value: Double, units: Rational,
    remark: String? = nil
  ) {
    self.name = name
    self.source = source
    self.form = form
    self.layers = layers
    self.standing = standing
    self.value = value
    self.units = units
    self.remark = remark
  }

  /// An integer bound for at most k′ layers.
  static func integer(
    _ name: String, source: String, units: Rational, remark: String? = nil
  ) -> SizeBound {
    SizeBound(
      name: name, source: source, form: .integer, layers: .atMost, standing: .proved, value: units.doubleValue,
      units: units, remark: remark)
  }

  /// The bound s ≥ ½ k′ radicand^(1/degree) − 1 for k′ layers.
  ///
  /// s is least when 2 (s + 1) is the least even number that is at least the integer root of k′^degree · radicand.
  static func halfRoot(
    _ name: String, source: String, radicand: Rational, degree: Int, layers: Int, standing: Standing = .proved,
    remark: String? = nil
  ) -> SizeBound {
    let scaled = NaturalArithmetic.power(Rational(layers), degree) * radicand
    let root = NaturalArithmetic.ceilingRoot(scaled, degree: degree)
    return SizeBound(
      name: name, source: source, form: .real, layers: .exactly, standing: standing,
      value: NaturalArithmetic.root(scaled, degree: degree) / 2 - 1,
      units: max(NaturalArithmetic.ceiling(root / 2) - 1, .zero), remark: remark)
  }

  /// Of the proved bounds for at most k′ layers, the first that is largest; nil without any.
  public static func best(_ bounds: [SizeBound]) -> SizeBound? {
    bounds.filter { $0.standing == .proved && $0.layers == .atMost }
      .reduce(nil) { best, bound in
        guard let best, best.units >= bound.units else { return bound }
        return best
      }
  }
}
