extension ONNXReader {
  mutating func flatten(_ node: ONNXNode) throws {
    let value = try take(0, of: node)
    let shape = value.shape
    let attribute = try node.integer("axis") ?? 1
    let axis = try attribute == shape.count ? shape.count : normalized(attribute, rank: shape.count)
    try produce(node, value.reshaped([shape[..<axis].reduce(1, *), shape[axis...].reduce(1, *)]))
  }

  mutating func reshape(_ node: ONNXNode) throws {
    let value = try take(0, of: node)
    let shape = value.shape
    let target = try takeConstant(1, of: node, "shape").integers()
    guard target.count <= Self.largestRank else { throw ONNXFault("the shape has \(target.count) dimensions") }
    let copiesZeros = try !node.flag("allowzero")
    var result = try target.enumerated().map { axis, size in
      if size == 0, copiesZeros, shape.indices.contains(axis) { return shape[axis] }
      guard size > 0 || size == -1, let size = Int(exactly: size) else {
        throw ONNXFault("the shape asks for \(size) in dimension \(axis)")
      }
      return size
    }
    let open = result.indices.filter { result[$0] == -1 }
    if let axis = open.first, open.count == 1, let known = elementCount(result.filter { $0 != -1 }), known > 0 {
      result[axis] = shape.reduce(1, *) / known
    }
    guard open.count <= 1, elementCount(result) == shape.reduce(1, *) else {
      let text = target.map(String.init).joined(separator: ", ")
      throw ONNXFault("shape \(shapeText(shape)), of one sample, cannot become [\(text)]")
    }
    try produce(node, value.reshaped(result))
  }

  mutating func squeeze(_ node: ONNXNode) throws {
    let value = try take(0, of: node)
    let shape = value.shape
    let dropped = try axes(node, since: 13).map { try Set($0.map { try normalized($0, rank: shape.count) }) }
    if let axis = dropped?.first(where: { shape[$0] != 1 }) {
      throw ONNXFault("it drops dimension \(axis) of shape \(shapeText(shape)), which is not 1")
    }
    let kept = shape.indices.filter { axis in dropped.map { !$0.contains(axis) } ?? (shape[axis] != 1) }
    try produce(node, value.reshaped(kept.map { shape[$0] }))
  }

  mutating func unsqueeze(_ node: ONNXNode) throws {
    guard let axes = try axes(node, since: 13) else { throw ONNXFault("its axes are missing") }
    let value = try take(0, of: node)
    let rank = value.shape.count + axes.count
    let inserted = try Set(axes.map { try normalized($0, rank: rank) })
    guard inserted.count == axes.count else { throw ONNXFault("its axes name a dimension twice") }
    var rest = value.shape[...]
    try produce(node, value.reshaped((0..<rank).map { inserted.contains($0) ? 1 : rest.removeFirst() }))
  }

  mutating func transpose(_ node: ONNXNode) throws {
    let value = try take(0, of: node)
    let rank = value.shape.count
    let order =
      try node.integers("perm").map { try $0.map { try normalized($0, rank: rank) } } ?? (0..<rank).reversed()
    guard order.sorted() == Array(0..<rank) else { throw ONNXFault("perm is no permutation of \(rank) dimensions") }
    let steps = strides(of: value.shape)
    let shape = order.map { value.shape[$0] }
    try produce(node, value.gathered(shape, stridedIndices(shape, strides: order.map { steps[$0] })))
  }

  /// The axes of a node: an attribute before some operator set, input 1 since.
  func axes(_ node: ONNXNode, since version: Int64) throws -> [Int64]? {
    guard node.operatorSet >= version else { return try node.integers("axes") }
    return node.input(1) == nil ? nil : try takeConstant(1, of: node, "axes").integers()
  }
}
