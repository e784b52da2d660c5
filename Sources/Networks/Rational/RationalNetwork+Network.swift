import Exact
import LinearAlgebra

extension RationalNetwork {
  /// The network with its weights taken exactly: the same function, and the same hidden widths.
  ///
  /// Affine layers that follow one another are multiplied exactly; after a ReLU at the very end the outputs read its
  /// units. O(parameters) rational numbers, and the rational products of consecutive affine layers.
  public init(_ network: Network) throws {
    var hidden: [[Row]] = []
    var pending: [Row]?
    for layer in network.layers {
      switch layer {
      case .affine(let weights, let bias):
        let rows = bias.indices.map { Row(weights: weights.row($0), bias: bias[$0]) }
        pending = pending.map { before in rows.map { $0.substituting(before) } } ?? rows
      case .relu:
        if let rows = pending { hidden.append(rows) }
        pending = nil
      }
    }
    try self.init(
      inputs: network.inputs, hidden: hidden, outputs: pending ?? (0..<network.outputs).map { Row(column: $0) })
  }

  /// The affine map of one function for each output, without hidden layers, or with one of two units for each output.
  ///
  /// With the hidden layer, the constants are inside the units, Tᵢx = σ(Tᵢx) − σ(−Tᵢx), so that no output has a bias.
  ///
  /// Source: R. Arora et al., *Understanding deep neural networks with rectified linear units* (2018), Lemma D.4.
  /// - Parameter map: at least one function, all of the same variables.
  /// - Throws: `NetworkError` when there is no function, or functions differ in their numbers of inputs.
  public static func affine(_ map: [AffineFunction], hiddenLayer: Bool = false) throws -> RationalNetwork {
    let inputs = map.first?.inputs ?? 1
    if let index = map.firstIndex(where: { $0.inputs != inputs }) {
      throw NetworkError(
        "output \(index) of the affine map has \(map[index].inputs) inputs, but output 0 has \(inputs)")
    }
    let rows = map.map(Row.init)
    guard hiddenLayer, !rows.isEmpty else { return try RationalNetwork(inputs: inputs, hidden: [], outputs: rows) }
    return try RationalNetwork(
      inputs: inputs, hidden: [rows.flatMap { [$0, -$0] }],
      outputs: rows.indices.map { Row(column: 2 * $0) - Row(column: 2 * $0 + 1) })
  }
}

extension RationalNetwork.Row {
  fileprivate init(weights: ArraySlice<Double>, bias: Double) {
    self.init(
      weights.enumerated().lazy.filter { $0.element != 0 }
        .map { (key: $0.offset, value: Rational(exactly: $0.element)) },
      constant: Rational(exactly: bias))
  }
}
