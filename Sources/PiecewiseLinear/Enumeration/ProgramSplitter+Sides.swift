import CKernels

extension ProgramSplitter {
  /// A point, with 1 in front, strictly inside a cell.
  struct Witness {
    var point: UnsafeMutablePointer<Double>
    /// max(1, its max-norm), in which errors of values are measured.
    var size: Double

    init(point: UnsafeMutablePointer<Double>, _ dimension: Int) {
      self.point = point
      size = 1
      for j in 1..<dimension { size = max(size, abs(point[j])) }
    }
  }

  /// On which sides of a hyperplane a cell has interior points, and such points where they are doubles.
  enum Sides {
    case positive
    case negative
    /// The form is zero on the cell.
    case nowhere
    case both(positive: Witness?, negative: Witness?)
  }

  /// On which sides of a hyperplane the present cell has interior points.
  func sides(of row: CellRow, _ witness: Witness?) -> Sides {
    if let sides = signRule(row) { return sides }
    guard let witness else { return exactSides(of: row, nil) }
    let value = row.value(at: witness.point, dimension)
    guard abs(value) > row.error * witness.size else { return exactSides(of: row, nil) }
    let side = value > 0 ? 1.0 : -1
    for j in 1..<dimension { objective[j - 1] = -side * row.coefficients[j] }
    let base = side * row.coefficients[0]
    try! program.setObjective(objective)
    let status = program.solve(target: base + 4 * row.error)
    switch status {
    case .targetReached, .unbounded:
      if let found = pointBeyond(row, side: side, from: witness, isUnbounded: status == .unbounded) {
        return side > 0 ? .both(positive: witness, negative: found) : .both(positive: found, negative: witness)
      }
    case .optimal where program.objective > base:
      if let found = pointBeyond(row, side: side, from: witness, isUnbounded: false) {
        return side > 0 ? .both(positive: witness, negative: found) : .both(positive: found, negative: witness)
      }
    case .optimal, .belowTarget:
      if isProved(row, side: side) || isExactlyProved(row, side: side) { return side > 0 ? .positive : .negative }
    case .infeasible, .iterationLimit: break
    }
    return exactSides(of: row, (side, witness))
  }

  /// The answer where it needs no program: a form that reads units only, all of which push it to one side.
  private func signRule(_ row: CellRow) -> Sides? {
    guard row.other < 0, row.stage > 0 else { return nil }
    let stage = network.stages[row.stage]
    for j in 1..<dimension where stage.base[j * stage.forms + row.form] != 0 { return nil }
    let constant = stage.base[row.form]
    var isUp = constant > 0
    var isDown = constant < 0
    for read in stage.reads[row.form] {
      let unit = network.stages[read.stage].units[read.unit]
      guard !unit.isMaximum, unit.bends else { return nil }
      let isActive = forms.phases[read.stage, read.unit] == 1
      let push = read.weight * (isActive ? unit.above : -unit.below)
      // A unit's form may be zero on the whole cell, and then does not push.
      if push > 0 { isUp = true }
      if push < 0 { isDown = true }
      if isUp && isDown { return nil }
    }
    if isUp && constant > 0 { return .positive }
    return isDown ? .negative : isUp ? nil : .nowhere
  }

  /// A point of the cell's interior beyond a hyperplane, between the program's point and the witness.
  private func pointBeyond(_ row: CellRow, side: Double, from witness: Witness, isUnbounded: Bool) -> Witness? {
    let point = forms.arena.take(Double.self, dimension)
    point[0] = 1
    for j in 1..<dimension { point[j] = program.coordinate(j - 1) }
    if isUnbounded, let ray = program.ray {
      var rate = 0.0
      for j in 1..<dimension { rate -= side * row.coefficients[j] * ray[j - 1] }
      guard rate > 0 else { return nil }
      let step = (abs(row.value(at: point, dimension)) + abs(row.value(at: witness.point, dimension))) / rate
      for j in 1..<dimension { point[j] += step * ray[j - 1] }
    }
    let beyond = -side * row.value(at: point, dimension)
    guard beyond > 0 else { return nil }
    let near = abs(row.value(at: witness.point, dimension))
    let share = 0.5 * beyond / (beyond + near)
    for j in 1..<dimension { point[j] += share * (witness.point[j] - point[j]) }
    let found = Witness(point: point, dimension)
    guard -side * row.value(at: point, dimension) > row.error * found.size, isInside(found) else { return nil }
    return found
  }

  /// Whether a point is in the interior of the present cell, beyond any rounding.
  func isInside(_ witness: Witness) -> Bool {
    rows.allSatisfy { $0.side * $0.value(at: witness.point, dimension) > $0.error * witness.size }
  }

  /// Whether a point, with 1 in front, is in the interior of the present cell, beyond any rounding.
  func isInside(_ point: [Double]) -> Bool {
    var point = point
    return point.withUnsafeMutableBufferPointer { isInside(Witness(point: $0.baseAddress!, dimension)) }
  }

  /// Whether the program's multipliers prove that the cell has no point strictly beyond a hyperplane.
  private func isProved(_ row: CellRow, side: Double) -> Bool {
    let multipliers = program.multipliers
    if domain.isBounded {
      // Weak duality, with |x| ≤ 1: what is left of the objective, and what the rows are off by.
      var error = row.error
      for multiplier in multipliers { error += multiplier.value * rows[multiplier.row].error }
      return program.certifiedUpperBound(radii: radii) - side * row.coefficients[0] + 1.001 * error < 0
    }
    // x is unbounded, so that the combination must hold exactly: the true multipliers are enclosed.
    guard multipliers.count == dimension - 1 else { return false }
    let height = forms.arena.take(Double.self, dimension)
    height.update(repeating: 0, count: dimension)
    height[0] = 1
    let target = forms.arena.take(Double.self, dimension)
    for j in 0..<dimension { target[j] = side * row.coefficients[j] }
    let combined = forms.arena.take(UnsafePointer<Double>?.self, dimension)
    let errors = forms.arena.take(Double.self, dimension)
    combined[0] = UnsafePointer(height)
    errors[0] = 0
    for (position, multiplier) in multipliers.enumerated() {
      let used = rows[multiplier.row]
      let signed = forms.arena.take(Double.self, dimension)
      for j in 0..<dimension { signed[j] = used.side * used.coefficients[j] }
      combined[position + 1] = UnsafePointer(signed)
      errors[position + 1] = used.error
    }
    return pleat_is_positive_combination(combined, errors, dimension, target, row.error) == 1
  }
}
