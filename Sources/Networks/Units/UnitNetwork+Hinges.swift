extension UnitNetwork {
  /// The same function by hinges alone, without rounding: the network itself when it has no maxima.
  ///
  /// A maximum of two is max(a, b) = b + max(a − b, 0); one of more is a balanced tournament of such pairs, each of which
  /// adds a hinge in a stage of its own round. Where double precision does not hold every coefficient of a − b, the longer
  /// of the two forms becomes a unit that never bends, and where it does not hold those of a form that reads a maximum,
  /// or that form would grow much, the maximum becomes one.
  ///
  /// - Complexity: O(parameters + the terms of the forms in maxima · log of their number).
  /// - Throws: `NetworkError` never for a network whose numbers are finite, as they are.
  public func hingesOnly() throws -> UnitNetwork {
    guard stages.contains(where: { $0.units.contains { $0.kind == .maximum } }) else { return self }
    var builder = HingeBuilder(self)
    return try builder.rewritten()
  }
}

/// Rewrites the maxima of a network by hinges. A value has a provisional number until all are made.
private struct HingeBuilder {
  private let network: UnitNetwork
  private var units: [UnitNetwork.Unit] = []
  /// For each new value its stage in the old network, from 1, and the round in it; the inputs are of stage 0.
  private var rounds: [(stage: Int, round: Int)]
  /// For each old value what it is in the new network.
  private var forms: [AffineForm]
  /// For each old value that is a maximum its unit that never bends, once it has been made.
  private var linear: [Int: Int] = [:]
  /// The number of forms that read each old value.
  private var readers: [Int]
  /// The units of tournaments.
  private var known: [UnitNetwork.Unit: Int] = [:]

  init(_ network: UnitNetwork) {
    self.network = network
    rounds = Array(repeating: (0, 0), count: network.inputCount)
    forms = (0..<network.inputCount).map { AffineForm(value: $0) }
    readers = Array(repeating: 0, count: network.inputCount + network.unitCount)
    for form in network.stages.flatMap({ $0.units.flatMap(\.forms) }) + network.outputs {
      for term in form.terms { readers[term.value] += 1 }
    }
  }

  mutating func rewritten() throws -> UnitNetwork {
    for (index, stage) in network.stages.enumerated() {
      for unit in stage.units {
        let operands = unit.forms.map { read($0) }
        switch unit.kind {
        case .hinge:
          forms.append(AffineForm(value: add(UnitNetwork.Unit(kind: unit.kind, forms: operands), stage: index + 1)))
        case .maximum: forms.append(maximum(operands, stage: index + 1))
        }
      }
    }
    // Reading an output may add units, which must be there before they are sorted.
    let outputs = network.outputs.map { read($0) }
    return try sorted(outputs: outputs)
  }

  /// An old form over the new values.
  private mutating func read(_ form: AffineForm) -> AffineForm {
    func isShort(_ value: Int) -> Bool { readers[value] == 1 || forms[value].terms.count <= 4 }
    if form.terms.allSatisfy({ isShort($0.value) }),
      let folded = AffineForm.exactSum(form.terms.map { ($0.weight, forms[$0.value]) }, plus: form.constant)
    {
      return folded
    }
    var seen: Set<Int> = []
    let terms = form.terms.map { term in
      var value = value(term.value)
      // A maximum of one form may be a value that is read already, and a form may not read one value twice.
      if !seen.insert(value).inserted {
        value = add(.linear(AffineForm(value: value)), stage: max(1, rounds[value].stage))
      }
      return AffineForm.Term(value: value, weight: term.weight)
    }
    return AffineForm(constant: form.constant, terms: terms.sorted { $0.value < $1.value })
  }

  /// An old value as one new value.
  private mutating func value(_ old: Int) -> Int {
    if let value = forms[old].plainValue ?? linear[old] { return value }
    let stage = forms[old].terms.reduce(1) { max($0, rounds[$1.value].stage) }
    let value = add(.linear(forms[old]), stage: stage)
    linear[old] = value
    return value
  }

  private mutating func maximum(_ operands: [AffineForm], stage: Int) -> AffineForm {
    var left = operands
    while left.count > 1 {
      left = stride(from: 0, to: left.count, by: 2).map { index in
        index + 1 < left.count ? larger(left[index], left[index + 1], stage: stage) : left[index]
      }
    }
    return left[0]
  }

  private mutating func larger(_ first: AffineForm, _ second: AffineForm, stage: Int) -> AffineForm {
    let (short, long) = first.terms.count < second.terms.count ? (first, second) : (second, first)
    let difference =
      AffineForm.exactSum([(1, long), (-1, short)], plus: 0)
      // Operands never read such a unit, so that nothing is added.
      ?? AffineForm(value: shared(.linear(long), stage: stage)) + short.scaled(by: -1)
    if difference.isConstant { return difference.constant > 0 ? long : short }
    return short + AffineForm(value: shared(.relu(difference), stage: stage))
  }

  /// A unit of a tournament, which overlapping maxima have in common.
  private mutating func shared(_ unit: UnitNetwork.Unit, stage: Int) -> Int {
    if let value = known[unit] { return value }
    let value = add(unit, stage: stage)
    known[unit] = value
    return value
  }

  /// Adds a unit at a stage of the old network, in the first round in which all that it reads is known.
  private mutating func add(_ unit: UnitNetwork.Unit, stage: Int) -> Int {
    let before = unit.forms.flatMap(\.terms).map { rounds[$0.value] }.filter { $0.stage == stage }
    rounds.append((stage, before.reduce(0) { max($0, $1.round + 1) }))
    units.append(unit)
    return rounds.count - 1
  }

  /// The network of the units, sorted by stage and round. O(terms log terms).
  private func sorted(outputs: [AffineForm]) throws -> UnitNetwork {
    let inputCount = network.inputCount
    let order = units.indices.sorted {
      let (one, two) = (rounds[inputCount + $0], rounds[inputCount + $1])
      return (one.stage, one.round, $0) < (two.stage, two.round, $1)
    }
    var numbers = Array(0..<inputCount + units.count)
    for (position, index) in order.enumerated() { numbers[inputCount + index] = inputCount + position }
    var stages: [UnitNetwork.Stage] = []
    var last = (stage: 0, round: 0)
    for index in order {
      let round = rounds[inputCount + index]
      if round != last || stages.isEmpty {
        let name = network.stages[round.stage - 1].name
        stages.append(
          UnitNetwork.Stage(name: round.round == 0 ? name : "\(name), round \(round.round + 1)", units: []))
        last = round
      }
      stages[stages.count - 1].units.append(units[index].renumbered(numbers))
    }
    return try UnitNetwork(inputCount: inputCount, stages: stages, outputs: outputs.map { $0.renumbered(numbers) })
  }
}
