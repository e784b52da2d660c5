import Exact

extension SignedMaximumSum {
  /// The maximum of affine functions as a signed sum of maxima of at most n + 1 of them.
  ///
  /// In general position the result is canonical: one term for every interior simplex of the regular triangulation of
  /// the gradients, lifted by the constants. Functions that are nowhere largest do not occur.
  ///
  /// - Parameter functions: at least one, all of n variables.
  /// - Throws: `RepresentationError` when a coefficient exceeds 2^63.
  /// - Complexity: at most Σ_{k ≤ n+1} C(q, k) terms for q functions; some hundred microseconds a hundred terms.
  ///
  /// Source: circuit elimination, an effective form of S. Wang, X. Sun, *Generalization of hinging hyperplanes* (2005),
  /// Theorem 1.
  public init(maximumOf functions: [AffineFunction]) throws(RepresentationError) {
    var sum = MaximumSum(functions: functions, maximumOf: functions.indices)
    try sum.reduce()
    self.init(functions: functions, terms: sum.terms)
    removeUnusedFunctions()
  }

  /// A difference of two convex functions, max over `convex` − max over `subtracted`, both not empty.
  ///
  /// - Throws: `RepresentationError` when a coefficient exceeds 2^63.
  public init(
    differenceOf convex: [AffineFunction], and subtracted: [AffineFunction]
  ) throws(RepresentationError) {
    let functions = convex + subtracted
    var sum = MaximumSum(functions: functions, maximumOf: convex.indices)
    try sum.add(FunctionSet(convex.count..<functions.count, capacity: functions.count), times: -1)
    try sum.reduce()
    self.init(functions: functions, terms: sum.terms)
    removeUnusedFunctions()
  }

  /// A maximum of minima as a signed sum of maxima of at most n + 1 of the same functions.
  ///
  /// Clauses are joined one at a time by max(f, m) = f + m − min(f, m) in terms of minima, circuits being eliminated after
  /// each, and minima are expanded last: min_U = Σ over T ⊂ U, T not empty, of (−1)^(|T| + 1) max_T.
  ///
  /// - Throws: `RepresentationError` when a coefficient exceeds 2^63.
  /// - Complexity: the number of terms is at most Σ_{k ≤ n+1} C(q, k) for q functions.
  public init(_ lattice: LatticeForm) throws(RepresentationError) {
    let sum = try MaximumSum(lattice)
    self.init(functions: lattice.functions, terms: sum.terms)
    removeUnusedFunctions()
  }

  /// Drops the functions that no term has as an argument.
  mutating func removeUnusedFunctions() {
    let used = Set(terms.flatMap(\.arguments)).sorted()
    // A sum without terms still has a number of inputs.
    guard !used.isEmpty else {
      functions = [AffineFunction(constant: .zero, inputs: inputs)]
      return
    }
    let positions = Dictionary(uniqueKeysWithValues: used.enumerated().map { ($0.element, $0.offset) })
    functions = used.map { functions[$0] }
    for index in terms.indices { terms[index].arguments = terms[index].arguments.map { positions[$0]! } }
  }
}

extension MaximumSum {
  /// A maximum of minima, fully reduced.
  init(_ lattice: LatticeForm) throws(RepresentationError) {
    let functions = lattice.functions
    if lattice.clauses.allSatisfy({ $0.count == 1 }) {
      self.init(functions: functions, maximumOf: lattice.clauses.joined())
      try reduce()
      return
    }
    // −f is the minimum over clauses of the maxima of the negated functions.
    var negated = MaximumSum(functions: functions.map { -$0 })
    let clauses = lattice.clauses.map { FunctionSet($0, capacity: functions.count) }.sorted { $0.count < $1.count }
    for (index, clause) in clauses.enumerated() {
      // A clause is never above one that it contains.
      if clauses[..<index].contains(where: { $0.isSubset(of: clause) }) { continue }
      if index == 0 {
        try negated.add(clause, times: 1)
      } else {
        try negated.formMinimum(withMaximumOf: clause)
      }
      try negated.reduce()
    }
    self.init(functions: functions)
    for (set, coefficient) in negated.coefficients {
      let members = set.members
      for subset in 1..<1 << members.count {
        let part = members.indices.filter { subset >> $0 & 1 == 1 }.map { members[$0] }
        let sign = part.count.isMultiple(of: 2) ? -1 : 1
        // min_U l = −max_U(−l), and −f has the coefficients: the two signs cancel.
        try add(FunctionSet(part, capacity: functions.count), times: sign * coefficient)
      }
    }
    try reduce()
  }
}
