/// Walks a graph from its input to its output, and folds what it meets into alternating affine layers and ReLUs.
///
/// Exactly one value depends on the input at any time, the stream: its shape is that of one sample, and it is the
/// affine map `map` of the last ReLU's output (or of the input), flattened row after row.
struct ONNXReader {
  /// The largest number of coordinates of a stream. The shape of the input is a mere claim of the file: without a
  /// bound, one number in a header could ask for any amount of memory.
  static let largestWidth = 1 << 24
  /// The largest number of weights, 1 GiB. Folding and repeating multiply: without a bound, a file of a few kilobytes
  /// could ask for terabytes.
  static let largestParameterCount = 1 << 27
  /// The largest number of dimensions. Work on shapes grows with it, and a crafted file could claim millions.
  static let largestRank = 64
  /// The versions of the standard operator set whose definitions the steps follow.
  static let operatorSets: ClosedRange<Int64> = 7...28

  static let operators = [
    "Gemm", "MatMul", "Add", "Sub", "Mul", "Div", "Neg", "Relu", "Identity", "Dropout", "Cast", "Constant", "Flatten",
    "Reshape", "Squeeze", "Unsqueeze", "Transpose",
  ]

  /// An input of a node: the stream, by the shape it has there, or a constant.
  enum Operand {
    case stream(shape: [Int])
    case constant(ONNXConstant)
  }

  private let graph: ONNXGraph
  private var constants: [String: ONNXConstant] = [:]
  private var constantCount = 0
  private var stream: (name: String, shape: [Int])
  private var users: [String: String] = [:]
  private var layers: [Layer] = []
  private var parameterCount = 0
  var map: AffineMap

  private init(_ graph: ONNXGraph) {
    self.graph = graph
    stream = (graph.inputName, graph.inputShape)
    map = AffineMap(identity: graph.inputShape.reduce(1, *))
  }

  /// The layers that a graph computes. O(parameters) when nothing needs folding.
  static func layers(of graph: ONNXGraph) throws -> [Layer] {
    var reader = ONNXReader(graph)
    for node in graph.nodes {
      do {
        try reader.apply(node)
      } catch let fault as ONNXFault {
        throw ONNXFault("\(node): \(fault.message)")
      }
    }
    guard reader.stream.name == graph.outputName else {
      throw ONNXFault("the output \(quoted(graph.outputName)) does not depend on the input \(quoted(graph.inputName))")
    }
    if reader.layers.isEmpty || !reader.map.isIdentity { try reader.closeLayer() }
    return reader.layers
  }

  private mutating func apply(_ node: ONNXNode) throws {
    guard ["", "ai.onnx"].contains(node.message.domain) else {
      throw ONNXFault("the operator is of the domain \(quoted(node.message.domain)); accepted is the standard domain")
    }
    switch node.message.opType {
    case "Gemm": try gemm(node)
    case "MatMul": try matMul(node)
    case "Add", "Sub", "Mul", "Div": try arithmetic(node)
    case "Neg": try negate(node)
    case "Relu": try rectify(node)
    case "Identity": try pass(node)
    case "Dropout": try dropout(node)
    case "Cast": try cast(node)
    case "Constant": try define(node, node.constant())
    case "Flatten": try flatten(node)
    case "Reshape": try reshape(node)
    case "Squeeze": try squeeze(node)
    case "Unsqueeze": try unsqueeze(node)
    case "Transpose": try transpose(node)
    default:
      throw ONNXFault("the operator is not accepted; accepted are \(Self.operators.joined(separator: ", "))")
    }
  }

  /// Takes an input of a node. The stream can be taken once: the graph is a chain.
  mutating func take(_ position: Int, of node: ONNXNode) throws -> Operand {
    guard let name = node.input(position) else { throw ONNXFault("input \(position) is missing") }
    if let constant = try constants[name] ?? graph.constant(named: name) { return .constant(constant) }
    if let other = users[name] {
      throw ONNXFault(
        "it uses \(quoted(name)), which \(other) uses already;"
          + " accepted is a chain, without branches or skip connections"
      )
    }
    guard name == stream.name else {
      throw ONNXFault("it uses \(quoted(name)), which is not the first output of the node that produces it")
    }
    users[name] = "\(node)"
    return .stream(shape: stream.shape)
  }

  /// Takes an input that must be a constant.
  mutating func takeConstant(_ position: Int, of node: ONNXNode, _ role: String) throws -> ONNXConstant {
    guard case .constant(let constant) = try take(position, of: node) else {
      throw ONNXFault("its \(role) (input \(position)) depends on the network's input; accepted is a constant")
    }
    return constant
  }

  /// Makes the stream a node's output.
  mutating func produce(_ node: ONNXNode, shape: [Int]) throws {
    try checkRank(shape)
    stream = (node.message.output.first ?? "", shape)
  }

  /// Makes a constant a node's output.
  mutating func define(_ node: ONNXNode, _ constant: ONNXConstant) throws {
    try checkRank(constant.shape)
    constantCount += constant.count
    guard constantCount <= Self.largestParameterCount else {
      throw ONNXFault("the constants up to here have more than \(Self.largestParameterCount) elements")
    }
    constants[node.message.output.first ?? ""] = constant
  }

  private func checkRank(_ shape: [Int]) throws {
    guard shape.count <= Self.largestRank else {
      throw ONNXFault("the result has \(shape.count) dimensions; accepted are up to \(Self.largestRank)")
    }
  }

  private mutating func rectify(_ node: ONNXNode) throws {
    guard case .stream(let shape) = try take(0, of: node) else { throw ONNXFault.bothConstant }
    if case .relu? = layers.last, map.isIdentity {
      // The ReLU of a ReLU is the same.
    } else {
      try closeLayer()
      layers.append(.relu)
    }
    try produce(node, shape: shape)
  }

  private mutating func closeLayer() throws {
    let layer = try map.layer()
    guard case .affine(let weights, let bias) = layer else { return }
    parameterCount += weights.elements.count + bias.count
    guard parameterCount <= Self.largestParameterCount else {
      throw ONNXFault("the network up to here has more than \(Self.largestParameterCount) parameters")
    }
    guard weights.elements.allSatisfy(\.isFinite), bias.allSatisfy(\.isFinite) else {
      throw ONNXFault("folding the affine steps that end here into one layer leaves the range of double precision")
    }
    layers.append(layer)
    map = AffineMap(identity: weights.rows)
  }
}

extension ONNXFault {
  static var bothConstant: ONNXFault {
    ONNXFault("none of its inputs depends on the network's input; fold such constants when exporting")
  }
}
