import Exact

/// Constraints that hold together, added and taken back in the manner of a stack.
struct ConstraintStore {
  private enum Change {
    case element(Int, ValueRange?)
    case polynomial(Polynomial, ValueRange?)
  }

  private var elements: [Int: ValueRange] = [:]
  private var polynomials: [Polynomial: ValueRange] = [:]
  private var trail: [Change] = []

  /// The state to which ``undo(to:)`` returns.
  var mark: Int { trail.count }

  /// Adds constraints; false when they contradict those in the store, with some of them added. O(constraints of
  /// `item`).
  mutating func add(_ item: QueryCase) -> Bool {
    for bound in item.box {
      let old = elements[bound.element]
      let range = old?.intersection(bound.range) ?? bound.range
      if range.isEmpty { return false }
      trail.append(.element(bound.element, old))
      elements[bound.element] = range
    }
    for constraint in item.constraints {
      let old = polynomials[constraint.polynomial]
      let range = old?.intersection(constraint.range) ?? constraint.range
      if range.isEmpty { return false }
      trail.append(.polynomial(constraint.polynomial, old))
      polynomials[constraint.polynomial] = range
    }
    return true
  }

  mutating func undo(to mark: Int) {
    while trail.count > mark {
      switch trail.removeLast() {
      case .element(let element, let range): elements[element] = range
      case .polynomial(let polynomial, let range): polynomials[polynomial] = range
      }
    }
  }

  /// The constraints of `item` that those in the store do not imply, each narrowed to what they leave; nil when they
  /// contradict one. O(constraints of `item`).
  func reduced(_ item: QueryCase) -> QueryCase? {
    var reduced = QueryCase.everything
    for bound in item.box {
      let known = elements[bound.element] ?? ValueRange()
      let range = known.intersection(bound.range)
      if range.isEmpty { return nil }
      if range != known { reduced.box.append(QueryCase.ElementRange(element: bound.element, range: range)) }
    }
    for constraint in item.constraints {
      let known = polynomials[constraint.polynomial] ?? ValueRange()
      let range = known.intersection(constraint.range)
      if range.isEmpty { return nil }
      if range != known {
        reduced.constraints.append(QueryCase.Constraint(polynomial: constraint.polynomial, range: range))
      }
    }
    return reduced
  }

  /// All constraints in the store. O(n log n).
  var all: QueryCase {
    let box = elements.map { QueryCase.ElementRange(element: $0.key, range: $0.value) }
    let constraints = polynomials.map { QueryCase.Constraint(polynomial: $0.key, range: $0.value) }
    return QueryCase(
      box: box.sorted { $0.element < $1.element }, constraints: constraints.sorted { $0.polynomial < $1.polynomial })
  }
}
