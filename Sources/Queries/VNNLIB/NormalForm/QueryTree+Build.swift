import Exact

extension VNNLIBQuery {
  /// How many steps multiplying out takes at most, beyond those in proportion to the query: one for each term, times
  /// the number of factors in it where terms are multiplied.
  private static let expansionLimit = 4_000_000

  /// The assertions as a tree of cases, simplified: bounds of one polynomial are merged, alternatives that contradict
  /// what holds anyway are dropped, and what is left of a disjunction with one alternative holds always. Nil when the
  /// constraints contradict each other by that much, so that nothing satisfies the query, whatever its networks.
  ///
  /// `a != b` becomes the disjunction of `a < b` and `a > b`; strict comparisons stay strict. Linear in the size of the
  /// query, but for sorting, for polynomials. Throws ``VNNLIBError`` when products of sums grow beyond millions of
  /// terms.
  public func normalForm() throws -> QueryTree? {
    let inputs = variables.filter { $0.role == .input }.map(\.elements)
    var builder = QueryTreeBuilder(inputs: inputs, budget: Self.expansionLimit)
    var content = QueryTreeBuilder.Content()
    for assertion in assertions {
      guard builder.add(assertion.formula, to: &content) else {
        throw VNNLIBError(
          file: file, place: assertion.place, "the products of this assertion have too many terms when multiplied out")
      }
    }
    return content.tree()?.simplified()
  }
}

/// Turns formulas into trees.
struct QueryTreeBuilder {
  /// A conjunction that grows.
  struct Content {
    var bounds: [QueryCase.ElementRange] = []
    var constraints: [QueryCase.Constraint] = []
    var disjunctions: [[QueryTree]] = []
    var isContradiction = false

    /// The tree, nil for a contradiction. O(n log n).
    consuming func tree() -> QueryTree? {
      if isContradiction { return nil }
      let box = Self.merged(bounds, by: { $0.element < $1.element }, { $0.element == $1.element }, \.range)
      let ranges = Self.merged(
        constraints, by: { $0.polynomial < $1.polynomial }, { $0.polynomial == $1.polynomial }, \.range)
      guard let box, let ranges else { return nil }
      return QueryTree(common: QueryCase(box: box, constraints: ranges), disjunctions: disjunctions)
    }

    mutating func add(_ tree: QueryTree) {
      bounds += tree.common.box
      constraints += tree.common.constraints
      disjunctions += tree.disjunctions
    }

    /// The items in order, ranges of the same thing intersected; nil when one becomes empty.
    private static func merged<Item>(
      _ items: [Item], by precedes: (Item, Item) -> Bool, _ areSame: (Item, Item) -> Bool,
      _ range: WritableKeyPath<Item, ValueRange>
    ) -> [Item]? {
      var merged: [Item] = []
      merged.reserveCapacity(items.count)
      for item in items.count > 1 ? items.sorted(by: precedes) : items {
        if let last = merged.indices.last, areSame(merged[last], item) {
          merged[last][keyPath: range] = merged[last][keyPath: range].intersection(item[keyPath: range])
        } else {
          merged.append(item)
        }
      }
      return merged.contains { $0[keyPath: range].isEmpty } ? nil : merged
    }
  }

  /// A polynomial and the largest number of constants whose product makes one of its coefficients.
  private struct Expansion {
    var polynomial: Polynomial
    var weight: Int
  }

  /// The elements of inputs, ascending.
  let inputs: [Range<Int>]
  /// How many steps multiplying out may still take.
  var budget: Int

  // MARK: Formulas

  /// Adds what the formula says; false when the budget is spent.
  mutating func add(_ formula: VNNLIBFormula, to content: inout Content) -> Bool {
    if content.isContradiction { return true }
    switch formula {
    case .comparison(let comparison): return add(comparison, to: &content)
    case .and(let parts):
      for part in parts {
        guard add(part, to: &content) else { return false }
      }
      return true
    case .or(let parts):
      var alternatives: [QueryTree] = []
      for part in parts {
        var inner = Content()
        guard add(part, to: &inner) else { return false }
        guard let tree = inner.tree() else { continue }
        // An alternative that is nothing but a disjunction gives its alternatives to this one.
        if tree.common.isEverything, tree.disjunctions.count == 1 {
          alternatives += tree.disjunctions[0]
        } else {
          alternatives.append(tree)
        }
      }
      content.add(alternatives)
      return true
    }
  }

  private mutating func add(_ comparison: VNNLIBComparison, to content: inout Content) -> Bool {
    switch (comparison.left, comparison.right) {
    case (.element(let element), .constant(let value)):
      add(comparison.relation, value, to: &content) { Atom(element: element, range: $0, inputs: inputs) }
    case (.constant(let value), .element(let element)):
      add(comparison.relation.mirrored, value, to: &content) { Atom(element: element, range: $0, inputs: inputs) }
    default:
      guard let difference = expand(.difference([comparison.left, comparison.right])) else { return false }
      guard let (scale, monic, constant) = difference.polynomial.split else {
        if !comparison.relation.holds(difference.polynomial.constant, .zero) { content.isContradiction = true }
        return true
      }
      let relation = scale.signum < 0 ? comparison.relation.mirrored : comparison.relation
      add(relation, -constant, to: &content) { range in
        if let element = monic.singleElement {
          Atom(element: element, range: range, inputs: inputs)
        } else {
          .constraint(QueryCase.Constraint(polynomial: monic, range: range))
        }
      }
    }
    return true
  }

  /// Adds that something, of which `atom` says that it lies in a range, is in a relation to a value.
  private func add(
    _ relation: VNNLIBComparison.Relation, _ value: Rational, to content: inout Content, _ atom: (ValueRange) -> Atom
  ) {
    let strict = ValueRange.Bound(value, isStrict: true)
    switch relation {
    case .less: content.add(atom(ValueRange(upper: strict)))
    case .lessOrEqual: content.add(atom(ValueRange(upper: .init(value))))
    case .greater: content.add(atom(ValueRange(lower: strict)))
    case .greaterOrEqual: content.add(atom(ValueRange(lower: .init(value))))
    case .equal: content.add(atom(ValueRange(value)))
    case .notEqual: content.add([atom(ValueRange(upper: strict)).tree, atom(ValueRange(lower: strict)).tree])
    }
  }

  enum Atom {
    case bound(QueryCase.ElementRange)
    case constraint(QueryCase.Constraint)

    init(element: Int, range: ValueRange, inputs: [Range<Int>]) {
      let position = inputs.partitioningIndex { $0.upperBound > element }
      if position < inputs.count, inputs[position].contains(element) {
        self = .bound(QueryCase.ElementRange(element: element, range: range))
      } else {
        self = .constraint(QueryCase.Constraint(polynomial: Polynomial(element: element), range: range))
      }
    }

    var tree: QueryTree {
      switch self {
      case .bound(let bound): QueryTree(common: QueryCase(box: [bound], constraints: []), disjunctions: [])
      case .constraint(let constraint):
        QueryTree(common: QueryCase(box: [], constraints: [constraint]), disjunctions: [])
      }
    }
  }

  // MARK: Expressions

  /// What each node of an expression adds to the budget, so that a linear expression never spends it.
  private static let creditPerNode = 8

  private mutating func charge(_ cost: Int) -> Bool {
    guard cost <= budget else { return false }
    budget -= cost
    return true
  }

  /// The expression multiplied out; nil when the budget is spent.
  private mutating func expand(_ expression: VNNLIBExpression) -> Expansion? {
    budget += Self.creditPerNode
    switch expression {
    case .constant(let value): return Expansion(polynomial: Polynomial(constant: value), weight: 1)
    case .element(let element): return Expansion(polynomial: Polynomial(element: element), weight: 0)
    case .negation(let part):
      guard let part = expand(part), charge(part.polynomial.termCount) else { return nil }
      return Expansion(polynomial: -part.polynomial, weight: part.weight)
    case .sum(let parts): return sum(parts, subtractsRest: false)
    case .difference(let parts): return sum(parts, subtractsRest: true)
    case .product(let parts): return product(parts)
    }
  }

  private mutating func sum(_ parts: [VNNLIBExpression], subtractsRest: Bool) -> Expansion? {
    var terms: [Polynomial] = []
    var weight = 0
    for (index, part) in parts.enumerated() {
      guard let term = expand(part), charge(term.polynomial.termCount) else { return nil }
      terms.append(subtractsRest && index > 0 ? -term.polynomial : term.polynomial)
      weight = max(weight, term.weight)
    }
    return Expansion(polynomial: Polynomial.sum(terms), weight: weight)
  }

  private mutating func product(_ parts: [VNNLIBExpression]) -> Expansion? {
    guard var product = expand(parts[0]) else { return nil }
    for part in parts.dropFirst() {
      guard let factor = expand(part) else { return nil }
      product.weight += factor.weight
      // Multiplied out, k factors of two terms have 2ᵏ, and a product of k constants has as many digits as all of them:
      // what a short text may ask for is bounded here.
      let (pairs, overflow) = product.polynomial.termCount.multipliedReportingOverflow(by: factor.polynomial.termCount)
      let degree = product.polynomial.degree + factor.polynomial.degree
      let (cost, isHuge) = pairs.multipliedReportingOverflow(by: max(1, product.weight) + degree)
      guard !overflow, !isHuge, charge(cost) else { return nil }
      product.polynomial = product.polynomial * factor.polynomial
    }
    return product
  }
}

extension QueryTreeBuilder.Content {
  mutating func add(_ atom: QueryTreeBuilder.Atom) {
    switch atom {
    case .bound(let bound): bounds.append(bound)
    case .constraint(let constraint): constraints.append(constraint)
    }
  }

  /// Adds a disjunction.
  mutating func add(_ alternatives: [QueryTree]) {
    if alternatives.contains(where: \.isEverything) { return }
    switch alternatives.count {
    case 0: isContradiction = true
    case 1: add(alternatives[0])
    default: disjunctions.append(alternatives)
    }
  }
}

extension VNNLIBComparison.Relation {
  /// The relation with its sides exchanged.
  var mirrored: Self {
    switch self {
    case .less: .greater
    case .lessOrEqual: .greaterOrEqual
    case .greater: .less
    case .greaterOrEqual: .lessOrEqual
    case .equal: .equal
    case .notEqual: .notEqual
    }
  }
}
