import Networks

/// A network with one hidden layer, and how few units any such network for its function must have.
public struct OneHiddenLayerNetwork: Sendable, Equatable {
  public let network: RationalNetwork
  /// No network with one hidden layer has fewer units; proved.
  public let leastUnits: Int

  /// The number of hidden units.
  public var units: Int { network.size }

  /// Whether the number of units is proved to be the smallest. False means that it was not decided.
  public var isMinimal: Bool { units == leastUnits }

  init(network: RationalNetwork, leastUnits: Int) {
    self.network = network
    self.leastUnits = leastUnits
  }
}
