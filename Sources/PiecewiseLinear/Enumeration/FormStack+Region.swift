import LinearAlgebra
import Networks
import Polyhedra

extension FormStack {
  /// The decisions of the present path as a pattern.
  func pattern(_ layout: PatternLayout) -> ActivationPattern {
    var pattern = ActivationPattern(bits: layout.bits)
    for (index, entry) in layout.entries.enumerated() {
      layout.set(index, to: Int(phases[entry.stage, entry.unit]), in: &pattern)
    }
    return pattern
  }

  /// The outputs' affine map on the present cell, in the network's own coordinates; all units must be decided.
  func outputMap(_ domain: PreparedDomain) -> AffineMap {
    let matrix = matrices[network.hiddenStages]
    let outputs = network.stages[network.hiddenStages].forms
    var weights = Matrix(rows: outputs, columns: network.network.inputCount)
    for output in 0..<outputs {
      for (position, input) in network.inputs.enumerated() {
        weights[output, input] = matrix[(position + 1) * outputs + output] / network.scales[position]
      }
      domain.complete(&weights.elements, row: output)
    }
    return AffineMap(weights: weights, offset: (0..<outputs).map { matrix[$0] })
  }

  /// The half-space side · (coefficients · (1, x)) ≥ 0 in the network's own coordinates, with what it belongs to.
  func facet(
    stage index: Int, form: Int, other: Int, side: Double, coefficients: UnsafePointer<Double>,
    _ domain: PreparedDomain
  ) -> LinearRegion.Facet {
    if index < 0, let facet = domain.facet(form) { return facet }
    var normal = Array(repeating: 0.0, count: network.network.inputCount)
    for (position, input) in network.inputs.enumerated() {
      normal[input] = -side * coefficients[position + 1] / network.scales[position]
    }
    domain.complete(&normal, row: 0)
    let stage = network.stages[index]
    let unit = stage.unitOfForm[form]
    return LinearRegion.Facet(
      halfSpace: HalfSpace(normal: normal, offset: side * coefficients[0]),
      source: other < 0
        ? .unit(stage: index, unit: unit)
        : .comparison(stage: index, unit: unit, rival: other - stage.units[unit].form))
  }
}

extension AffineMap {
  /// A map that was not asked for.
  static var empty: AffineMap { AffineMap(weights: Matrix(rows: 0, columns: 0), offset: []) }
}
