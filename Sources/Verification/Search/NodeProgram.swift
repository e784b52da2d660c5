import Polyhedra

/// The linear program of a node in the space of its free inputs, each scaled so that the node's box is [−1, 1]: rows that every
/// point satisfies which is in the box, fits the phases and satisfies the case.
///
/// With few inputs this is small and takes microseconds; it joins requirements and cuts that none of them decides alone.
struct NodeProgram: ~Copyable {
  /// a · t + b ≥ 0 for the scaled inputs t.
  struct Row {
    var source: Source
    var coefficients: [Double]
    var constant: Double
  }

  enum Source: Equatable {
    case requirement(Int)
    case unit(Int)
  }

  /// What the largest common slack of the requirements is, over the points of all cuts.
  struct Slack {
    /// The largest τ such that some point has every requirement's row at least τ times its norm; negative when there is none
    /// that satisfies them all, −∞ when the cuts alone leave nothing.
    var value: Double
    /// The point, in scaled inputs.
    var point: [Double]
    /// Of each row, as it came.
    var multipliers: [Double]
  }

  let dimension: Int
  private(set) var rows: [Row] = []

  init(dimension: Int) { self.dimension = dimension }

  mutating func append(_ row: Row) { rows.append(row) }

  /// Nil when the program could not be solved in doubles.
  func largestSlack() -> Slack? {
    var program = SmallSimplex(dimension: dimension + 1, capacity: rows.count + 2 * dimension + 1)
    var line = Array(repeating: 0.0, count: dimension + 1)
    do {
      for row in rows {
        let norm = row.norm
        for j in 0..<dimension { line[j] = -row.coefficients[j] / norm }
        if case .requirement = row.source { line[dimension] = 1 } else { line[dimension] = 0 }
        try program.append(row: line, bound: row.constant / norm)
      }
      try appendBox(to: &program)
      for j in 0..<dimension { line[j] = 0 }
      line[dimension] = 1
      // No slack exceeds a row's largest value by its norm.
      try program.append(row: line, bound: rows.reduce(1) { max($0, ($1.constant + $1.norm) / $1.norm) })
      try program.setObjective(line)
    } catch { return nil }
    switch program.solve() {
    case .optimal:
      return Slack(
        value: program.objective, point: (0..<dimension).map { program.coordinate($0) },
        multipliers: multipliers(program))
    case .infeasible:
      return Slack(value: -.infinity, point: [], multipliers: multipliers(program))
    default:
      return nil
    }
  }

  /// The multipliers of the rows in the last solve.
  private func multipliers(_ program: borrowing SmallSimplex) -> [Double] {
    var result = Array(repeating: 0.0, count: rows.count)
    for pair in program.multipliers where pair.row < rows.count { result[pair.row] = pair.value / rows[pair.row].norm }
    return result
  }

  private func appendBox(to program: inout SmallSimplex) throws {
    var line = Array(repeating: 0.0, count: program.dimension)
    for j in 0..<dimension {
      for sign in [1.0, -1] {
        line[j] = sign
        try program.append(row: line, bound: 1)
      }
      line[j] = 0
    }
  }

  /// For each scaled input and side the largest value of ±tⱼ over the points of all rows, with the rows' multipliers; nil where
  /// nothing is gained or known.
  func extent(atLeastGaining gain: Double) -> [(input: Int, isUpper: Bool, multipliers: [Double])] {
    var program = SmallSimplex(dimension: dimension, capacity: rows.count + 2 * dimension)
    var found: [(input: Int, isUpper: Bool, multipliers: [Double])] = []
    do {
      for row in rows {
        let norm = row.norm
        try program.append(row: row.coefficients.map { -$0 / norm }, bound: row.constant / norm)
      }
      try appendBox(to: &program)
      var objective = Array(repeating: 0.0, count: dimension)
      for j in 0..<dimension {
        for sign in [1.0, -1] {
          objective[j] = sign
          try program.setObjective(objective)
          if case .optimal = program.solve(), program.objective < 1 - gain {
            found.append((input: j, isUpper: sign > 0, multipliers: multipliers(program)))
          }
        }
        objective[j] = 0
      }
    } catch { return [] }
    return found
  }
}

extension NodeProgram.Row {
  /// The largest change of a · t over the box [−1, 1].
  var norm: Double { max(coefficients.reduce(0) { $0 + abs($1) }, 1e-300) }
}
