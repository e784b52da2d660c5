import COpenBLAS
import Foundation
import Probability

/// How a tensor of weights begins.
public enum Initialiser: Sendable, Hashable {
  case zero
  /// Uniform in [−a, a].
  case uniform(Double)
  /// Normal with this standard deviation.
  case normal(Double)
  /// Normal with variance 2 / fan-in (He et al. 2015).
  case he
  /// Uniform with variance 2 / (fan-in + fan-out) (Glorot and Bengio 2010).
  case glorot
  /// Normal with variance 1 / fan-in.
  case balanced
  /// A random orthogonal matrix, or orthonormal rows or columns; for the gates of a cell one each (Saxe et al. 2014).
  case orthogonal
  /// A multiple of the identity (Le, Jaitly and Hinton 2015).
  case identity(Double)
  /// (A + I) / λ_max(A + I) with A = R Rᵀ / n, R standard normal (Talathi and Vartak 2015).
  case positive
  /// The input weights that go with it: normal with variance α² / n, α = √2 exp(1.2 / (max(n, 6) − 2.4)), n the units.
  case positiveInput

  /// Fills `target` with a tensor of `rows` units that read `columns` inputs each, in blocks of `block` rows for a cell
  /// with gates. O(rows · columns), times the smaller extent for orthogonal and positive matrices.
  func fill<S: Scalar>(
    _ target: UnsafeMutablePointer<S>, rows: Int, columns: Int, receptive: Int, block: Int,
    _ source: inout RandomSource
  ) {
    let count = rows * columns
    let (fanIn, fanOut) = (Double(columns), Double(rows / max(1, rows / block) * receptive))
    switch self {
    case .zero: target.clear(count)
    case .uniform(let a): for place in 0..<count { target[place] = S(a * (2 * source.uniform() - 1)) }
    case .normal(let deviation): for place in 0..<count { target[place] = S(deviation * source.normal()) }
    case .he: Self.normal((2 / fanIn).squareRoot()).fill(target, rows, columns, &source)
    case .glorot: Self.uniform((6 / (fanIn + fanOut)).squareRoot()).fill(target, rows, columns, &source)
    case .balanced: Self.normal((1 / fanIn).squareRoot()).fill(target, rows, columns, &source)
    case .orthogonal:
      for first in stride(from: 0, to: rows, by: block) {
        let matrix = Self.orthonormal(rows: block, columns: columns, &source)
        for (place, value) in matrix.enumerated() { target[first * columns + place] = S(value) }
      }
    case .identity(let scale):
      target.clear(count)
      for row in 0..<rows where row % block < columns { target[row * columns + row % block] = S(scale) }
    case .positive:
      for first in stride(from: 0, to: rows, by: block) {
        let matrix = Self.positiveDefinite(block, &source)
        for (place, value) in matrix.enumerated() { target[first * columns + place] = S(value) }
      }
    case .positiveInput:
      let n = Double(block)
      let alpha = 2.0.squareRoot() * exp(1.2 / (max(n, 6) - 2.4))
      Self.normal(alpha / n.squareRoot()).fill(target, rows, columns, &source)
    }
  }

  private func fill<S: Scalar>(
    _ target: UnsafeMutablePointer<S>, _ rows: Int, _ columns: Int, _ source: inout RandomSource
  ) {
    fill(target, rows: rows, columns: columns, receptive: 1, block: rows, &source)
  }

  /// A matrix of `rows × columns` with orthonormal rows or columns, uniform among them: the Q of a normal matrix, by LAPACK,
  /// its signs made those of a positive diagonal of R.
  private static func orthonormal(rows: Int, columns: Int, _ source: inout RandomSource) -> [Double] {
    let (long, short) = (max(rows, columns), min(rows, columns))
    var matrix = (0..<long * short).map { _ in source.normal() }
    var m = Int32(long)
    var n = Int32(short)
    var tau = [Double](repeating: 0, count: short)
    var length = Int32(64 * long)
    var work = [Double](repeating: 0, count: Int(length))
    var info: Int32 = 0
    dgeqrf_(&m, &n, &matrix, &m, &tau, &work, &length, &info)
    let signs = (0..<short).map { matrix[$0 * long + $0] < 0 ? -1.0 : 1 }
    dorgqr_(&m, &n, &n, &matrix, &m, &tau, &work, &length, &info)
    // Column k of Q is matrix[k · long …]: by rows that is Qᵀ, `[short × long]`.
    for k in 0..<short { for i in 0..<long { matrix[k * long + i] *= signs[k] } }
    guard rows > columns else { return matrix }
    return (0..<rows * columns).map { matrix[$0 % columns * long + $0 / columns] }
  }

  private static func positiveDefinite(_ n: Int, _ source: inout RandomSource) -> [Double] {
    let normal = (0..<n * n).map { _ in source.normal() }
    var matrix = [Double](repeating: 0, count: n * n)
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(n), Int32(n), Int32(n), 1 / Double(n), normal, Int32(n), normal,
      Int32(n), 0, &matrix, Int32(n))
    for place in 0..<n { matrix[place * n + place] += 1 }
    // The largest eigenvalue by power iteration.
    var vector = [Double](repeating: 1 / Double(n).squareRoot(), count: n)
    var image = vector
    var eigenvalue = 0.0
    for _ in 0..<10_000 {
      cblas_dgemv(CblasRowMajor, CblasNoTrans, Int32(n), Int32(n), 1, matrix, Int32(n), vector, 1, 0, &image, 1)
      let norm = cblas_dnrm2(Int32(n), image, 1)
      for place in 0..<n { vector[place] = image[place] / norm }
      defer { eigenvalue = norm }
      if abs(norm - eigenvalue) <= 1e-13 * norm { break }
    }
    return matrix.map { $0 / eigenvalue }
  }
}

extension Initialiser {
  /// `he`, `uniform:0.01`, `identity:0.5`: the name, and a number where the initialiser takes one.
  public init?(_ text: String) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let number = parts.count == 2 ? Double(parts[1]) : nil
    guard parts.count == 1 || (number?.isFinite ?? false) else { return nil }
    switch (parts.first.map(String.init) ?? "", number) {
    case ("zero", nil): self = .zero
    case ("he", nil): self = .he
    case ("glorot", nil): self = .glorot
    case ("balanced", nil): self = .balanced
    case ("orthogonal", nil): self = .orthogonal
    case ("identity", let scale): self = .identity(scale ?? 1)
    case ("np", nil): self = .positive
    case ("np-input", nil): self = .positiveInput
    case ("uniform", let a?): self = .uniform(a)
    case ("normal", let deviation?): self = .normal(deviation)
    default: return nil
    }
  }

  /// What a person may write.
  public static let accepted =
    "he, glorot, balanced, orthogonal, identity, identity:SCALE, np, np-input, uniform:A, normal:DEVIATION, zero"
}
