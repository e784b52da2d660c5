import Foundation
import SwiftProtobuf

/// An ONNX graph, node by node, for whoever knows the operators: names are strings, and nothing is checked but numbers and
/// size.
///
/// ```swift
/// var graph = ONNXGraphBuilder(name: "doubling", elementType: .float32)
/// graph.input("x", [.open("N"), .fixed(1)])
/// try graph.constant("two", [1], [2])
/// graph.node("Mul", ["x", "two"], ["y"])
/// graph.output("y", [.open("N"), .fixed(1)])
/// try graph.data().write(to: url)
/// ```
public struct ONNXGraphBuilder {
  public enum Extent: Sendable, Hashable {
    case fixed(Int)
    /// Known when the model runs.
    case open(String)
  }

  public enum Attribute: Sendable, Hashable {
    case integer(Int)
    case integers([Int])
    case texts([String])
    case numbers([Double])
  }

  private let elementType: ONNXFloatingPoint
  private var graph = Onnx_GraphProto()

  public init(name: String, elementType: ONNXFloatingPoint) {
    self.elementType = elementType
    graph.name = name
  }

  public mutating func input(_ name: String, _ shape: [Extent]) {
    graph.input.append(value(name, shape))
  }

  public mutating func output(_ name: String, _ shape: [Extent]) {
    graph.output.append(value(name, shape))
  }

  private func value(_ name: String, _ shape: [Extent]) -> Onnx_ValueInfoProto {
    .with {
      $0.name = name
      $0.type.tensorType.elemType =
        (elementType == .float32 ? ONNXElementType.float : .double).rawValue
      $0.type.tensorType.shape.dim = shape.map { extent in
        .with {
          switch extent {
          case .fixed(let count): $0.dimValue = Int64(count)
          case .open(let name): $0.dimParam = name
          }
        }
      }
    }
  }

  /// Numbers in the graph's type. Throws `ONNXError` for one beyond the range of float32 when that is it.
  public mutating func constant(_ name: String, _ shape: [Int], _ values: [Double]) throws {
    var tensor = Onnx_TensorProto()
    tensor.name = name
    tensor.dims = shape.map(Int64.init)
    switch elementType {
    case .float64:
      tensor.dataType = ONNXElementType.double.rawValue
      tensor.rawData = values.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
    case .float32:
      let floats = values.map { Float($0) }
      guard let place = floats.firstIndex(where: { !$0.isFinite }) else {
        tensor.dataType = ONNXElementType.float.rawValue
        tensor.rawData = floats.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) }
        break
      }
      throw ONNXError(
        source: nil,
        message:
          "\(name) holds \(values[place]), which is beyond the range of float32; write it as float64"
      )
    }
    graph.initializer.append(tensor)
  }

  /// Integers of 64 bits: axes, indices, shapes.
  public mutating func constant(_ name: String, integers: [Int]) {
    graph.initializer.append(
      .with {
        $0.name = name
        $0.dims = [Int64(integers.count)]
        $0.dataType = ONNXElementType.int64.rawValue
        $0.rawData = integers.map { Int64($0).littleEndian }.withUnsafeBytes { Data($0) }
      })
  }

  public mutating func node(
    _ operation: String, _ inputs: [String], _ outputs: [String],
    _ attributes: [(String, Attribute)] = []
  ) {
    graph.node.append(
      .with {
        $0.opType = operation
        $0.name = "\(operation.lowercased())\(graph.node.count)"
        $0.input = inputs
        $0.output = outputs
        $0.attribute = attributes.map { name, value in
          .with {
            $0.name = name
            switch value {
            case .integer(let number): ($0.type, $0.i) = (.int, Int64(number))
            case .integers(let numbers): ($0.type, $0.ints) = (.ints, numbers.map(Int64.init))
            case .texts(let texts): ($0.type, $0.strings) = (.strings, texts.map { Data($0.utf8) })
            case .numbers(let numbers): ($0.type, $0.floats) = (.floats, numbers.map { Float($0) })
            }
          }
        }
      })
  }

  /// The model: operator set 13, IR version 8. Throws `ONNXError` when it exceeds the 2 GiB of a protobuf message.
  public func data() throws -> Data {
    let model = Onnx_ModelProto.with {
      $0.irVersion = 8
      $0.producerName = "pleat"
      $0.opsetImport = [.with { ($0.domain, $0.version) = ("", 13) }]
      $0.graph = graph
    }
    do {
      return try model.serializedBytes()
    } catch {
      throw ONNXError(source: nil, message: "the model has too many parameters for one ONNX file")
    }
  }
}
