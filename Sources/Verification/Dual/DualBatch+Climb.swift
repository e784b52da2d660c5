extension DualBatch {
  /// Takes the present inputs into their mean: over a descent it comes near a solution of the relaxation.
  func addToMean() {
    for input in program.inputs.indices { inputSums[input] += values[input] }
    summandCount += 1
  }

  /// Looks for inputs where the forms are large: begins with the mean of the inputs that were added, and moves along the sign
  /// of the network's own gradient, by each rate times the box's radius.
  ///
  /// - Parameter visit: called with the values of every point.
  func climb(rates: [Float], visit: () -> Void) {
    guard summandCount > 0 else { return }
    for input in program.inputs.indices { values[input] = inputSums[input] / Float(summandCount) }
    for rate in rates {
      evaluate()
      visit()
      slopesBack()
      for input in program.inputs.indices {
        let a = coefficients[input]
        let (middle, radius) = (Lanes(repeating: program.middles[input]), Lanes(repeating: program.radii[input]))
        var moved = values[input] + (rate * radius).replacing(with: -rate * radius, where: a .< 0)
        moved.replace(with: middle + radius, where: moved .> middle + radius)
        moved.replace(with: middle - radius, where: moved .< middle - radius)
        values[input] = moved
      }
    }
    evaluate()
    visit()
  }

  private func evaluate() {
    for stage in program.stages {
      gather(stage)
      applyHinges(stage)
    }
  }

  /// Carries the forms back to the inputs with the slopes that the units have at the present point.
  private func slopesBack() {
    coefficients.update(repeating: .zero, count: program.slotCount)
    for start in starts { coefficients[start.slot] += start.weights }
    for stage in program.stages.reversed() {
      for slot in stage.first..<stage.first + stage.count {
        let number = Int(program.openNumbers[slot])
        var slope = Lanes(repeating: program.slopes[slot])
        if number >= 0 {
          let unit = program.open[number]
          slope = Lanes(repeating: unit.below)
          slope.replace(with: unit.above, where: forms[slot] .> 0)
        }
        products[slot] = coefficients[slot] * slope
      }
      for block in stage.blocks { spread(block, stage) }
    }
  }
}
