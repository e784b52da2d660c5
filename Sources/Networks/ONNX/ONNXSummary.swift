import Foundation

/// What an ONNX file says about its graph, as far as its output needs it, whether or not the operators can be read.
public struct ONNXSummary: Sendable, Equatable {
  public let inputName: String
  /// The shape of one sample: an open batch dimension counts as 1.
  public let inputShape: [Int]
  public let outputName: String
  /// How many nodes there are of each operator.
  public let operators: [String: Int]
  /// The number of floating-point elements stored as initializers or `Constant` nodes.
  public let parameterCount: Int

  /// - Parameters:
  ///   - data: the bytes of the file.
  ///   - source: what messages call the file, for example its path.
  /// - Complexity: O(bytes).
  /// - Throws: `ONNXError` when the file is no ONNX model with one input of fixed shape and one output.
  public init(onnx data: Data, source: String) throws {
    self = try ONNXFile(data, source: source).withSingleGraph { try ONNXSummary($0) }
  }

  private init(_ graph: ONNXGraph) throws {
    inputName = graph.inputs[0].name
    inputShape = graph.inputs[0].shape
    outputName = graph.targets[0]
    operators = graph.nodes.reduce(into: [:]) { $0[$1.operatorName, default: 0] += 1 }
    var constants: [ONNXConstant] = []
    for name in Set(graph.nodes.flatMap(\.message.input)) {
      if let constant = try graph.constant(named: name) { constants.append(constant) }
    }
    for node in graph.nodes where node.message.opType == "Constant" { constants.append(try node.constant()) }
    parameterCount = constants.reduce(0) { count, constant in
      if case .real(let elements) = constant.values { count + elements.count } else { count }
    }
  }
}
