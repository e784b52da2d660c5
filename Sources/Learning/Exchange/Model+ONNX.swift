import Foundation
import Networks

extension Model {
  /// The model in ONNX: `x` is `[N, …]`, or for sequences `[T, N, inputs]`, symbols as one-hot vectors; `y` likewise.
  ///
  /// Recurrent layers are the operators `RNN`, `LSTM` and `GRU`; dropout is left out.
  /// - Throws: `ModelError` for a unitary layer or a wrong number of parameters, `ONNXError` for numbers beyond float32.
  public func onnx(_ parameters: [Double], elementType: ONNXFloatingPoint = .float32) throws -> Data {
    guard parameters.count == parameterCount else {
      throw ModelError("\(parameters.count) parameters are given, the model has \(parameterCount)")
    }
    var writer = ONNXModelWriter(model: self, parameters: parameters, elementType: elementType)
    return try writer.write()
  }
}

/// Walks the layers and adds their nodes.
private struct ONNXModelWriter {
  let model: Model
  let parameters: [Double]
  var graph: ONNXGraphBuilder
  var value = "x"
  /// Whether the value has an axis of time before that of the samples.
  var isSequence: Bool
  var count = 0

  init(model: Model, parameters: [Double], elementType: ONNXFloatingPoint) {
    self.model = model
    self.parameters = parameters
    graph = ONNXGraphBuilder(name: "pleat", elementType: elementType)
    isSequence = model.isRecurrent
  }

  mutating func write() throws -> Data {
    graph.input("x", extents(of: model.input))
    for index in model.layers.indices { try add(index) }
    graph.node("Identity", [value], ["y"])
    graph.output("y", extents(of: model.output))
    return try graph.data()
  }

  private func extents(of signal: Signal) -> [ONNXGraphBuilder.Extent] {
    let sample: [ONNXGraphBuilder.Extent] =
      if case .image(let channels, let height, let width) = signal, !isSequence {
        [.fixed(channels), .fixed(height), .fixed(width)]
      } else {
        [.fixed(signal.inputs)]
      }
    return (isSequence ? [.open("T")] : []) + [.open("N")] + sample
  }

  private mutating func fresh(_ name: String) -> String {
    count += 1
    return "\(name)\(count)"
  }

  private mutating func apply(
    _ operation: String, _ inputs: [String] = [], _ attributes: [(String, ONNXGraphBuilder.Attribute)] = []
  ) {
    let result = fresh("v")
    graph.node(operation, [value] + inputs, [result], attributes)
    value = result
  }

  private mutating func apply(_ nonlinearity: Nonlinearity) {
    switch nonlinearity {
    case .identity: break
    case .relu: apply("Relu")
    case .tanh: apply("Tanh")
    }
  }

  private func values(_ layer: Int, _ tensor: String) -> [Double]? {
    model.tensors(ofLayer: layer).first { $0.name.hasSuffix(".\(tensor)") }.map { Array(parameters[$0.range]) }
  }

  private mutating func add(_ index: Int) throws {
    let input = model.signals[index]
    switch model.layers[index] {
    case .dense(let layer):
      try addDense(index, units: layer.units)
      apply(layer.nonlinearity)
    case .embedding(let layer): try addDense(index, units: layer.width)
    case .convolution(let layer): try addConvolution(layer, index)
    case .pooling(let layer):
      apply(
        layer.kind == .maximum ? "MaxPool" : "AveragePool", [],
        [
          ("kernel_shape", .integers([layer.kernel, layer.kernel])),
          ("strides", .integers([layer.stride, layer.stride])),
        ])
    case .dropout: break
    case .recurrent(let layer): try addRecurrent(layer, index, inputs: input.inputs)
    case .unitary: throw ModelError("layer \(index + 1) is unitary, for which ONNX has no operator; write safetensors")
    case .lastStep:
      let last = fresh("last")
      graph.constant(last, integers: [-1])
      apply("Gather", [last], [("axis", .integer(0))])
      let axis = fresh("axis")
      graph.constant(axis, integers: [0])
      apply("Squeeze", [axis])
      isSequence = false
    }
  }

  private mutating func addDense(_ index: Int, units: Int) throws {
    let inputs = model.signals[index].inputs
    let weights = values(index, "weights") ?? []
    let name = fresh("W")
    if case .image = model.signals[index], !isSequence { apply("Flatten", [], [("axis", .integer(1))]) }
    if isSequence {
      let transposed = (0..<inputs * units).map { weights[$0 % units * inputs + $0 / units] }
      try graph.constant(name, [inputs, units], transposed)
      apply("MatMul", [name])
      if let bias = values(index, "bias") {
        let biasName = fresh("b")
        try graph.constant(biasName, [units], bias)
        apply("Add", [biasName])
      }
      return
    }
    try graph.constant(name, [units, inputs], weights)
    let biasName = fresh("b")
    try graph.constant(biasName, [units], values(index, "bias") ?? Array(repeating: 0, count: units))
    apply("Gemm", [name, biasName], [("transB", .integer(1))])
  }

  private mutating func addConvolution(_ layer: Convolution, _ index: Int) throws {
    let tensor = model.tensors(ofLayer: index).first
    let name = fresh("W")
    try graph.constant(name, tensor?.shape ?? [], values(index, "weights") ?? [])
    var names = [name]
    if let bias = values(index, "bias") {
      names.append(fresh("b"))
      try graph.constant(names[1], [layer.channels], bias)
    }
    apply(
      "Conv", names,
      [
        ("kernel_shape", .integers([layer.kernel, layer.kernel])),
        ("strides", .integers([layer.stride, layer.stride])),
        ("pads", .integers(Array(repeating: layer.padding, count: 4))),
      ])
    apply(layer.nonlinearity)
  }

  /// Blocks of rows in another order.
  private func reordered(_ values: [Double], _ order: [Int]) -> [Double] {
    let block = values.count / order.count
    return order.flatMap { values[$0 * block..<($0 + 1) * block] }
  }

  private mutating func addRecurrent(_ layer: Recurrent, _ index: Int, inputs: Int) throws {
    let units = layer.units
    // The standard's gates are i, o, f, c and z, r, h.
    let (operation, order, attributes): (String, [Int], [(String, ONNXGraphBuilder.Attribute)]) =
      switch layer.cell {
      case .simple(.relu): ("RNN", [0], [("activations", .texts(["Relu"]))])
      case .simple(.tanh): ("RNN", [0], [("activations", .texts(["Tanh"]))])
      case .simple(.identity):
        (
          "RNN", [0],
          [
            ("activations", .texts(["Affine"])), ("activation_alpha", .numbers([1])),
            ("activation_beta", .numbers([0])),
          ]
        )
      case .lstm: ("LSTM", [0, 3, 1, 2], [])
      case .gru: ("GRU", [1, 0, 2], [("linear_before_reset", .integer(1))])
      }
    let sums = order.count * units
    let names = [fresh("W"), fresh("R"), fresh("B")]
    try graph.constant(names[0], [1, sums, inputs], reordered(values(index, "input") ?? [], order))
    try graph.constant(names[1], [1, sums, units], reordered(values(index, "recurrent") ?? [], order))
    let zeros = [Double](repeating: 0, count: sums)
    var recurrentBias = zeros
    if let own = values(index, "recurrentBias") { recurrentBias.replaceSubrange(2 * units..<3 * units, with: own) }
    try graph.constant(
      names[2], [1, 2 * sums], reordered(values(index, "bias") ?? zeros, order) + recurrentBias)
    var operands = names
    if let initial = values(index, "initial") { operands += ["", try addInitialState(initial)] }
    apply(operation, operands, [("hidden_size", .integer(units))] + attributes)
    let axis = fresh("axis")
    graph.constant(axis, integers: [1])
    apply("Squeeze", [axis])
  }

  /// The learned state once for every sample.
  private mutating func addInitialState(_ values: [Double]) throws -> String {
    let (state, shape, one, two, samples, ones, full, result) = (
      fresh("h"), fresh("shape"), fresh("one"), fresh("two"), fresh("samples"), fresh("ones"), fresh("full"), fresh("h")
    )
    try graph.constant(state, [1, 1, values.count], values)
    graph.constant(one, integers: [1])
    graph.constant(two, integers: [2])
    graph.constant(ones, integers: [1])
    graph.node("Shape", [value], [shape])
    graph.node("Slice", [shape, one, two], [samples])
    graph.node("Concat", [ones, samples, ones], [full], [("axis", .integer(0))])
    graph.node("Expand", [state, full], [result])
    return result
  }
}
