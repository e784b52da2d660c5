import Certificates
import Exact
import LinearAlgebra
import Networks

extension ExactNetwork {
  /// The network as layers of floating-point numbers, a plain chain of two affine maps with ReLU between them.
  ///
  /// A skip term v·x passes as max(0, v·x) − max(0, −v·x), two further units; with one input, one unit and a shift of the
  /// output bias are enough when some unit's kink can carry it (Arora et al., Theorem 2.2), but the two units keep every
  /// weight as it was fitted.
  ///
  /// - Throws: `NetworkError` when a weight exceeds the range of `Double`.
  public func network() throws -> Network {
    let inputs = skip.count
    var rows = units.map { $0.weights.map(\.doubleValue) }
    var biases = units.map(\.bias.doubleValue)
    var outputs = units.map { Double($0.sign) }
    if skip.contains(where: { $0.signum != 0 }) {
      let slope = skip.map(\.doubleValue)
      rows += [slope, slope.map { -$0 }]
      biases += [0, 0]
      outputs += [1, -1]
    }
    if rows.isEmpty {
      // A constant: one unit that never passes anything keeps the shape of a hidden layer.
      rows = [Array(repeating: 0, count: inputs)]
      biases = [0]
      outputs = [0]
    }
    return try .oneHiddenLayer(
      inputWeights: Matrix(rows), biases: biases, outputWeights: Matrix([outputs]), outputBias: [outputBias.doubleValue]
    )
  }
}
