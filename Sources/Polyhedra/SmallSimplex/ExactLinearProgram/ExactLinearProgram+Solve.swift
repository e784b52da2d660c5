import Exact

extension ExactLinearProgram {
  /// Solves the program for the objective `c`, given as rationals.
  ///
  /// - Parameters:
  ///   - objective: `dimension` numbers.
  ///   - basis: rows to begin with, such as ``SmallSimplex/basis``; rows that depend on others before them are left out.
  ///     By default they are found in floating-point arithmetic.
  /// - Throws: ``SmallSimplexError`` when the objective does not have `dimension` entries.
  public func maximise(
    rationals objective: [Rational], from basis: [Int]? = nil
  ) throws(SmallSimplexError) -> Solution {
    guard objective.count == dimension else {
      throw .wrongLength(what: "the objective", length: objective.count, dimension: dimension)
    }
    return maximise(Row(objective + [.zero]), from: basis)
  }

  /// Solves the program for the objective `c`, given as `Double`s.
  ///
  /// - Throws: ``SmallSimplexError`` when the objective does not have `dimension` entries or one is not finite.
  public func maximise(_ objective: [Double], from basis: [Int]? = nil) throws(SmallSimplexError) -> Solution {
    guard objective.count == dimension else {
      throw .wrongLength(what: "the objective", length: objective.count, dimension: dimension)
    }
    for (coordinate, value) in objective.enumerated() where !value.isFinite {
      throw .badObjective(coordinate: coordinate, value: value)
    }
    return maximise(Row(objective + [0]), from: basis)
  }

  private func maximise(_ objective: Row, from basis: [Int]?) -> Solution {
    let solver = ExactSimplex(dimension: dimension, rows: rows, objective: objective)
    return solver.solve(from: basis ?? approximateBasis(objective.approximation))
  }

  /// The basis at which the floating-point method stops; empty when numbers are beyond its range.
  private func approximateBasis(_ objective: [Double]) -> [Int] {
    var solver = SmallSimplex(dimension: dimension, capacity: rowCount)
    do {
      for row in rows {
        try solver.append(row: Array(row.approximation.dropLast()), bound: row.approximation[dimension])
      }
      try solver.setObjective(Array(objective.dropLast()))
    } catch {
      return []
    }
    solver.solve()
    return solver.basis
  }

  /// A point with aᵢ · x < bᵢ for all rows, or nil when there is none: the x of an optimum of
  ///
  ///     maximise t   subject to  aᵢ · x + sᵢ t ≤ bᵢ,   t ≤ 1
  ///
  /// where sᵢ > 0 is of the size of row i. Without rows, the origin. A program in n + 1 variables.
  public func interiorPoint() -> [Rational]? {
    var program = ExactLinearProgram(dimension: dimension + 1)
    for row in rows { program.rows.append(row.withMargin()) }
    program.rows.append(Row([Double](repeating: 0, count: dimension) + [1, 1]))
    let objective = Row([Double](repeating: 0, count: dimension) + [1, 0])
    let solution = program.maximise(objective, from: nil)
    return solution.objective.signum > 0 ? Array(solution.x.dropLast()) : nil
  }

  /// Whether { x : A x < b } is not empty. See ``interiorPoint()``.
  public var hasInterior: Bool { interiorPoint() != nil }
}

extension ExactLinearProgram.Row {
  /// The row with one more entry before the bound, a power of two of the size of the others.
  func withMargin() -> ExactLinearProgram.Row {
    var size = 0.0
    for value in approximation { size = max(size, abs(value)) }
    let exponent = size.isNormal ? Int(size.exponent) : 0
    switch integers {
    case .machine: return .init(Self.inserting(Double(sign: .plus, exponent: exponent, significand: 1), approximation))
    case .big(let values): return .init(Self.inserting(scale * Rational(powerOfTwo: exponent), values))
    }
  }

  private static func inserting<Number>(_ margin: Number, _ values: [Number]) -> [Number] {
    var values = values
    values.insert(margin, at: values.count - 1)
    return values
  }
}
