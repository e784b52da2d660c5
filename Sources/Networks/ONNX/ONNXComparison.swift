/// Follows two graphs from their outputs to their inputs, side by side, and says where they first differ.
///
/// Names, element types and the values of weights may differ.
struct ONNXComparison {
  private let graphs: (ONNXGraph, ONNXGraph)
  /// For each graph, the node that produces a name, and as which of its outputs.
  private let producers: ([String: (node: ONNXNode, output: Int)], [String: (node: ONNXNode, output: Int)])
  /// The names of the first graph with their partners in the second, and the other way round.
  private var partners: ([String: String], [String: String]) = ([:], [:])
  /// The pairs whose partners have to be looked at.
  private var agenda: [(String, String)] = []

  init(_ first: ONNXGraph, _ second: ONNXGraph) {
    graphs = (first, second)
    producers = (Self.producers(first), Self.producers(second))
  }

  private static func producers(_ graph: ONNXGraph) -> [String: (node: ONNXNode, output: Int)] {
    var producers: [String: (node: ONNXNode, output: Int)] = [:]
    for node in graph.nodes {
      for (position, name) in node.message.output.enumerated() where !name.isEmpty {
        producers[name] = (node, position)
      }
    }
    return producers
  }

  /// Nil when there is none. O(nodes + edges).
  mutating func difference() -> String? {
    let (first, second) = graphs
    if first.inputs.count != second.inputs.count {
      return "one has \(first.inputs.count) inputs, the other \(second.inputs.count)"
    }
    for (one, two) in zip(first.inputs, second.inputs) {
      if one.shape != two.shape {
        return "the inputs \(quoted(one.name)) and \(quoted(two.name)) have the shapes \(shapeText(one.shape)) and"
          + " \(shapeText(two.shape))"
      }
      (partners.0[one.name], partners.1[two.name]) = (two.name, one.name)
    }
    if first.targets.count != second.targets.count {
      return "one has \(first.targets.count) outputs, the other \(second.targets.count)"
    }
    for (one, two) in zip(first.targets, second.targets) {
      if let difference = pair(one, two) { return difference }
    }
    while let (one, two) = agenda.popLast() {
      if let difference = compare(one, two) { return difference }
    }
    return nil
  }

  /// Makes two names partners, to be compared later; says why when they cannot be.
  private mutating func pair(_ one: String, _ two: String) -> String? {
    switch (partners.0[one], partners.1[two]) {
    case (two?, one?): return nil
    case (nil, nil):
      (partners.0[one], partners.1[two]) = (two, one)
      agenda.append((one, two))
      return nil
    default: return "\(quoted(one)) and \(quoted(two)) are used at the same place, but not at others"
    }
  }

  private mutating func compare(_ one: String, _ two: String) -> String? {
    switch (producers.0[one], producers.1[two]) {
    case (let first?, let second?): return compare(first, second)
    case (nil, nil):
      let shapes = (graphs.0.initializer(named: one)?.dims, graphs.1.initializer(named: two)?.dims)
      // An input has its partner already, so that both are weights here, or empty for an operand that is left out.
      guard shapes.0 != shapes.1 else { return nil }
      return "the weights \(quoted(one)) and \(quoted(two)) have different shapes"
    default: return "\(quoted(one)) and \(quoted(two)) are used at the same place, but only one is computed"
    }
  }

  private mutating func compare(
    _ one: (node: ONNXNode, output: Int), _ two: (node: ONNXNode, output: Int)
  ) -> String? {
    let (first, second) = (one.node.message, two.node.message)
    guard first.opType == second.opType, first.domain == second.domain, one.output == two.output,
      first.input.count == second.input.count
    else { return "\(one.node) and \(two.node) are different operators" }
    guard Self.attributes(first) == Self.attributes(second) else {
      return "\(one.node) and \(two.node) have different attributes"
    }
    for (left, right) in zip(first.input, second.input) {
      guard left.isEmpty == right.isEmpty else { return "\(one.node) and \(two.node) have different operands" }
      if left.isEmpty { continue }
      if let difference = pair(left, right) { return difference }
    }
    return nil
  }

  /// The attributes by name, of tensors the shape alone.
  private static func attributes(_ node: Onnx_NodeProto) -> [String: Onnx_AttributeProto] {
    var attributes: [String: Onnx_AttributeProto] = [:]
    for var attribute in node.attribute {
      if attribute.hasT {
        var shape = Onnx_TensorProto()
        shape.dims = attribute.t.dims
        attribute.t = shape
      }
      attributes[attribute.name] = attribute
    }
    return attributes
  }
}
