import Exact

extension SynthesisProblem {
  /// So many functions of a maximum of minima are decomposed without going through the cells.
  private static let directLattice = 16
  /// So many functions of a difference of maxima are.
  private static let directDifference = 64
  /// Up to so many cells of so many inputs both ways are tried.
  private static let smallComplex = (cells: 2_000, inputs: 3)
  /// Cells of more inputs have too many faces.
  static let mostInputs = 6

  /// Each output as a signed sum of maxima of at most n + 1 affine functions.
  ///
  /// Small formulas are decomposed as they are, other functions cell by cell; where both are cheap the smaller result is
  /// taken: least hidden layers, then fewest arguments.
  ///
  /// - Returns: sums that equal the function on its domain, or miss it by about the tolerance.
  /// - Throws: `RepresentationError` when a coefficient exceeds 2^63, or when the function is too large: it says how large.
  /// - Complexity: see the initialisers of ``SignedMaximumSum``.
  public func signedMaxima() throws(RepresentationError) -> [SignedMaximumSum] {
    var sums: [SignedMaximumSum] = []
    for output in 0..<outputs { sums.append(try signedMaxima(output)) }
    return sums
  }

  private func signedMaxima(_ output: Int) throws(RepresentationError) -> SignedMaximumSum {
    // Where a formula is too large the cells may be few.
    let direct = isDirect(output) ? try? formulaSum(output) : nil
    guard let function, inputs <= Self.mostInputs || !isFormula else {
      if let direct { return direct }
      return try formulaSum(output) ?? SignedMaximumSum(zeroOfInputs: inputs)
    }
    if let direct, function.cells.count > Self.smallComplex.cells || inputs > Self.smallComplex.inputs { return direct }
    let cellular = try SignedMaximumSum(function, output: output, tolerance: tolerance)
    guard let direct else { return cellular }
    return direct.cost <= cellular.cost ? direct : cellular
  }

  private var isFormula: Bool {
    switch content {
    case .maxMin, .differenceOfConvex, .signedMaxima: true
    default: false
    }
  }

  /// Whether the formula is small enough to be decomposed as it is.
  private func isDirect(_ output: Int) -> Bool {
    switch content {
    case .maxMin(let lattices): lattices[output].functions.count <= Self.directLattice
    case .differenceOfConvex(let differences):
      differences[output].convex.count + differences[output].subtracted.count <= Self.directDifference
    case .signedMaxima: true
    default: false
    }
  }

  /// The sum from the formula; nil for a form that is none.
  private func formulaSum(_ output: Int) throws(RepresentationError) -> SignedMaximumSum? {
    switch content {
    case .maxMin(let lattices):
      let lattice = lattices[output]
      try DecompositionSize(lattice).check()
      return try SignedMaximumSum(lattice)
    case .differenceOfConvex(let differences):
      let difference = differences[output]
      for maximum in [difference.convex, difference.subtracted] {
        try DecompositionSize(maximumOf: maximum.count, inputs: inputs).check()
      }
      return try SignedMaximumSum(differenceOf: difference.convex, and: difference.subtracted)
    case .signedMaxima(let sums):
      for term in sums[output].terms {
        try DecompositionSize(maximumOf: term.arguments.count, inputs: inputs).check()
      }
      return try sums[output].reduced()
    default: return nil
    }
  }

  /// Each output as the sum of maxima that it was given by; nil for other forms.
  var givenMaxima: [SignedMaximumSum]? {
    switch content {
    case .differenceOfConvex(let differences): differences.map(\.signedMaxima)
    case .signedMaxima(let sums): sums
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
