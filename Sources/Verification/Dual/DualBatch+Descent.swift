extension DualBatch {
  /// One step of every lane's parameters after ``carryBack()`` and ``carryForth()``.
  func step(rate: Float) {
    stepCount += 1
    let length = rate / (1 - Self.power(0.9, stepCount))
    let squareCorrection = 1 / (1 - Self.power(0.999, stepCount))
    let end = endSlot
    for (number, unit) in program.open.enumerated() where unit.slot < end {
      let slope = gradient(number, unit)
      let m = 0.9 * mean[number] + 0.1 * slope
      let q = 0.999 * square[number] + 0.001 * slope * slope
      mean[number] = m
      square[number] = q
      var parameter = parameters[number] - length * m / ((q * squareCorrection).squareRoot() + 1e-12)
      parameter.replace(with: 0, where: parameter .< 0)
      if isSplit[number] {
        parameter.replace(with: 1, where: (parameter .> 1) .& (phases[number] .== 0))
      } else {
        parameter.replace(with: 1, where: parameter .> 1)
      }
      parameters[number] = parameter
    }
  }

  /// The derivative of the bound by a parameter.
  private func gradient(_ number: Int, _ unit: DualProgram.OpenUnit) -> Lanes {
    let c = coefficients[unit.slot]
    let z = forms[unit.slot]
    let isFree = unit.isConvex ? c .< 0 : c .> 0
    var slope = Lanes.zero.replacing(with: c * z * (unit.above - unit.below), where: isFree)
    if isSplit[number] {
      let phase = phases[number]
      slope.replace(with: phase * z * scales[number], where: phase .!= 0)
    }
    return slope
  }

  private var endSlot: Int {
    stageCount < program.stages.count ? program.stages[stageCount].first : program.slotCount
  }

  /// The derivatives by the first parameters, summed over all lanes; no unit may be split.
  func gradients(count: Int) -> [Float] {
    program.open.prefix(count).enumerated().map { gradient($0.offset, $0.element).sum() }
  }

  func setParameter(_ open: Int, _ value: Float) { parameters[open] = Lanes(repeating: value) }

  static func power(_ base: Float, _ exponent: Int) -> Float {
    var result: Float = 1
    for _ in 0..<min(exponent, 20_000) { result *= base }
    return result
  }
}
