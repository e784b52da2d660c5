import Exact

/// The composition calculus on networks of doubles.
///
/// Each operation computes with the weights as exact rational numbers and rounds the weights of the result once, to the
/// nearest double; ``RationalNetwork`` has the same operations without rounding.
extension Network {
  /// The composition x ↦ self(inner(x)); sizes and numbers of hidden layers add.
  ///
  /// - Throws: `NetworkError` when `inner` does not have as many outputs as this network has inputs, or a weight of the
  ///   result overflows.
  public func after(_ inner: Network) throws -> Network {
    try RationalNetwork(self).after(RationalNetwork(inner)).rounded(to: .float64).network
  }

  /// The sum of the two networks' outputs on the same inputs; sizes add, and the shallower network is padded.
  ///
  /// - Throws: `NetworkError` when the numbers of inputs, or of outputs, differ, or a weight of the result overflows.
  public func adding(_ other: Network) throws -> Network {
    try RationalNetwork(self).adding(RationalNetwork(other)).rounded(to: .float64).network
  }

  /// The network with its outputs multiplied by a finite number.
  ///
  /// - Throws: `NetworkError` when the factor is not finite, or a weight of the result overflows.
  public func scaled(by factor: Double) throws -> Network {
    guard factor.isFinite else { throw NetworkError("a network cannot be scaled by \(factor): it must be finite") }
    return try RationalNetwork(self).scaled(by: Rational(exactly: factor)).rounded(to: .float64).network
  }

  /// The outputs of this network followed by those of another on the same inputs; the shallower network is padded.
  ///
  /// - Throws: `NetworkError` when the numbers of inputs differ.
  public func beside(_ other: Network) throws -> Network {
    try RationalNetwork(self).beside(RationalNetwork(other)).rounded(to: .float64).network
  }

  /// The largest of several networks' outputs on the same inputs, output by output, with the depth and size of
  /// ``RationalNetwork/maximum(of:)``.
  ///
  /// - Throws: `NetworkError` when there is no network, when their numbers of inputs, or of outputs, differ, or a weight
  ///   of the result overflows.
  public static func maximum(of networks: [Network]) throws -> Network {
    try RationalNetwork.maximum(of: networks.map(RationalNetwork.init)).rounded(to: .float64).network
  }

  /// The smallest of several networks' outputs on the same inputs; see ``maximum(of:)``.
  public static func minimum(of networks: [Network]) throws -> Network {
    try RationalNetwork.minimum(of: networks.map(RationalNetwork.init)).rounded(to: .float64).network
  }

  /// The same function with more hidden layers, through which the outputs are carried.
  ///
  /// - Throws: `NetworkError` when the network has more hidden layers already.
  public func padded(toHiddenLayers count: Int) throws -> Network {
    try RationalNetwork(self).padded(toHiddenLayers: count).rounded(to: .float64).network
  }

  /// The same function as a network whose outputs have no bias; one more unit carries the constants, when there are any.
  public func withoutOutputBias() throws -> Network {
    try RationalNetwork(self).withoutOutputBias().rounded(to: .float64).network
  }
}
