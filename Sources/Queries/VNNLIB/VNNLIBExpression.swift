import Exact

/// An arithmetic expression over the elements of a query's variables, as it was written.
///
/// An element is the flat index that ``VNNLIBQuery`` gives it. Expressions that were read are nested at most
/// ``VNNLIBQuery/depthLimit`` deep.
public enum VNNLIBExpression: Sendable, Hashable {
  case constant(Rational)
  case element(Int)
  indirect case negation(VNNLIBExpression)
  /// `(+ a b …)`, at least one.
  case sum([VNNLIBExpression])
  /// `(- a b …)`: the first less all the others, at least two.
  case difference([VNNLIBExpression])
  /// `(* a b …)`, at least one.
  case product([VNNLIBExpression])

  /// The value when the elements have the given values. One rational operation for each node.
  public func value(at element: (Int) -> Rational) -> Rational {
    switch self {
    case .constant(let value): value
    case .element(let index): element(index)
    case .negation(let part): -part.value(at: element)
    case .sum(let parts): parts.dropFirst().reduce(parts[0].value(at: element)) { $0 + $1.value(at: element) }
    case .difference(let parts): parts.dropFirst().reduce(parts[0].value(at: element)) { $0 - $1.value(at: element) }
    case .product(let parts): parts.dropFirst().reduce(parts[0].value(at: element)) { $0 * $1.value(at: element) }
    }
  }

  /// Calls `body` with every element that stands in the expression, as often as it stands there.
  func forEachElement(_ body: (Int) -> Void) {
    switch self {
    case .constant: break
    case .element(let index): body(index)
    case .negation(let part): part.forEachElement(body)
    case .sum(let parts), .difference(let parts), .product(let parts):
      for part in parts { part.forEachElement(body) }
    }
  }

  /// The degree as a polynomial, as the text shows it: factors that are zero and terms that cancel count too.
  var writtenDegree: Int {
    switch self {
    case .constant: 0
    case .element: 1
    case .negation(let part): part.writtenDegree
    case .sum(let parts), .difference(let parts): parts.reduce(0) { max($0, $1.writtenDegree) }
    case .product(let parts): parts.reduce(0) { $0 + $1.writtenDegree }
    }
  }
}
