/// A compiled network, its numbers as residues.
struct ResidueNetwork: Sendable {
  struct Target: Sendable {
    var stage: Int
    var form: Int
    var weight: Residue
  }

  struct Unit: Sendable {
    var form: Int
    var isMaximum: Bool
    var below: Residue
    var above: Residue
    var targets: [Target]
  }

  struct Stage: Sendable {
    var units: [Unit]
    /// `forms × d`
    var base: [Residue]
  }

  let dimension: Int
  /// The hidden stages, and the outputs as the last one.
  var stages: [Stage]

  init(_ network: CompiledNetwork) {
    let dimension = network.dimension
    self.dimension = dimension
    stages = network.stages.map { stage in
      Stage(
        units: stage.units.map {
          Unit(
            form: $0.form, isMaximum: $0.isMaximum, below: Residue($0.below), above: Residue($0.above), targets: [])
        },
        base: (0..<stage.forms).flatMap { form in
          (0..<dimension).map { Residue(stage.base[$0 * stage.forms + form]) }
        })
    }
    for (target, stage) in network.stages.enumerated() {
      for (form, reads) in stage.reads.enumerated() {
        for read in reads {
          stages[read.stage].units[read.unit].targets.append(
            Target(stage: target, form: form, weight: Residue(read.weight)))
        }
      }
    }
  }
}

/// The forms of a network on one cell after another, as residues.
///
/// Moving to the next cell costs what changed: arithmetic is exact, so sums can be updated without end.
final class ResidueForms {
  let network: ResidueNetwork
  /// For each stage its forms, `forms × d`, and the contributions of its units, `units × d`.
  private let forms: [UnsafeMutablePointer<Residue>]
  private let contributions: [UnsafeMutablePointer<Residue>]
  private var phases: [[Int]]
  private var isStale: [Bool]

  init(_ network: ResidueNetwork) {
    self.network = network
    forms = network.stages.map { stage in
      let buffer = UnsafeMutablePointer<Residue>.allocate(capacity: max(stage.base.count, 1))
      for (index, value) in stage.base.enumerated() { (buffer + index).initialize(to: value) }
      return buffer
    }
    contributions = network.stages.map { stage in
      let buffer = UnsafeMutablePointer<Residue>.allocate(capacity: max(stage.units.count * network.dimension, 1))
      buffer.initialize(repeating: .zero, count: stage.units.count * network.dimension)
      return buffer
    }
    phases = network.stages.map { Array(repeating: -1, count: $0.units.count) }
    isStale = network.stages.map { _ in true }
  }

  deinit {
    for buffer in forms + contributions { buffer.deallocate() }
  }

  /// The coefficients of a form, once all earlier stages are set.
  func form(_ stage: Int, _ form: Int) -> [Residue] {
    let start = forms[stage] + form * network.dimension
    return Array(UnsafeBufferPointer(start: start, count: network.dimension))
  }

  /// All forms of the last stage: the map of the outputs.
  var outputs: UnsafeBufferPointer<Residue> {
    UnsafeBufferPointer(start: forms[forms.count - 1], count: network.stages[forms.count - 1].base.count)
  }

  /// Sets the phases of a hidden stage, those of all earlier stages being set. O(d · weights of the units that changed).
  func set(_ stage: Int, phase: (Int) -> Int) {
    let dimension = network.dimension
    let wasStale = isStale[stage]
    isStale[stage] = false
    withUnsafeTemporaryAllocation(of: Residue.self, capacity: dimension) { change in
      for (index, unit) in network.stages[stage].units.enumerated() {
        let new = phase(index)
        guard wasStale || phases[stage][index] != new else { continue }
        phases[stage][index] = new
        let slope = unit.isMaximum || new == 1 ? unit.above : unit.below
        let form = forms[stage] + (unit.form + (unit.isMaximum ? new : 0)) * dimension
        let contribution = contributions[stage] + index * dimension
        var isChanged = false
        for j in 0..<dimension {
          let value = slope * form[j]
          change[j] = value - contribution[j]
          contribution[j] = value
          isChanged = isChanged || change[j] != .zero
        }
        guard isChanged else { continue }
        for target in unit.targets {
          isStale[target.stage] = true
          let sum = forms[target.stage] + target.form * dimension
          for j in 0..<dimension { sum[j] = sum[j] + target.weight * change[j] }
        }
      }
    }
  }
}
