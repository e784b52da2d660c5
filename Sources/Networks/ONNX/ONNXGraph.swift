/// An ONNX graph as far as its one output needs it: the nodes in the order of computation, the constants by name.
struct ONNXGraph {
  let inputName: String
  /// The dimensions of the input for one sample: an open batch dimension counts as 1.
  let inputShape: [Int]
  let outputName: String
  /// The nodes on the way to the output, each after those whose values it uses.
  let nodes: [ONNXNode]
  private let initializers: [String: Onnx_TensorProto]

  /// - Complexity: O(nodes + edges).
  init(_ graph: Onnx_GraphProto, operatorSet: Int64) throws {
    var initializers: [String: Onnx_TensorProto] = [:]
    for tensor in graph.initializer {
      guard initializers.updateValue(tensor, forKey: tensor.name) == nil else {
        throw ONNXFault("two initializers are named \(quoted(tensor.name))")
      }
    }
    if let sparse = graph.sparseInitializer.first {
      throw ONNXFault("initializer \(quoted(sparse.values.name)) is sparse; accepted are dense initializers")
    }
    self.initializers = initializers

    let input = try Self.only(graph.input.filter { initializers[$0.name] == nil }, "input")
    inputName = input.name
    inputShape = try Self.shape(ofInput: input)
    outputName = try Self.only(graph.output, "output").name
    nodes = try Self.inOrder(
      graph.node.enumerated().map { ONNXNode(message: $1, index: $0, operatorSet: operatorSet) },
      output: outputName, given: { $0 == input.name || initializers[$0] != nil })
  }

  /// The initializer of a name, decoded; nil when there is none.
  func constant(named name: String) throws -> ONNXConstant? {
    try initializers[name].map { try ONNXConstant($0, label: "initializer \(quoted(name))") }
  }

  private static func only(_ values: [Onnx_ValueInfoProto], _ role: String) throws -> Onnx_ValueInfoProto {
    guard let value = values.first, values.count == 1 else {
      let names = values.prefix(5).map { quoted($0.name) } + (values.count > 5 ? ["..."] : [])
      let found = values.isEmpty ? "no \(role)" : "\(values.count) \(role)s (\(names.joined(separator: ", ")))"
      throw ONNXFault("the graph has \(found); accepted is a graph with one \(role)")
    }
    return value
  }

  private static func shape(ofInput input: Onnx_ValueInfoProto) throws -> [Int] {
    let label = "input \(quoted(input.name))"
    guard case .tensorType(let type)? = input.type.value else { throw ONNXFault("\(label) is not a tensor") }
    switch ONNXElementType(rawValue: type.elemType) {
    case .float, .double, .float16: break
    case .int32, .int64, .bool, nil:
      throw ONNXFault(
        "\(label) has element type \(ONNXElementType.name(of: type.elemType)); accepted are float, double, float16")
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
    return shape
  }

  /// The nodes that the output depends on, in topological order (Kahn's algorithm).
  private static func inOrder(
    _ nodes: [ONNXNode], output: String, given: (String) -> Bool
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
    guard producers[output] != nil || given(output) else {
      throw ONNXFault("no node produces the output \(quoted(output))")
    }

    var needed: Set<Int> = []
    var frontier = producers[output].map { [$0] } ?? []
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
