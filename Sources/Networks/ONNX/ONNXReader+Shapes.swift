extension ONNXReader {
  mutating func flatten(_ node: ONNXNode) throws {
    let attribute = try node.integer("axis") ?? 1
    try changeShape(node) { shape in
      let axis = try attribute == shape.count ? shape.count : normalized(attribute, rank: shape.count)
      return [shape[..<axis].reduce(1, *), shape[axis...].reduce(1, *)]
    }
  }

  mutating func reshape(_ node: ONNXNode) throws {
    let target = try takeConstant(1, of: node, "shape").integers()
    guard target.count <= Self.largestRank else { throw ONNXFault("the shape has \(target.count) dimensions") }
    let copiesZeros = try !node.flag("allowzero")
    try changeShape(node) { shape in
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
      return result
    }
  }

  mutating func squeeze(_ node: ONNXNode) throws {
    let axes = try axes(node)
    try changeShape(node) { shape in
      let dropped = try axes.map { try Set($0.map { try normalized($0, rank: shape.count) }) }
      if let axis = dropped?.first(where: { shape[$0] != 1 }) {
        throw ONNXFault("it drops dimension \(axis) of shape \(shapeText(shape)), which is not 1")
      }
      return shape.indices.filter { axis in dropped.map { !$0.contains(axis) } ?? (shape[axis] != 1) }.map { shape[$0] }
    }
  }

  mutating func unsqueeze(_ node: ONNXNode) throws {
    guard let axes = try axes(node) else { throw ONNXFault("its axes are missing") }
    try changeShape(node) { shape in
      let rank = shape.count + axes.count
      let inserted = try Set(axes.map { try normalized($0, rank: rank) })
      guard inserted.count == axes.count else { throw ONNXFault("its axes name a dimension twice") }
      var rest = shape[...]
      return (0..<rank).map { inserted.contains($0) ? 1 : rest.removeFirst() }
    }
  }

  mutating func transpose(_ node: ONNXNode) throws {
    let attribute = try node.integers("perm")
    func order(_ rank: Int) throws -> [Int] {
      let order = try attribute.map { try $0.map { try normalized($0, rank: rank) } } ?? (0..<rank).reversed()
      guard order.sorted() == Array(0..<rank) else { throw ONNXFault("perm is no permutation of \(rank) dimensions") }
      return order
    }
    switch try take(0, of: node) {
    case .stream(let shape):
      let order = try order(shape.count)
      let moved = order.filter { shape[$0] != 1 }
      if moved != moved.sorted() { try map.gather(transposedIndices(shape, order)) }
      try produce(node, shape: order.map { shape[$0] })
    case .constant(var constant):
      let order = try order(constant.shape.count)
      if constant.count > 0 {
        let sources = transposedIndices(constant.shape, order)
        switch constant.values {
        case .real(let values): constant.values = .real(sources.map { values[$0] })
        case .integer(let values): constant.values = .integer(sources.map { values[$0] })
        }
      }
      constant.shape = order.map { constant.shape[$0] }
      try define(node, constant)
    }
  }

  /// Gives the stream or a constant another shape with the same elements in the same order.
  private mutating func changeShape(_ node: ONNXNode, _ newShape: ([Int]) throws -> [Int]) throws {
    switch try take(0, of: node) {
    case .stream(let shape): try produce(node, shape: newShape(shape))
    case .constant(var constant):
      guard constant.count > 0 else { throw ONNXFault("\(constant.label) is empty") }
      constant.shape = try newShape(constant.shape)
      try define(node, constant)
    }
  }

  /// The axes of `Squeeze` and `Unsqueeze`: an attribute before operator set 13, an input since.
  private mutating func axes(_ node: ONNXNode) throws -> [Int64]? {
    guard node.operatorSet >= 13 else { return try node.integers("axes") }
    return node.input(1) == nil ? nil : try takeConstant(1, of: node, "axes").integers()
  }
}

/// An axis counted from the front; negative ones count from the back.
private func normalized(_ axis: Int64, rank: Int) throws -> Int {
  guard let small = Int(exactly: axis), -rank..<rank ~= small else {
    throw ONNXFault("axis \(axis) is out of range for \(rank) dimensions")
  }
  return small < 0 ? small + rank : small
}

private func transposedIndices(_ shape: [Int], _ order: [Int]) -> [Int] {
  let strides = strides(of: shape, broadcast: false)
  return stridedIndices(order.map { shape[$0] }, strides: order.map { strides[$0] })
}

/// How far apart neighbours along each dimension lie in row-major order; 0 along broadcast dimensions, those of size 1.
func strides(of shape: [Int], broadcast: Bool) -> [Int] {
  var stride = 1
  var strides: [Int] = []
  for size in shape.reversed() {
    strides.append(broadcast && size == 1 ? 0 : stride)
    stride *= size
  }
  return strides.reversed()
}

/// The storage indices of the elements of a shape, in row-major order, for given strides. O(elements × dimensions).
func stridedIndices(_ shape: [Int], strides: [Int]) -> [Int] {
  zip(shape, strides).reduce([0]) { indices, axis in
    axis.0 == 1 ? indices : indices.flatMap { base in (0..<axis.0).map { base + $0 * axis.1 } }
  }
}
