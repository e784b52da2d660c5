extension LinearProgram {
  /// `cost + Q x − Aᵀ rowDuals`, one per column, and the size of the terms it is the sum of.
  private func gradient(_ solution: Solution) -> (values: [Double], size: Double) {
    var values = cost
    var size = cost.reduce(1e-300) { max($0, abs($1)) }
    for entry in quadraticEntries {
      let (i, j) = (entry.row, entry.column)
      values[i] += entry.value * solution.x[j]
      if i != j { values[j] += entry.value * solution.x[i] }
      size = max(size, abs(entry.value * solution.x[j]), abs(entry.value * solution.x[i]))
    }
    for entry in entries {
      let term = entry.value * solution.rowDuals[entry.row]
      values[entry.column] -= term
      size = max(size, abs(term))
    }
    return (values, size)
  }

  /// Whether a solution meets the Karush–Kuhn–Tucker conditions to a relative 1e-6, with the column duals taken from the
  /// gradient, which they are set to. For a convex program these prove it optimal.
  func confirms(_ solution: inout Solution) -> Bool {
    let (columnDuals, size) = gradient(solution)
    solution.columnDuals = columnDuals
    let tolerance = 1e-6
    func agree(value: Double, dual: Double, lower: Double, upper: Double) -> Bool {
      let slack = tolerance * max(1, abs(value))
      guard value >= lower - slack, value <= upper + slack, dual.isFinite else { return false }
      if dual > tolerance * size { return value <= lower + slack }
      if dual < -tolerance * size { return value >= upper - slack }
      return true
    }
    return (0..<columnCount).allSatisfy {
      agree(value: solution.x[$0], dual: columnDuals[$0], lower: lower[$0], upper: upper[$0])
    }
      && (0..<rowCount).allSatisfy {
        agree(value: solution.rowValues[$0], dual: solution.rowDuals[$0], lower: rowLower[$0], upper: rowUpper[$0])
      }
  }

  /// Whether the objective of a feasible convex program goes to −∞: whether some direction `d` with `Q d = 0` leaves no
  /// bound behind and has `cost · d < 0`, which is a linear program over the directions of size 1.
  func hasDescendingRay() throws -> Bool {
    var directions = LinearProgram()
    func recession(_ lower: Double, _ upper: Double, size: Double) -> (lower: Double, upper: Double) {
      (lower > -.infinity ? 0 : -size, upper < .infinity ? 0 : size)
    }
    for j in 0..<columnCount {
      let bounds = recession(lower[j], upper[j], size: 1)
      directions.addColumn(cost: cost[j], lower: bounds.lower, upper: bounds.upper)
    }
    for i in 0..<rowCount {
      let bounds = recession(rowLower[i], rowUpper[i], size: .infinity)
      directions.addRow(lower: bounds.lower, upper: bounds.upper)
    }
    for entry in entries { directions.add(entry.value, row: entry.row, column: entry.column) }
    for _ in 0..<columnCount { directions.addRow(lower: 0, upper: 0) }
    for entry in quadraticEntries {
      directions.add(entry.value, row: rowCount + entry.row, column: entry.column)
      if entry.row != entry.column { directions.add(entry.value, row: rowCount + entry.column, column: entry.row) }
    }
    return try directions.solve().objective < -1e-7 * cost.reduce(0) { max($0, abs($1)) }
  }

  /// Whether some `x` meets all bounds.
  func isFeasible() throws -> Bool {
    var program = LinearProgram()
    for j in 0..<columnCount { program.addColumn(lower: lower[j], upper: upper[j]) }
    for i in 0..<rowCount { program.addRow(lower: rowLower[i], upper: rowUpper[i]) }
    for entry in entries { program.add(entry.value, row: entry.row, column: entry.column) }
    return try program.solve().status == .optimal
  }
}
