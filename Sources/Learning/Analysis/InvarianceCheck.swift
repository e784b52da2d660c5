import Foundation
import Probability

/// Does an optimiser see through rescaling? k steps from p and k steps from T(p): is the second end T of the first?
public struct InvarianceCheck: Sendable, Hashable {
  /// The largest |T(A(p))_i − A(T(p))_i| / max |T(A(p))| over a tensor, over all tensors.
  public let deviation: Double
  public let steps: Int
  /// Whether both runs stayed finite.
  public let isFinite: Bool

  /// Runs both, on the same batches, in double precision.
  ///
  /// - Parameters:
  ///   - batches: one a step, repeated when they end.
  ///   - rescaling: T.
  /// - Throws: `ModelError` for a batch that does not fit, `PathNormError` for a model without a path norm.
  public init(
    model: Model, parameters: [Double], chain: [GradientTransformation], batches: [Batch], loss: Loss, steps: Int,
    rescaling: Rescaling
  ) throws {
    guard let first = batches.first else { throw ModelError("an invariance check needs at least one batch") }
    var plain = try OptimizerRun<Double>(
      chain: chain, model: model, parameters: parameters, steps: first.steps)
    var rescaled = try OptimizerRun<Double>(
      chain: chain, model: model, parameters: try rescaling.applied(to: parameters, of: model), steps: first.steps)
    var isFinite = true
    for step in 0..<steps where isFinite {
      let batch = batches[step % batches.count]
      let left = plain.step(try model.gradient(at: plain.parameters, of: batch, loss: loss).gradient)
      let right = rescaled.step(try model.gradient(at: rescaled.parameters, of: batch, loss: loss).gradient)
      isFinite = left.isFinite && right.isFinite
    }
    let wanted = try rescaling.applied(to: plain.parameters, of: model)
    var deviation = 0.0
    for tensor in model.tensors {
      let size = wanted[tensor.range].reduce(0) { max($0, abs($1)) }
      let gap = zip(wanted[tensor.range], rescaled.parameters[tensor.range]).reduce(0) { max($0, abs($1.0 - $1.1)) }
      if size > 0 { deviation = max(deviation, gap / size) }
    }
    self.deviation = isFinite ? deviation : .infinity
    self.steps = steps
    self.isFinite = isFinite
  }
}
