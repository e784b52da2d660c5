import CKernels
import Exact

/// The forms of all stages on the present path of a search: as units are decided, they are added up in the stages that
/// read them.
final class FormStack {
  let network: CompiledNetwork
  let dimension: Int
  let arena = Arena()
  let phases: Phases
  let exact: ExactForms
  /// For each stage the forms' coefficients on the present cell, `d × forms`, as far as units are decided; and one row more,
  /// bounds on their errors.
  let matrices: UnsafeMutablePointer<UnsafeMutablePointer<Double>>
  /// Whether the outputs' maps are wanted.
  private let wantsMaps: Bool

  init(_ network: CompiledNetwork, wantsMaps: Bool) {
    self.network = network
    self.wantsMaps = wantsMaps
    dimension = network.dimension
    phases = Phases(network)
    exact = ExactForms(network)
    matrices = .allocate(capacity: network.stages.count)
    reset()
  }

  deinit { matrices.deallocate() }

  /// Nothing is decided.
  func reset() {
    exact.invalidate(from: 0)
    for (index, stage) in network.stages.enumerated() { matrices[index] = stage.base }
  }

  /// The value of a form at a point, from its coefficients on the present cell. Never an untrue 0.
  @inline(__always)
  func value(_ stage: Int, _ form: Int, at point: UnsafePointer<Double>) -> Double {
    let forms = network.stages[stage].forms
    let matrix = matrices[stage]
    var sum = 0.0
    for j in 0..<dimension { sum += point[j] * matrix[j * forms + form] }
    return sum == 0 ? .leastNonzeroMagnitude : sum
  }

  /// A bound on the error of a form's coefficients on the present cell, summed over them: at a point of max-norm at most 1
  /// the form is off by no more, but for the rounding of its evaluation.
  @inline(__always)
  func error(_ stage: Int, _ form: Int) -> Double {
    matrices[stage][dimension * network.stages[stage].forms + form] * 1.001 + 1e-290
  }

  /// The exact coefficients of a hyperplane, at some scale: of a row of the domain (stage −1), of a form, or of the difference
  /// of two.
  func exactForm(_ stage: Int, _ form: Int, _ other: Int, _ domain: PreparedDomain) -> IntegerVector {
    if stage < 0 { return domain.exactRows[form] }
    return other < 0
      ? exact.form(stage, form, phases: phases) : exact.difference(stage, form, other, phases: phases)
  }

  /// Marks a unit as decided on the present cell, and notes what it adds to later stages.
  @inline(__always)
  func decide(_ index: Int, _ unit: Int, _ phase: Int32, _ decided: inout DecidedUnits) {
    phases[index, unit] = phase
    let stage = network.stages[index]
    let content = stage.units[unit]
    let slope = content.isMaximum || phase == 1 ? content.above : content.below
    guard slope != 0, !content.targets.isEmpty else { return }
    let form = content.form + (content.isMaximum ? Int(phase) : 0)
    let matrix = matrices[index]
    let coefficients = decided.coefficients + decided.count * dimension
    var size = 0.0
    for j in 0..<dimension {
      coefficients[j] = slope * matrix[j * stage.forms + form]
      size += abs(coefficients[j])
    }
    decided.sizes[decided.count] = size
    decided.errors[decided.count] = abs(slope) * matrix[dimension * stage.forms + form]
    decided.units[decided.count] = Int32(unit)
    decided.count += 1
  }

  /// Adds what the decided units contribute to the stages that read them; returns what `restore` needs.
  func accumulate(_ decided: DecidedUnits, from index: Int) -> SavedAccumulators {
    let stage = network.stages[index]
    var saved = SavedAccumulators(arena, capacity: stage.targets.count)
    guard decided.count > 0 else { return saved }
    for target in stage.targets where wantsMaps || target < network.hiddenStages {
      let columns = arena.take(UnsafePointer<Double>?.self, decided.count)
      let errors = arena.take(Double.self, decided.count)
      let sumError = network.stages[target].sumError
      let coefficients =
        stage.targets.count == 1 ? decided.coefficients : arena.take(Double.self, decided.count * dimension)
      var count = 0
      for position in 0..<decided.count {
        for link in stage.units[Int(decided.units[position])].targets where link.stage == target {
          columns[count] = UnsafePointer(link.column)
          errors[count] = decided.errors[position] + sumError * decided.sizes[position]
          if coefficients != decided.coefficients {
            for j in 0..<dimension {
              coefficients[count * dimension + j] = decided.coefficients[position * dimension + j]
            }
          }
          count += 1
        }
      }
      guard count > 0 else { continue }
      let forms = network.stages[target].forms
      let sum = arena.take(Double.self, forms * (dimension + 1))
      pleat_accumulate(sum, matrices[target], forms, dimension, columns, coefficients, errors, count)
      saved.push(target, matrices[target])
      matrices[target] = sum
    }
    return saved
  }

  @inline(__always)
  func restore(_ saved: SavedAccumulators) {
    for position in 0..<saved.count { matrices[Int(saved.stages[position])] = saved.matrices[position] }
  }

  /// Adds the contributions of all units decided so far: those of earlier stages, and the first ones of a stage.
  ///
  /// - Parameter maxima: whether those of this stage are decided too.
  func accumulateAll(
    before index: Int, _ first: Int, maxima: Bool
  ) -> [(Int, UnsafeMutablePointer<Double>)] {
    var saved: [(Int, UnsafeMutablePointer<Double>)] = []
    for stage in 0...index {
      let count = stage < index ? network.stages[stage].units.count : first
      var decided = DecidedUnits(arena, capacity: count, dimension: dimension)
      for unit in 0..<count {
        let content = network.stages[stage].units[unit]
        if stage == index && !maxima && content.isMaximum && content.bends { continue }
        decide(stage, unit, phases[stage, unit], &decided)
      }
      let replaced = accumulate(decided, from: stage)
      for position in 0..<replaced.count { saved.append((Int(replaced.stages[position]), replaced.matrices[position])) }
    }
    return saved
  }
}

/// Units decided at one node, with their slopes times their forms' coefficients.
struct DecidedUnits {
  var count = 0
  var units: UnsafeMutablePointer<Int32>
  var coefficients: UnsafeMutablePointer<Double>
  /// The sums of the coefficients' magnitudes, and bounds on their errors.
  var sizes: UnsafeMutablePointer<Double>
  var errors: UnsafeMutablePointer<Double>

  init(_ arena: Arena, capacity: Int, dimension: Int) {
    units = arena.take(Int32.self, capacity)
    coefficients = arena.take(Double.self, capacity * dimension)
    sizes = arena.take(Double.self, capacity)
    errors = arena.take(Double.self, capacity)
  }
}

/// Accumulators that a node replaced.
struct SavedAccumulators {
  var count = 0
  var stages: UnsafeMutablePointer<Int32>
  var matrices: UnsafeMutablePointer<UnsafeMutablePointer<Double>>

  init(_ arena: Arena, capacity: Int) {
    stages = arena.take(Int32.self, capacity)
    matrices = arena.take(UnsafeMutablePointer<Double>.self, capacity)
  }

  mutating func push(_ stage: Int, _ matrix: UnsafeMutablePointer<Double>) {
    stages[count] = Int32(stage)
    matrices[count] = matrix
    count += 1
  }
}
