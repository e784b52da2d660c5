import Foundation
import Probability

extension Batch {
  /// Standard normal numbers or uniform symbols, with standard normal targets: the same for the same seed and index.
  ///
  /// Throws `ModelError` when that would be more than 2²⁸ numbers.
  public static func random(
    for model: Model, steps: Int, samples: Int, seed: UInt64, index: Int = 0
  ) throws -> Batch {
    let rows = steps * samples
    guard rows * max(model.input.width, model.output.width, 1) <= 1 << 28 else {
      throw ModelError("\(steps) steps of \(samples) samples are too many for a random batch")
    }
    var source = RandomSource(seed: seed, index: index)
    let isSymbolic = model.input.width == 0
    return Batch(
      steps: steps, samples: samples,
      values: isSymbolic ? [] : (0..<rows * model.input.width).map { _ in source.normal() },
      symbols: isSymbolic ? (0..<rows).map { _ in source.index(below: model.input.inputs) } : [],
      targets: (0..<(model.readsLastStep ? samples : rows) * model.output.width).map { _ in source.normal() })
  }
}

extension Model {
  /// How far apart the outputs of two sets of parameters are on random inputs: the largest difference over the largest
  /// output, in double precision.
  ///
  /// - Throws: `ModelError` for a wrong number of parameters.
  public func outputDifference(
    _ first: [Double], _ second: [Double], steps: Int, samples: Int, seed: UInt64
  ) throws -> Double {
    let batch = try Batch.random(for: self, steps: steps, samples: samples, seed: seed)
    let left = try gradient(at: first, of: batch, loss: .squared).outputs
    let right = try gradient(at: second, of: batch, loss: .squared).outputs
    let size = left.reduce(0) { max($0, abs($1)) }
    let gap = zip(left, right).reduce(0) { max($0, abs($1.0 - $1.1)) }
    return size > 0 ? gap / size : gap
  }
}
