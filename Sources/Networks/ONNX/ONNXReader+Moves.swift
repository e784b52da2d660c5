extension ONNXReader {
  mutating func concatenate(_ node: ONNXNode) throws {
    let parts = try node.message.input.indices.map { try take($0, of: node) }
    guard let first = parts.first, let attribute = try node.integer("axis") else {
      throw ONNXFault("its inputs or its axis are missing")
    }
    let axis = try normalized(attribute, rank: first.shape.count)
    for part in parts
    where part.shape.count != first.shape.count
      || first.shape.indices.contains(where: { $0 != axis && part.shape[$0] != first.shape[$0] })
    {
      throw ONNXFault(
        "the shapes \(shapeText(first.shape)) and \(shapeText(part.shape)) differ outside of dimension \(axis)")
    }
    var shape = first.shape
    shape[axis] = parts.reduce(0) { $0 + $1.shape[axis] }
    _ = try checkedCount(shape)
    let rows = shape[..<axis].reduce(1, *)

    func joined<Element>(_ elements: [[Element]]) -> [Element] {
      (0..<rows).flatMap { row in
        elements.flatMap { part in part[part.count / rows * row..<part.count / rows * (row + 1)] }
      }
    }
    var integers: [[Int64]] = []
    for case .constant(let constant) in parts {
      if case .integer(let values) = constant.values { integers.append(values) }
    }
    if integers.count == parts.count, rows > 0 {
      let label = "constant \(quoted(node.message.output.first ?? ""))"
      let constant = ONNXConstant(label: label, shape: shape, values: .integer(joined(integers)))
      return try produce(node, .constant(constant))
    }
    try produce(node, .forms(FormTensor(shape: shape, forms: joined(parts.map { try $0.tensor().forms }))))
  }

  /// `Split`, by sizes (an attribute before operator set 13, an input since) or into parts of equal size.
  mutating func split(_ node: ONNXNode) throws {
    let value = try take(0, of: node)
    let axis = try normalized(node.integer("axis") ?? 0, rank: value.shape.count)
    let size = value.shape[axis]
    let given =
      node.operatorSet < 13
      ? try node.integers("split") : node.input(1) == nil ? nil : try takeConstant(1, of: node, "split").integers()
    let count = node.message.output.count
    let part = (size + count - 1) / max(count, 1)
    let sizes = try given.map { try lengths($0, "split") } ?? (0..<count).map { min(part, max(0, size - $0 * part)) }
    guard sizes.count == count, sizes.allSatisfy({ $0 <= size }), sizes.reduce(0, +) == size else {
      throw ONNXFault("it splits dimension \(axis), of size \(size), into \(shapeText(sizes)) for \(count) outputs")
    }
    var first = 0
    for (output, size) in sizes.enumerated() {
      try produce(node, sliced(value, axis: axis, Array(first..<first + size)), output: output)
      first += size
    }
  }

  /// The value with only some positions along a dimension, in their order.
  private func sliced(_ value: ONNXValue, axis: Int, _ positions: [Int]) -> ONNXValue {
    var shape = value.shape
    let (rows, old, inner) = (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
    shape[axis] = positions.count
    var indices: [Int] = []
    indices.reserveCapacity(rows * positions.count * inner)
    for row in 0..<rows {
      for position in positions {
        let first = (row * old + position) * inner
        indices += first..<first + inner
      }
    }
    return value.gathered(shape, indices)
  }

  /// `Slice`, by attributes before operator set 10, by inputs since.
  mutating func slice(_ node: ONNXNode) throws {
    var value = try take(0, of: node)
    func numbers(_ position: Int, _ name: String) throws -> [Int64]? {
      if node.operatorSet < 10 { return try node.integers(name) }
      return node.input(position) == nil ? nil : try takeConstant(position, of: node, name).integers()
    }
    guard let starts = try numbers(1, "starts"), let ends = try numbers(2, "ends") else {
      throw ONNXFault("its starts or its ends are missing")
    }
    let axes = try numbers(3, "axes") ?? starts.indices.map(Int64.init)
    let steps = try numbers(4, "steps") ?? Array(repeating: 1, count: starts.count)
    guard ends.count == starts.count, axes.count == starts.count, steps.count == starts.count else {
      throw ONNXFault("its starts, ends, axes and steps are not equally many")
    }
    for index in starts.indices {
      let axis = try normalized(axes[index], rank: value.shape.count)
      let positions = try Self.positions(
        from: starts[index], to: ends[index], by: steps[index], size: value.shape[axis])
      value = sliced(value, axis: axis, positions)
    }
    try produce(node, value)
  }

  private static func positions(from start: Int64, to end: Int64, by step: Int64, size: Int) throws -> [Int] {
    guard step != 0, step != .min else { throw ONNXFault("a step is \(step); accepted are steps other than 0") }
    let size = Int64(size)
    func counted(_ position: Int64, _ range: ClosedRange<Int64>) -> Int64 {
      min(max(position < 0 ? position + size : position, range.lowerBound), range.upperBound)
    }
    guard size > 0 else { return [] }
    let range = step > 0 ? 0...size : -1...size - 1
    let first = counted(start, step > 0 ? 0...size : 0...size - 1)
    return stride(from: first, to: counted(end, range), by: Int(step)).map { Int($0) }
  }

  /// `Gather`, with constant indices.
  mutating func gather(_ node: ONNXNode) throws {
    let value = try take(0, of: node)
    let constant = try takeConstant(1, of: node, "indices")
    let axis = try normalized(node.integer("axis") ?? 0, rank: value.shape.count)
    let positions = try constant.integers().map { try normalized($0, rank: value.shape[axis]) }
    let shape = value.shape[..<axis] + constant.shape + value.shape[(axis + 1)...]
    _ = try checkedCount(Array(shape))
    try produce(node, sliced(value, axis: axis, positions).reshaped(Array(shape)))
  }

  /// `Pad` with a constant, by the nearest edge, or by reflection; negative numbers cut. Attributes before operator set
  /// 11, inputs since.
  mutating func pad(_ node: ONNXNode) throws {
    var value = try take(0, of: node)
    let mode = try node.text("mode") ?? "constant"
    guard ["constant", "edge", "reflect"].contains(mode) else {
      throw ONNXFault("its mode is \(quoted(mode)); accepted are constant, edge, reflect")
    }
    let isOld = node.operatorSet < 11
    guard let pads = isOld ? try node.integers("pads") : try takeConstant(1, of: node, "pads").integers() else {
      throw ONNXFault("its pads are missing")
    }
    var filling = isOld ? try node.float("value", default: 0) : 0
    if !isOld, node.input(2) != nil {
      let constant = try takeConstant(2, of: node, "constant_value")
      guard constant.count == 1 else { throw ONNXFault("\(constant.label), its constant_value, is not one number") }
      filling = try constant.numbers()[0]
    }
    let rank = value.shape.count
    let axes =
      !isOld && node.input(3) != nil
      ? try takeConstant(3, of: node, "axes").integers().map { try normalized($0, rank: rank) } : Array(0..<rank)
    guard pads.count == 2 * axes.count else {
      throw ONNXFault("it has \(pads.count) pads for \(axes.count) dimensions; accepted are two for each")
    }
    for (index, axis) in axes.enumerated() {
      let (begin, end) = (pads[index], pads[axes.count + index])
      let positions = try Self.paddedPositions(size: value.shape[axis], begin, end, mode)
      var shape = value.shape
      shape[axis] = positions.count
      _ = try checkedCount(shape)
      value = try padded(value, axis: axis, positions, filling)
    }
    try produce(node, value)
  }

  /// For each position of a padded dimension, the position that it copies; nil for the constant.
  private static func paddedPositions(size: Int, _ begin: Int64, _ end: Int64, _ mode: String) throws -> [Int?] {
    let limit = Int64(largestWidth)
    guard -limit...limit ~= begin, -limit...limit ~= end else {
      throw ONNXFault("it pads by \(begin) and \(end); accepted are numbers up to \(limit)")
    }
    let range = -Int(begin)..<max(-Int(begin), size + Int(end))
    return try range.map { position in
      if 0..<size ~= position { return position }
      switch mode {
      case "constant": return nil
      case "edge" where size > 0: return min(max(position, 0), size - 1)
      default:
        let mirrored = position < 0 ? -position : 2 * (size - 1) - position
        guard 0..<size ~= mirrored else {
          throw ONNXFault("it reflects more positions than a dimension of \(size) has")
        }
        return mirrored
      }
    }
  }

  private func padded(_ value: ONNXValue, axis: Int, _ positions: [Int?], _ filling: Double) throws -> ONNXValue {
    if let copied = positions as? [Int] { return sliced(value, axis: axis, copied) }
    var shape = value.shape
    let (rows, old, inner) = (shape[..<axis].reduce(1, *), shape[axis], shape[(axis + 1)...].reduce(1, *))
    shape[axis] = positions.count
    let source = try value.tensor().forms
    let constant = AffineForm(constant: filling)
    var forms: [AffineForm] = []
    forms.reserveCapacity(rows * positions.count * inner)
    for row in 0..<rows {
      for position in positions {
        if let position {
          let first = (row * old + position) * inner
          forms += source[first..<first + inner]
        } else {
          forms += repeatElement(constant, count: inner)
        }
      }
    }
    return .forms(FormTensor(shape: shape, forms: forms))
  }

  mutating func expand(_ node: ONNXNode) throws {
    let value = try take(0, of: node)
    let target = try lengths(takeConstant(1, of: node, "shape").integers(), "the shape")
    let shape = try Networks.broadcastShape([value.shape, target])
    _ = try checkedCount(shape)
    try produce(node, value.gathered(shape, broadcastIndices(value.shape, to: shape)))
  }

  mutating func tile(_ node: ONNXNode) throws {
    var value = try take(0, of: node)
    let repeats = try lengths(takeConstant(1, of: node, "repeats").integers(), "repeats")
    guard repeats.count == value.shape.count else {
      throw ONNXFault("it has \(repeats.count) repeats for shape \(shapeText(value.shape)); accepted is one for each")
    }
    for (axis, count) in repeats.enumerated() where count != 1 {
      guard let size = elementCount([value.shape[axis], count]) else { throw ONNXFault("its repeats are too large") }
      var shape = value.shape
      shape[axis] = size
      _ = try checkedCount(shape)
      let old = value.shape[axis]
      value = sliced(value, axis: axis, (0..<size).map { $0 % old })
    }
    try produce(node, value)
  }
}
