extension ONNXReader {
  /// `GlobalMaxPool` and `GlobalAveragePool`, over all dimensions after batch and channel.
  mutating func globalPool(_ node: ONNXNode) throws {
    let tensor = try takeTensor(0, of: node)
    guard tensor.shape.count > 2 else {
      throw ONNXFault("the tensor has shape \(shapeText(tensor.shape)); accepted is [batch, channels, ...]")
    }
    let kind = node.message.opType == "GlobalMaxPool" ? "ReduceMax" : "ReduceMean"
    try reduce(node, tensor, over: Set(2..<tensor.shape.count), keepsAxes: true, kind)
  }

  /// `ReduceSum`, `ReduceMean`, `ReduceMax`, `ReduceMin`; the axes are an attribute in older operator sets.
  mutating func reduce(_ node: ONNXNode) throws {
    let value = try take(0, of: node)
    let rank = value.shape.count
    let listed = try axes(node, since: node.message.opType == "ReduceSum" ? 13 : 18) ?? []
    if listed.isEmpty, try node.flag("noop_with_empty_axes") { return try produce(node, value) }
    let axes = listed.isEmpty ? Set(0..<rank) : try Set(listed.map { try normalized($0, rank: rank) })
    try reduce(
      node, value.tensor(), over: axes, keepsAxes: node.integer("keepdims") ?? 1 != 0, node.message.opType)
  }

  private mutating func reduce(
    _ node: ONNXNode, _ tensor: FormTensor, over axes: Set<Int>, keepsAxes: Bool, _ kind: String
  ) throws {
    let steps = strides(of: tensor.shape)
    let (inner, outer) = (axes.sorted(), tensor.shape.indices.filter { !axes.contains($0) })
    let group = stridedIndices(inner.map { tensor.shape[$0] }, strides: inner.map { steps[$0] })
    let starts = stridedIndices(outer.map { tensor.shape[$0] }, strides: outer.map { steps[$0] })
    guard !group.isEmpty else { throw ONNXFault("it reduces a dimension of 0 in shape \(shapeText(tensor.shape))") }
    var sum = emptySum
    units.beginLayer(node.label)
    let forms = try starts.map { start in
      let members = group.lazy.map { tensor.forms[start + $0] }
      switch kind {
      case "ReduceMax": return try maximum(members, sign: 1)
      case "ReduceMin": return try maximum(members, sign: -1)
      default:
        var members = Array(members)
        return try taken(&sum, of: &members) { sum, members in
          for member in members { sum.add(member, times: kind == "ReduceMean" ? 1 / Double(group.count) : 1) }
        }
      }
    }
    let shape = tensor.shape.enumerated().compactMap { axis, size in
      axes.contains(axis) ? (keepsAxes ? 1 : nil) : size
    }
    try produce(node, .forms(FormTensor(shape: shape, forms: forms)))
  }
}
