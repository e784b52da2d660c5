import Activations
import Execution
import Foundation
import LinearAlgebra

/// An eigenvalue between proved ends.
public struct CertifiedEigenvalue: Sendable, Equatable {
  /// The best estimate: never negative, as kernel matrices are positive semidefinite.
  public let value: Double
  public let lower: Double
  public let upper: Double

  /// Whether something is known of it beside an upper bound: then `value` is meant as a number, else only "at most
  /// `upper`".
  public var isResolved: Bool { lower > 0 && upper - lower <= 0.5 * upper }

  init(value: Double, error: Double) {
    self.value = max(0, value)
    lower = max(0, value - error)
    upper = max(0, value + error)
  }

  init(value: Double, lower: Double, upper: Double) {
    self.value = value
    self.lower = lower
    self.upper = upper
  }
}

/// The eigenvalues of a kernel matrix, each with proved ends, and its eigenvectors.
public struct GramSpectrum: Sendable {
  /// Ascending.
  public let eigenvalues: [CertifiedEigenvalue]
  /// `n × n`, row k for eigenvalue k; those of eigenvalues below ``noise`` are only some basis of their span.
  public let eigenvectors: Matrix
  /// What the entries' errors and the decomposition leave in doubt when the matrix is formed in doubles.
  public let noise: Double
  /// How many of the smallest eigenvalues were computed anew with 384 bits.
  public let preciseCount: Int
  /// Whether the ends are proved; else they rest on an estimate of a quadrature's error.
  public let isProved: Bool

  public var smallest: CertifiedEigenvalue { eigenvalues[0] }
  public var largest: CertifiedEigenvalue { eigenvalues[eigenvalues.count - 1] }

  /// The spectrum of a matrix as it is. O(n³).
  ///
  /// - Throws: `EigenFailure` for values that are not finite.
  public init(_ gram: inout GramMatrix) throws {
    let certified = try CertifiedEigen(&gram.matrix)
    // An entrywise error of e is at most n e in the spectral norm.
    let error = certified.error + Double(gram.count) * gram.entryError
    self.init(
      certified.eigen.values.map { CertifiedEigenvalue(value: $0, error: error) }, vectors: certified.eigen.vectors,
      noise: error, preciseCount: 0, isProved: gram.isErrorProved)
  }

  private init(
    _ eigenvalues: [CertifiedEigenvalue], vectors: Matrix, noise: Double, preciseCount: Int, isProved: Bool
  ) {
    self.eigenvalues = eigenvalues
    eigenvectors = vectors
    self.noise = noise
    self.preciseCount = preciseCount
    self.isProved = isProved
  }

  /// The eigenvalues with those that the doubles left in doubt computed anew, where the kernel allows it: smooth
  /// activations, one hidden layer, rows of one length, and at most `largestCount` of them.
  public func refined(
    _ setting: KernelSetting, rows: SampleRows, largestCount: Int = 160, cancellation: Cancellation = Cancellation()
  ) -> GramSpectrum {
    guard eigenvalues.contains(where: { $0.upper - $0.lower > 1e-9 * $0.upper }), rows.count <= largestCount,
      let precise = PreciseSpectrum(setting, rows: rows, shouldStop: { cancellation.shouldStop })
    else { return self }
    var merged = eigenvalues
    var count = 0
    for (k, fine) in precise.eigenvalues.enumerated() where fine.upper - fine.lower < merged[k].upper - merged[k].lower
    {
      merged[k] = fine
      count += 1
    }
    return GramSpectrum(merged, vectors: eigenvectors, noise: noise, preciseCount: count, isProved: isProved)
  }

  /// The eigenvalues with a bound from elsewhere on the smallest one.
  public func bounded(smallestAtMost upper: Double) -> GramSpectrum {
    guard upper < smallest.upper, let first = eigenvalues.first else { return self }
    var tightened = eigenvalues
    tightened[0] = CertifiedEigenvalue(
      value: min(first.value, upper), lower: min(first.lower, upper), upper: upper)
    return GramSpectrum(
      tightened, vectors: eigenvectors, noise: noise, preciseCount: preciseCount, isProved: isProved)
  }
}
