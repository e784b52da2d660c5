import LinearAlgebra

extension UnitNetwork {
  /// The network on an affine subspace, t ↦ f(p + Σ tᵢ dᵢ), without rounding.
  ///
  /// An input that is just one tᵢ becomes that value. The others become units of a first stage "input" that never bend,
  /// so that no weights are multiplied.
  ///
  /// - Parameters:
  ///   - origin: p, `inputCount` numbers.
  ///   - directions: the dᵢ, one or more, each `inputCount` numbers. They need not be independent.
  /// - Returns: a network with one input for each direction.
  /// - Complexity: O(parameters + directions × inputs).
  /// - Throws: `NetworkError` when a count does not fit or a number is not finite.
  public func restricted(toOrigin origin: [Double], directions: [[Double]]) throws -> UnitNetwork {
    guard !directions.isEmpty else { throw NetworkError("a subspace needs at least one direction") }
    guard origin.count == inputCount else {
      throw NetworkError("the origin has \(origin.count) coordinates, but the network has \(inputCount) inputs")
    }
    for (index, direction) in directions.enumerated() where direction.count != inputCount {
      throw NetworkError(
        "direction \(index) has \(direction.count) coordinates, but the network has \(inputCount) inputs")
    }
    var numbers: [Int] = []
    var linear: [Unit] = []
    var taken: Set<Int> = []
    for (input, constant) in origin.enumerated() {
      let form = AffineForm(constant: constant, weights: directions.lazy.map { $0[input] }, first: 0)
      // Two inputs that are the same t would need their weights added.
      if let value = form.plainValue, taken.insert(value).inserted {
        numbers.append(value)
      } else {
        numbers.append(directions.count + linear.count)
        linear.append(.linear(form))
      }
    }
    let first = directions.count + linear.count
    numbers += first..<first + unitCount
    return try UnitNetwork(
      inputCount: directions.count,
      stages: (linear.isEmpty ? [] : [Stage(name: "input", units: linear)])
        + stages.map { Stage(name: $0.name, units: $0.units.map { $0.renumbered(numbers) }) },
      outputs: outputs.map { $0.renumbered(numbers) })
  }

  /// The network x ↦ a(x) − b(x), without rounding; units that both have alike are shared.
  ///
  /// - Complexity: O(parameters).
  /// - Throws: `NetworkError` when the numbers of inputs or of outputs differ.
  public static func difference(_ a: UnitNetwork, _ b: UnitNetwork) throws -> UnitNetwork {
    guard a.inputCount == b.inputCount, a.outputs.count == b.outputs.count else {
      throw NetworkError(
        "the networks have \(a.inputCount) and \(b.inputCount) inputs, \(a.outputs.count) and \(b.outputs.count)"
          + " outputs; a difference needs equal numbers")
    }
    let count = a.outputs.count
    var weights = Matrix(rows: count, columns: 2 * count)
    for output in 0..<count { (weights[output, output], weights[output, count + output]) = (1, -1) }
    let inputs = Array(0..<a.inputCount)
    return try sideBySide([(a, inputs), (b, inputs)], inputCount: a.inputCount)
      .combined(outputs: weights, constants: Array(repeating: 0, count: count))
  }

  /// The network x ↦ W f(x) + c, without rounding.
  ///
  /// Where folding W into the outputs' forms rounds nothing, it is folded; else the outputs that are concerned become
  /// units of a last stage "outputs" that never bend, and W acts on those.
  ///
  /// - Parameters:
  ///   - weights: W, `[new outputs × outputs]`.
  ///   - constants: c, one for each row of W.
  /// - Complexity: O(parameters + the terms of W's products).
  /// - Throws: `NetworkError` when a shape does not fit or a number is not finite.
  public func combined(outputs weights: Matrix, constants: [Double]) throws -> UnitNetwork {
    guard weights.columns == outputs.count, constants.count == weights.rows else {
      throw NetworkError(
        "a combination of \(outputs.count) outputs needs as many columns and a constant for each row, not a"
          + " \(weights.rows) × \(weights.columns) matrix and \(constants.count) constants")
    }
    var linear: [Unit] = []
    var values: [Int: Int] = [:]
    let known = inputCount + unitCount
    /// The output as one value, which is made at its first use.
    func value(ofOutput output: Int) -> Int {
      if let value = values[output] { return value }
      let value = known + linear.count
      linear.append(.linear(outputs[output]))
      values[output] = value
      return value
    }
    let combined = constants.indices.map { row -> AffineForm in
      let terms = weights.row(row).enumerated().filter { $0.element != 0 }
      let forms = terms.map { (weight: $0.element, form: outputs[$0.offset]) }
      if let exact = AffineForm.exactSum(forms, plus: constants[row]) { return exact }
      return AffineForm(
        constant: constants[row],
        terms: terms.map { AffineForm.Term(value: value(ofOutput: $0.offset), weight: $0.element) }
          .sorted { $0.value < $1.value })
    }
    return try UnitNetwork(
      inputCount: inputCount, stages: stages + (linear.isEmpty ? [] : [Stage(name: "outputs", units: linear)]),
      outputs: combined)
  }
}

extension UnitNetwork.Unit {
  /// A unit that never bends: its output is its form.
  static func linear(_ form: AffineForm) -> UnitNetwork.Unit {
    UnitNetwork.Unit(kind: .hinge(below: 1, above: 1), forms: [form])
  }

  /// Value v becomes value `numbers[v]`.
  func renumbered(_ numbers: [Int]) -> UnitNetwork.Unit {
    UnitNetwork.Unit(kind: kind, forms: forms.map { $0.renumbered(numbers) })
  }
}

extension AffineForm {
  /// c + Σ wₖ fₖ when double precision holds every coefficient of it exactly, by the errors of each product and sum; else
  /// nil.
  static func exactSum(_ forms: [(weight: Double, form: AffineForm)], plus constant: Double) -> AffineForm? {
    var isExact = true
    var weights: [Int: Double] = [:]
    var offset = constant
    for (weight, form) in forms {
      offset = exactly(offset, plus: exactly(weight, times: form.constant, &isExact), &isExact)
      for term in form.terms {
        let scaled = exactly(weight, times: term.weight, &isExact)
        weights[term.value] = weights[term.value].map { exactly($0, plus: scaled, &isExact) } ?? scaled
      }
      if !isExact { return nil }
    }
    return AffineForm(
      constant: offset,
      terms: weights.filter { $0.value != 0 }.sorted { $0.key < $1.key }
        .map { Term(value: $0.key, weight: $0.value) })
  }
}
