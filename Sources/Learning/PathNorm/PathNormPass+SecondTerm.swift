import Foundation

extension PathNormPass {
  /// Adds `constant` · S to κ of the recurrent weights:
  ///
  /// S = W′ ∘ Σ_{τ = 0}^{T−2} [((W′)^τ)ᵀ ∘ Σ_s δ_{s+τ+2} h_sᵀ], ∘ by element: s and τ say where a path uses the weight for the
  /// first and for the second time. O(T H² (T + H)).
  func addSecondTerm(
    _ layer: Recurrent, _ weights: UnsafePointer<S>, _ delta: PathSignal, _ states: PathSignal, _ constant: Double,
    _ tensor: Int
  ) {
    let units = layer.units
    let count = units * units
    let matrix = operands.squares
    let powerMatrix = matrix + count
    let product = powerMatrix + count
    let sum = product + count
    S.power(weights, count, power, matrix)
    powerMatrix.update(repeating: 0, count: count)
    for unit in 0..<units { powerMatrix[unit * units + unit] = 1 }
    var powerExponent = 0
    sum.update(repeating: 0, count: count)
    var exponent = Int.min
    func add(scaled termExponent: Int) {
      if exponent == .min { exponent = termExponent }
      if termExponent > exponent {
        let factor = scalbn(1, Int32(clamping: exponent - termExponent))
        for place in 0..<count { sum[place] *= factor }
        exponent = termExponent
      }
      let factor = scalbn(1, Int32(clamping: termExponent - exponent))
      for j in 0..<units {
        for k in 0..<units { sum[j * units + k] += factor * powerMatrix[k * units + j] * product[j * units + k] }
      }
    }
    // Rows count from 0 here: row r is step r + 1, so δ_{s+τ+2} with h_s is row s + τ + 1 with row s − 1.
    for tau in 0..<max(0, states.rows - 1) {
      let pairs = operands.outerSum(delta, from: tau + 2, states, from: 0, count: states.rows - tau - 2, into: product)
      if states.rows - tau - 2 > 0 { add(scaled: powerExponent + pairs) }
      if layer.learnsInitialState {
        // s = 0: the first use reads the learned state.
        for j in 0..<units {
          for k in 0..<units { product[j * units + k] = delta[tau + 1][j] * operands.initial[k] }
        }
        add(scaled: powerExponent + delta.exponents[tau + 1])
      }
      Double.gemm(
        transposeA: false, transposeB: false, m: units, n: units, k: units, alpha: 1, a: matrix, lda: units,
        b: powerMatrix, ldb: units, beta: 0, c: product, ldc: units)
      var largest = 0.0
      for place in 0..<count { largest = max(largest, product[place]) }
      // What is left is below any digit of the sum, and denormal numbers are slow.
      guard largest > 0x1p-900 else { break }
      let shift = largest > 0x1p200 && largest.isFinite ? Int(largest.exponent) : 0
      let factor = scalbn(1, Int32(-shift))
      for place in 0..<count { powerMatrix[place] = product[place] * factor }
      powerExponent += shift
    }
    guard exponent > .min else { return }
    update(tensor) { result in
      let common = max(result.exponent, exponent)
      let own = scalbn(1, Int32(clamping: result.exponent - common))
      let added = constant * scalbn(1, Int32(clamping: exponent - common))
      for place in 0..<count { result.each[place] = result.each[place] * own + added * matrix[place] * sum[place] }
      result.exponent = common
    }
  }
}

extension Model {
  /// Path norm and κ of every parameter.
  ///
  /// - Parameters:
  ///   - parameters: all numbers of the model, in the order of `tensors`.
  ///   - steps: T, the time steps of a sequence; 1 for a feed-forward model.
  /// - Complexity: O(T · weights); with a second term O(T H² (T + H)) more for each recurrent layer of H units.
  /// - Throws: `PathNormError` for a layer of other than rectified or linear units, p other than 1 and 2, and a second term
  ///   with p = 1; `ModelError` when the number of parameters is wrong.
  public func pathCurvature<S: Scalar>(
    at parameters: [S], steps: Int = 1, options: PathNormOptions = PathNormOptions()
  ) throws -> PathCurvature {
    guard parameters.count == parameterCount else {
      throw ModelError("\(parameters.count) parameters are given, the model has \(parameterCount)")
    }
    let pass = try PathNormPass<S>(model: self, steps: max(1, steps), options: options)
    parameters.withUnsafeBufferPointer { buffer in
      if let base = buffer.baseAddress { pass.differentiate(base) }
    }
    return pass.curvature
  }
}
