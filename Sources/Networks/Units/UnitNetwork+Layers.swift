import LinearAlgebra

extension UnitNetwork {
  /// The multilayer perceptron x ↦ W_L max(… max(W₁ x + b₁, 0) …) + b_L, with ReLUs between the layers. O(parameters).
  ///
  /// - Parameters:
  ///   - weights: the Wᵢ, each `[out × in]`, first to last.
  ///   - biases: the bᵢ, one for each of the weights.
  /// - Throws: `NetworkError` when the numbers of weights and biases differ, shapes do not fit or a weight is not
  ///   finite; it counts ReLUs as layers.
  public init(weights: [Matrix], biases: [[Double]]) throws {
    guard weights.count == biases.count else {
      throw NetworkError("there are \(weights.count) weight matrices but \(biases.count) biases; each needs one")
    }
    let affine = zip(weights, biases).map { Layer.affine(weights: $0, bias: $1) }
    try self.init(Network(Array(affine.map { [$0] }.joined(separator: [.relu]))))
  }
}
