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
  var exactSigns = 0
  let visit: (any RegionSource) -> Void
  /// The half-spaces of the present cell: those of the domain, then the cuts.
  var rows: [CellRow] = []
  var program: SmallSimplex
  let radii: [Double]
  let objective: UnsafeMutablePointer<Double>
  let solver: IntegerSolver

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
    var size = 0.0
    for j in 0..<dimension {
      coefficients[j] = matrix[j * stage.forms + form] - (other < 0 ? 0 : matrix[j * stage.forms + other])
      size += abs(coefficients[j])
    }
    let error =
      forms.error(index, form) + (other < 0 ? 0 : forms.error(index, other))
      + Double(dimension + 4) * size * Double.ulpOfOne
    return CellRow(stage: index, form: form, other: other, side: 1, coefficients: coefficients, error: error)
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
