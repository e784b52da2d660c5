import Exact
import Probability

@testable import Queries

/// A query of version 2.0 about one network: `X` and `Y` of shape [3] over the reals, and these assertions.
func query(_ assertions: String) throws -> VNNLIBQuery {
  try VNNLIBQuery(
    """
    (vnnlib-version <2.0>)
    (declare-network N (declare-input X real [3]) (declare-output Y real [3]))
    \(assertions)
    """, file: "test.vnnlib")
}

extension RandomSource {
  mutating func pick<Item>(_ items: [Item]) -> Item { items[index(below: items.count)] }

  mutating func small() -> Rational { Rational(index(below: 9) - 4, 2) }

  /// A formula over X and Y of ``query(_:)``, nested at most `depth` deep, whose constants are halves from -2 to 2.
  mutating func formula(depth: Int, maximumDegree: Int = 2) -> String {
    if depth > 0, index(below: 3) > 0 {
      let parts = (0...index(below: 3)).map { _ in formula(depth: depth - 1, maximumDegree: maximumDegree) }
      return "(\(pick(["and", "or"])) \(parts.joined(separator: " ")))"
    }
    let relation = pick(["<", "<=", ">", ">=", "==", "!="])
    let element = "\(pick(["X", "Y"]))[\(index(below: 3))]"
    let other = index(below: 2) == 0 ? constant() : expression(depth: 2, degree: maximumDegree)
    return index(below: 2) == 0 ? "(\(relation) \(element) \(other))" : "(\(relation) \(other) \(element))"
  }

  private mutating func constant() -> String {
    pick(["-2.0", "-1.5", "-1.0", "-0.50", "0.0", "0.5", "1", "1.5", "2.0"])
  }

  private mutating func expression(depth: Int, degree: Int) -> String {
    if depth == 0 || index(below: 4) == 0 {
      return degree > 0 && index(below: 3) > 0 ? "\(pick(["X", "Y"]))[\(index(below: 3))]" : constant()
    }
    func parts(_ random: inout RandomSource, _ count: Int) -> String {
      (0..<count).map { _ in random.expression(depth: depth - 1, degree: degree) }.joined(separator: " ")
    }
    switch index(below: 4) {
    case 0: return "(+ \(parts(&self, 1 + index(below: 3))))"
    case 1: return "(- \(parts(&self, 1 + index(below: 3))))"
    case 2: return "(* \(constant()) \(parts(&self, 1)))"
    default:
      let left = expression(depth: depth - 1, degree: degree / 2)
      return "(* \(left) \(expression(depth: depth - 1, degree: degree / 2)))"
    }
  }

  /// Text of assertions for ``query(_:)``.
  mutating func assertions() -> String {
    (0...index(below: 4)).map { _ in "(assert \(formula(depth: 3)))" }.joined(separator: "\n")
  }
}
