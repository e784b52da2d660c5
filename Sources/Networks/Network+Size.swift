extension Network {
  /// The number of ReLUs in each hidden layer, first to last. O(layers).
  public var hiddenWidths: [Int] {
    var width = inputs
    var widths: [Int] = []
    for layer in layers {
      switch layer {
      case .affine(let weights, _): width = weights.rows
      case .relu: widths.append(width)
      }
    }
    return widths
  }

  /// The number of hidden layers plus one; an affine map has depth 1.
  ///
  /// A ReLU at the very end counts as a hidden layer, which the identity follows.
  public var depth: Int { hiddenWidths.count + 1 }

  /// The number of hidden units, that is of ReLUs.
  public var size: Int { hiddenWidths.reduce(0, +) }

  /// The number of weights and biases, zeros included. O(layers).
  public var parameterCount: Int {
    layers.reduce(0) { count, layer in
      if case .affine(let weights, let bias) = layer { count + weights.elements.count + bias.count } else { count }
    }
  }
}
