import Exact

/// One exact solve: rows in integers, and a basis of `n` slots. A slot holds a row, or (free) the equation x_j = 0.
final class ExactSimplex {
  private let n: Int
  private let m: Int
  private let rows: [ExactLinearProgram.Row]
  private let objectiveRow: ExactLinearProgram.Row
  /// m rows of n entries and the bound.
  private let data: IntegerVector
  private let objective: IntegerVector
  /// The objective of the dual method: the program's, or one for which the first basis is dual feasible.
  private let dualObjective: IntegerVector
  private let system: IntegerSolver
  /// Row i ≥ 0, or −1 − j for coordinate j.
  private var slots: [Int] = []
  private var pivots = 0

  /// Numerators, then the positive denominator.
  private let point: IntegerVector
  private let multipliers: IntegerVector
  private let products: IntegerVector
  private let direction: IntegerVector
  private let scratch = IntegerVector(count: 4)

  init(dimension: Int, rows: [ExactLinearProgram.Row], objective row: ExactLinearProgram.Row) {
    n = dimension
    m = rows.count
    self.rows = rows
    objectiveRow = row
    data = IntegerVector(count: m * (n + 1))
    for i in 0..<m { rows[i].store(in: data, at: i * (n + 1)) }
    objective = IntegerVector(count: n + 1)
    row.store(in: objective, at: 0)
    dualObjective = IntegerVector(count: n + 1)
    system = IntegerSolver(rows: n, columns: n)
    point = IntegerVector(count: n + 1)
    multipliers = IntegerVector(count: n + 1)
    products = IntegerVector(count: n + 1)
    direction = IntegerVector(count: n + 1)
  }

  func solve(from basis: [Int]) -> ExactLinearProgram.Solution {
    begin(with: basis)
    formPoint()
    if firstViolatedRow() != nil {
      chooseDualObjective()
      if let row = descend() { return infeasible(row) }
    }
    return ascend()
  }

  // MARK: Basis

  private func begin(with basis: [Int]) {
    slots = []
    for row in basis where 0..<m ~= row && !slots.contains(row) { slots.append(row) }
    slots = Array(slots.prefix(n))
    guard slots.count < n || !fillRows(right: { self.setRight($0, data, self.slots[$0] * (self.n + 1) + self.n) })
    else {
      return
    }
    // Some rows depend on others, or there are too few: keep those that do not, and fix the remaining coordinates.
    var reduced: [(column: Int, entries: [Rational])] = []
    var kept: [Int] = []
    for row in slots {
      var entries = (0..<n).map { data.rational(row * (n + 1) + $0) }
      for (column, other) in reduced where entries[column].signum != 0 {
        let factor = entries[column] / other[column]
        for j in 0..<n { entries[j] -= factor * other[j] }
      }
      guard let column = entries.firstIndex(where: { $0.signum != 0 }) else { continue }
      reduced.append((column, entries))
      kept.append(row)
    }
    let columns = Set(reduced.map(\.column))
    slots = kept + (0..<n).filter { !columns.contains($0) }.map { -1 - $0 }
  }

  private func setRight(_ equation: Int, _ source: IntegerVector, _ index: Int) {
    system.matrix.set(equation * (n + 1) + n, to: source, index)
  }

  /// B z = right, one equation per slot; false when the rows depend on each other.
  private func fillRows(right: (Int) -> Void) -> Bool {
    for k in 0..<n {
      for j in 0..<n {
        if slots[k] >= 0 {
          system.matrix.set(k * (n + 1) + j, to: data, slots[k] * (n + 1) + j)
        } else {
          system.matrix.set(k * (n + 1) + j, to: slots[k] == -1 - j ? 1 : 0)
        }
      }
      right(k)
    }
    return system.solve(columns: n)
  }

  /// Bᵀ z = v, one equation per coordinate.
  private func fillColumns(_ vector: IntegerVector, at start: Int, into result: IntegerVector) {
    for k in 0..<n {
      for j in 0..<n {
        if slots[k] >= 0 {
          system.matrix.set(j * (n + 1) + k, to: data, slots[k] * (n + 1) + j)
        } else {
          system.matrix.set(j * (n + 1) + k, to: slots[k] == -1 - j ? 1 : 0)
        }
      }
    }
    for j in 0..<n { setRight(j, vector, start + j) }
    let isRegular = system.solve(columns: n)
    precondition(isRegular, "the rows of a basis are independent")
    keep(result)
  }

  private func keep(_ result: IntegerVector) {
    for k in 0..<n { result.set(k, to: system.solution, k) }
    result.set(n, to: system.denominator, 0)
  }

  private func formPoint() {
    let isRegular = fillRows { k in
      if self.slots[k] >= 0 {
        self.setRight(k, self.data, self.slots[k] * (self.n + 1) + self.n)
      } else {
        self.system.matrix.set(k * (self.n + 1) + self.n, to: 0)
      }
    }
    precondition(isRegular, "the rows of a basis are independent")
    keep(point)
  }

  /// The direction in which the row of a slot changes at rate `sign`, those of the other slots not.
  private func formDirection(_ slot: Int, sign: Int) {
    let isRegular = fillRows { self.system.matrix.set($0 * (self.n + 1) + self.n, to: $0 == slot ? sign : 0) }
    precondition(isRegular, "the rows of a basis are independent")
    keep(direction)
  }

  // MARK: Rows

  /// scratch[0] = (bᵢ − aᵢ · x) · denominator
  private func formSlack(_ row: Int) {
    let start = row * (n + 1)
    scratch.set(0, to: 0)
    scratch.addProduct(0, data, start + n, point, n)
    for j in 0..<n { scratch.subtractProduct(0, data, start + j, point, j) }
  }

  /// scratch[1] = aᵢ · direction · denominator
  private func formRate(_ row: Int) {
    let start = row * (n + 1)
    scratch.set(1, to: 0)
    for j in 0..<n { scratch.addProduct(1, data, start + j, direction, j) }
  }

  private func firstViolatedRow() -> Int? {
    for row in 0..<m {
      formSlack(row)
      if scratch.signum(0) < 0 { return row }
    }
    return nil
  }

  /// The sign of left[i] · right[j] − left[k] · right[l].
  private func compare(
    _ left: IntegerVector, _ i: Int, _ right: IntegerVector, _ j: Int, _ k: Int, _ l: Int
  ) -> Int {
    scratch.set(3, to: 0)
    scratch.addProduct(3, left, i, right, j)
    scratch.subtractProduct(3, left, k, right, l)
    return scratch.signum(3)
  }

  // MARK: Dual method

  /// The program's objective if the basis is dual feasible for it, otherwise the sum of the tight rows.
  private func chooseDualObjective() {
    fillColumns(objective, at: 0, into: multipliers)
    let isDualFeasible = (0..<n).allSatisfy {
      slots[$0] >= 0 ? multipliers.signum($0) >= 0 : multipliers.signum($0) == 0
    }
    let one = IntegerVector(count: 1)
    one.set(0, to: 1)
    for j in 0..<n {
      dualObjective.set(j, to: 0)
      if isDualFeasible {
        dualObjective.set(j, to: objective, j)
      } else {
        for row in slots where row >= 0 { dualObjective.addProduct(j, data, row * (n + 1) + j, one, 0) }
      }
    }
  }

  /// Runs until the point is feasible (nil) or a row proves that none is (its products are formed).
  private func descend() -> Int? {
    while let row = firstViolatedRow() {
      fillColumns(data, at: row * (n + 1), into: products)
      guard let slot = dualSlot() else { return row }
      slots[slot] = row
      pivots += 1
      formPoint()
    }
    return nil
  }

  private func dualSlot() -> Int? {
    if let slot = (0..<n).first(where: { slots[$0] < 0 && products.signum($0) != 0 }) { return slot }
    fillColumns(dualObjective, at: 0, into: multipliers)
    var best: Int?
    for k in 0..<n where slots[k] >= 0 && products.signum(k) > 0 {
      guard let other = best else {
        best = k
        continue
      }
      let sign = compare(multipliers, k, products, other, other, k)
      if sign < 0 || (sign == 0 && slots[k] < slots[other]) { best = k }
    }
    return best
  }

  // MARK: Primal method

  private func ascend() -> ExactLinearProgram.Solution {
    while true {
      fillColumns(objective, at: 0, into: multipliers)
      guard let slot = improvingSlot() else { return optimal() }
      formDirection(slot, sign: slots[slot] >= 0 ? -1 : multipliers.signum(slot))
      guard let row = blockingRow() else { return unbounded() }
      slots[slot] = row
      pivots += 1
      formPoint()
    }
  }

  private func improvingSlot() -> Int? {
    if let slot = (0..<n).first(where: { slots[$0] < 0 && multipliers.signum($0) != 0 }) { return slot }
    var best: Int?
    for k in 0..<n where slots[k] >= 0 && multipliers.signum(k) < 0 {
      if let other = best, slots[other] < slots[k] { continue }
      best = k
    }
    return best
  }

  /// The first row of least slack / rate among those with positive rate.
  private func blockingRow() -> Int? {
    var best: Int?
    let least = IntegerVector(count: 2)
    for row in 0..<m {
      formRate(row)
      guard scratch.signum(1) > 0 else { continue }
      formSlack(row)
      if best != nil {
        scratch.set(3, to: 0)
        scratch.addProduct(3, scratch, 0, least, 1)
        scratch.subtractProduct(3, scratch, 1, least, 0)
        guard scratch.signum(3) < 0 else { continue }
      }
      best = row
      least.set(0, to: scratch, 0)
      least.set(1, to: scratch, 1)
    }
    return best
  }

  // MARK: Answers

  private func vector(_ values: IntegerVector) -> [Rational] {
    let denominator = values.rational(n)
    return (0..<n).map { values.rational($0) / denominator }
  }

  private func value(at x: [Rational]) -> Rational {
    var sum = Rational.zero
    for j in 0..<n { sum += objective.rational(j) * x[j] }
    return sum / objectiveRow.scale
  }

  private func solution(
    _ status: ExactLinearProgram.Status, x: [Rational], multipliers: [ExactLinearProgram.Multiplier] = [],
    ray: [Rational] = []
  ) -> ExactLinearProgram.Solution {
    .init(
      status: status, x: x, objective: x.isEmpty ? .zero : value(at: x), multipliers: multipliers, ray: ray,
      basis: slots.filter { $0 >= 0 }, pivots: pivots)
  }

  private func optimal() -> ExactLinearProgram.Solution {
    let values = vector(multipliers)
    let proof = (0..<n).filter { slots[$0] >= 0 && values[$0].signum > 0 }.map {
      ExactLinearProgram.Multiplier(row: slots[$0], value: values[$0] * rows[slots[$0]].scale / objectiveRow.scale)
    }
    return solution(.optimal, x: vector(point), multipliers: proof)
  }

  private func unbounded() -> ExactLinearProgram.Solution {
    solution(.unbounded, x: vector(point), ray: vector(direction))
  }

  /// The violated row is a combination of the tight ones with multipliers of the wrong sign: their negatives make a proof.
  private func infeasible(_ row: Int) -> ExactLinearProgram.Solution {
    let values = vector(products)
    var proof = [ExactLinearProgram.Multiplier(row: row, value: rows[row].scale)]
    for k in 0..<n where slots[k] >= 0 && values[k].signum < 0 {
      proof.append(.init(row: slots[k], value: -values[k] * rows[slots[k]].scale))
    }
    return solution(.infeasible, x: [], multipliers: proof)
  }
}
