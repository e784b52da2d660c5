import COpenBLAS
import Foundation
import LinearAlgebra

/// Eigenvalues of a symmetric matrix of doubles with a proved bound on their error.
///
/// LAPACK's result V, Λ is checked, not trusted. With ‖VᵀV − I‖ ≤ δ < 1 let V = QH be the polar decomposition, ‖H − I‖
/// ≤ δ; then QᵀAQ − Λ = Qᵀ(AV − VΛ) + QᵀAQ (I − H) − (I − H) Λ, and by Weyl's inequality
///
///     |λ_i − λ̂_i| ≤ ‖AV − VΛ‖ + (‖A‖ + ‖Λ‖) δ .
///
/// Both norms are computed, and what rounding does to them is added. VᵀV is computed exactly but for a part of 2⁻²⁷:
/// numbers cut to 26 bits have products whose sums a double holds (K. Ozaki et al., Error-free transformations of
/// matrix multiplication, 2012).
struct CertifiedEigen {
  let eigen: SymmetricEigen
  /// How far any eigenvalue may be from that of the matrix as given.
  let error: Double

  private static let blockRows = 64

  /// O(n³): the decomposition and two products. `matrix` is used as work space and restored.
  init(_ matrix: inout Matrix) throws {
    eigen = try SymmetricEigen(&matrix)
    let n = matrix.rows
    let norm = eigen.values.reduce(0) { max($0, abs($1)) }
    let departure = Self.departure(eigen.vectors)
    let residual = Self.residual(matrix, eigen)
    guard departure < 0.5 else { throw EigenFailure(description: "LAPACK's eigenvectors are not orthogonal") }
    // The norm of the matrix itself is at most its largest computed eigenvalue and this same error: one step of
    // iteration.
    let first = residual + 2 * norm * departure
    error = (residual + 2 * (norm + 2 * first) * departure) * (1 + 1e-6) + Double(n) * .leastNormalMagnitude
  }

  /// A bound on ‖VᵀV − I‖ in the Frobenius norm; rows of `v` are the vectors.
  private static func departure(_ v: Matrix) -> Double {
    let n = v.rows
    let unit = 0x1p-53
    // A multiple of 2⁻²⁶, by adding and subtracting 1.5 · 2²⁶.
    let shift = 1.5 * 0x1p26
    var sum = 0.0
    var main = [Double](repeating: 0, count: blockRows * n)
    var rest = main
    var otherMain = main
    var otherRest = main
    var products = [Double](repeating: 0, count: blockRows * blockRows)
    func split(_ start: Int, _ end: Int, _ main: inout [Double], _ rest: inout [Double]) {
      for k in 0..<(end - start) * n {
        let value = v.elements[start * n + k]
        let cut = (value + shift) - shift
        main[k] = cut
        rest[k] = value - cut
      }
    }
    for iStart in stride(from: 0, to: n, by: blockRows) {
      let iEnd = min(iStart + blockRows, n)
      split(iStart, iEnd, &main, &rest)
      for jStart in stride(from: 0, through: iStart, by: blockRows) {
        let jEnd = min(jStart + blockRows, n)
        split(jStart, jEnd, &otherMain, &otherRest)
        let (rows, columns) = (iEnd - iStart, jEnd - jStart)
        func multiply(_ a: [Double], _ b: [Double], adding: Double) {
          cblas_dgemm(
            CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(n), 1, a, Int32(n), b, Int32(n),
            adding, &products, Int32(blockRows))
        }
        multiply(main, otherMain, adding: 0)
        if iStart == jStart { for i in 0..<rows { products[i * blockRows + i] -= 1 } }
        multiply(main, otherRest, adding: 1)
        multiply(rest, otherMain, adding: 1)
        multiply(rest, otherRest, adding: 1)
        var block = 0.0
        for i in 0..<rows {
          for j in 0..<columns { block += products[i * blockRows + j] * products[i * blockRows + j] }
        }
        sum += iStart == jStart ? block : 2 * block
      }
    }
    // Beside the exact part: rounding of the three products with rests, of which |Σ| ≤ 2⁻²⁷ √n and n 2⁻⁵⁴, and of adding them to
    // numbers below 2⁻²⁰, which they are or the bound is of no use anyway.
    let size = Double(n)
    let perEntry =
      (size + 4) * unit * (0x1p-26 * size.squareRoot() + size * 0x1p-54) + 4 * unit * max(0x1p-20, sum.squareRoot())
    return sum.squareRoot() * (1 + 1e-9) + size * perEntry
  }

  /// A bound on ‖AV − VΛ‖ in the Frobenius norm.
  private static func residual(_ matrix: Matrix, _ eigen: SymmetricEigen) -> Double {
    let n = matrix.rows
    let unit = 0x1p-53
    var products = [Double](repeating: 0, count: blockRows * n)
    var sum = 0.0
    eigen.vectors.elements.withUnsafeBufferPointer { v in
      for start in stride(from: 0, to: n, by: blockRows) {
        let rows = min(blockRows, n - start)
        cblas_dsymm(
          CblasRowMajor, CblasRight, CblasLower, Int32(rows), Int32(n), 1, matrix.elements, Int32(n),
          v.baseAddress! + start * n, Int32(n), 0, &products, Int32(n))
        for k in 0..<rows {
          let value = eigen.values[start + k]
          for i in 0..<n {
            let difference = products[k * n + i] - value * v[(start + k) * n + i]
            sum += difference * difference
          }
        }
      }
    }
    let frobenius = matrix.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
    // Each of the n products A v is off by at most γ_{n+2} ‖A‖_F ‖v‖.
    let rounding = Double(n + 2) * unit * frobenius * Double(n).squareRoot() * 1.001
    return sum.squareRoot() * (1 + 1e-9) + rounding
  }
}
