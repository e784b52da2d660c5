import Foundation
import LinearAlgebra
import SwiftProtobuf

/// The floating-point type of the numbers in a file.
public enum ONNXFloatingPoint: Sendable, CaseIterable {
  case float32
  case float64
}

extension Network {
  /// The network as an ONNX model: `Gemm` (with `transB = 1`) and `Relu` nodes, operator set 13, IR version 8.
  ///
  /// The input is `[N, inputs]` and the output `[N, outputs]`, with an open batch dimension N. The same network and
  /// arguments give the same bytes.
  ///
  /// - Parameters:
  ///   - name: the name of the graph.
  ///   - inputName: the name of the input.
  ///   - outputName: the name of the output.
  ///   - elementType: `.float64` keeps every weight; `.float32` rounds to nearest. Few runtimes besides onnxruntime
  ///     compute in float64.
  ///   - metadata: keys and values for the model's `metadata_props`.
  /// - Complexity: O(parameters).
  /// - Throws: `ONNXError` when a weight is beyond the range of float32, a name is empty, the two names agree, a key
  ///   occurs twice, or the model exceeds the 2 GiB of a protobuf message.
  public func onnx(
    name: String = "pleat", inputName: String = "x", outputName: String = "y",
    elementType: ONNXFloatingPoint = .float32, metadata: [(String, String)] = []
  ) throws -> Data {
    try Self.check(name: name, inputName: inputName, outputName: outputName, keys: metadata.map(\.0))
    var graph = Onnx_GraphProto()
    graph.name = name
    graph.input = [Self.valueInfo(inputName, width: inputs, elementType)]
    graph.output = [Self.valueInfo(outputName, width: outputs, elementType)]

    func unique(_ name: String) -> String { name == inputName || name == outputName ? unique(name + "_") : name }
    var value = inputName
    var affineCount = 0
    for (index, layer) in layers.enumerated() {
      var node = Onnx_NodeProto()
      switch layer {
      case .affine(let weights, let bias):
        let names = [unique("W\(affineCount)"), unique("b\(affineCount)")]
        graph.initializer += [
          try Self.tensor(weights.elements, names[0], [weights.rows, weights.columns], elementType, layer: index),
          try Self.tensor(bias, names[1], [bias.count], elementType, layer: index),
        ]
        node.opType = "Gemm"
        node.name = "gemm\(affineCount)"
        node.input = [value] + names
        node.attribute = [.with { ($0.name, $0.type, $0.i) = ("transB", .int, 1) }]
        affineCount += 1
      case .relu:
        node.opType = "Relu"
        node.name = "relu\(affineCount - 1)"
        node.input = [value]
      }
      value = index == layers.count - 1 ? outputName : unique("h\(index)")
      node.output = [value]
      graph.node.append(node)
    }

    let model = Onnx_ModelProto.with {
      $0.irVersion = 8
      $0.producerName = "pleat"
      $0.opsetImport = [.with { ($0.domain, $0.version) = ("", 13) }]
      $0.graph = graph
      $0.metadataProps = metadata.map { key, value in .with { ($0.key, $0.value) = (key, value) } }
    }
    do {
      return try model.serializedBytes()
    } catch {
      throw ONNXError(source: nil, message: "the network has \(parameterCount) parameters, too many for one ONNX file")
    }
  }

  private static func check(name: String, inputName: String, outputName: String, keys: [String]) throws {
    guard !name.isEmpty, !inputName.isEmpty, !outputName.isEmpty else {
      throw ONNXError(source: nil, message: "the names of the graph, its input and its output must not be empty")
    }
    guard inputName != outputName else {
      throw ONNXError(
        source: nil, message: "the input and the output need different names, not both \(quoted(inputName))")
    }
    var seen: Set<String> = []
    if let key = keys.first(where: { !seen.insert($0).inserted }) {
      throw ONNXError(source: nil, message: "the metadata key \(quoted(key)) occurs twice; keys must differ")
    }
  }

  private static func valueInfo(
    _ name: String, width: Int, _ elementType: ONNXFloatingPoint
  ) -> Onnx_ValueInfoProto {
    .with {
      $0.name = name
      $0.type.tensorType.elemType = elementType.onnx.rawValue
      $0.type.tensorType.shape.dim = [.with { $0.dimParam = "N" }, .with { $0.dimValue = Int64(width) }]
    }
  }

  private static func tensor(
    _ elements: [Double], _ name: String, _ shape: [Int], _ elementType: ONNXFloatingPoint, layer: Int
  ) throws -> Onnx_TensorProto {
    let raw: Data
    switch elementType {
    case .float64: raw = littleEndian(elements.map(\.bitPattern))
    case .float32:
      raw = littleEndian(
        try elements.map { element in
          let rounded = Float(element)
          guard rounded.isFinite else {
            throw ONNXError(
              source: nil,
              message: "layer \(layer) holds \(element), which is beyond the range of float32; write it as float64")
          }
          return rounded.bitPattern
        })
    }
    return .with {
      $0.name = name
      $0.dims = shape.map(Int64.init)
      $0.dataType = elementType.onnx.rawValue
      $0.rawData = raw
    }
  }

  private static func littleEndian<Word: FixedWidthInteger>(_ words: [Word]) -> Data {
    words.map(\.littleEndian).withUnsafeBytes { Data($0) }
  }
}

extension ONNXFloatingPoint {
  fileprivate var onnx: ONNXElementType {
    switch self {
    case .float32: .float
    case .float64: .double
    }
  }
}
