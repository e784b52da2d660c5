import LinearAlgebra
import Networks

extension Model {
  /// The model of a network, a chain of affine layers and ReLUs, and its parameters.
  ///
  /// - Throws: `ModelError` for two affine layers in a row with nothing between them; compose them first.
  public static func reading(_ network: Network) throws -> (model: Model, parameters: [Double]) {
    var layers: [Layer] = []
    var parameters: [Double] = []
    for (index, layer) in network.layers.enumerated() {
      guard case .affine(let weights, let bias) = layer else { continue }
      let isRectified = index + 1 < network.layers.count && network.layers[index + 1] == .relu
      layers.append(.dense(Dense(weights.rows, isRectified ? .relu : .identity)))
      parameters += weights.elements + bias
    }
    return (try Model(input: .vector(network.inputs), layers: layers), parameters)
  }

  /// The network of a model of dense layers.
  ///
  /// - Throws: `ModelError` when there is another layer, or a tanh; `NetworkError` for weights that are not finite.
  public func network(_ parameters: [Double]) throws -> Network {
    guard parameters.count == parameterCount else {
      throw ModelError("\(parameters.count) parameters are given, the model has \(parameterCount)")
    }
    var result: [Networks.Layer] = []
    for (index, layer) in layers.enumerated() {
      if case .dropout = layer { continue }
      guard case .dense(let dense) = layer, dense.nonlinearity != .tanh else {
        throw ModelError("layer \(index + 1) is no dense layer of rectified or linear units")
      }
      let start = layerRanges[index].lowerBound
      let inputs = signals[index].inputs
      let count = dense.units * inputs
      let bias =
        dense.hasBias
        ? Array(parameters[start + count..<start + count + dense.units]) : Array(repeating: 0, count: dense.units)
      result.append(
        .affine(
          weights: Matrix(rows: dense.units, columns: inputs, elements: Array(parameters[start..<start + count])),
          bias: bias))
      if dense.nonlinearity == .relu { result.append(.relu) }
    }
    return try Network(result)
  }
}
