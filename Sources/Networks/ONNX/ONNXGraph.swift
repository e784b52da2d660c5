/// An ONNX graph as far as its outputs need it, and inner values that are asked for: the nodes in the order of computation,
/// the constants by name.
struct ONNXGraph {
  struct Input {
    let name: String
    /// The dimensions for one sample: an open batch dimension counts as 1.
    let shape: [Int]
    /// By its number in `TensorProto.DataType`.
    let elementType: Int32

    /// The number of elements.
    var count: Int { shape.reduce(1, *) }
  }

  /// Those without an initializer.
  let inputs: [Input]
  /// The values that are computed: the outputs in the order of the file, then the inner values that were asked for.
  let targets: [String]
  /// The nodes on the way to the targets, each after those whose values it uses.
  let nodes: [ONNXNode]
  /// The version of the standard operator set.
  let operatorSet: Int
  private let initializers: [String: Onnx_TensorProto]

  /// - Parameter hidden: names of outputs of nodes.
  /// - Complexity: O(nodes + edges).
  init(_ graph: Onnx_GraphProto, operatorSet: Int64, hidden: [String] = []) throws {
    self.operatorSet = Int(operatorSet)
    initializers = try Self.initializers(of: graph)
    let known = initializers
    let listed = graph.input.filter { known[$0.name] == nil }
    guard !listed.isEmpty else { throw ONNXFault("the graph has no input; accepted are graphs with one or more") }
    guard !graph.output.isEmpty else {
      throw ONNXFault("the graph has no output; accepted are graphs with one or more")
    }
    inputs = try listed.map(Self.input)
    guard inputs.reduce(0, { $0 + $1.count }) <= ONNXReader.largestWidth else {
      throw ONNXFault("the inputs have too many elements; accepted are up to \(ONNXReader.largestWidth) together")
    }
    let inputNames = Set(inputs.map(\.name))
    guard inputNames.count == inputs.count else { throw ONNXFault("two inputs of the graph have the same name") }
    targets = graph.output.map(\.name) + hidden
    nodes = try Self.inOrder(
      graph.node.enumerated().map { ONNXNode(message: $1, index: $0, operatorSet: operatorSet) },
      outputs: graph.output.map(\.name), hidden: hidden, given: { inputNames.contains($0) || known[$0] != nil })
  }

  /// Refuses a graph that has not just one input without an initializer, and one output.
  static func checkOneInputAndOutput(_ graph: Onnx_GraphProto) throws {
    let initializers = try initializers(of: graph)
    try checkOne(graph.input.filter { initializers[$0.name] == nil }, "input")
    try checkOne(graph.output, "output")
  }

  private static func initializers(of graph: Onnx_GraphProto) throws -> [String: Onnx_TensorProto] {
    var initializers: [String: Onnx_TensorProto] = [:]
    for tensor in graph.initializer {
      guard initializers.updateValue(tensor, forKey: tensor.name) == nil else {
        throw ONNXFault("two initializers are named \(quoted(tensor.name))")
      }
    }
    if let sparse = graph.sparseInitializer.first {
      throw ONNXFault("initializer \(quoted(sparse.values.name)) is sparse; accepted are dense initializers")
    }
    return initializers
  }

  /// The initializer of a name, decoded; nil when there is none.
  func constant(named name: String) throws -> ONNXConstant? {
    try initializers[name].map { try ONNXConstant($0, label: "initializer \(quoted(name))") }
  }

  /// The message of the initializer of a name.
  func initializer(named name: String) -> Onnx_TensorProto? { initializers[name] }

  private static func checkOne(_ values: [Onnx_ValueInfoProto], _ role: String) throws {
    guard values.count != 1 else { return }
    let names = values.prefix(5).map { quoted($0.name) } + (values.count > 5 ? ["..."] : [])
    let found = values.isEmpty ? "no \(role)" : "\(values.count) \(role)s (\(names.joined(separator: ", ")))"
    throw ONNXFault("the graph has \(found); accepted is a graph with one \(role)")
  }

  private static func input(_ input: Onnx_ValueInfoProto) throws -> Input {
    let label = "input \(quoted(input.name))"
    guard case .tensorType(let type)? = input.type.value else { throw ONNXFault("\(label) is not a tensor") }
    switch ONNXElementType(rawValue: type.elemType) {
    case .float, .double, .float16, .bfloat16: break
    case .int32, .int64, .bool, nil:
      throw ONNXFault(
        "\(label) has element type \(ONNXElementType.name(of: type.elemType)); accepted are float, double,"
          + " float16, bfloat16")
    }
    let dimensions = type.shape.dim
    guard type.hasShape, dimensions.count <= ONNXReader.largestRank else {
      let found = type.hasShape ? "\(dimensions.count) dimensions" : "no shape"
      throw ONNXFault(
        "\(label) has \(found); accepted is a fixed shape of up to"
          + " \(ONNXReader.largestRank) dimensions")
    }
    let shape = try dimensions.enumerated().map { axis, dimension in
      if case .dimValue(let value)? = dimension.value, value > 0, let size = Int(exactly: value) { return size }
      // Converters write an open batch as a name, as nothing, as 0 or as -1.
      guard axis == 0, dimensions.count > 1 else {
        throw ONNXFault(
          "\(label) leaves dimension \(axis) open; accepted are fixed dimensions, after an open first one for the batch"
        )
      }
      return 1
    }
    guard let count = elementCount(shape), count <= ONNXReader.largestWidth else {
      throw ONNXFault("\(label) has shape \(shapeText(shape)); accepted are up to \(ONNXReader.largestWidth) elements")
    }
    return Input(name: input.name, shape: shape, elementType: type.elemType)
  }

  /// The nodes that the targets depend on, in topological order (Kahn's algorithm).
  private static func inOrder(
    _ nodes: [ONNXNode], outputs: [String], hidden: [String], given: (String) -> Bool
  ) throws -> [ONNXNode] {
    var producers: [String: Int] = [:]
    for node in nodes {
      for name in node.message.output where !name.isEmpty {
        if let other = producers.updateValue(node.index, forKey: name) {
          throw ONNXFault("\(node) and \(nodes[other]) both produce \(quoted(name))")
        }
        guard !given(name) else {
          throw ONNXFault("\(node) produces \(quoted(name)), which is already an input or an initializer of the graph")
        }
      }
    }
    for output in outputs where producers[output] == nil && !given(output) {
      throw ONNXFault("no node produces the output \(quoted(output))")
    }
    for name in hidden where producers[name] == nil { throw ONNXFault("no node produces the value \(quoted(name))") }

    var needed: Set<Int> = []
    var frontier = (outputs + hidden).compactMap { producers[$0] }
    var waitingFor = Array(repeating: 0, count: nodes.count)
    var users = Array(repeating: [Int](), count: nodes.count)
    while let index = frontier.popLast() {
      guard needed.insert(index).inserted else { continue }
      for name in nodes[index].message.input where !name.isEmpty && !given(name) {
        guard let producer = producers[name] else {
          throw ONNXFault("\(nodes[index]) uses \(quoted(name)), which nothing produces")
        }
        waitingFor[index] += 1
        users[producer].append(index)
        frontier.append(producer)
      }
    }

    var ready = needed.filter { waitingFor[$0] == 0 }.sorted(by: >)
    var ordered: [ONNXNode] = []
    while let index = ready.popLast() {
      ordered.append(nodes[index])
      for user in users[index] {
        waitingFor[user] -= 1
        if waitingFor[user] == 0 { ready.append(user) }
      }
    }
    guard ordered.count == needed.count else {
      let stuck = needed.filter { waitingFor[$0] > 0 }.min().map { "\(nodes[$0])" } ?? "a node"
      throw ONNXFault("the graph has a cycle, at or before \(stuck); accepted are graphs without cycles")
    }
    return ordered
  }
}
