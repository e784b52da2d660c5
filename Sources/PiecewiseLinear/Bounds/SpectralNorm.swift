import Exact
import LinearAlgebra

/// The largest singular value of a matrix between proved bounds, by repeated squaring of the smaller Gram matrix.
///
/// With H₀ = AᵀA and H_{s+1} = H_sᵀ H_s, ‖A‖₂² = ‖H₀‖₂ and ‖H_s‖₂² = ‖H_{s+1}‖₂; and ‖H‖₂ ≤ ‖H‖_F ≤ √k ‖H‖₂, an error
/// that 2ˢ⁺¹ square roots on the way back make vanish. The products are BLAS's, whose rounding errors are bounded whatever
/// the order of summation: ‖fl(XᵀX) − XᵀX‖_F ≤ γ ‖X‖_F², γ = r 2⁻⁵³/(1 − r 2⁻⁵³) for r rows (N. Higham, Accuracy and
/// stability of numerical algorithms, 2002, section 3.5), which is added at each step back. So nothing depends on how well
/// the squaring converges. From below, ‖A v‖ / ‖v‖ in interval arithmetic for the longest column v of the last power.
struct SpectralNorm {
  let range: Interval
  /// A vector that the matrix, or its transpose, stretches most; of any length.
  let direction: [Double]
  /// Whether the direction is one of the transpose, which has fewer columns.
  let isTransposed: Bool

  init(_ matrix: Matrix) {
    isTransposed = matrix.rows < matrix.columns
    let tall = isTransposed ? matrix.transposed : matrix
    let largest = tall.elements.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else {
      range = .zero
      direction = Array(repeating: 0, count: tall.columns)
      return
    }
    var scaled = tall
    let shift = scaled.scaleToOne()
    var steps: [(roundings: Double, shift: Int)] = []
    var power = scaled
    var reached = 1.0
    repeat {
      let frobenius = power.frobeniusBound
      let roundings = (2 * Double(power.rows) + 4) * 0x1p-53 * frobenius * frobenius * (1 + 0x1p-20) + 0x1p-900
      var square = power.transposed * power
      steps.append((roundings, square.scaleToOne()))
      power = square
      reached *= 2
      // What is lost by taking the Frobenius norm for the spectral norm, after the roots.
    } while steps.count < 40 && power.frobeniusBound / power.longestColumn.length > 1 + 1e-10 * reached

    var upper = Interval(power.frobeniusBound)
    for step in steps.reversed() {
      upper = (upper * Interval(1.0.scaled(byPowerOf: step.shift)) + Interval(step.roundings)).squareRoot
    }
    direction = power.longestColumn.vector
    let lower = scaled.stretch(of: direction)
    let unit = Interval(1.0.scaled(byPowerOf: shift))
    // Scaling down may have rounded elements below 2⁻¹⁰²² of the largest.
    range = Interval(
      lower: max(0, (Interval(lower - 0x1p-900) * unit).lower), upper: ((upper + Interval(0x1p-900)) * unit).upper)
  }
}

extension SpectralNorm {
  /// A lower bound of the spectral norms of all matrices within ranges, which are stretched along the direction that the
  /// matrix of the midpoints stretches most.
  static func lowerBound(_ ranges: [[Interval]]) -> Double {
    let middle = SpectralNorm(Matrix(ranges.map { $0.map(\.midpoint) }))
    let images: [Interval]
    if middle.isTransposed {
      images = (ranges.first ?? []).indices.map { column in
        zip(ranges, middle.direction).reduce(.zero) { $0 + $1.0[column] * Interval($1.1) }
      }
    } else {
      images = ranges.map { row in zip(row, middle.direction).reduce(.zero) { $0 + $1.0 * Interval($1.1) } }
    }
    return Interval.stretch(images, of: middle.direction)
  }
}

extension Matrix {
  /// Divides by the power of two that brings the largest magnitude to [1, 2); the exponent of that power. Exact, but for
  /// elements that underflow.
  fileprivate mutating func scaleToOne() -> Int {
    let largest = elements.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return 0 }
    let exponent = Int(largest.exponent)
    for index in elements.indices { elements[index] = elements[index].scaled(byPowerOf: -exponent) }
    return exponent
  }

  /// An upper bound of the Frobenius norm, of elements of magnitude below 2.
  fileprivate var frobeniusBound: Double {
    let sum = elements.reduce(0) { $0 + $1 * $1 }
    return ((sum + 0x1p-900) * (1 + Double(elements.count + 4) * 0x1p-52)).squareRoot().nextUp
  }

  fileprivate var longestColumn: (vector: [Double], length: Double) {
    let columnVectors = transposed
    let lengths = (0..<columns).map { columnVectors.row($0).reduce(0) { $0 + $1 * $1 }.squareRoot() }
    let longest = lengths.indices.max { lengths[$0] < lengths[$1] } ?? 0
    return (Array(columnVectors.row(longest)), lengths[longest])
  }

  /// A lower bound of ‖A v‖ / ‖v‖; 0 for v = 0.
  fileprivate func stretch(of vector: [Double]) -> Double {
    let images = (0..<rows).map { index in
      zip(row(index), vector).reduce(Interval.zero) { $0 + Interval($1.0) * Interval($1.1) }
    }
    return Interval.stretch(images, of: vector)
  }
}

extension Interval {
  /// A lower bound of ‖images‖₂ / ‖vector‖₂; 0 for the vector 0.
  static func stretch(_ images: [Interval], of vector: [Double]) -> Double {
    func length(_ elements: [Interval]) -> Interval {
      elements.reduce(Interval.zero) { $0 + $1.squared }.squareRoot
    }
    let whole = length(vector.map { Interval($0) })
    return whole.lower > 0 ? max(0, (length(images) / whole).lower) : 0
  }
}

extension Double {
  /// self · 2^exponent, rounded once; for exponents of any size.
  @inline(__always)
  fileprivate func scaled(byPowerOf exponent: Int) -> Double {
    guard abs(exponent) < 1000 else { return Double(sign: .plus, exponent: exponent, significand: self) }
    return self * Double(bitPattern: UInt64(bitPattern: Int64(exponent + 1023)) << 52)
  }
}
