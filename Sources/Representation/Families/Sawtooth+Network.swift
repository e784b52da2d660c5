import Exact
import Networks

extension Sawtooth {
  /// The most weights that a network is made with.
  static let largestWeightCount = 1 << 24

  /// The network of k hidden layers of w units without output bias:
  /// h_a(x) = σ₁ max(0, x) + Σᵢ (σᵢ₊₁ − σᵢ) max(0, x − aᵢ), σ₁ … σ_w the slopes of h_a, composed.
  ///
  /// O(w² · k) weights.
  ///
  /// - Throws: `RepresentationError` for more than 2²⁴ weights.
  public var network: RationalNetwork {
    get throws {
      let composed = try hiddenLayers(reading: RationalNetwork.Row([0: .one]))
      return try RationalNetwork(inputs: 1, hidden: composed.hidden, outputs: [composed.output])
    }
  }

  /// The k hidden layers of H applied to the value of a row, and the row of H's value.
  func hiddenLayers(
    reading input: RationalNetwork.Row
  ) throws -> (hidden: [[RationalNetwork.Row]], output: RationalNetwork.Row) {
    let weights = width * input.terms.count + width * width * (layers - 1)
    guard weights <= Self.largestWeightCount else {
      throw RepresentationError(
        "the network has \(weights) weights; accepted are up to \(Self.largestWeightCount): less width or fewer layers")
    }
    var value = input
    var hidden: [[RationalNetwork.Row]] = []
    for layer in knots.indices {
      hidden.append(
        ([.zero] + knots[layer]).map { knot in
          var row = value
          row.constant -= knot
          return row
        })
      let slopes = slopes(layer)
      value = RationalNetwork.Row(
        slopes.indices.map { (key: $0, value: $0 == 0 ? slopes[0] : slopes[$0] - slopes[$0 - 1]) })
    }
    return (hidden, value)
  }
}
