extension UnitNetwork {
  /// A network and which inputs it reads: its input i is the input `inputs[i]` of the whole.
  public typealias Part = (network: UnitNetwork, inputs: [Int])

  /// The network x ↦ (f₁(x), f₂(x), …) of networks that read inputs of one x, without rounding.
  ///
  /// Units of the same stage number share a stage, and units that several networks have alike are one. Where a network
  /// reads the same x twice, the second time it reads a unit of a first stage "input" that never bends, so that no weights
  /// are added.
  ///
  /// - Parameters:
  ///   - parts: one or more.
  ///   - inputCount: the length of x.
  /// - Complexity: O(parameters).
  /// - Throws: `NetworkError` when a part has another number of inputs than its network, or one that x has not.
  public static func sideBySide(_ parts: [Part], inputCount: Int) throws -> UnitNetwork {
    for (index, part) in parts.enumerated() {
      guard part.inputs.count == part.network.inputCount, part.inputs.allSatisfy((0..<inputCount).contains) else {
        throw NetworkError(
          "network \(index) of \(parts.count) has \(part.network.inputCount) inputs; it must be given as many of the inputs"
            + " 0 to \(inputCount - 1)")
      }
    }
    if parts.count == 1, parts[0].inputs == Array(0..<inputCount) { return parts[0].network }
    var (numbers, copies) = inputNumbers(parts, inputCount: inputCount)
    var next = inputCount + copies.count
    var stages = copies.isEmpty ? [] : [Stage(name: "input", units: copies)]
    for index in 0..<(parts.map(\.network.stages.count).max() ?? 0) {
      var units: [Unit] = []
      var names: [String] = []
      var known: [Unit: Int] = [:]
      for (part, item) in parts.enumerated() where index < item.network.stages.count {
        let stage = item.network.stages[index]
        // Each unit is shared once: two twins of one network stay two, for a form may not read one value twice.
        var shareable = known
        for unit in stage.units {
          let unit = unit.renumbered(numbers[part])
          if let shared = shareable.removeValue(forKey: unit) {
            numbers[part].append(shared)
            continue
          }
          numbers[part].append(next)
          if part < parts.count - 1 { known[unit] = next }
          units.append(unit)
          next += 1
        }
        if !names.contains(stage.name) { names.append(stage.name) }
      }
      if !units.isEmpty { stages.append(Stage(name: names.joined(separator: " | "), units: units)) }
    }
    return try UnitNetwork(
      inputCount: inputCount, stages: stages,
      outputs: zip(parts, numbers).flatMap { part, numbers in part.network.outputs.map { $0.renumbered(numbers) } })
  }

  /// For each part the values that its inputs are, and the units that copy inputs that a part reads again.
  private static func inputNumbers(_ parts: [Part], inputCount: Int) -> (numbers: [[Int]], copies: [Unit]) {
    var copies: [Unit] = []
    /// For each input, its copies; parts share them.
    var made: [Int: [Int]] = [:]
    let numbers = parts.map { part in
      var uses: [Int: Int] = [:]
      return part.inputs.map { input in
        let use = uses[input, default: 0]
        uses[input] = use + 1
        if use == 0 { return input }
        if use > made[input, default: []].count {
          made[input, default: []].append(inputCount + copies.count)
          copies.append(.linear(AffineForm(value: input)))
        }
        return made[input, default: []][use - 1]
      }
    }
    return (numbers, copies)
  }
}
