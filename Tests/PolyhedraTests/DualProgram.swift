@testable import Polyhedra

/// A program for ``BoundedSimplex`` as plain arrays, with the checks that any answer must pass.
struct DualProgram {
  var rows: Int
  var columns: [[Double]] = []
  var cost: [Double] = []
  var lower: [Double] = []
  var upper: [Double] = []

  init(rows: Int) { self.rows = rows }

  mutating func add(_ column: [Double], _ cost: Double, _ lower: Double, _ upper: Double) {
    columns.append(column)
    self.cost.append(cost)
    self.lower.append(lower)
    self.upper.append(upper)
  }

  func load(_ simplex: inout BoundedSimplex, from start: Int = 0) throws {
    if start == 0 { simplex.reset(rows: rows) }
    for j in start..<columns.count {
      try simplex.append(column: columns[j], cost: cost[j], lower: lower[j], upper: upper[j])
    }
  }

  var reference: LinearProgram {
    var program = LinearProgram()
    for _ in 0..<rows { program.addRow(lower: 0, upper: 0) }
    for j in columns.indices {
      program.addColumn(
        columns[j].enumerated().map { ($0.offset, $0.element) }, cost: cost[j], lower: lower[j], upper: upper[j])
    }
    return program
  }

  /// What is wrong with `z` as a feasible point, or nil.
  func infeasibility(_ simplex: borrowing BoundedSimplex) -> String? {
    let z = simplex.values
    var sum = 0.0
    for j in columns.indices {
      if !(lower[j]...upper[j] ~= z[j]) { return "z[\(j)] = \(z[j]) is outside \(lower[j])...\(upper[j])" }
      sum += cost[j] * z[j]
    }
    let size = columns.indices.reduce(1e-300) { $0 + abs(cost[$1] * z[$1]) }
    if abs(sum - simplex.objective) > 1e-12 * size { return "objective \(simplex.objective) is not \(sum)" }
    for row in 0..<rows {
      var residual = 0.0
      var size = 1e-300
      for j in columns.indices {
        residual += columns[j][row] * z[j]
        // A bound's worth of the column, since near z = 0 there is nothing to be relative to.
        let unit = max(abs(z[j]), lower[j] > -.infinity ? -lower[j] : 0, upper[j] < .infinity ? upper[j] : 0)
        size += abs(columns[j][row]) * unit
      }
      if abs(residual) > 1e-9 * size { return "row \(row) of A z is \(residual), terms of \(size)" }
    }
    return nil
  }

  /// What is wrong with the reduced costs as a proof of optimality, or nil.
  func dualInfeasibility(_ simplex: borrowing BoundedSimplex) -> String? {
    let z = simplex.values
    let multipliers = simplex.multipliers
    let costScale = cost.reduce(0) { max($0, abs($1)) }
    for j in columns.indices {
      var reduced = cost[j]
      var size = costScale
      for row in 0..<rows {
        reduced -= multipliers[row] * columns[j][row]
        size += abs(multipliers[row] * columns[j][row])
      }
      if abs(reduced - simplex.reducedCost(of: j)) > 1e-12 * size { return "reducedCost(of: \(j)) is not \(reduced)" }
      if z[j] < upper[j], reduced < -1e-9 * size { return "column \(j) at \(z[j]) could rise, reduced cost \(reduced)" }
      if z[j] > lower[j], reduced > 1e-9 * size { return "column \(j) at \(z[j]) could fall, reduced cost \(reduced)" }
    }
    return nil
  }

  /// What is wrong with the ray as a proof of unboundedness, or nil.
  func rayDefect(_ simplex: borrowing BoundedSimplex) -> String? {
    let ray = simplex.ray
    guard ray.count == columns.count else { return "no ray" }
    let largest = ray.reduce(0) { max($0, abs($1)) }
    var descent = 0.0
    for j in columns.indices {
      descent += cost[j] * ray[j]
      if ray[j] > 1e-9 * largest, upper[j] < .infinity { return "the ray meets the upper bound of column \(j)" }
      if ray[j] < -1e-9 * largest, lower[j] > -.infinity { return "the ray meets the lower bound of column \(j)" }
    }
    if !(descent < 0) { return "the objective changes by \(descent) along the ray" }
    for row in 0..<rows {
      let residual = columns.indices.reduce(0.0) { $0 + columns[$1][row] * ray[$1] }
      let size = columns.indices.reduce(1e-300) { $0 + abs(columns[$1][row] * ray[$1]) }
      if abs(residual) > 1e-9 * max(size, largest) { return "row \(row) of A r is \(residual)" }
    }
    return nil
  }
}

/// The kinds of program that fits give rise to, and worse.
enum Family: CaseIterable {
  case absolute, quantile, hinge, integers, repeated, constrained, mixed, deficient, scaled

  func program(_ random: inout SplitMix) -> DualProgram {
    let rows = random.integer(1...8)
    let count = random.integer(1...40)
    var program = DualProgram(rows: rows)
    let tau = random.uniform(0.05...0.95)
    let unit = pow10(random.integer(-5...5))
    let rowUnits = (0..<rows).map { _ in pow10(random.integer(-3...3)) }
    var distinct: [([Double], Double)] = []
    for _ in 0..<count {
      var x = (0..<rows).map { _ in random.bell() }
      x[0] = 1
      let y = x.reduce(0, +) + random.bell()
      let small = (0..<rows).map { _ in Double(random.integer(-2...2)) }
      let smallCost = Double(random.integer(-3...3))
      switch self {
      case .absolute:
        program.add(x, -y, -1, 1)
      case .quantile:
        program.add(x, -y, tau - 1, tau)
      case .hinge:
        let label = y > 0 ? 1.0 : -1
        program.add(x.map { $0 * label }, -1, 0, 1)
      case .integers:
        program.add(small, smallCost, Double(random.integer(-1...0)), Double(random.integer(0...2)))
      case .repeated:
        if distinct.count < 4 { distinct.append((small, smallCost)) }
        let (column, cost) = distinct[random.integer(0...distinct.count - 1)]
        program.add(column, cost, -1, 1)
      case .constrained:
        // A loss on every sample, a sign constraint on some.
        program.add(x, -y, -1, 1)
        if random.integer(0...2) == 0 { program.add(small, random.integer(0...1) == 0 ? 0 : smallCost, 0, .infinity) }
      case .mixed:
        let bounds: [(Double, Double)] = [
          (-1, 1), (0, .infinity), (-.infinity, 0), (-.infinity, .infinity), (0, 0), (-2, .infinity), (-.infinity, 0.5),
        ]
        let (lower, upper) = bounds[min(random.integer(0...12), random.integer(0...6))]
        program.add(random.integer(0...1) == 0 ? x : small, smallCost, lower, upper)
      case .deficient:
        // Every second row repeats the one before it; some columns are zero.
        var column = small
        for row in stride(from: 1, to: rows, by: 2) { column[row] = column[row - 1] }
        if random.integer(0...9) == 0 { column = column.map { _ in 0 } }
        program.add(column, smallCost, -1, 1)
      case .scaled:
        program.add(zip(x, rowUnits).map { $0 * $1 }, -y * unit, -unit, unit)
      }
    }
    return program
  }

  private func pow10(_ exponent: Int) -> Double {
    var power = 1.0
    for _ in 0..<abs(exponent) { power *= 10 }
    return exponent < 0 ? 1 / power : power
  }
}
