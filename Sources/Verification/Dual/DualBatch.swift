import CKernels
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
  // Of each open unit the line that joins the ends of its graph: slope, and value at 0.
  private let chords: UnsafeMutablePointer<Lanes>
  private let shifts: UnsafeMutablePointer<Lanes>
  private let best: UnsafeMutablePointer<Lanes>
  let mean: UnsafeMutablePointer<Lanes>
  let square: UnsafeMutablePointer<Lanes>
  let inputSums: UnsafeMutablePointer<Lanes>
  var summandCount = 0
  /// The constant of the forms while they are carried back.
  private let sums: UnsafeMutablePointer<Lanes>
  /// Of each open unit whether some lane has split it.
  private let isSplit: UnsafeMutablePointer<UInt8>
  private let units: UnsafeMutablePointer<pleat_dual_unit>
  private let memory: UnsafeMutablePointer<Lanes>
  var stepCount = 0
  var starts: [(slot: Int, weights: Lanes)] = []
  private var startConstants = Lanes.zero
  private var unitForms: [(slot: Int, factors: Lanes)] = []
  var stageCount: Int

  init(_ program: DualProgram) {
    self.program = program
    let (slots, open) = (program.slotCount, program.open.count)
    let size = 4 * slots + 8 * open + program.inputs.count
    // A line of the cache for each element; Swift by itself aligns to 16 bytes.
    let stride = MemoryLayout<Lanes>.stride
    memory = UnsafeMutableRawPointer.allocate(byteCount: (size + 1) * stride, alignment: stride)
      .initializeMemory(as: Lanes.self, repeating: .zero, count: size + 1)
    coefficients = memory
    products = memory + slots
    values = memory + 2 * slots
    forms = memory + 3 * slots
    parameters = memory + 4 * slots
    phases = parameters + open
    scales = phases + open
    chords = scales + open
    shifts = chords + open
    best = shifts + open
    mean = best + open
    square = mean + open
    inputSums = square + open
    sums = inputSums + program.inputs.count
    stageCount = program.stages.count
    isSplit = .allocate(capacity: max(open, 1))
    isSplit.initialize(repeating: 0, count: open)
    units = .allocate(capacity: max(open, 1))
    for (number, unit) in program.open.enumerated() {
      (units + number).initialize(
        to: pleat_dual_unit(slot: Int32(unit.slot), below: unit.below, above: unit.above))
    }
  }

  deinit {
    memory.deallocate()
    isSplit.deallocate()
    units.deallocate()
  }

  /// What the kernels read of the open units.
  var nodes: pleat_dual_nodes {
    pleat_dual_nodes(
      units: units, is_split: isSplit, chords: chords.floats, shifts: shifts.floats, parameters: parameters.floats,
      phases: phases.floats, scales: scales.floats)
  }

  // MARK: What is bounded

  /// Begins with no forms and, in every lane, no splits and the ranges of the box.
  func begin(stageCount: Int? = nil) {
    removeForms()
    unitForms = []
    self.stageCount = stageCount ?? program.stages.count
    phases.update(repeating: .zero, count: program.open.count)
    isSplit.update(repeating: 0, count: program.open.count)
    for (number, unit) in program.open.enumerated() {
      chords[number] = Lanes(repeating: unit.chord)
      shifts[number] = Lanes(repeating: unit.shift)
    }
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

  /// Bounds the forms of some open units besides, each with a factor for each lane.
  func setUnitForms(_ forms: [(open: Int, factors: Lanes)]) {
    unitForms = forms.map { (program.open[$0.open].slot, $0.factors) }
  }

  /// Adds a form to what is bounded, with a factor for each lane.
  func add(_ form: DualProgram.Form, factors: Lanes) {
    for term in form.terms { starts.append((term.slot, term.weight * factors)) }
    startConstants += form.constant * factors
  }

  func setParameter(_ open: Int, lane: Int, _ value: Float) { parameters[open][lane] = value }

  /// Takes the range of a unit in a lane, within that of the box: a unit that cannot change sides is linear.
  func setRange(_ open: Int, lane: Int, _ lower: Float, _ upper: Float) {
    if lower >= 0 || upper <= 0 {
      split(open, lane: lane, sign: lower >= 0 ? 1 : -1, scale: 0, multiplier: 0)
    } else {
      let unit = program.open[open]
      let chord = DualProgram.OpenUnit.chord(below: unit.below, above: unit.above, lower: lower, upper: upper)
      chords[open][lane] = chord.slope
      shifts[open][lane] = chord.shift
    }
  }

  func shift(_ open: Int, lane: Int) -> Float { shifts[open][lane] }

  /// Splits a unit in a lane: its form is at least 0 for a positive sign, and has `multiplier` times `scale` for a start.
  func split(_ open: Int, lane: Int, sign: Float, scale: Float, multiplier: Float) {
    isSplit[open] = 1
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
    sums.pointee = startConstants
    for stage in program.stages[..<stageCount].reversed() {
      replaceUnits(stage)
      for form in unitForms where form.slot >= stage.first && form.slot < stage.first + stage.count {
        products[form.slot] += form.factors
        sums.pointee += form.factors * stage.constants[form.slot - stage.first]
      }
      for block in stage.blocks { spread(block, stage) }
    }
    var sum = sums.pointee
    for input in program.inputs.indices {
      let a = coefficients[input]
      sum += a * program.middles[input] + (a.replacing(with: -a, where: a .< 0)) * program.radii[input]
    }
    bounds = sum.replacing(with: Lanes(repeating: .infinity), where: sum .!= sum)
    let isBetter = bounds .< bestBounds
    guard any(isBetter) else { return }
    withUnsafePointer(to: bounds) { new in
      withUnsafePointer(to: bestBounds) { old in
        pleat_dual_keep(
          parameters.floats, program.open.count, UnsafeMutablePointer(mutating: new).floats,
          UnsafeMutablePointer(mutating: old).floats, best.floats)
      }
    }
    bestBounds.replace(with: bounds, where: isBetter)
  }

  private func replaceUnits(_ stage: DualProgram.Stage) {
    withKernel(stage) { kernel in
      withUnsafePointer(to: nodes) { nodes in
        pleat_dual_replace(
          kernel, nodes, (coefficients + stage.first).floats, (products + stage.first).floats, sums.floats)
      }
    }
  }

  private func withKernel(_ stage: DualProgram.Stage, _ body: (UnsafePointer<pleat_dual_stage>) -> Void) {
    program.openNumbers.withUnsafeBufferPointer { numbers in
      program.slopes.withUnsafeBufferPointer { slopes in
        stage.constants.withUnsafeBufferPointer { constants in
          guard stage.count > 0, let numbers = numbers.baseAddress, let slopes = slopes.baseAddress else { return }
          var kernel = pleat_dual_stage(
            numbers: numbers + stage.first, slopes: slopes + stage.first, constants: constants.baseAddress,
            count: stage.count)
          body(&kernel)
        }
      }
    }
  }

  func spread(_ block: DualProgram.Block, _ stage: DualProgram.Stage) {
    guard stage.count > 0 else { return }
    let (source, target) = (products + stage.first, coefficients + block.first)
    switch block.storage {
    case .dense(let weights):
      Self.multiply(weights, CblasTrans, block.count, stage.count, block.count, source, target)
    case .sparse(let starts, let columns, let entries):
      pleat_dual_multiply_transposed(starts, columns, entries, stage.count, source.floats, target.floats)
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
      pleat_dual_multiply(starts, columns, entries, stage.count, source.floats, target.floats)
    }
  }

  private func applyLines(_ stage: DualProgram.Stage) {
    withKernel(stage) { kernel in
      withUnsafePointer(to: nodes) { nodes in
        pleat_dual_apply(
          kernel, nodes, (coefficients + stage.first).floats, (forms + stage.first).floats,
          (values + stage.first).floats)
      }
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
    cblas_sgemm(
      CblasRowMajor, transpose, CblasNoTrans, Int32(rows), count, Int32(inner), 1, matrix, Int32(width), factor.floats,
      count, 1, result.floats, count)
  }
}

extension UnsafeMutablePointer<DualBatch.Lanes> {
  /// The same memory, number after number.
  var floats: UnsafeMutablePointer<Float> { UnsafeMutableRawPointer(self).assumingMemoryBound(to: Float.self) }
}
