import Exact
import Queries

/// A case of a query that some point satisfies: of every disjunction the first alternative that holds there.
struct SatisfiedCase: Sendable {
  /// For each element of an input that is bounded by itself the range of its values.
  private(set) var ranges: [Int: ValueRange] = [:]
  private(set) var constraints: [QueryCase.Constraint] = []

  /// O(size of the tree) evaluations; nil when the values do not satisfy the tree.
  init?(_ tree: QueryTree, at values: [Rational]) {
    guard add(tree, at: values) else { return nil }
  }

  private mutating func add(_ tree: QueryTree, at values: [Rational]) -> Bool {
    guard tree.common.contains({ values[$0] }) else { return false }
    for bound in tree.common.box {
      ranges[bound.element] = ranges[bound.element]?.intersection(bound.range) ?? bound.range
    }
    constraints += tree.common.constraints
    return tree.disjunctions.allSatisfy { alternatives in
      guard let holding = alternatives.first(where: { $0.contains { values[$0] } }) else { return false }
      return add(holding, at: values)
    }
  }

  /// The range of each input of the problem's network: the intersection over the elements that are this input.
  func inputRanges(_ problem: QueryProblem) -> [ValueRange] {
    var inputs = Array(repeating: ValueRange(), count: problem.network.inputCount)
    for (element, range) in ranges {
      guard case .input(let input) = problem.places[element] else { continue }
      inputs[input] = inputs[input].intersection(range)
    }
    return inputs
  }
}
