import Foundation
import LinearAlgebra

@testable import Networks

/// SplitMix64: the tests' own source of randomness, so that a printed seed reproduces a failure.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func numbers(_ count: Int) -> [Double] { (0..<count).map { _ in .random(in: -2...2, using: &self) } }

  mutating func matrix(_ rows: Int, _ columns: Int) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: numbers(rows * columns))
  }

  mutating func network(depth: Int) throws -> Network {
    let widths = (0...depth).map { _ in Int.random(in: 1...7, using: &self) }
    var layers: [Layer] = []
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      if !layers.isEmpty { layers.append(.relu) }
      layers.append(.affine(weights: matrix(outputs, inputs), bias: numbers(outputs)))
    }
    return try Network(layers)
  }
}

/// The largest difference, relative to the larger of 1 and the second argument; infinite when the counts differ.
func deviation(_ values: [Double], from expected: [Double]) -> Double {
  guard values.count == expected.count else { return .infinity }
  return zip(values, expected).map { abs($0 - $1) / max(1, abs($1)) }.max() ?? 0
}

/// Messages for graphs that no exporter would write.
enum Message {
  static func node(
    _ operation: String, _ inputs: [String], _ output: String, name: String = "",
    _ attributes: [Onnx_AttributeProto] = []
  ) -> Onnx_NodeProto {
    var node = Onnx_NodeProto()
    node.opType = operation
    node.input = inputs
    node.output = [output]
    node.name = name
    node.attribute = attributes
    return node
  }

  static func integer(_ name: String, _ value: Int64) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    attribute.name = name
    attribute.type = .int
    attribute.i = value
    return attribute
  }

  static func integers(_ name: String, _ values: [Int64]) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    attribute.name = name
    attribute.type = .ints
    attribute.ints = values
    return attribute
  }

  static func float(_ name: String, _ value: Float) -> Onnx_AttributeProto {
    var attribute = Onnx_AttributeProto()
    attribute.name = name
    attribute.type = .float
    attribute.f = value
    return attribute
  }

  static func tensor(_ name: String, _ shape: [Int], _ values: [Double]) -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = shape.map(Int64.init)
    tensor.dataType = 11
    tensor.doubleData = values
    return tensor
  }

  static func tensor(_ name: String, integers values: [Int64]) -> Onnx_TensorProto {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = [Int64(values.count)]
    tensor.dataType = 7
    tensor.int64Data = values
    return tensor
  }

  /// A value of type double; a nil dimension is open.
  static func value(_ name: String, _ shape: [Int?]) -> Onnx_ValueInfoProto {
    var value = Onnx_ValueInfoProto()
    value.name = name
    value.type.tensorType.elemType = 11
    value.type.tensorType.shape.dim = shape.map { size in
      var dimension = Onnx_TensorShapeProto.Dimension()
      if let size { dimension.dimValue = Int64(size) } else { dimension.dimParam = "N" }
      return dimension
    }
    return value
  }

  /// A model from "x" to "y".
  static func model(
    _ nodes: [Onnx_NodeProto], _ initializers: [Onnx_TensorProto] = [], input: [Int?] = [nil, 3],
    operatorSet: Int64 = 13
  ) -> Onnx_ModelProto {
    var model = Onnx_ModelProto()
    model.irVersion = 8
    var operators = Onnx_OperatorSetIdProto()
    operators.version = operatorSet
    model.opsetImport = [operators]
    model.graph.name = "test"
    model.graph.node = nodes
    model.graph.initializer = initializers
    model.graph.input = [value("x", input)]
    model.graph.output = [value("y", [nil, nil])]
    return model
  }
}
