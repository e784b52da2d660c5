import Exact

/// A convex loss ℓ(prediction, observation), summed over samples with their weights.
public enum Loss: Sendable, Hashable {
  /// (z − y)²
  case squared
  /// |z − y|
  case absolute
  /// ½ (z − y)² up to |z − y| = δ, then δ |z − y| − ½ δ²
  case huber(delta: Rational)
  /// τ (y − z) where the prediction is below, (1 − τ) (z − y) where it is above
  case quantile(tau: Rational)
  /// max(0, 1 − y z), labels y = ±1
  case hinge
  /// log(1 + exp(−y z)), labels y = ±1
  case logistic

  /// Whether observations are labels −1 and +1.
  public var isClassification: Bool { self == .hinge || self == .logistic }
}

extension Loss: LosslessStringConvertible {
  public var description: String {
    switch self {
    case .squared: "squared"
    case .absolute: "absolute"
    case .huber(let delta): delta == 1 ? "huber" : "huber:\(delta)"
    case .quantile(let tau): "quantile:\(tau)"
    case .hinge: "hinge"
    case .logistic: "logistic"
    }
  }

  /// Reads `squared`, `absolute`, `huber` (δ = 1), `huber:δ` with δ > 0, `quantile:τ` with 0 < τ < 1, `hinge` or
  /// `logistic`; numbers are decimals or fractions, taken exactly.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let number = parts.count == 2 ? Rational(String(parts[1])) : nil
    switch (parts[0], parts.count) {
    case ("squared", 1): self = .squared
    case ("absolute", 1): self = .absolute
    case ("hinge", 1): self = .hinge
    case ("logistic", 1): self = .logistic
    case ("huber", 1): self = .huber(delta: 1)
    case ("huber", 2):
      guard let number, number > 0 else { return nil }
      self = .huber(delta: number)
    case ("quantile", 2):
      guard let number, number > 0, number < 1 else { return nil }
      self = .quantile(tau: number)
    default: return nil
    }
  }
}
