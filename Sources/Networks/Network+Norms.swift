import LinearAlgebra

/// The exponent p of a path norm.
public enum PathExponent: Int, Sendable, CaseIterable {
  case one = 1
  case two = 2
}

extension Network {
  /// The Frobenius norm ‖W‖_F = (Σ Wᵢⱼ²)^½ of the weights of each affine layer, first to last. O(parameters).
  public var frobeniusNorms: [Double] {
    affineWeights.map { weights in
      let scale = weights.largestMagnitude
      guard scale > 0 else { return 0 }
      return scale * weights.elements.reduce(0) { $0 + ($1 / scale) * ($1 / scale) }.squareRoot()
    }
  }

  /// The spectral norm ‖W‖₂, the largest singular value, of the weights of each affine layer, first to last.
  ///
  /// By repeated squaring of the smaller Gram matrix, to about 14 digits.
  ///
  /// - Complexity: for an `m × n` layer with k = min(m, n), O(m n k + k³ s), s ≤ 60 squarings.
  public var spectralNorms: [Double] { affineWeights.map(\.spectralNorm) }

  /// The path norm (Σ over the paths from an input to an output of Π |w|ᵖ along the path)^{1/p}.
  ///
  /// One pass through the layers counts the paths: v ← |W|ᵖ v, from v = 1 on the inputs. It is invariant to rescaling a
  /// hidden unit (its incoming weights and bias by c > 0, its outgoing weights by 1/c).
  /// Neyshabur, Salakhutdinov, Srebro, "Path-SGD: Path-Normalized Optimization in Deep Neural Networks", NIPS 2015,
  /// where it is φₚ.
  ///
  /// - Parameters:
  ///   - exponent: p, 1 or 2.
  ///   - countingBiases: whether a bias counts as an edge from a further input of value 1, where paths start too.
  /// - Returns: the norm; infinity where its p-th power exceeds the range of `Double`.
  /// - Complexity: O(parameters).
  public func pathNorm(_ exponent: PathExponent, countingBiases: Bool = false) -> Double {
    func power(_ value: Double) -> Double { exponent == .one ? abs(value) : value * value }
    var paths = Array(repeating: 1.0, count: inputs)
    for case .affine(let weights, let bias) in layers {
      paths = bias.indices.map { row in
        zip(weights.row(row), paths).reduce(countingBiases ? power(bias[row]) : 0) { sum, term in
          // Nothing passes a zero, even where the other factor has overflowed.
          let factor = power(term.0)
          return factor == 0 || term.1 == 0 ? sum : sum + factor * term.1
        }
      }
    }
    let total = paths.reduce(0, +)
    return exponent == .one ? total : total.squareRoot()
  }

  private var affineWeights: [Matrix] {
    layers.compactMap { if case .affine(let weights, _) = $0 { weights } else { nil } }
  }
}

extension Matrix {
  fileprivate var largestMagnitude: Double { elements.reduce(0) { max($0, abs($1)) } }

  /// The largest singular value σ, to about 14 digits.
  ///
  /// Power iteration on the smaller Gram matrix G, by squaring: after s squarings G^(2^s) is, up to scale, the
  /// projector on the top eigenvectors even where the next singular value is close, and it needs no starting vector
  /// that could happen to be orthogonal to them. The result is ‖A v‖ / ‖v‖ for the longest column v of that power.
  var spectralNorm: Double {
    let scale = largestMagnitude
    guard scale > 0 else { return 0 }
    var scaled = rows < columns ? transposed : self
    for index in scaled.elements.indices { scaled.elements[index] /= scale }
    var gram = scaled.transposed * scaled
    for _ in 0..<60 {
      let norm = gram.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
      for index in gram.elements.indices { gram.elements[index] /= norm }
      // A positive semidefinite matrix of unit Frobenius norm has trace 1 exactly when its rank is 1.
      let trace = (0..<gram.rows).reduce(0) { $0 + gram[$1, $1] }
      if trace <= 1 + 1e-14 { break }
      gram = gram * gram
    }
    let columnLengths = (0..<gram.columns).map { column in
      (0..<gram.rows).reduce(0) { $0 + gram[$1, column] * gram[$1, column] }.squareRoot()
    }
    guard let longest = columnLengths.indices.max(by: { columnLengths[$0] < columnLengths[$1] }) else { return 0 }
    let vector = Matrix(rows: gram.rows, columns: 1, elements: (0..<gram.rows).map { gram[$0, longest] })
    let image = (scaled * vector).elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return scale * image / columnLengths[longest]
  }
}
