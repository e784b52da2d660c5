import CKernels

extension PatternStorage {
  /// The fields of one pattern, hₗ = Σ W ξ / √(N/K).
  @inline(__always)
  func fill(_ fields: inout [Float], pattern: Int, weights: [Float]) {
    let n = inputsPerUnit
    signs.withUnsafeBufferPointer { signs in
      weights.withUnsafeBufferPointer { weights in
        guard let row = signs.baseAddress, let w = weights.baseAddress else { return }
        pleat_pattern_fields(row + pattern * inputs, w, hidden, n, 1 / Float(n).squareRoot(), &fields)
      }
    }
  }

  /// weights += steps ξ, unit by unit.
  @inline(__always)
  func step(_ steps: [Float], pattern: Int, weights: inout [Float]) {
    signs.withUnsafeBufferPointer { signs in
      weights.withUnsafeMutableBufferPointer { weights in
        guard let row = signs.baseAddress, let w = weights.baseAddress else { return }
        pleat_pattern_step(row + pattern * inputs, steps, hidden, inputsPerUnit, w)
      }
    }
  }

  /// Scales each unit's weights to the sphere.
  func normalise(_ weights: inout [Float]) {
    let n = inputsPerUnit
    for l in 0..<hidden {
      var square: Float = 0
      for i in l * n..<(l + 1) * n { square += weights[i] * weights[i] }
      guard square > 0 else { continue }
      let scale = (Float(n) / square).squareRoot()
      for i in l * n..<(l + 1) * n { weights[i] *= scale }
    }
  }
}
