import Certificates
import Execution

/// Computes the ranges of all units over a box, as the steps of a proof do: once with slopes chosen by area, then, where that is
/// not enough, once for each stage with slopes that were optimised for the ranges of its units.
///
/// The slopes are shared by the units of a stage; they follow the gradient of the sum of the widths.
final class RangeRefiner {
  private static let iterations = 12

  private let program: StageProgram
  private let workspace: BoundWorkspace
  private(set) var fractions: [UInt8]
  /// The steps of a proof that computes the same.
  private(set) var steps: [SafetyProof.Step] = []

  init(_ program: StageProgram) {
    self.program = program
    workspace = BoundWorkspace(program)
    workspace.influences = []
    fractions = Array(repeating: 0, count: program.unitCount)
  }

  /// The ranges with slopes chosen by area; false when some range is empty.
  func compute(_ ranges: inout UnitRanges) -> Bool {
    let isNonempty = workspace.computeRanges(&ranges, fractions: &fractions)
    steps.append(.ranges(SafetyProof.Slopes(fractions)))
    return isNonempty
  }

  /// Narrows the ranges with optimised slopes; false when some range is empty.
  ///
  /// - Complexity: O(iterations · open units · parameters).
  func refine(_ ranges: inout UnitRanges, threads: Int, cancellation: Cancellation) -> Bool {
    for stage in program.stages.indices.dropFirst() where !cancellation.shouldStop {
      guard var slopes = optimised(stage, ranges, threads: threads, cancellation) else { continue }
      steps.append(.ranges(SafetyProof.Slopes(slopes)))
      guard workspace.computeRanges(&ranges, fractions: &slopes, choosesSlopes: false) else { return false }
    }
    return true
  }

  /// Slopes for narrow ranges of a stage's open units; nil when there are none.
  private func optimised(
    _ stage: Int, _ ranges: UnitRanges, threads: Int, _ cancellation: Cancellation
  ) -> [UInt8]? {
    let dual = DualProgram(program, ranges)
    let rows = dual.openRows(ofStage: stage)
    let before = dual.open.prefix { $0.slot < dual.stages[stage].first }
    guard !rows.isEmpty, !before.isEmpty else { return nil }
    let half = DualBatch.laneCount / 2
    let groups = stride(from: 0, to: rows.count, by: half).map { $0..<min($0 + half, rows.count) }
    let pool = DualPool { DualBatch(dual) }
    var rule = AdamRule(parameters: before.map { $0.fraction(ranges) })
    var best = rule.parameters
    var least = Double.infinity
    for iteration in 0..<Self.iterations where !cancellation.shouldStop {
      let parameters = rule.parameters
      let passes = parallelMap(count: groups.count, threads: threads) { group in
        pool.with { $0.widths(rows[groups[group]], stage: stage, parameters) }
      }
      let sum = passes.reduce(0) { $0 + $1.sum }
      if sum < least {
        least = sum
        best = parameters
      }
      var gradient = Array(repeating: Float(0), count: before.count)
      for pass in passes { for index in gradient.indices { gradient[index] += pass.gradient[index] } }
      rule.step(gradient, rate: 0.2 / (1 + 0.2 * Float(iteration)))
    }
    var result = fractions
    for (index, unit) in before.enumerated() { result[unit.unit] = UInt8((best[index] * 128).rounded()) }
    return result
  }
}

/// Adam's rule for parameters between 0 and 1.
private struct AdamRule {
  private(set) var parameters: [Float]
  private var mean: [Float]
  private var square: [Float]
  private var count = 0

  init(parameters: [UInt8]) {
    self.parameters = parameters.map { Float($0) / 128 }
    mean = Array(repeating: 0, count: parameters.count)
    square = mean
  }

  mutating func step(_ gradient: [Float], rate: Float) {
    count += 1
    let correction = AdamCorrection(step: count)
    for index in parameters.indices {
      mean[index] = 0.9 * mean[index] + 0.1 * gradient[index]
      square[index] = 0.999 * square[index] + 0.001 * gradient[index] * gradient[index]
      let step = rate * correction.mean * mean[index] / ((square[index] * correction.square).squareRoot() + 1e-12)
      parameters[index] = min(1, max(0, parameters[index] - step))
    }
  }
}

extension DualProgram {
  /// The forms of the open units of a stage.
  fileprivate func openRows(ofStage index: Int) -> [Form] {
    let stage = stages[index]
    return (0..<stage.count).filter { openNumbers[stage.first + $0] >= 0 }.map { k in
      var form = Form(constant: stage.constants[k])
      for block in stage.blocks {
        switch block.storage {
        case .dense(let weights):
          for j in 0..<block.count { form.terms.append((block.first + j, weights[k * block.count + j])) }
        case .sparse(let starts, let columns, let entries):
          for i in Int(starts[k])..<Int(starts[k + 1]) {
            form.terms.append((block.first + Int(columns[i]), entries[i]))
          }
        }
      }
      return form
    }
  }
}

extension DualBatch {
  /// The sum of the widths of the ranges of some forms of a stage, and its gradient by the parameters before the stage.
  fileprivate func widths(
    _ forms: ArraySlice<DualProgram.Form>, stage: Int, _ parameters: [Float]
  ) -> (sum: Double, gradient: [Float]) {
    begin(stageCount: stage)
    for (open, parameter) in parameters.enumerated() { setParameter(open, parameter) }
    for (position, form) in forms.enumerated() {
      var factors = Lanes.zero
      factors[2 * position] = 1
      factors[2 * position + 1] = -1
      add(form, factors: factors)
    }
    carryBack()
    carryForth()
    return ((0..<2 * forms.count).reduce(0) { $0 + Double(bounds[$1]) }, gradients(count: parameters.count))
  }
}
