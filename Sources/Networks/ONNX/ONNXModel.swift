import Foundation
import SwiftProtobuf

/// An ONNX model with any number of inputs and outputs: its interface, and its function as units.
///
/// ```swift
/// let model = try ONNXModel.read(path: "controller.onnx")
/// print(model.inputs.map(\.shape), model.operators)
/// let function = try model.function(hidden: ["relu_1"])
/// print(function.network.unitCount, function.hiddenShapes)
/// ```
///
/// Two are equal when the files say the same, whatever they are called.
public struct ONNXModel: Sendable {
  /// An input or an output, as the file declares it.
  public struct Tensor: Sendable, Hashable {
    public let name: String
    /// The shape of one sample: an open first dimension of several, the batch, counts as 1. Nil when the file leaves
    /// another one open, which an output may.
    public let shape: [Int]?
    /// With the width in its name, as in float32 and int64; "undefined" when the file has none.
    public let elementType: String
  }

  /// What a model computes.
  public struct Function: Sendable {
    /// Its inputs are the elements of the model's inputs, one tensor after the other, row after row; its outputs in the
    /// same way those of the model's outputs, then of the inner values.
    public let network: UnitNetwork
    /// One for each output.
    public let outputShapes: [[Int]]
    /// One for each inner value that was asked for.
    public let hiddenShapes: [[Int]]
  }

  /// What messages call the file.
  public let source: String
  /// At least one, in the order of the file; those that have an initializer are none.
  public let inputs: [Tensor]
  /// At least one, in the order of the file.
  public let outputs: [Tensor]
  /// The version of the standard operator set that the model imports.
  public let operatorSet: Int
  /// How many nodes there are of each operator, as far as the outputs need them.
  public let operators: [String: Int]
  private let file: ONNXFile

  /// Reads the interface of a model.
  ///
  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - source: what messages call the file, for example its path.
  /// - Complexity: O(bytes).
  /// - Throws: `ONNXError` when the bytes are no ONNX model, or its graph is none: a cycle, a value that nothing produces,
  ///   an input that is no floating-point tensor of fixed shape. The operators are not looked at.
  public init(_ data: Data, source: String) throws {
    try self.init(ONNXFile(data, source: source))
  }

  /// Reads the interface of a model from a file; see `init(_:source:)`.
  ///
  /// - Throws: `ONNXError`, also when the file cannot be read.
  public static func read(path: String) throws -> ONNXModel {
    try ONNXModel(ONNXFile.contents(ofPath: path), source: path)
  }

  init(_ file: ONNXFile) throws {
    self.file = file
    source = file.source
    let graph = try file.withGraph { $0 }
    inputs = graph.inputs.map {
      Tensor(name: $0.name, shape: $0.shape, elementType: ONNXElementType.standardName(of: $0.elementType))
    }
    outputs = file.message.graph.output.map { output in
      let type = output.type.tensorType
      return Tensor(
        name: output.name, shape: Self.shape(of: type), elementType: ONNXElementType.standardName(of: type.elemType))
    }
    operatorSet = graph.operatorSet
    operators = graph.nodes.reduce(into: [:]) { $0[$1.operatorName, default: 0] += 1 }
  }

  private static func shape(of type: Onnx_TypeProto.Tensor) -> [Int]? {
    guard type.hasShape else { return nil }
    var shape: [Int] = []
    for (axis, dimension) in type.shape.dim.enumerated() {
      if case .dimValue(let value)? = dimension.value, value > 0, let size = Int(exactly: value) {
        shape.append(size)
      } else if axis == 0, type.shape.dim.count > 1 {
        shape.append(1)
      } else {
        return nil
      }
    }
    return shape
  }

  /// The operators that are read where they act on a network's input, or make or move constants, by name.
  ///
  /// Products and quotients need a constant, `Where` a constant condition, `Cast` of what is not constant a floating-point
  /// type.
  public static let supportedOperators = ONNXReader.operators.map(\.key).sorted()

  /// The versions of the standard operator set that are read.
  public static let supportedOperatorSets =
    Int(ONNXReader.operatorSets.lowerBound)...Int(ONNXReader.operatorSets.upperBound)

  /// The names of all values that nodes of the graph compute, needed or not, in the order of the file.
  public var nodeOutputs: [String] { file.message.graph.node.flatMap(\.output).filter { !$0.isEmpty } }

  /// The model's function in real arithmetic, by the rules of `UnitNetwork.init(onnx:source:)`; an output may be constant.
  ///
  /// Unlike there, folding rounds nothing: where double precision does not hold a coefficient, what would be folded stands
  /// as units that never bend. What is left is rounded once, where it is computed from constants alone: the reciprocals
  /// of divisors and of the numbers of elements averaged, the factors and offsets of batch normalisation, the results of
  /// operators of constants.
  ///
  /// - Parameter hidden: the names of inner values, of ``nodeOutputs``, that become outputs too.
  /// - Complexity: O(weights after unfolding convolutions), plus the products of affine maps that follow one another.
  /// - Throws: `ONNXError`, which names the node or tensor that cannot be read and says what is accepted.
  public func function(hidden: [String] = []) throws -> Function {
    let (network, shapes) = try file.withGraph(hidden: hidden) { try ONNXReader.targets(of: $0) }
    return Function(
      network: network, outputShapes: Array(shapes.prefix(outputs.count)),
      hiddenShapes: Array(shapes.dropFirst(outputs.count)))
  }

  /// The network of ``function(hidden:)``.
  public func units(hidden: [String] = []) throws -> UnitNetwork { try function(hidden: hidden).network }

  /// How the graph differs from another's, or nil when they differ in names, element types and the values of weights
  /// alone.
  ///
  /// Both are followed from their outputs to their inputs; operators, attributes, the order of operands and the shapes of
  /// weights must agree. O(nodes + edges).
  public func difference(from other: ONNXModel) throws -> String? {
    let (mine, theirs) = (try file.withGraph { $0 }, try other.file.withGraph { $0 })
    var comparison = ONNXComparison(mine, theirs)
    return comparison.difference()
  }
}

extension ONNXModel: Equatable {
  public static func == (left: Self, right: Self) -> Bool { left.file.message == right.file.message }
}
