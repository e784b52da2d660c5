import Exact

extension SynthesisProblem {
  /// So many functions of a maximum of minima are decomposed without going through the cells.
  private static let directLattice = 16
  /// So many functions of a difference of maxima are.
  private static let directDifference = 64
  /// Up to so many cells both ways are tried.
  private static let smallComplex = 2_000

  /// Each output as a signed sum of maxima of at most n + 1 affine functions.
  ///
  /// Small formulas are decomposed as they are, other functions cell by cell; where both are cheap the smaller result is
  /// taken: least hidden layers, then fewest arguments.
  ///
  /// - Returns: sums that equal the function on its domain, or miss it by about the tolerance.
  /// - Throws: `RepresentationError` when a coefficient exceeds 2^63.
  /// - Complexity: see the initialisers of ``SignedMaximumSum``.
  public func signedMaxima() throws(RepresentationError) -> [SignedMaximumSum] {
    var sums: [SignedMaximumSum] = []
    for output in 0..<outputs { sums.append(try signedMaxima(output)) }
    return sums
  }

  private func signedMaxima(_ output: Int) throws(RepresentationError) -> SignedMaximumSum {
    let direct = try directSum(output)
    guard let function, direct == nil || function.cells.count <= Self.smallComplex else {
      if let direct { return direct }
      // Only formulas are without cells.
      return try formulaSum(output) ?? SignedMaximumSum(zeroOfInputs: inputs)
    }
    let cellular = try SignedMaximumSum(function, output: output, tolerance: tolerance)
    guard let direct else { return cellular }
    return direct.cost <= cellular.cost ? direct : cellular
  }

  /// The sum from the formula, when that is cheap.
  private func directSum(_ output: Int) throws(RepresentationError) -> SignedMaximumSum? {
    switch content {
    case .maxMin(let lattices) where lattices[output].functions.count <= Self.directLattice: break
    case .differenceOfConvex(let differences)
    where differences[output].convex.count + differences[output].subtracted.count <= Self.directDifference:
      break
    case .signedMaxima: break
    default: return nil
    }
    return try formulaSum(output)
  }

  /// The sum from the formula; nil for a form that is none.
  private func formulaSum(_ output: Int) throws(RepresentationError) -> SignedMaximumSum? {
    switch content {
    case .maxMin(let lattices): try SignedMaximumSum(lattices[output])
    case .differenceOfConvex(let differences):
      try SignedMaximumSum(differenceOf: differences[output].convex, and: differences[output].subtracted)
    case .signedMaxima(let sums): try sums[output].reduced()
    default: nil
    }
  }

  /// Each output as a maximum of minima, from the formula or from the cells, whichever takes fewer comparisons; nil when
  /// neither can be had.
  ///
  /// - Throws: `RepresentationError` when the cells do not fit together.
  public func latticeForms() throws(RepresentationError) -> [LatticeForm]? {
    var given: [LatticeForm]?
    if case .maxMin(let forms) = content { given = forms }
    guard let function else { return given }
    // Cells that need no check have been made by a form or a network that is continuous.
    let fit = fit ?? CellFit(tolerance: .zero, slack: .zero, overlaps: [])
    var forms: [LatticeForm] = []
    for output in 0..<outputs {
      let form = try function.latticeForm(output: output, fit: fit)
      let other = given?[output]
      forms.append(other.map { $0.comparisons <= form.comparisons ? $0 : form } ?? form)
    }
    return forms
  }
}

extension LatticeForm {
  /// The number of binary minima and maxima that evaluate it.
  var comparisons: Int { clauses.reduce(-1) { $0 + $1.count } }

  /// Whether it is a maximum of functions: convex.
  var isMaximum: Bool { clauses.allSatisfy { $0.count == 1 } }

  /// Whether it is a minimum of functions: concave.
  var isMinimum: Bool { clauses.count == 1 }
}

extension SignedMaximumSum {
  /// The sum without terms.
  init(zeroOfInputs inputs: Int) {
    self.init(functions: [AffineFunction(constant: .zero, inputs: inputs)], terms: [])
  }

  /// The same function with maxima of at most n + 1 of its functions, by circuit elimination.
  ///
  /// - Throws: `RepresentationError` when a coefficient exceeds 2^63.
  public func reduced() throws(RepresentationError) -> SignedMaximumSum {
    var sum = MaximumSum(functions: functions)
    for term in terms {
      try sum.add(FunctionSet(term.arguments, capacity: functions.count), times: term.coefficient)
    }
    try sum.reduce()
    var result = SignedMaximumSum(functions: functions, terms: sum.terms)
    result.removeUnusedFunctions()
    return result
  }

  /// What decides between two sums of one function.
  fileprivate var cost: (layers: Int, arguments: Int) {
    (binaryDepth(largestArity), terms.reduce(0) { $0 + $1.arguments.count })
  }
}
