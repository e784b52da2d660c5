import Exact

extension Substitution {
  /// The step `ranges`: the range of each unit's form, stage after stage. O(parameters), and for each unit that stays
  /// open twice the parameters of the stages before it that are open as well.
  ///
  /// Stops as soon as a range is empty: the node then holds no point.
  mutating func tighten(_ node: inout ProofNode, fractions: [UInt8]) {
    guard !node.isEmpty else { return }
    node.fractions = fractions
    var values = ValueRanges(network, node)
    for (index, stage) in network.stages.enumerated() {
      var open: [Int] = []
      for unit in stage.units {
        let (range, size) = values.form(unit, node)
        node.setSize(size, of: unit)
        node.raise(network.inputCount + unit, to: range.lower)
        node.reduce(network.inputCount + unit, to: range.upper)
        if stage.readsUnits, isOpen(unit, node) { open.append(unit) }
      }
      if node.isEmpty { return }
      for (unit, range) in zip(open, bounds(of: open, before: index, node)) {
        node.reduce(network.inputCount + unit, to: range.upper)
        node.raise(network.inputCount + unit, to: range.lower)
      }
      if node.isEmpty { return }
      for unit in stage.units { node.include(values.setValue(unit, node)) }
      setLines(stage.units, node, fractions: fractions)
    }
  }

  private func isOpen(_ unit: Int, _ node: ProofNode) -> Bool {
    let index = network.inputCount + unit
    return network.below[unit] != network.above[unit] && node.lower[index] < 0 && node.upper[index] > 0
  }
}

/// The ranges of a network's values at a node, as far as they are known.
struct ValueRanges {
  private let network: FlatNetwork
  private var lower: [Double]
  private var upper: [Double]
  /// The largest magnitude of each value.
  private var size: [Double]

  /// The inputs' ranges; those of the units follow by ``setValue(_:_:)``, in order.
  init(_ network: FlatNetwork, _ node: ProofNode) {
    self.network = network
    lower = node.lower
    upper = node.upper
    size = zip(lower, upper).map { max(-$0, $1) }
  }

  /// Takes the range of a unit's value from that of its form; returns its largest magnitude.
  mutating func setValue(_ unit: Int, _ node: ProofNode) -> Double {
    let value = network.inputCount + unit
    let range = network.range(ofValue: value, node)
    lower[value] = range.lower
    upper[value] = range.upper
    size[value] = max(-range.lower, range.upper)
    return size[value]
  }

  /// The range of a unit's form and a bound on the sum of its terms' magnitudes, by interval arithmetic. Ends that are
  /// infinite take a slower way.
  func form(_ unit: Int, _ node: ProofNode) -> (range: Interval, size: Double) {
    let constant = network.constants[unit]
    var low = constant
    var high = constant
    var sum = abs(constant)
    for term in network.starts[unit]..<network.starts[unit + 1] {
      let weight = network.weights[term]
      let value = network.columns[term]
      low += weight * (weight > 0 ? lower[value] : upper[value])
      high += weight * (weight > 0 ? upper[value] : lower[value])
      sum += abs(weight) * size[value]
    }
    // In each sum at most one term for each value: this is the error of `Substitution`.
    let error = 0x1p-52 * Double(network.valueCount + 16) * sum + 0x1p-1000
    guard error.isFinite else { return (network.range(of: network.forms[unit], node), .infinity) }
    return (Interval(lower: (low - error).nextDown, upper: (high + error).nextUp), sum + error)
  }
}
