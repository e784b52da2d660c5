import Foundation
import Probability

/// How all parameters of a model begin.
public struct Initialisation: Sendable, Hashable {
  public var weights: Initialiser
  public var recurrent: Initialiser
  /// Added to the bias of an LSTM's forget gate.
  public var forgetBias: Double
  /// How often a random hidden unit is made unbalanced: its incoming weights times 10 c, its outgoing ones divided by that,
  /// c log-normal. The function stays the same.
  public var rescalings: Int

  public init(
    weights: Initialiser = .glorot, recurrent: Initialiser = .orthogonal, forgetBias: Double = 1, rescalings: Int = 0
  ) {
    self.weights = weights
    self.recurrent = recurrent
    self.forgetBias = forgetBias
    self.rescalings = rescalings
  }
}

extension Model {
  /// Parameters to begin with; each tensor has random numbers of its own.
  ///
  /// Biases are 0. A unitary layer has angles uniform in [−π, π], reflections uniform in [−1, 1] and a first state of
  /// expected norm 1. The same seed gives the same numbers in either precision, up to rounding.
  /// - Throws: `PathNormError` when units are to be rescaled that are neither rectified nor linear.
  public func initialParameters<S: Scalar>(
    _ initialisation: Initialisation, seed: UInt64, as type: S.Type = S.self
  ) throws -> [S] {
    var parameters = [S](repeating: 0, count: parameterCount)
    for (index, tensor) in tensors.enumerated() {
      var source = RandomSource(seed: seed, index: index)
      parameters.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { return }
        fill(tensor, base + tensor.offset, initialisation, &source)
      }
    }
    guard initialisation.rescalings > 0 else { return parameters }
    var source = RandomSource(seed: seed, index: tensors.count)
    let rescaling = try Rescaling.unbalancing(self, times: initialisation.rescalings, &source)
    return try rescaling.applied(to: parameters, of: self)
  }

  private func fill<S: Scalar>(
    _ tensor: TensorShape, _ target: UnsafeMutablePointer<S>, _ initialisation: Initialisation,
    _ source: inout RandomSource
  ) {
    switch tensor.role {
    case .weights:
      let block =
        tensor.name.hasPrefix("lstm") ? tensor.rows / 4 : tensor.name.hasPrefix("gru") ? tensor.rows / 3 : tensor.rows
      let receptive = tensor.shape.dropFirst(2).reduce(1, *)
      initialisation.weights.fill(
        target, rows: tensor.rows, columns: tensor.columns, receptive: receptive, block: block, &source)
    case .recurrentWeights:
      initialisation.recurrent.fill(
        target, rows: tensor.rows, columns: tensor.columns, receptive: 1, block: tensor.columns, &source)
    case .bias:
      target.clear(tensor.count)
      if tensor.name.hasPrefix("lstm") {
        let units = tensor.count / 4
        for place in units..<2 * units { target[place] = S(initialisation.forgetBias) }
      }
    case .initialState:
      guard tensor.name.hasPrefix("unitary") else { return target.clear(tensor.count) }
      Initialiser.uniform((3 / Double(tensor.count)).squareRoot())
        .fill(target, rows: 1, columns: tensor.count, receptive: 1, block: 1, &source)
    case .angles:
      Initialiser.uniform(.pi).fill(target, rows: 1, columns: tensor.count, receptive: 1, block: 1, &source)
    case .reflection:
      Initialiser.uniform(1).fill(target, rows: 1, columns: tensor.count, receptive: 1, block: 1, &source)
    }
  }
}
