import Foundation

/// Memory for the products over all steps of a path norm's adjoint.
final class PathOperands {
  /// One row, one initial state, and what a constant input gives.
  let row: UnsafeMutablePointer<Double>
  let initial: UnsafeMutablePointer<Double>
  let constant: PathSignal
  /// `steps × width` each, where a second term asks for it or powers of two differ.
  let first: UnsafeMutablePointer<Double>
  let second: UnsafeMutablePointer<Double>
  /// Four matrices of the recurrent weights' size, for the second term.
  let squares: UnsafeMutablePointer<Double>

  private var ownDeltas: [Int: PathSignal] = [:]
  private let memory: UnsafeMutablePointer<Double>

  init(steps: Int, width: Int, units: Int, hasSecondTerm: Bool) {
    let rows = max(steps, 1) * max(width, 1)
    let square = hasSecondTerm ? 4 * units * units : 0
    memory = .allocate(capacity: 2 * max(width, 1) + 2 * rows + square)
    memory.initialize(repeating: 0, count: 2 * max(width, 1) + 2 * rows + square)
    row = memory
    initial = row + max(width, 1)
    first = initial + max(width, 1)
    second = first + rows
    squares = second + rows
    constant = PathSignal(steps: 1, width: units, rows: 1)
  }

  deinit { memory.deallocate() }

  /// Rows for the adjoint of the last layer, where that is recurrent itself; made once.
  func deltas(for states: PathSignal) -> PathSignal {
    if let known = ownDeltas[states.width] { return known }
    let made = PathSignal(steps: states.steps, width: states.width, rows: states.rows)
    ownDeltas[states.width] = made
    return made
  }

  /// Σ_t left_t right_tᵀ into `result` `[left.width × right.width]`, over `count` rows; returns its power of two.
  ///
  /// - Parameters:
  ///   - leftRow: the row of `left` for t = 0, and likewise for `right`.
  func outerSum(
    _ left: PathSignal, from leftRow: Int, _ right: PathSignal, from rightRow: Int, count: Int,
    into result: UnsafeMutablePointer<Double>
  ) -> Int {
    guard count > 0 else {
      result.update(repeating: 0, count: left.width * right.width)
      return 0
    }
    var exponent = Int.min
    var isPlain = true
    for t in 0..<count {
      let sum = left.exponents[leftRow + t] + right.exponents[rightRow + t]
      exponent = max(exponent, sum)
      isPlain = isPlain && sum == 0
    }
    var operand = UnsafePointer(left[leftRow])
    if !isPlain {
      for t in 0..<count {
        let shift = left.exponents[leftRow + t] + right.exponents[rightRow + t] - exponent
        let factor = scalbn(1, Int32(clamping: shift))
        for place in 0..<left.width { first[t * left.width + place] = left[leftRow + t][place] * factor }
      }
      operand = UnsafePointer(first)
    }
    Double.gemm(
      transposeA: true, transposeB: false, m: left.width, n: right.width, k: count, alpha: 1, a: operand,
      lda: left.width,
      b: right[rightRow], ldb: right.width, beta: 0, c: result, ldc: right.width)
    return exponent
  }
}
