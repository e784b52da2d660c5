import Queries

/// What all nodes of a group of cases share: the cases, the ranges of their box, and the network over it.
struct DualTask: Sendable {
  let program: StageProgram
  let items: [RelaxedCase]
  /// Of the box, and of each unit there.
  let ranges: UnitRanges
  /// The slopes that a root begins with: those with the smaller area between the lines.
  let fractions: [UInt8]
  let dual: DualProgram
  /// For each case its requirements over slots, nil for those that have products and take no part in bounds.
  let forms: [[DualProgram.Form?]]

  init(_ program: StageProgram, _ items: [RelaxedCase], _ ranges: UnitRanges) {
    self.program = program
    self.items = items
    self.ranges = ranges
    let dual = DualProgram(program, ranges)
    self.dual = dual
    var fractions = Array(repeating: UInt8(0), count: program.unitCount)
    for unit in dual.open { fractions[unit.unit] = unit.fraction(ranges) }
    self.fractions = fractions
    forms = items.map { item in
      item.requirements.map { requirement in
        guard requirement.products.isEmpty else { return nil }
        return dual.form(
          constant: requirement.form.constant, terms: requirement.form.terms.lazy.map { ($0.value, $0.weight) })
      }
    }
  }

  /// The root of a case.
  func root(_ item: Int) -> DualNode {
    let usable = forms[item].map { $0 == nil ? Float(0) : 1 }
    let count = max(usable.reduce(0, +), 1)
    return DualNode(
      lower: dual.open.map { Float(roundedDown: ranges.lower[$0.unit]) },
      upper: dual.open.map { Float(roundedUp: ranges.upper[$0.unit]) },
      fractions: dual.open.map { fractions[$0.unit] }, weights: usable.map { $0 / count })
  }

  /// The ranges of a node.
  func ranges(of node: DualNode) -> UnitRanges {
    var result = ranges
    for (open, unit) in dual.open.enumerated() {
      result.lower[unit.unit] = max(result.lower[unit.unit], Double(node.lower[open]))
      result.upper[unit.unit] = min(result.upper[unit.unit], Double(node.upper[open]))
    }
    return result
  }

  /// The slopes of a node, for all units.
  func fractions(of node: DualNode) -> [UInt8] {
    var result = fractions
    for (number, unit) in dual.open.enumerated() { result[unit.unit] = node.fractions[number] }
    return result
  }

  /// The inputs of the network from those that are free, moved into the box; and off its ends, which were rounded outwards.
  func point(_ free: [Double]) -> [Double] {
    var point = ranges.boxLower
    for (input, value) in zip(dual.inputs, free) {
      let (low, high) = (ranges.boxLower[input].nextUp, ranges.boxUpper[input].nextDown)
      point[input] = min(max(value, low), max(low, high))
    }
    return point
  }
}

extension Float {
  init(roundedDown value: Double) {
    let nearest = Float(value)
    self = Double(nearest) > value ? nearest.nextDown : nearest
  }

  init(roundedUp value: Double) { self = -Float(roundedDown: -value) }
}
