import Networks

/// What a stage of a network can do to the number of regions and to the dimension of what later stages see: all that
/// bounds on the number of regions need to know of it.
///
/// The *state* after a stage is the vector of all values, inputs included, that some later stage reads. On one region it
/// is an affine function of the inputs, and its rank is what limits the cuts of the later stages.
struct StageCensus: Sendable {
  /// Hinges that may bend, are read later and have the output 0 on one side: there they carry no dimension.
  var vanishing = 0
  /// All hinges that may bend, the vanishing ones included: each is one hyperplane.
  var hinges = 0
  /// For every maximum that may bend, the number of its forms that may win, at least 2.
  var maxima: [Int] = []
  /// The values of the state that may vary whatever the hinges do: earlier values that are read again (skip
  /// connections), and units that carry a dimension on both sides.
  var carriers = 0

  /// The censuses of all stages.
  ///
  /// - Parameter choices: for each unit, the choices that are not ruled out on the domain (`UnitBounds.choices`).
  /// - Complexity: O(parameters).
  static func all(of network: UnitNetwork, choices: [[Int]]) -> [StageCensus] {
    let lastReader = network.lastReaders
    let offsets = network.stageOffsets
    let constant = network.constantValues(choices: choices)
    return network.stages.enumerated().map { index, stage in
      var census = StageCensus()
      census.carriers = (0..<offsets[index]).count { lastReader[$0] > index && !constant[$0] }
      for (position, unit) in stage.units.enumerated() {
        let value = offsets[index] + position
        let isRead = lastReader[value] > index && !constant[value]
        let mayBend = choices[value - network.inputCount].count > 1
        switch unit.kind {
        case .hinge(let below, let above) where mayBend:
          census.hinges += 1
          if !isRead { continue }
          if below == 0 || above == 0 { census.vanishing += 1 } else { census.carriers += 1 }
        case .maximum where mayBend:
          census.maxima.append(choices[value - network.inputCount].count)
          if isRead { census.carriers += 1 }
        case .hinge, .maximum:
          if isRead { census.carriers += 1 }
        }
      }
      return census
    }
  }
}

extension UnitNetwork {
  /// For every value the last stage that reads it; −1 when none does.
  var lastReaders: [Int] {
    var readers = [Int](repeating: -1, count: inputCount + unitCount)
    for (index, stage) in stages.enumerated() {
      for unit in stage.units {
        for form in unit.forms {
          for term in form.terms { readers[term.value] = index }
        }
      }
    }
    return readers
  }

  /// For every unit all the choices that its kind allows: 0 and 1 for a hinge that bends, the forms of a maximum.
  var allChoices: [[Int]] {
    stages.flatMap(\.units).map { unit in
      guard unit.bends else { return [0] }
      if case .hinge = unit.kind { return [0, 1] }
      return Array(unit.forms.indices)
    }
  }

  /// Which values surely are the same on the whole domain. O(parameters).
  fileprivate func constantValues(choices: [[Int]]) -> [Bool] {
    var constant = [Bool](repeating: false, count: inputCount)
    for (index, unit) in stages.flatMap(\.units).enumerated() {
      let possible = choices[index]
      switch unit.kind {
      case .hinge(let below, let above):
        let slopes = unit.bends ? possible.map { $0 == 0 ? below : above } : [below]
        constant.append(slopes == [0] || unit.forms[0].terms.allSatisfy { constant[$0.value] })
      case .maximum:
        constant.append(possible.allSatisfy { unit.forms[$0].terms.allSatisfy { constant[$0.value] } })
      }
    }
    return constant
  }
}
