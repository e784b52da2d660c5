import CKernels

extension DualBatch {
  /// One step of every lane's parameters after ``carryBack()`` and ``carryForth()``.
  func step(rate: Float) {
    stepCount += 1
    let correction = AdamCorrection(step: stepCount)
    let end = endSlot
    let count = program.open.firstIndex { $0.slot >= end } ?? program.open.count
    withUnsafePointer(to: nodes) { nodes in
      pleat_dual_step(
        nodes, count, coefficients.floats, forms.floats, mean.floats, square.floats, rate * correction.mean,
        correction.square)
    }
  }

  private var endSlot: Int {
    stageCount < program.stages.count ? program.stages[stageCount].first : program.slotCount
  }

  /// The derivatives by the first parameters, summed over all lanes; no unit may be split.
  func gradients(count: Int) -> [Float] {
    program.open.prefix(count).map { unit in
      let c = coefficients[unit.slot]
      let isFree = unit.isConvex ? c .< 0 : c .> 0
      return Lanes.zero.replacing(with: c * forms[unit.slot] * (unit.above - unit.below), where: isFree).sum()
    }
  }

  func setParameter(_ open: Int, _ value: Float) { parameters[open] = Lanes(repeating: value) }
}
