import Certificates
import Exact
import Networks
import Queries

/// Works on the nodes of a problem's cases: bounds, claims, the choice of a split. One for each thread.
final class NodeSolver {
  /// The most free inputs that a case may have: a node's linear program is solved over them.
  static let programLimit = 16

  private let program: StageProgram
  private let workspace: BoundWorkspace
  private var item = RelaxedCase(box: [], requirements: [])
  private var fractions: [UInt8]
  private var values: [Double]
  private var forms: [Double]

  init(_ program: StageProgram) {
    self.program = program
    workspace = BoundWorkspace(program)
    fractions = Array(repeating: 0, count: program.unitCount)
    values = Array(repeating: 0, count: program.valueCount)
    forms = Array(repeating: 0, count: program.unitCount)
  }

  /// Bounds the units over a node's box, then closes the node or splits it.
  func process(_ node: consuming SearchNode, of item: RelaxedCase) -> NodeOutcome {
    self.item = item
    let isNonempty = workspace.computeRanges(&node.ranges, fractions: &fractions)
    return finish(node, isNonempty: isNonempty)
  }

  /// The roots of cases that share a box: the units are bounded once.
  func processRoots(of items: [RelaxedCase]) -> [NodeOutcome] {
    guard let box = items.first?.box else { return [] }
    var root = SearchNode(box: box, unitCount: program.unitCount)
    let isNonempty = workspace.computeRanges(&root.ranges, fractions: &fractions)
    return items.map { item in
      self.item = item
      return finish(root, isNonempty: isNonempty)
    }
  }

  /// The roots of cases whose boxes lie close together, by bounds over the smallest box around them all; nil where these do not
  /// close the case.
  ///
  /// The units are bounded once, and the requirements that differ in their constants only are carried back once.
  func processTogether(_ items: [RelaxedCase]) -> [NodeOutcome?] {
    guard var hull = items.first?.box else { return [] }
    for item in items.dropFirst() { hull = zip(hull, item.box).map { $0.hull($1) } }
    var node = SearchNode(box: hull, unitCount: program.unitCount)
    guard workspace.computeRanges(&node.ranges, fractions: &fractions) else { return items.map { _ in nil } }
    var rowOfTerms: [[AffineForm.Term]: Int] = [:]
    for requirement in items.flatMap(\.requirements) where requirement.errors.isEmpty && requirement.products.isEmpty {
      if rowOfTerms[requirement.form.terms] == nil { rowOfTerms[requirement.form.terms] = rowOfTerms.count }
    }
    guard rowOfTerms.count <= workspace.rowLimit else { return items.map { _ in nil } }
    workspace.beginRows(rowOfTerms.count)
    for (terms, row) in rowOfTerms { for term in terms { workspace.add(term.weight, value: term.value, toRow: row) } }
    let constants = workspace.substitute(rows: rowOfTerms.count, stageCount: program.stages.count)
    let start = SafetyProof.Step.ranges(SafetyProof.Slopes(fractions))
    return items.map { item in
      let (lower, upper) = (item.box.map(\.lower), item.box.map(\.upper))
      for (index, requirement) in item.requirements.enumerated() {
        guard requirement.errors.isEmpty, requirement.products.isEmpty, let row = rowOfTerms[requirement.form.terms]
        else { continue }
        let constant = (Interval(constants[row]) + Interval(requirement.form.constant)).upper
        let bound = workspace.largestValue(ofRow: row, constant: constant, lower: lower, upper: upper)
        guard bound < -workspace.doubt(ofRow: row) else { continue }
        var outcome = NodeOutcome(steps: [start], ending: .closed)
        outcome.close(SafetyProof.Claim(.nothing, [SafetyProof.Multiplier(.requirement(index), 1)]), margin: -bound)
        return outcome
      }
      return nil
    }
  }

  private func finish(_ node: SearchNode, isNonempty: Bool) -> NodeOutcome {
    var node = node
    var outcome = NodeOutcome(steps: [.ranges(SafetyProof.Slopes(fractions))], ending: .closed)
    guard isNonempty else {
      outcome.steps.append(.claim(SafetyProof.Claim(.nothing, [])))
      return outcome
    }
    let free = node.ranges.freeInputs
    // The requirements and the cuts as functions of the inputs.
    let sources =
      item.requirements.indices.map { NodeProgram.Source.requirement($0) }
      + node.cuts.map { NodeProgram.Source.unit($0) }
    var rows = NodeProgram(dimension: free.count)
    for start in stride(from: 0, to: sources.count, by: workspace.rowLimit) {
      let part = sources[start..<min(start + workspace.rowLimit, sources.count)]
      workspace.beginRows(part.count)
      for (row, source) in part.enumerated() { add(source, factor: 1, toRow: row, node) }
      let constants = workspace.substitute(rows: part.count, stageCount: program.stages.count)
      for (row, source) in part.enumerated() {
        let bound = workspace.largestValue(ofRow: row, constant: constants[row], node.ranges)
        if bound < -workspace.doubt(ofRow: row) {
          outcome.close(SafetyProof.Claim(.nothing, [multiplier(source, 1)]), margin: -bound)
          return outcome
        }
        rows.append(scaledRow(row, source, constant: constants[row], free, node.ranges))
      }
    }
    guard !free.isEmpty else {
      consider(node.ranges.boxLower, tolerance: 1e-9, &outcome)
      outcome.ending = .stuck
      return outcome
    }
    var weights: [Double] = sources.map { source in if case .requirement = source { 1 } else { 0 } }
    if let slack = rows.largestSlack() {
      if slack.value < 0, case let bound = largestValue(.nothing, sources, slack.multipliers, node),
        bound < -workspace.doubt(ofRow: 0)
      {
        outcome.close(SafetyProof.Claim(.nothing, multipliers(sources, slack.multipliers)), margin: -bound)
        return outcome
      }
      if !slack.point.isEmpty {
        outcome.slack = slack.value
        consider(point(slack.point, free, node.ranges), tolerance: 0, &outcome)
        weights = slack.multipliers
      }
    }
    contract(rows, sources, free, &node, &outcome)
    split(node, sources, weights, free, &outcome)
    return outcome
  }

  // MARK: Forms

  private func add(_ source: NodeProgram.Source, factor: Double, toRow row: Int, _ node: SearchNode) {
    switch source {
    case .unit(let unit):
      workspace.addForm(ofUnit: unit, factor: node.ranges.lower[unit] >= 0 ? factor : -factor, toRow: row)
    case .requirement(let index):
      let requirement = item.requirements[index]
      for term in requirement.form.terms { workspace.add(factor * term.weight, value: term.value, toRow: row) }
      workspace.addConstant(factor * requirement.form.constant, toRow: row)
      for error in requirement.errors {
        workspace.addError(factor * error.weight * workspace.magnitude[error.value], toRow: row)
      }
      for product in requirement.products {
        let range = product.factors.reduce(product.weight) { $0 * workspace.range(of: $1) }
        workspace.addConstant((Interval(factor) * range).upper, toRow: row)
      }
    }
  }

  private func multiplier(_ source: NodeProgram.Source, _ factor: Double) -> SafetyProof.Multiplier {
    switch source {
    case .requirement(let index): SafetyProof.Multiplier(.requirement(index), factor)
    case .unit(let unit): SafetyProof.Multiplier(.unit(unit), factor)
    }
  }

  private func multipliers(_ sources: [NodeProgram.Source], _ factors: [Double]) -> [SafetyProof.Multiplier] {
    zip(sources, factors).compactMap { $1 > 0 ? multiplier($0, $1) : nil }
  }

  /// What is added to the multipliers' forms before it is bounded.
  private enum Addend {
    case nothing
    case input(Int, sign: Double)
  }

  /// An upper bound over the box of an addend plus what is not negative, each times its factor.
  private func largestValue(
    _ addend: Addend, _ sources: [NodeProgram.Source], _ factors: [Double], _ node: SearchNode,
    visit: ((Int) -> Void)? = nil
  ) -> Double {
    workspace.beginRows(1)
    if case .input(let input, let sign) = addend { workspace.add(sign, value: input, toRow: 0) }
    for (source, factor) in zip(sources, factors) where factor > 0 { add(source, factor: factor, toRow: 0, node) }
    let constant = workspace.substitute(rows: 1, stageCount: program.stages.count, visit: visit)[0]
    return workspace.largestValue(ofRow: 0, constant: constant, node.ranges)
  }

  // MARK: The linear program

  private func scaledRow(
    _ index: Int, _ source: NodeProgram.Source, constant: Double, _ free: [Int], _ ranges: UnitRanges
  ) -> NodeProgram.Row {
    let row = workspace.row(index)
    var sum = constant
    for input in 0..<program.inputCount { sum += row[input] * middle(input, ranges) }
    return NodeProgram.Row(
      source: source, coefficients: free.map { row[$0] * (ranges.boxUpper[$0] - ranges.boxLower[$0]) / 2 },
      constant: sum)
  }

  private func middle(_ input: Int, _ ranges: UnitRanges) -> Double {
    ranges.boxLower[input] + (ranges.boxUpper[input] - ranges.boxLower[input]) / 2
  }

  private func point(_ scaled: [Double], _ free: [Int], _ ranges: UnitRanges) -> [Double] {
    var point = ranges.boxLower
    for (position, input) in free.enumerated() {
      let half = (ranges.boxUpper[input] - ranges.boxLower[input]) / 2
      point[input] = min(
        max(middle(input, ranges) + half * scaled[position], ranges.boxLower[input]), ranges.boxUpper[input])
    }
    return point
  }

  /// Measures a point, and makes it a candidate if the doubles say that it satisfies the case.
  private func consider(_ point: [Double], tolerance: Double, _ outcome: inout NodeOutcome) {
    for (input, value) in point.enumerated() { values[input] = value }
    program.evaluate(&values, forms: &forms)
    var least = Double.infinity
    for requirement in item.requirements {
      let value = values.withUnsafeBufferPointer { requirement.form($0.baseAddress!) }
      let products = requirement.products.reduce(0.0) { sum, product in
        sum
          + product.factors.reduce(product.weight.midpoint) { part, factor in
            part * values.withUnsafeBufferPointer { factor($0.baseAddress!) }
          }
      }
      least = min(least, value + products)
    }
    if least >= -tolerance { outcome.candidates.append(point) }
    outcome.nearest = NodeOutcome.Near(point: point, least: least)
  }

  /// Cuts the box down to where all rows can hold.
  private func contract(
    _ rows: borrowing NodeProgram, _ sources: [NodeProgram.Source], _ free: [Int], _ node: inout SearchNode,
    _ outcome: inout NodeOutcome
  ) {
    for gain in rows.extent(atLeastGaining: 0.1) {
      let input = free[gain.input]
      let bound = largestValue(
        .input(input, sign: gain.isUpper ? 1 : -1), sources, gain.multipliers, node)
      guard bound.isFinite else { continue }
      let value = (gain.isUpper ? 1 : -1) * (bound + workspace.doubt(ofRow: 0) * (1 + abs(bound)))
      let goal: SafetyProof.Goal
      if gain.isUpper {
        guard value < node.ranges.boxUpper[input], value >= node.ranges.boxLower[input] else { continue }
        node.ranges.boxUpper[input] = value
        goal = .inputAtMost(input, value)
      } else {
        guard value > node.ranges.boxLower[input], value <= node.ranges.boxUpper[input] else { continue }
        node.ranges.boxLower[input] = value
        goal = .inputAtLeast(input, value)
      }
      outcome.steps.append(.claim(SafetyProof.Claim(goal, multipliers(sources, gain.multipliers))))
    }
  }

  // MARK: Splitting

  /// Splits a node in two.
  ///
  /// What keeps the bound from being exact are the open units: each may be off by the area between its lines times its
  /// coefficient, its *loss*. The range of its form is owed to the inputs in proportion to the width of the box times the
  /// coefficients of its bounding rows, and so is the loss; the input with the largest sum of shares, and of its own share in
  /// the bound, is halved. Where few units are open and one alone loses clearly more than that, the unit is split.
  private func split(
    _ node: SearchNode, _ sources: [NodeProgram.Source], _ weights: [Double], _ free: [Int],
    _ outcome: inout NodeOutcome
  ) {
    let openCount = (0..<program.unitCount).count { node.ranges.isOpen($0) }
    var unit = 0
    var largestLoss = 0.0
    var losses = Array(repeating: 0.0, count: program.inputCount)
    _ = largestValue(.nothing, sources, weights, node) { index in
      let stage = self.program.stages[index]
      let row = self.workspace.row(0)
      let firstUnit = stage.first - self.program.inputCount
      for k in 0..<stage.count where stage.below[k] != stage.above[k] && node.ranges.isOpen(firstUnit + k) {
        let loss = self.workspace.loss(ofUnit: firstUnit + k, coefficient: row[stage.first + k], node.ranges)
        self.workspace.addInfluences(ofUnit: firstUnit + k, factor: loss, to: &losses)
        if loss > largestLoss {
          largestLoss = loss
          unit = firstUnit + k
        }
      }
    }
    let row = workspace.row(0)
    var input = free[0]
    var largestShare = -1.0
    for candidate in free {
      let width = node.ranges.boxUpper[candidate] - node.ranges.boxLower[candidate]
      let share = losses[candidate] + width * (abs(row[candidate]) / 2 + 1e-12)
      if share > largestShare {
        largestShare = share
        input = candidate
      }
    }
    if openCount <= Self.fewOpenUnits, largestLoss > Self.unitPreference * largestShare {
      split(node, unit: unit, &outcome)
    } else {
      split(node, input: input, &outcome)
    }
  }

  private static let fewOpenUnits = 30
  private static let unitPreference = 1.5

  private func split(_ node: SearchNode, unit: Int, _ outcome: inout NodeOutcome) {
    var below = node.half
    below.ranges.upper[unit] = 0
    below.cuts.append(unit)
    var above = node.half
    above.ranges.lower[unit] = 0
    above.cuts.append(unit)
    outcome.steps.append(.splitUnit(unit))
    outcome.ending = .split([below, above])
  }

  private func split(_ node: SearchNode, input: Int, _ outcome: inout NodeOutcome) {
    let value = middle(input, node.ranges)
    guard value > node.ranges.boxLower[input], value < node.ranges.boxUpper[input] else {
      outcome.ending = .stuck
      return
    }
    var low = node.half
    low.ranges.boxUpper[input] = value
    var high = node.half
    high.ranges.boxLower[input] = value
    outcome.steps.append(.splitInput(input, at: value))
    outcome.ending = .split([low, high])
  }
}
