import Exact

/// The least loss over all functions with few knots, by brute force in rationals, from the definition alone: every choice
/// of gaps for the knots, every set of active crossing constraints, an exact equality-constrained least-squares problem
/// for each. For tiny data.
struct KnotBoundOracle {
  /// Distinct abscissas, increasing, with the samples at each.
  private let groups: [(x: Rational, samples: [(y: Rational, weight: Rational)])]

  init(x: [Rational], y: [Rational], weights: [Rational]) {
    var groups: [(x: Rational, samples: [(y: Rational, weight: Rational)])] = []
    for index in x.indices.sorted(by: { x[$0] < x[$1] }) {
      if groups.last?.x != x[index] { groups.append((x[index], [])) }
      groups[groups.count - 1].samples.append((y[index], weights[index]))
    }
    self.groups = groups
  }

  /// The least loss with at most 0, 1 and 2 knots.
  func leastLosses() -> [Rational] {
    let count = groups.count
    guard count > 0 else { return [0, 0, 0] }
    let zero = solve(cuts: [], active: [])!
    var one = zero
    var two = zero
    for gap in 1..<max(count, 1) {
      if let loss = best(cuts: [gap]) { one = min(one, loss) }
      // Two knots in one gap: any two lines.
      if let loss = solve(cuts: [gap], active: [], isJump: true) { two = min(two, loss) }
      for next in gap + 1..<max(count, gap + 1) {
        if let loss = best(cuts: [gap, next]) { two = min(two, loss) }
      }
    }
    return [zero, one, min(one, two)]
  }

  /// The least loss of lines that change at the cuts and cross in the closed gaps there: over all sets of active
  /// constraints. Both constraints of a cut together would make the lines equal: that is fewer cuts.
  private func best(cuts: [Int]) -> Rational? {
    var sets: [[(cut: Int, point: Int)]] = [[]]
    for (index, cut) in cuts.enumerated() {
      sets = sets.flatMap { set in [set, set + [(index, cut - 1)], set + [(index, cut)]] }
    }
    return sets.compactMap { solve(cuts: cuts, active: $0) }.min()
  }

  /// The loss of the least-squares lines with equality at the active points; nil when lines do not cross in their gaps.
  private func solve(cuts: [Int], active: [(cut: Int, point: Int)], isJump: Bool = false) -> Rational? {
    let lines = cuts.count + 1
    let size = 2 * lines + active.count
    var matrix = [[Rational]](repeating: .init(repeating: 0, count: size + 1), count: size)
    for (index, group) in groups.enumerated() {
      let base = 2 * cuts.count(where: { $0 <= index })
      for sample in group.samples {
        let row: [Rational] = [1, group.x]
        for i in 0..<2 {
          for j in 0..<2 { matrix[base + i][base + j] += sample.weight * row[i] * row[j] }
          matrix[base + i][size] += sample.weight * row[i] * sample.y
        }
      }
    }
    for (index, constraint) in active.enumerated() {
      let row = 2 * lines + index
      let base = 2 * constraint.cut
      let coefficients: [Rational] = [-1, -groups[constraint.point].x, 1, groups[constraint.point].x]
      for (offset, value) in coefficients.enumerated() {
        matrix[row][base + offset] = value
        matrix[base + offset][row] = value
      }
    }
    guard let solution = eliminate(matrix) else { return nil }
    func value(_ line: Int, _ point: Int) -> Rational {
      solution[2 * line] + solution[2 * line + 1] * groups[point].x
    }
    if !isJump {
      for (index, cut) in cuts.enumerated() {
        let left = value(index + 1, cut - 1) - value(index, cut - 1)
        let right = value(index + 1, cut) - value(index, cut)
        if left.signum * right.signum > 0 { return nil }
      }
    }
    var loss = Rational.zero
    for (index, group) in groups.enumerated() {
      let line = value(cuts.count(where: { $0 <= index }), index)
      for sample in group.samples { loss += sample.weight * (line - sample.y) * (line - sample.y) }
    }
    return loss
  }

  /// One solution of a linear system, free unknowns zero; nil when there is none.
  private func eliminate(_ system: [[Rational]]) -> [Rational]? {
    var matrix = system
    let size = matrix.count
    var pivots: [(row: Int, column: Int)] = []
    for column in 0..<size {
      let row = pivots.count
      guard let pivot = (row..<size).first(where: { matrix[$0][column].signum != 0 }) else { continue }
      matrix.swapAt(row, pivot)
      for other in row + 1..<max(size, row + 1) where matrix[other][column].signum != 0 {
        let factor = matrix[other][column] / matrix[row][column]
        for index in column...size where matrix[row][index].signum != 0 {
          matrix[other][index] -= factor * matrix[row][index]
        }
      }
      pivots.append((row, column))
    }
    for row in pivots.count..<max(size, pivots.count) where matrix[row][size].signum != 0 { return nil }
    var solution = [Rational](repeating: 0, count: size)
    for (row, column) in pivots.reversed() {
      var value = matrix[row][size]
      for index in column + 1..<max(size, column + 1) where solution[index].signum != 0 {
        value -= matrix[row][index] * solution[index]
      }
      solution[column] = value / matrix[row][column]
    }
    return solution
  }
}
