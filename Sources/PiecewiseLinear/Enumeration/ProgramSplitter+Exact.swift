import Exact
import Polyhedra

extension ProgramSplitter {
  /// Whether the rows that the program's multipliers name combine, in integers, to the form with coefficients that are not
  /// negative, so that the cell has no point strictly beyond its hyperplane.
  func isExactlyProved(_ row: CellRow, side: Double) -> Bool {
    let names = program.multipliers.map(\.row)
    guard names.count < dimension else { return false }
    for (column, name) in names.enumerated() {
      let vector = exactVector(rows[name])
      for j in 0..<dimension {
        solver.matrix.set(j * (dimension + 1) + column, to: vector, j)
        if rows[name].side < 0 { solver.matrix.negate(j * (dimension + 1) + column) }
      }
    }
    let target = exactVector(row)
    for j in 0..<dimension {
      solver.matrix.set(j * (dimension + 1) + names.count, to: j == 0 ? 1 : 0)
      solver.matrix.set(j * (dimension + 1) + dimension, to: target, j)
      if side < 0 { solver.matrix.negate(j * (dimension + 1) + dimension) }
    }
    return solver.solve(columns: names.count + 1) && (0...names.count).allSatisfy { solver.solution.signum($0) >= 0 }
  }

  /// The answer by exact linear programs.
  ///
  /// - Parameter known: a side with interior points, and one of these.
  func exactSides(of row: CellRow, _ known: (side: Double, witness: Witness)?) -> Sides {
    exactSigns += 1
    let form = exact(row)
    let program = exactProgram()
    func reaches(_ side: Int) -> Bool {
      let sign = Rational(side)
      guard let solution = try? program.maximise(rationals: form.dropFirst().map { sign * $0 }) else { return false }
      return solution.status == .unbounded || (solution.objective + sign * form[0]).signum > 0
    }
    let positive = known.map { $0.side > 0 } == true || reaches(1)
    let negative = known.map { $0.side < 0 } == true || reaches(-1)
    switch (positive, negative) {
    case (true, true):
      let above = known.flatMap { $0.side > 0 ? $0.witness : nil } ?? exactPoint(and: (row, 1))
      let below = known.flatMap { $0.side < 0 ? $0.witness : nil } ?? exactPoint(and: (row, -1))
      return .both(positive: above, negative: below)
    case (true, false): return .positive
    case (false, true): return .negative
    case (false, false): return .nowhere
    }
  }

  /// A point in the interior of the cell, and on one side of a hyperplane; nil when rounding it to doubles loses that.
  func exactPoint(and cut: (row: CellRow, side: Double)?) -> Witness? {
    var program = exactProgram()
    if let cut { append(exact(cut.row), side: cut.side, to: &program) }
    guard let exactPoint = program.interiorPoint() else { return nil }
    let point = forms.arena.take(Double.self, dimension)
    point[0] = 1
    for j in 1..<dimension { point[j] = exactPoint[j - 1].doubleValue }
    let witness = Witness(point: point, dimension)
    guard isInside(witness) else { return nil }
    if let cut {
      let value = cut.side * cut.row.value(at: point, dimension)
      guard value > cut.row.error * witness.size else { return nil }
    }
    return witness
  }

  /// The coefficients of a row in exact arithmetic, up to a positive factor.
  func exact(_ row: CellRow) -> [Rational] {
    let vector = exactVector(row)
    return (0..<dimension).map { vector.rational($0) }
  }

  func exactVector(_ row: CellRow) -> IntegerVector { forms.exactForm(row.stage, row.form, row.other, domain) }

  func exactProgram() -> ExactLinearProgram { exactProgram(rows) }

  func exactProgram(_ rows: [CellRow]) -> ExactLinearProgram {
    var program = ExactLinearProgram(dimension: dimension - 1)
    for row in rows { append(exact(row), side: row.side, to: &program) }
    return program
  }

  private func append(_ form: [Rational], side: Double, to program: inout ExactLinearProgram) {
    let sign = Rational(side > 0 ? 1 : -1)
    // The row has as many coefficients as the program has variables.
    try! program.append(rationals: form.dropFirst().map { -sign * $0 }, bound: sign * form[0])
  }
}
