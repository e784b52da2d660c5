import Exact

/// A comparison of two arithmetic expressions.
public struct VNNLIBComparison: Sendable, Hashable {
  /// The six relations, by their signs in VNN-LIB 2.0.
  public enum Relation: String, Sendable, Hashable, CaseIterable {
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case equal = "=="
    case notEqual = "!="

    public func holds(_ left: Rational, _ right: Rational) -> Bool {
      switch self {
      case .less: left < right
      case .lessOrEqual: left <= right
      case .greater: left > right
      case .greaterOrEqual: left >= right
      case .equal: left == right
      case .notEqual: left != right
      }
    }
  }

  public var relation: Relation
  public var left: VNNLIBExpression
  public var right: VNNLIBExpression

  public init(_ left: VNNLIBExpression, _ relation: Relation, _ right: VNNLIBExpression) {
    self.left = left
    self.relation = relation
    self.right = right
  }
}

/// A Boolean combination of comparisons, as it was written; there is no negation in the language.
public enum VNNLIBFormula: Sendable, Hashable {
  case comparison(VNNLIBComparison)
  /// At least one.
  case and([VNNLIBFormula])
  /// At least one.
  case or([VNNLIBFormula])

  /// Whether the formula holds when the elements have the given values, decided exactly.
  public func holds(at element: (Int) -> Rational) -> Bool {
    switch self {
    case .comparison(let comparison):
      comparison.relation.holds(comparison.left.value(at: element), comparison.right.value(at: element))
    case .and(let parts): parts.allSatisfy { $0.holds(at: element) }
    case .or(let parts): parts.contains { $0.holds(at: element) }
    }
  }

  /// Calls `body` with every comparison, in the order of the text.
  public func forEachComparison(_ body: (VNNLIBComparison) -> Void) {
    switch self {
    case .comparison(let comparison): body(comparison)
    case .and(let parts), .or(let parts):
      for part in parts { part.forEachComparison(body) }
    }
  }
}
