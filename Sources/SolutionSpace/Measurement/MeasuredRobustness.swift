import Execution
import Foundation
import Probability

/// The share of patterns that given weights get wrong after random flips, with its standard deviation over the
/// repetitions.
public struct MeasuredRobustness: Sendable {
  public let storage: PatternStorage
  public let weights: [Float]
  public let unit: CommitteeUnit

  public init(_ storage: PatternStorage, weights: [Float], unit: CommitteeUnit) throws {
    guard weights.count == storage.inputs else {
      throw SolutionSpaceError("\(weights.count) weights do not belong to an instance of \(storage.inputs) inputs")
    }
    self.storage = storage
    self.weights = weights
    self.unit = unit
  }

  /// Each weight flipped with probability η, spherical weights mixed with noise to the overlap 1 − 2η; `repetitions`
  /// times.
  public func flippingWeights(share: Double, repetitions: Int, seed: UInt64, threads: Int = 1) throws -> Estimate {
    let isBinary = weights.allSatisfy { abs($0) == 1 }
    let overlap = 1 - 2 * share
    let noise = (1 - overlap * overlap).squareRoot()
    return try mean(repetitions, threads: threads) { index in
      var source = RandomSource(seed: seed, index: index)
      var changed = weights
      for i in changed.indices {
        if isBinary {
          if source.uniform() < share { changed[i] = -changed[i] }
        } else {
          changed[i] = Float(overlap) * changed[i] + Float(noise * source.normal())
        }
      }
      return try storage.errors(changed, unit: unit)
    }
  }

  /// Each input of each pattern flipped with probability η; `repetitions` times.
  public func flippingInputs(share: Double, repetitions: Int, seed: UInt64, threads: Int = 1) throws -> Estimate {
    try mean(repetitions, threads: threads) { index in
      var source = RandomSource(seed: seed, index: index)
      let signs = storage.signs.map { source.uniform() < share ? -$0 : $0 }
      let changed = try PatternStorage(
        inputs: storage.inputs, hidden: storage.hidden, signs: signs, labels: storage.labels)
      return try changed.errors(weights, unit: unit)
    }
  }

  private func mean(_ repetitions: Int, threads: Int, _ errors: @Sendable (Int) throws -> Int) throws -> Estimate {
    let results = parallelMap(count: max(1, repetitions), threads: threads) { index in Result { try errors(index) } }
    let shares = try results.map { Double(try $0.get()) / Double(storage.count) }
    let mean = shares.reduce(0, +) / Double(shares.count)
    // One repetition has the deviation of its patterns alone.
    let single = (mean * (1 - mean) / Double(storage.count)).squareRoot()
    guard shares.count > 1 else { return Estimate(mean, error: single) }
    let variance = shares.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(shares.count * (shares.count - 1))
    return Estimate(mean, error: max(variance.squareRoot(), single / Double(shares.count).squareRoot()))
  }
}
