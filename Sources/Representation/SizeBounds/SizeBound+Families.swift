import Exact

private let paper = "Arora, Basu, Mianjy, Mukherjee 2018"

extension Sawtooth {
  /// Lower bounds on the size of networks with k′ hidden layers that compute this function: Theorem 3.1 of the paper,
  /// ½ k′ w^(k/k′) − 1, and the bounds of `SizeBound.table` for its exact number of pieces on ℝ.
  ///
  /// - Throws: `RepresentationError` unless k′ is from 1 to 4096 and wᵏ has at most 2¹⁶ binary digits.
  public func sizeBounds(layers: Int) throws -> [SizeBound] {
    let table = try SizeBound.table(pieces: pieces, inputs: 1, layers: layers)
    let theorem = SizeBound.halfRoot(
      "theorem 3.1, ½k′w^(k/k′) − 1", source: "\(paper), Theorem 3.1", radicand: piecesInside, degree: layers,
      layers: layers)
    return [theorem] + table
  }
}

extension ZonotopeFamily {
  /// Lower bounds on the size of networks with k′ hidden layers that compute this function: the product bound on a line
  /// through 0, the bound of Serra et al. for the exact number of pieces, and both terms of Theorem 3.9.
  ///
  /// - Throws: `RepresentationError` unless k′ is from 1 to 4096, n at most 256 and k′ · n at most 4096, and when the
  ///   vertices of the zonotope are too many to count.
  public func sizeBounds(layers: Int) throws -> [SizeBound] {
    try BoundQuestion.check(layers: layers)
    try BoundQuestion.check(inputs: inputs)
    guard layers * inputs <= BoundQuestion.largestLayers else {
      throw RepresentationError(
        "\(layers) hidden layers and \(inputs) inputs; the product is accepted up to \(BoundQuestion.largestLayers)")
    }
    let pieces = try pieces
    let general = try SizeBound.serra(pieces: pieces, inputs: inputs, layers: layers)
    return [
      try lineRestriction(layers: layers), general, try theoremFirstTerm(layers: layers),
      theoremSecondTerm(layers: layers),
    ]
  }

  /// A network restricted to a line is a network of one input with the same widths, and the function has
  /// `piecesOnLine` pieces on a line through 0.
  private func lineRestriction(layers: Int) throws -> SizeBound {
    try BoundQuestion.check(pieces: piecesOnLine)
    return SizeBound.integer(
      "restriction to a line",
      source: "product bound for the \(sawtooth.endsFlat ? "2wᵏ + 2" : "2wᵏ") pieces on a line",
      units: SizeBound.leastUnits(pieces: piecesOnLine, layers: layers))
  }

  /// ½ k′ w^(k/(k′n)) (m − 1)^((1 − 1/n)/k′) − 1, printed in the paper.
  ///
  /// It follows from pieces ≤ Π Σ_{j ≤ n} C(wₗ, j) ≤ Π (wₗ + 1)ⁿ ≤ (2s/k′)^(k′n), but only when (m − 1)^(n − 1) is at most the
  /// number of vertices.
  private func theoremFirstTerm(layers: Int) throws -> SizeBound {
    let cones = NaturalArithmetic.power(Rational(generators.count - 1), inputs - 1)
    let holds = try cones <= vertexCount
    return SizeBound.halfRoot(
      "theorem 3.9, first term", source: "\(paper), Theorem 3.9", radicand: cones * sawtooth.piecesInside,
      degree: layers * inputs, layers: layers, standing: holds ? .proved : .printed,
      remark: holds ? nil : "(m − 1)^(n − 1) is more than the number of vertices, so that the proof by pieces fails")
  }

  /// k′ w^(k/k′) / n^(1/k′), printed in the paper.
  private func theoremSecondTerm(layers: Int) -> SizeBound {
    let radicand = sawtooth.piecesInside / Rational(inputs)
    let scaled = NaturalArithmetic.power(Rational(layers), layers) * radicand
    let root = NaturalArithmetic.ceilingRoot(NaturalArithmetic.ceiling(scaled), degree: layers)
    return SizeBound(
      name: "theorem 3.9, second term", source: "\(paper), Theorem 3.9", form: .real, layers: .exactly,
      standing: .printed, value: NaturalArithmetic.root(scaled, degree: layers), units: root)
  }
}
