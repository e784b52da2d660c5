import Certificates
import Polyhedra

extension DualSolver {
  /// A node in which every unit is linear, as a linear program over the inputs: the largest common slack of the requirements
  /// and the phases. Its point is a candidate, its dual solution closes the node.
  func solveLeaf(_ node: DualNode, item: Int, _ candidates: [[Double]]) -> Outcome {
    var node = node
    var candidates = candidates
    let stuck = Outcome(ending: .stuck("a linear piece that doubles do not decide"), candidates: candidates)
    let ranges = task.ranges(of: node)
    workspace.prepare(ranges, fractions: task.fractions(of: node))
    let usable = task.items[item].requirements.indices.filter { task.forms[item][$0] != nil }
    let count = usable.count + node.splits.count
    guard count <= workspace.rowLimit, !usable.isEmpty else { return stuck }
    workspace.beginRows(count)
    for (row, index) in usable.enumerated() {
      let form = task.items[item].requirements[index].form
      for term in form.terms { workspace.add(term.weight, value: term.value, toRow: row) }
      workspace.addConstant(form.constant, toRow: row)
    }
    for (position, split) in node.splits.enumerated() {
      workspace.addForm(
        ofUnit: task.dual.open[split.open].unit, factor: Double(split.sign), toRow: usable.count + position)
    }
    let constants = workspace.substitute(rows: count, stageCount: task.program.stages.count)
    // Inputs are measured from the middle of the box, in its radius.
    let inputs = task.dual.inputs
    let middles = inputs.map { ranges.boxLower[$0] / 2 + ranges.boxUpper[$0] / 2 }
    let radii = inputs.map { ranges.boxUpper[$0] / 2 - ranges.boxLower[$0] / 2 }
    var program = LinearProgram()
    for _ in inputs { _ = program.addColumn(cost: 0, lower: -1, upper: 1) }
    let slack = program.addColumn(cost: -1, lower: -.infinity, upper: .infinity)
    var scales: [Double] = []
    for row in 0..<count {
      let source = workspace.row(row)
      var constant = constants[row]
      for input in 0..<task.program.inputCount where ranges.boxLower[input] == ranges.boxUpper[input] {
        constant += source[input] * ranges.boxLower[input]
      }
      for (input, middle) in zip(inputs, middles) { constant += source[input] * middle }
      let scaled = zip(inputs, radii).map { source[$0] * $1 }
      let scale = max(scaled.reduce(0) { max($0, abs($1)) }, 1e-300)
      scales.append(scale)
      let index = program.addRow(lower: -constant / scale, upper: .infinity)
      for (column, value) in scaled.enumerated() where value != 0 {
        program.add(value / scale, row: index, column: column)
      }
      program.add(-1, row: index, column: slack)
    }
    guard let solution = try? program.solve(), case .optimal = solution.status else { return stuck }
    let point = zip(zip(middles, radii), solution.x).map { $0.0 + $0.1 * $1 }
    let candidate = task.point(point)
    if satisfies(candidate, item: item) { candidates.append(candidate) }
    for (row, index) in usable.enumerated() { node.weights[index] = Float(abs(solution.rowDuals[row]) / scales[row]) }
    for position in node.splits.indices {
      node.splits[position].scale = 1
      node.splits[position].multiplier =
        Float(abs(solution.rowDuals[usable.count + position]) / scales[usable.count + position])
    }
    if let steps = proof(of: node, item: item) {
      return Outcome(ending: .closed(node.claims + steps), candidates: candidates)
    }
    return Outcome(ending: stuck.ending, candidates: candidates)
  }
}
