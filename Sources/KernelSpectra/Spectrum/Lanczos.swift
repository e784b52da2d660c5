import COpenBLAS
import Execution
import Foundation
import LinearAlgebra
import Probability

/// The ends of the spectrum of a kernel matrix that is never kept: its rows are computed anew for each product.
///
/// Lanczos's method with full reorthogonalisation. A Ritz value θ with residual β has an eigenvalue within β of it; the
/// least Ritz value is above λ_min and the largest below λ_max. Source: B. Parlett, The symmetric eigenvalue problem
/// (1980), chapter 13.
public struct LanczosSpectrum: Sendable {
  public struct RitzValue: Sendable, Equatable {
    public let value: Double
    /// An eigenvalue lies within this of the value.
    public let residual: Double
  }

  /// Ascending.
  public let values: [RitzValue]
  /// The number of products.
  public let steps: Int
  /// Σ λ = the sum of the diagonal.
  public let trace: Double

  /// - Complexity: `steps` products of O(n² (d + terms)) each; memory n · steps.
  public init(
    _ setting: KernelSetting, rows: SampleRows, steps: Int, threads: Int = defaultThreadCount, seed: UInt64 = 1,
    cancellation: Cancellation = Cancellation()
  ) throws {
    guard Set(rows.squaredLengths).count == 1 else {
      throw SpectrumError("the method without a matrix needs rows of one length; normalise them")
    }
    let n = rows.count
    let layers = try KernelLayers(setting, squaredLength: rows.squaredLengths[0])
    var source = RandomSource(seed: seed)
    var basis: [[Double]] = []
    var (diagonal, beside) = ([Double](), [Double]())
    var vector = (0..<n).map { _ in source.normal() }
    var norm = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    let count = min(steps, n)
    while basis.count < count, norm > 1e-300, !cancellation.shouldStop {
      for i in 0..<n { vector[i] /= norm }
      basis.append(vector)
      var next = Self.product(layers, rows, vector, threads: threads)
      diagonal.append(zip(next, vector).reduce(0) { $0 + $1.0 * $1.1 })
      // Twice is enough.
      for _ in 0..<2 {
        for earlier in basis {
          let overlap = zip(next, earlier).reduce(0) { $0 + $1.0 * $1.1 }
          for i in 0..<n { next[i] -= overlap * earlier[i] }
        }
      }
      norm = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
      beside.append(norm)
      vector = next
      if norm <= 1e-14 * abs(diagonal[0]) { break }
    }
    let size = diagonal.count
    var small = Matrix(rows: size, columns: size)
    for k in 0..<size {
      small[k, k] = diagonal[k]
      if k + 1 < size { (small[k, k + 1], small[k + 1, k]) = (beside[k], beside[k]) }
    }
    let eigen = try SymmetricEigen(&small)
    let last = beside.last ?? 0
    values = (0..<size).map { RitzValue(value: eigen.values[$0], residual: abs(last * eigen.vectors[$0, size - 1])) }
    self.steps = size
    trace = Double(n) * layers.value(angle: 0)
  }

  private static func product(
    _ layers: KernelLayers, _ rows: SampleRows, _ vector: [Double], threads: Int
  ) -> [Double] {
    let (n, block) = (rows.count, 32)
    let computation = GramComputation(layers.setting)
    return parallelMap(count: (n + block - 1) / block, threads: threads) { b -> [Double] in
      let (start, end) = (b * block, min((b + 1) * block, n))
      return computation.rows(start..<end, of: rows, layers: layers) { row in
        var sum = 0.0
        for j in 0..<n { sum += row[j] * vector[j] }
        return sum
      }
    }
    .flatMap { $0 }
  }
}
