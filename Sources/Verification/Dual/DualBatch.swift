import COpenBLAS

/// The dual bounds of sixteen nodes at a time, and the descent that improves them. One for each thread.
///
/// A lane is a node: multipliers of the requirements, phases of the units that were split, and for each open unit one
/// parameter: the place α of its free line between the slopes of the hinge, or for a split unit the multiplier β ≥ 0 of its
/// form. Carrying the requirements back to the inputs gives the bound, carrying the worst input forth along the same lines the
/// gradient: α moves the bound by c (above − below) z, β by ± z, where c is the coefficient of the unit and z its form in the
/// linearised network (Danskin's theorem). The parameters follow Adam's rule within their limits.
///
/// Sources: K. Xu et al., *Fast and complete: enabling complete neural network verification with rapid and massively parallel
/// incomplete verifiers* (α-CROWN), ICLR 2021; S. Wang et al., *Beta-CROWN*, NeurIPS 2021; D. P. Kingma and J. Ba, *Adam*,
/// ICLR 2015.
final class DualBatch {
  typealias Lanes = SIMD16<Float>

  static let laneCount = Lanes.scalarCount

  let program: DualProgram
  /// Of each lane the upper bound of its requirements' sum; +∞ before the first pass.
  private(set) var bounds = Lanes(repeating: .infinity)
  /// The least bounds since ``begin()``, and the parameters that gave them.
  private(set) var bestBounds = Lanes(repeating: .infinity)

  // Of each slot: the coefficient, what is carried on to the unit's form, the value and the form.
  let coefficients: UnsafeMutablePointer<Lanes>
  let products: UnsafeMutablePointer<Lanes>
  let values: UnsafeMutablePointer<Lanes>
  let forms: UnsafeMutablePointer<Lanes>
  // Of each open unit: the parameter, the phase (±1, or 0 where it is not split), the size of a step of its multiplier.
  let parameters: UnsafeMutablePointer<Lanes>
  let phases: UnsafeMutablePointer<Lanes>
  let scales: UnsafeMutablePointer<Lanes>
  private let best: UnsafeMutablePointer<Lanes>
  let mean: UnsafeMutablePointer<Lanes>
  let square: UnsafeMutablePointer<Lanes>
  let inputSums: UnsafeMutablePointer<Lanes>
  var summandCount = 0
  private var constants = Lanes.zero
  /// Of each open unit whether some lane has split it.
  var isSplit: [Bool]
  private let memory: UnsafeMutablePointer<Lanes>
  var stepCount = 0
  var starts: [(slot: Int, weights: Lanes)] = []
  private var startConstants = Lanes.zero
  var stageCount: Int

  init(_ program: DualProgram) {
    self.program = program
    let (slots, open) = (program.slotCount, program.open.count)
    let size = 4 * slots + 6 * open + program.inputs.count
    memory = .allocate(capacity: size + 1)
    memory.initialize(repeating: .zero, count: size + 1)
    coefficients = memory
    products = memory + slots
    values = memory + 2 * slots
    forms = memory + 3 * slots
    parameters = memory + 4 * slots
    phases = parameters + open
    scales = phases + open
    best = scales + open
    mean = best + open
    square = mean + open
    inputSums = square + open
    stageCount = program.stages.count
    isSplit = Array(repeating: false, count: open)
  }

  deinit { memory.deallocate() }

  // MARK: What is bounded

  /// Begins with no forms and, in every lane, no splits.
  func begin(stageCount: Int? = nil) {
    removeForms()
    self.stageCount = stageCount ?? program.stages.count
    phases.update(repeating: .zero, count: program.open.count)
    for open in isSplit.indices { isSplit[open] = false }
    restart()
  }

  /// Forgets the gradients and the best bounds.
  func restart() {
    mean.update(repeating: .zero, count: program.open.count)
    square.update(repeating: .zero, count: program.open.count)
    inputSums.update(repeating: .zero, count: program.inputs.count)
    summandCount = 0
    stepCount = 0
    bestBounds = Lanes(repeating: .infinity)
  }

  func removeForms() {
    starts.removeAll(keepingCapacity: true)
    startConstants = .zero
  }

  /// Adds a form to what is bounded, with a factor for each lane.
  func add(_ form: DualProgram.Form, factors: Lanes) {
    for term in form.terms { starts.append((term.slot, term.weight * factors)) }
    startConstants += form.constant * factors
  }

  func setParameter(_ open: Int, lane: Int, _ value: Float) { parameters[open][lane] = value }

  /// Splits a unit in a lane: its form is at least 0 for a positive sign, and has `multiplier` times `scale` for a start.
  func split(_ open: Int, lane: Int, sign: Float, scale: Float, multiplier: Float) {
    isSplit[open] = true
    phases[open][lane] = sign
    scales[open][lane] = scale
    parameters[open][lane] = multiplier
  }

  func parameter(_ open: Int, lane: Int) -> Float { best[open][lane] }
  func coefficient(_ open: Int, lane: Int) -> Float { coefficients[program.open[open].slot][lane] }
  func form(_ open: Int, lane: Int) -> Float { forms[program.open[open].slot][lane] }

  /// The present input of a lane, by the inputs' slots.
  func point(lane: Int) -> [Double] { program.inputs.indices.map { Double(values[$0][lane]) } }

  /// The value of a form at the present values.
  func value(_ form: DualProgram.Form) -> Lanes {
    form.terms.reduce(Lanes(repeating: form.constant)) { $0 + $1.weight * values[$1.slot] }
  }

  // MARK: Passes

  /// Carries the forms back to the inputs: sets ``bounds``, and keeps the parameters of lanes that are better than before.
  func carryBack() {
    coefficients.update(repeating: .zero, count: program.slotCount)
    for start in starts { coefficients[start.slot] += start.weights }
    constants = startConstants
    for stage in program.stages[..<stageCount].reversed() {
      replaceUnits(stage)
      for block in stage.blocks { spread(block, stage) }
    }
    var sum = constants
    for input in program.inputs.indices {
      let a = coefficients[input]
      sum += a * program.middles[input] + (a.replacing(with: -a, where: a .< 0)) * program.radii[input]
    }
    bounds = sum.replacing(with: Lanes(repeating: .infinity), where: sum .!= sum)
    let isBetter = bounds .< bestBounds
    bestBounds.replace(with: bounds, where: isBetter)
    guard any(isBetter) else { return }
    for index in program.open.indices { best[index].replace(with: parameters[index], where: isBetter) }
  }

  private func replaceUnits(_ stage: DualProgram.Stage) {
    let (open, numbers, slopes) = (program.open, program.openNumbers, program.slopes)
    var sum = constants
    for k in 0..<stage.count {
      let slot = stage.first + k
      let c = coefficients[slot]
      let number = Int(numbers[slot])
      guard number >= 0 else {
        let product = c * slopes[slot]
        products[slot] = product
        sum += product * stage.constants[k]
        continue
      }
      let unit = open[number]
      let parameter = parameters[number]
      let usesChord = unit.isConvex ? c .> 0 : c .< 0
      var slope = unit.below + (unit.above - unit.below) * parameter
      slope.replace(with: unit.chord, where: usesChord)
      var shift = Lanes.zero.replacing(with: c * unit.shift, where: usesChord)
      var added = Lanes.zero
      if isSplit[number] {
        let phase = phases[number]
        slope.replace(with: unit.below, where: phase .< 0)
        slope.replace(with: unit.above, where: phase .> 0)
        shift.replace(with: 0, where: phase .!= 0)
        added.replace(with: phase * parameter * scales[number], where: phase .!= 0)
      }
      let product = c * slope + added
      products[slot] = product
      sum += shift + product * stage.constants[k]
    }
    constants = sum
  }

  func spread(_ block: DualProgram.Block, _ stage: DualProgram.Stage) {
    guard stage.count > 0 else { return }
    let (source, target) = (products + stage.first, coefficients + block.first)
    switch block.storage {
    case .dense(let weights):
      Self.multiply(weights, CblasTrans, block.count, stage.count, block.count, source, target)
    case .sparse(let starts, let columns, let entries):
      for k in 0..<stage.count {
        let product = source[k]
        for i in Int(starts[k])..<Int(starts[k + 1]) { target[Int(columns[i])] += entries[i] * product }
      }
    }
  }

  /// Carries the worst inputs forth along the lines of the last ``carryBack()``.
  func carryForth() {
    for input in program.inputs.indices {
      let a = coefficients[input]
      let radius = Lanes(repeating: program.radii[input])
      values[input] = program.middles[input] + radius.replacing(with: -radius, where: a .< 0)
    }
    for stage in program.stages[..<stageCount] {
      gather(stage)
      applyLines(stage)
    }
  }

  func gather(_ stage: DualProgram.Stage) {
    for k in 0..<stage.count { forms[stage.first + k] = Lanes(repeating: stage.constants[k]) }
    for block in stage.blocks { gather(block, stage) }
  }

  private func gather(_ block: DualProgram.Block, _ stage: DualProgram.Stage) {
    guard stage.count > 0 else { return }
    let (source, target) = (values + block.first, forms + stage.first)
    switch block.storage {
    case .dense(let weights):
      Self.multiply(weights, CblasNoTrans, stage.count, block.count, block.count, source, target)
    case .sparse(let starts, let columns, let entries):
      for k in 0..<stage.count {
        var sum = target[k]
        for i in Int(starts[k])..<Int(starts[k + 1]) { sum += entries[i] * source[Int(columns[i])] }
        target[k] = sum
      }
    }
  }

  private func applyLines(_ stage: DualProgram.Stage) {
    let (open, numbers, slopes) = (program.open, program.openNumbers, program.slopes)
    for slot in stage.first..<stage.first + stage.count {
      let z = forms[slot]
      let number = Int(numbers[slot])
      guard number >= 0 else {
        values[slot] = z * slopes[slot]
        continue
      }
      let unit = open[number]
      let c = coefficients[slot]
      let usesChord = unit.isConvex ? c .> 0 : c .< 0
      var value = z * (unit.below + (unit.above - unit.below) * parameters[number])
      value.replace(with: z * unit.chord + unit.shift, where: usesChord)
      if isSplit[number] {
        value.replace(with: z * unit.below, where: phases[number] .< 0)
        value.replace(with: z * unit.above, where: phases[number] .> 0)
      }
      values[slot] = value
    }
  }

  func applyHinges(_ stage: DualProgram.Stage) {
    for slot in stage.first..<stage.first + stage.count {
      let z = forms[slot]
      let number = Int(program.openNumbers[slot])
      guard number >= 0 else {
        values[slot] = z * program.slopes[slot]
        continue
      }
      let unit = program.open[number]
      values[slot] = (z * unit.below).replacing(with: z * unit.above, where: z .> 0)
    }
  }

  /// result += matrix · lanes, or its transpose.
  private static func multiply(
    _ matrix: [Float], _ transpose: CBLAS_TRANSPOSE, _ rows: Int, _ inner: Int, _ width: Int,
    _ factor: UnsafeMutablePointer<Lanes>, _ result: UnsafeMutablePointer<Lanes>
  ) {
    let count = Int32(laneCount)
    factor.withMemoryRebound(to: Float.self, capacity: inner * laneCount) { factor in
      result.withMemoryRebound(to: Float.self, capacity: rows * laneCount) { result in
        cblas_sgemm(
          CblasRowMajor, transpose, CblasNoTrans, Int32(rows), count, Int32(inner), 1, matrix, Int32(width), factor,
          count, 1, result, count)
      }
    }
  }
}
