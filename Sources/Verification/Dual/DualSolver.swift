import Certificates
import Networks
import Queries

/// Improves the bounds of nodes, proves those that close, and chooses splits. One for each thread.
final class DualSolver {
  let task: DualTask
  let batch: DualBatch
  let workspace: BoundWorkspace
  let keepsProof: Bool
  private var values: [Double]
  private var forms: [Double]

  init(_ task: DualTask, keepsProof: Bool) {
    self.task = task
    self.keepsProof = keepsProof
    batch = DualBatch(task.dual)
    workspace = BoundWorkspace(task.program)
    workspace.influences = []
    values = Array(repeating: 0, count: task.program.valueCount)
    forms = Array(repeating: 0, count: task.program.unitCount)
  }

  /// What became of a node.
  struct Outcome: Sendable {
    enum Ending: Sendable {
      case closed([SafetyProof.Step])
      case stuck(String)
      case open(DualNode)
    }

    var ending: Ending
    /// Points that the doubles say satisfy the case.
    var candidates: [[Double]]
  }

  /// The children of some nodes of a case, two for each, after a descent.
  func divide(_ parents: [DualNode], item: Int, effort: DualEffort) -> [(unit: Int, below: Outcome, above: Outcome)] {
    var children: [DualNode] = []
    var units: [Int] = []
    for parent in parents {
      let choice = chooseSplit(parent, item: item, effort: effort)
      units.append(task.dual.open[choice.open].unit)
      for isAbove in [false, true] { children.append(child(of: parent, choice, isAbove: isAbove)) }
    }
    let outcomes = work(on: children, items: children.map { _ in item }, effort: effort)
    return units.indices.map { (units[$0], outcomes[2 * $0], outcomes[2 * $0 + 1]) }
  }

  private func child(of parent: DualNode, _ choice: (open: Int, coefficient: Float), isAbove: Bool) -> DualNode {
    var child = parent
    let unit = task.dual.open[choice.open]
    // A free line can be kept as it was by the right multiplier; a chord has none that fits.
    let slope = unit.below + (unit.above - unit.below) * Float(parent.fractions[choice.open]) / 128
    let isFree = (choice.coefficient < 0) == unit.isConvex
    let rest = choice.coefficient * (slope - (isAbove ? unit.above : unit.below)) * (isAbove ? 1 : -1)
    let scale = max(abs(choice.coefficient), 1e-6)
    if isAbove { child.lower[choice.open] = 0 } else { child.upper[choice.open] = 0 }
    child.claims = []
    child.splits.append(
      DualNode.Split(
        open: choice.open, isAbove: isAbove, multiplier: isFree ? max(0, rest) / scale : 0, scale: scale))
    child.share /= 2
    return child
  }

  // MARK: Loading

  private func load(_ nodes: [DualNode], items: [Int]) {
    load(nodes)
    setForms(nodes.map(\.weights), items: items)
  }

  /// Takes the ranges, slopes and multipliers of nodes, without any forms.
  func load(_ nodes: [DualNode]) {
    batch.begin()
    for (lane, node) in nodes.enumerated() {
      for (open, fraction) in node.fractions.enumerated() {
        batch.setParameter(open, lane: lane, Float(fraction) / 128)
        batch.setRange(open, lane: lane, node.lower[open], node.upper[open])
      }
      for split in node.splits {
        batch.split(split.open, lane: lane, sign: split.sign, scale: split.scale, multiplier: split.multiplier)
      }
    }
  }

  private func setForms(_ weights: [[Float]], items: [Int]) {
    batch.removeForms()
    for item in Set(items).sorted() {
      for (index, form) in task.forms[item].enumerated() {
        guard let form else { continue }
        var factors = DualBatch.Lanes.zero
        for (lane, own) in items.enumerated() where own == item { factors[lane] = weights[lane][index] }
        batch.add(form, factors: factors)
      }
    }
  }

  // MARK: Descent

  /// Improves the bounds of up to sixteen nodes of the given cases; narrows the ranges of those that stay open, and improves them
  /// once more.
  func work(on nodes: [DualNode], items: [Int], effort: DualEffort) -> [Outcome] {
    var outcomes = improve(nodes, items: items, effort: effort)
    var narrowed: [(lane: Int, node: DualNode)] = []
    for lane in outcomes.indices where outcomes[lane].candidates.isEmpty {
      guard case .open(var node) = outcomes[lane].ending else { continue }
      if narrow(&node, item: items[lane], effort.narrowing) {
        narrowed.append((lane, node))
      } else {
        outcomes[lane].ending = .closed(node.claims + [.claim(SafetyProof.Claim(.nothing, []))])
      }
    }
    guard !narrowed.isEmpty else { return outcomes }
    let second = improve(narrowed.map(\.node), items: narrowed.map { items[$0.lane] }, effort: effort)
    for (entry, outcome) in zip(narrowed, second) { outcomes[entry.lane] = outcome }
    return outcomes
  }

  /// Improves the bounds of up to sixteen nodes of the given cases.
  func improve(_ nodes: [DualNode], items: [Int], effort: DualEffort) -> [Outcome] {
    var nodes = nodes
    load(nodes, items: items)
    descend(&nodes, items: items, effort: effort)
    let points = candidates(items: items)
    for lane in nodes.indices { store(lane, &nodes[lane]) }
    // Once more with rounded slopes: the coefficients for the choice of a split.
    load(nodes, items: items)
    batch.carryBack()
    for lane in nodes.indices { note(lane, &nodes[lane], effort) }
    return nodes.indices.map { lane in
      let candidates = points[lane].map { [$0] } ?? []
      if nodes[lane].bound < -effort.margin, let steps = proof(of: nodes[lane], item: items[lane]) {
        return Outcome(ending: .closed(nodes[lane].claims + steps), candidates: candidates)
      }
      guard nodes[lane].candidates.isEmpty else {
        return Outcome(ending: .open(nodes[lane]), candidates: candidates)
      }
      return solveLeaf(nodes[lane], item: items[lane], candidates)
    }
  }

  private func descend(_ nodes: inout [DualNode], items: [Int], effort: DualEffort) {
    let count = nodes.count
    let several = items.contains { task.forms[$0].count > 1 }
    var weights = nodes.map(\.weights)
    var rate = effort.rate
    var checked = DualBatch.Lanes(repeating: .infinity)
    for iteration in 0..<effort.iterations {
      let before = batch.bestBounds
      batch.carryBack()
      for lane in 0..<count where batch.bestBounds[lane] < before[lane] { nodes[lane].weights = weights[lane] }
      let bounds = batch.bestBounds
      if (0..<count).allSatisfy({ bounds[$0] < -effort.margin }) { return }
      if iteration % 10 == 9 {
        // Nothing is gained by going on where no bound would come near in the iterations that are left.
        let promises = (0..<count).contains { lane in
          let gain = checked[lane] - bounds[lane]
          return bounds[lane] >= -effort.margin && !(gain * Float(effort.iterations) < 2 * bounds[lane])
        }
        if !promises { return }
        checked = bounds
      }
      guard iteration + 1 < effort.iterations else { return }
      batch.carryForth()
      if 3 * iteration > min(effort.iterations, 20) { batch.addToMean() }
      if several {
        for lane in 0..<count { weights[lane] = moved(weights[lane], item: items[lane], lane: lane) }
        batch.step(rate: rate)
        setForms(weights, items: items)
      } else {
        batch.step(rate: rate)
      }
      rate *= effort.decay
    }
  }

  /// The weights of requirements after a step of exponentiated descent: less weight on what the worst input satisfies best.
  private func moved(_ weights: [Float], item: Int, lane: Int) -> [Float] {
    let forms = task.forms[item]
    guard forms.count > 1 else { return weights }
    let values = forms.map { $0.map { batch.value($0)[lane] } ?? 0 }
    let size = values.reduce(0) { max($0, abs($1)) }
    guard size > 0, size.isFinite else { return weights }
    let raised = zip(weights, values).map { $0 > 0 ? max($0, 1e-4) * max(0.1, 1 - 0.3 * $1 / size) : 0 }
    let sum = raised.reduce(0, +)
    return raised.map { $0 / sum }
  }

  /// For each lane a point that the doubles say satisfies the case, if one was met.
  private func candidates(items: [Int]) -> [[Double]?] {
    var points: [[Double]?] = items.map { _ in nil }
    let used = Set(items).sorted()
    batch.climb(rates: [0.5, 0.35, 0.25, 0.15, 0.1, 0.05, 0.02]) {
      for item in used {
        let values = task.forms[item].compactMap { $0.map(batch.value) }
        for (lane, own) in items.enumerated() where own == item && points[lane] == nil {
          guard values.allSatisfy({ $0[lane] >= -1e-5 }) else { continue }
          let point = task.point(batch.point(lane: lane))
          if satisfies(point, item: item) { points[lane] = point }
        }
      }
    }
    return points
  }

  /// Takes the best parameters of a lane, the slopes rounded as a proof has them.
  private func store(_ lane: Int, _ node: inout DualNode) {
    node.bound = batch.bestBounds[lane]
    node.takeParameters(of: lane, batch)
  }

  // MARK: Splits

  /// How many splits are tried.
  private static let trialCount = DualBatch.laneCount / 2

  /// Notes a node's bound with rounded slopes, and the splits that promise most: what the chord adds to the bound.
  private func note(_ lane: Int, _ node: inout DualNode, _ effort: DualEffort) {
    node.bound = batch.bounds[lane]
    var scored: [(score: Float, open: Int, coefficient: Float)] = []
    var rest: (score: Float, open: Int, coefficient: Float)?
    for (open, unit) in task.dual.open.enumerated() where node.isOpen(open) {
      let c = batch.coefficient(open, lane: lane)
      let score = abs(c * batch.shift(open, lane: lane))
      if (c > 0) == unit.isConvex {
        if score > 0 { scored.append((score, open, c)) }
      } else if rest == nil || score > rest!.score {
        rest = (score, open, c)
      }
    }
    if scored.isEmpty, let rest { scored = [rest] }
    scored.sort { ($0.score, $1.open) > ($1.score, $0.open) }
    node.candidates = scored.prefix(max(Self.trialCount, effort.narrowing.units)).map { ($0.open, $0.coefficient) }
  }

  /// Of a node's candidates the one whose children have the best bounds at once.
  private func chooseSplit(_ node: DualNode, item: Int, effort: DualEffort) -> (open: Int, coefficient: Float) {
    guard node.candidates.count > 1 else { return node.candidates[0] }
    let choices = node.candidates.prefix(Self.trialCount)
    let children = choices.flatMap { choice in
      [false, true].map { child(of: node, choice, isAbove: $0) }
    }
    load(children, items: children.map { _ in item })
    batch.carryBack()
    let enough = node.bound + effort.margin
    var best = 0
    var bestScore = -Float.infinity
    for index in choices.indices {
      let gains = [2 * index, 2 * index + 1].map { min(max(node.bound - batch.bounds[$0], 1e-4 * enough), enough) }
      let score = gains[0] * gains[1]
      if score > bestScore {
        best = index
        bestScore = score
      }
    }
    return node.candidates[best]
  }

  // MARK: Points and proofs

  /// Whether a point satisfies the linear requirements of a case, by doubles.
  func satisfies(_ point: [Double], item: Int) -> Bool {
    for (input, value) in point.enumerated() { values[input] = value }
    task.program.evaluate(&values, forms: &forms)
    return task.items[item].requirements.allSatisfy { requirement in
      requirement.form.terms.reduce(requirement.form.constant) { $0 + $1.weight * values[$1.value] } >= 0
    }
  }

  /// The claim that closes a node, if the rigorous bound is negative.
  func proof(of node: DualNode, item: Int) -> [SafetyProof.Step]? {
    let ranges = task.ranges(of: node)
    let fractions = task.fractions(of: node)
    workspace.prepare(ranges, fractions: fractions)
    workspace.beginRows(1)
    let multipliers = addMultipliers(of: node, item: item)
    let constant = workspace.substitute(rows: 1, stageCount: task.program.stages.count)[0]
    // Far enough below 0 for another way of rounding to find it negative too.
    guard workspace.largestValue(ofRow: 0, constant: constant, ranges) < -1e-9 else { return nil }
    return [.claim(SafetyProof.Claim(.nothing, multipliers, slopes: SafetyProof.Slopes(fractions)))]
  }

  /// Adds the forms that a node's multipliers belong to, each times its multiplier, to the first row.
  func addMultipliers(of node: DualNode, item: Int) -> [SafetyProof.Multiplier] {
    var multipliers: [SafetyProof.Multiplier] = []
    for (index, weight) in node.weights.enumerated() where weight > 0 {
      let factor = Double(weight)
      let requirement = task.items[item].requirements[index]
      for term in requirement.form.terms { workspace.add(factor * term.weight, value: term.value, toRow: 0) }
      workspace.addConstant(factor * requirement.form.constant, toRow: 0)
      for error in requirement.errors {
        workspace.addError(factor * error.weight * workspace.magnitude[error.value], toRow: 0)
      }
      multipliers.append(SafetyProof.Multiplier(.requirement(index), factor))
    }
    for split in node.splits {
      let factor = Double(split.multiplier) * Double(split.scale)
      guard factor > 0 else { continue }
      let unit = task.dual.open[split.open].unit
      workspace.addForm(ofUnit: unit, factor: split.isAbove ? factor : -factor, toRow: 0)
      multipliers.append(SafetyProof.Multiplier(.unit(unit), factor))
    }
    return multipliers
  }
}
