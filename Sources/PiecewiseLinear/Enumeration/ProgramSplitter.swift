import CKernels
import Exact
import Execution
import Polyhedra

/// Enumerates the activation regions of a network by small linear programs, depth first and layer by layer: for inputs of
/// so many dimensions that cells have too many vertices.
///
/// A cell is the list of the half-spaces that cut it out, with a point strictly inside. The point tells on which side of a
/// unit's hyperplane the cell surely has interior points; one linear program, warm from the last one, whether it has any
/// on the other side. A point there becomes the other child's.
///
/// Both answers are proved: "yes" by a point whose slacks exceed their error bounds, "no" by multipliers whose bound,
/// rounding included, leaves a margin. What is nearer to a tie than that is decided by an exact linear program.
final class ProgramSplitter {
  let network: CompiledNetwork
  let domain: PreparedDomain
  let forms: FormStack
  let dimension: Int
  let countsOnly: Bool
  private let cancellation: Cancellation
  var path = DecisionPath(.everything)
  var leaves = 0
  var quota = Int.max
  /// Decisions that needed an exact linear program.
  private(set) var exactSigns = 0
  let visit: (any RegionSource) -> Void
  /// The half-spaces of the present cell: those of the domain, then the cuts.
  var rows: [CellRow] = []
  private var program: SmallSimplex
  private let radii: [Double]
  private let objective: UnsafeMutablePointer<Double>
  private let solver: IntegerSolver

  init(
    _ network: CompiledNetwork, domain: PreparedDomain, _ settings: SearchSettings,
    visit: @escaping (any RegionSource) -> Void
  ) {
    self.network = network
    self.domain = domain
    countsOnly = settings.countsOnly
    cancellation = settings.cancellation
    self.visit = visit
    forms = FormStack(network, wantsMaps: settings.wantsMaps)
    dimension = network.dimension
    program = SmallSimplex(dimension: dimension - 1, capacity: 128)
    radii = Array(repeating: 1, count: dimension - 1)
    objective = .allocate(capacity: dimension)
    solver = IntegerSolver(rows: dimension, columns: dimension)
  }

  deinit { objective.deallocate() }

  func run(_ task: DecisionPath.Task, quota: Int, parts: Int) -> [DecisionPath.Task] {
    path = DecisionPath(task)
    self.quota = quota
    leaves = 0
    forms.reset()
    program.removeAll()
    rows = []
    let mark = forms.arena.mark
    for (index, coefficients) in domain.rows.enumerated() where index != domain.heightRow {
      let row = forms.arena.take(Double.self, dimension)
      for j in 0..<dimension { row[j] = coefficients[j] }
      push(CellRow(stage: -1, form: index, other: -1, side: 1, coefficients: row, error: domain.rowErrors[index]))
    }
    if network.hiddenStages == 0 {
      reachLeaf(startingPoint())
    } else {
      explore(0, from: 0, startingPoint())
    }
    forms.arena.release(to: mark)
    return path.remainder(inAtMost: parts)
  }

  /// A point in the domain's interior; nil where no double is surely one.
  private func startingPoint() -> Witness? {
    exactPoint(and: nil)
  }

  func push(_ row: CellRow) {
    rows.append(row)
    for j in 1..<dimension { objective[j - 1] = -row.side * row.coefficients[j] }
    // The rows are finite: the weights' sizes were checked when the network was compiled.
    try! program.append(row: objective, bound: row.side * row.coefficients[0])
  }

  func pop() {
    rows.removeLast()
    program.truncate(to: rows.count)
  }

  // MARK: The search

  /// Goes through all regions of the present cell.
  private func explore(_ index: Int, from first: Int, _ witness: Witness?) {
    let mark = forms.arena.mark
    defer { forms.arena.release(to: mark) }
    let stage = network.stages[index]
    var decided = DecidedUnits(forms.arena, capacity: stage.units.count, dimension: dimension)
    for unit in first..<stage.units.count {
      let content = stage.units[unit]
      guard content.bends, !content.isMaximum else {
        if !content.bends { forms.decide(index, unit, content.isMaximum ? 0 : 1, &decided) }
        continue
      }
      let row = row(index, content.form, other: -1)
      switch sides(of: row, witness) {
      case .positive: forms.decide(index, unit, 1, &decided)
      case .negative, .nowhere: forms.decide(index, unit, 0, &decided)
      case .both(let positive, let negative):
        split(index, unit, row, positive, negative, decided)
        return
      }
    }
    let saved = forms.accumulate(decided, from: index)
    exploreMaximum(0, of: index, witness)
    forms.restore(saved)
  }

  private func split(
    _ index: Int, _ unit: Int, _ row: CellRow, _ positive: Witness?, _ negative: Witness?, _ decided: DecidedUnits
  ) {
    for choice in Int32(0)...1 where path.enter(choice) {
      var row = row
      row.side = choice == 0 ? 1 : -1
      var decided = decided
      forms.decide(index, unit, 1 - choice, &decided)
      let saved = forms.accumulate(decided, from: index)
      push(row)
      explore(index, from: unit + 1, choice == 0 ? positive : negative)
      pop()
      forms.restore(saved)
      path.leave()
    }
  }

  private func exploreMaximum(_ position: Int, of index: Int, _ witness: Witness?) {
    let stage = network.stages[index]
    guard position < stage.maxima.count else {
      if index + 1 == network.hiddenStages {
        reachLeaf(witness)
      } else {
        forms.exact.invalidate(from: index + 1)
        explore(index + 1, from: 0, witness)
      }
      return
    }
    let unit = stage.maxima[position]
    for candidate in 0..<stage.units[unit].formCount {
      let mark = forms.arena.mark
      let depth = rows.count
      if let inside = restrict(to: candidate, unit, index, witness), path.enter(Int32(candidate)) {
        var decided = DecidedUnits(forms.arena, capacity: 1, dimension: dimension)
        forms.decide(index, unit, Int32(candidate), &decided)
        let saved = forms.accumulate(decided, from: index)
        exploreMaximum(position + 1, of: index, inside.witness)
        forms.restore(saved)
        path.leave()
      }
      while rows.count > depth { pop() }
      forms.arena.release(to: mark)
    }
  }

  /// Adds the half-spaces in which a candidate for a maximum beats its rivals; nil when nothing is left. The caller takes
  /// the rows back.
  private func restrict(to candidate: Int, _ unit: Int, _ index: Int, _ witness: Witness?) -> Inside? {
    let content = network.stages[index].units[unit]
    var witness = witness
    for rival in 0..<content.formCount where rival != candidate {
      let row = row(index, content.form + candidate, other: content.form + rival)
      switch sides(of: row, witness) {
      case .positive: continue
      case .negative: return nil
      case .nowhere: if rival < candidate { return nil }
      case .both(let positive, _):
        push(row)
        witness = positive
      }
    }
    return Inside(witness: witness)
  }

  private struct Inside {
    var witness: Witness?
  }

  private func reachLeaf(_ witness: Witness?) {
    if !countsOnly { visit(ProgramLeaf(splitter: self, witness: witness)) }
    leaves += 1
    if leaves >= quota || (leaves & 255 == 0 && cancellation.shouldStop) { path.stop() }
  }

  /// A form on the present cell, or the difference of two, as a row with the positive side inside.
  private func row(_ index: Int, _ form: Int, other: Int) -> CellRow {
    let stage = network.stages[index]
    let matrix = forms.matrices[index]
    let coefficients = forms.arena.take(Double.self, dimension)
    for j in 0..<dimension {
      coefficients[j] = matrix[j * stage.forms + form] - (other < 0 ? 0 : matrix[j * stage.forms + other])
    }
    let error = stage.valueError[form] + (other < 0 ? 0 : stage.valueError[other])
    return CellRow(stage: index, form: form, other: other, side: 1, coefficients: coefficients, error: error)
  }

  // MARK: One question

  /// On which sides of a hyperplane the present cell has interior points.
  private func sides(of row: CellRow, _ witness: Witness?) -> Sides {
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
  private func isInside(_ witness: Witness) -> Bool {
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

extension ProgramSplitter {
  /// Whether the rows that the program's multipliers name combine, in integers, to the form with coefficients that are not
  /// negative, so that the cell has no point strictly beyond its hyperplane.
  private func isExactlyProved(_ row: CellRow, side: Double) -> Bool {
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

  // MARK: Exact arithmetic

  /// The answer by exact linear programs.
  ///
  /// - Parameter known: a side with interior points, and one of these.
  private func exactSides(of row: CellRow, _ known: (side: Double, witness: Witness)?) -> Sides {
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
  private func exactPoint(and cut: (row: CellRow, side: Double)?) -> Witness? {
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

  func exactVector(_ row: CellRow) -> IntegerVector {
    if row.stage < 0 { return domain.exactRows[row.form] }
    return row.other < 0
      ? forms.exact.form(row.stage, row.form, phases: forms.phases)
      : forms.exact.difference(row.stage, row.form, row.other, phases: forms.phases)
  }

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

/// A half-space of a cell: side · (coefficients · (1, x)) ≥ 0.
struct CellRow {
  /// The unit's stage; −1 for the domain.
  var stage: Int
  /// The form, or the number of the domain's row.
  var form: Int
  /// The second form of a comparison; −1 for none.
  var other: Int
  var side: Double
  var coefficients: UnsafeMutablePointer<Double>
  /// A bound on the error of a value at a point of max-norm at most 1.
  var error: Double

  @inline(__always)
  func value(at point: UnsafePointer<Double>, _ dimension: Int) -> Double {
    var sum = 0.0
    for j in 0..<dimension { sum += coefficients[j] * point[j] }
    return sum
  }
}
