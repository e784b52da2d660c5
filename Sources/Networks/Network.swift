import LinearAlgebra

/// One step of a network.
public enum Layer: Sendable, Equatable {
  /// The map x ↦ W x + b, with the weights W `[out × in]` and the bias b `[out]`.
  case affine(weights: Matrix, bias: [Double])
  /// The positive part of every coordinate, x ↦ max(x, 0).
  case relu
}

/// A feed-forward ReLU network as a value: the function ℝᵐ → ℝⁿ that a chain of layers computes.
///
/// The function is the one of real arithmetic: a weight read from a float32 file is the exact value of that float.
///
/// ```swift
/// let distance = try Network.oneHiddenLayer(
///   inputWeights: Matrix([[1], [-1]]), biases: [0, 0], outputWeights: Matrix([[1, 1]]), outputBias: [0])
/// distance([-3])  // [3]
/// ```
///
/// Invariant: there is at least one layer; the first is affine; consecutive affine layers fit; every ReLU follows an
/// affine layer; no layer is empty; every weight is finite.
public struct Network: Sendable, Equatable {
  public let layers: [Layer]
  /// The dimension m of the input.
  public let inputs: Int
  /// The dimension n of the output.
  public let outputs: Int

  /// A network from its layers, first to last. O(parameters).
  ///
  /// - Throws: `NetworkError`, which names the layer (counted from 0), when a shape does not fit its neighbour or its
  ///   bias, when a weight is NaN or infinite, or when a ReLU has no affine layer just before it.
  public init(_ layers: [Layer]) throws {
    guard case .affine(let first, _)? = layers.first else {
      throw NetworkError(
        layers.isEmpty
          ? "a network needs at least one layer"
          : "layer 0 is a ReLU; the first layer must be affine, since it fixes the number of inputs")
    }
    var width = first.columns
    for (index, layer) in layers.enumerated() {
      switch layer {
      case .affine(let weights, let bias):
        try Self.check(weights, bias, inputs: width, layer: index)
        width = weights.rows
      case .relu:
        if case .relu = layers[index - 1] {
          throw NetworkError("layer \(index) is a ReLU just after a ReLU, where it changes nothing: leave it out")
        }
      }
    }
    self.layers = layers
    inputs = first.columns
    outputs = width
  }

  private static func check(_ weights: Matrix, _ bias: [Double], inputs: Int, layer: Int) throws {
    let shape = "\(weights.rows) × \(weights.columns)"
    guard weights.rows > 0, weights.columns > 0 else {
      throw NetworkError("layer \(layer) has empty weights (\(shape)); a layer needs at least one input and one output")
    }
    guard weights.columns == inputs else {
      throw NetworkError("layer \(layer) has \(shape) weights, but the layer before it has \(inputs) outputs")
    }
    guard weights.elements.count == weights.rows * weights.columns else {
      throw NetworkError("layer \(layer) has \(weights.elements.count) elements in its \(shape) weights")
    }
    guard bias.count == weights.rows else {
      throw NetworkError("layer \(layer) has \(shape) weights but \(bias.count) biases instead of \(weights.rows)")
    }
    if let position = weights.elements.firstIndex(where: { !$0.isFinite }) {
      let (row, column) = position.quotientAndRemainder(dividingBy: weights.columns)
      throw NetworkError(
        "layer \(layer) has the weight \(weights.elements[position]) at row \(row), column \(column);"
          + " weights must be finite"
      )
    }
    if let position = bias.firstIndex(where: { !$0.isFinite }) {
      throw NetworkError("layer \(layer) has the bias \(bias[position]) at row \(position); biases must be finite")
    }
  }

  /// The network x ↦ V max(W x + b, 0) + c with one hidden layer.
  ///
  /// - Parameters:
  ///   - inputWeights: W, `[hidden × in]`.
  ///   - biases: b, `[hidden]`.
  ///   - outputWeights: V, `[out × hidden]`.
  ///   - outputBias: c, `[out]`.
  /// - Throws: `NetworkError` when the shapes do not fit or a weight is not finite; layer 0 is (W, b), layer 2 is (V,
  ///   c).
  public static func oneHiddenLayer(
    inputWeights: Matrix, biases: [Double], outputWeights: Matrix, outputBias: [Double]
  ) throws -> Network {
    try Network([
      .affine(weights: inputWeights, bias: biases), .relu, .affine(weights: outputWeights, bias: outputBias),
    ])
  }
}
