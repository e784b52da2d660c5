extension ONNXReader {
  /// `Add`, `Sub`, `Mul`, `Div` of the stream and a constant, coordinate by coordinate.
  mutating func arithmetic(_ node: ONNXNode) throws {
    let shape: [Int]
    switch (node.message.opType, try take(0, of: node), try take(1, of: node)) {
    case ("Add", .stream(let x), .constant(let c)), ("Add", .constant(let c), .stream(let x)):
      shape = try broadcast(x, with: c) { $0.shift(by: $1) }
    case ("Sub", .stream(let x), .constant(let c)):
      shape = try broadcast(x, with: c) { $0.shift(by: $1.map(-)) }
    case ("Sub", .constant(let c), .stream(let x)):
      shape = try broadcast(x, with: c) { map, values in
        map.scale(by: values.map { _ in -1 })
        map.shift(by: values)
      }
    case ("Mul", .stream(let x), .constant(let c)), ("Mul", .constant(let c), .stream(let x)):
      shape = try broadcast(x, with: c) { $0.scale(by: $1) }
    case ("Div", .stream(let x), .constant(let c)):
      guard try !c.numbers().contains(0) else { throw ONNXFault("\(c.label), the divisor, holds a zero") }
      shape = try broadcast(x, with: c) { $0.scale(by: $1.map { 1 / $0 }) }
    case ("Div", .constant, .stream):
      throw ONNXFault("it divides by a value that depends on the network's input; accepted is division by a constant")
    default: throw ONNXFault.bothConstant
    }
    try produce(node, shape: shape)
  }

  /// Lets a step act with a constant spread to the stream's shape; widens the stream where a dimension of 1 meets a
  /// larger one.
  ///
  /// - Returns: the shape of the result.
  private mutating func broadcast(
    _ shape: [Int], with constant: ONNXConstant, _ step: (inout AffineMap, [Double]) -> Void
  ) throws -> [Int] {
    let rank = max(shape.count, constant.shape.count)
    let ours = Array(repeating: 1, count: rank - shape.count) + shape
    let theirs = Array(repeating: 1, count: rank - constant.shape.count) + constant.shape
    let result = try zip(ours, theirs).enumerated().map { axis, sizes in
      // The first of several dimensions counts samples, and so must stay 1.
      let isBatch = shape.count > 1 && axis <= rank - shape.count
      guard sizes.0 == sizes.1 || sizes.1 == 1 || (sizes.0 == 1 && sizes.1 > 1 && !isBatch) else {
        throw ONNXFault(
          "\(constant.label) of shape \(shapeText(constant.shape)) does not broadcast, feature by feature,"
            + " to one sample of shape \(shapeText(shape))")
      }
      return max(sizes.0, sizes.1)
    }
    guard let count = elementCount(result), count <= Self.largestWidth else {
      throw ONNXFault("the result has shape \(shapeText(result)); accepted are up to \(Self.largestWidth) elements")
    }
    if count != map.outputs { try map.gather(stridedIndices(result, strides: strides(of: ours, broadcast: true))) }
    let values = try constant.numbers()
    step(&map, stridedIndices(result, strides: strides(of: theirs, broadcast: true)).map { values[$0] })
    return result
  }

  mutating func negate(_ node: ONNXNode) throws {
    switch try take(0, of: node) {
    case .stream(let shape):
      map.scale(by: Array(repeating: -1, count: map.outputs))
      try produce(node, shape: shape)
    case .constant(var constant):
      switch constant.values {
      case .real(let values): constant.values = .real(values.map(-))
      case .integer(let values): constant.values = .integer(values.map { 0 &- $0 })
      }
      try define(node, constant)
    }
  }

  /// `Identity`, and what comes down to it.
  mutating func pass(_ node: ONNXNode) throws {
    switch try take(0, of: node) {
    case .stream(let shape): try produce(node, shape: shape)
    case .constant(let constant): try define(node, constant)
    }
  }

  /// `Dropout` in inference mode, where it is the identity.
  mutating func dropout(_ node: ONNXNode) throws {
    if node.input(2) != nil, try takeConstant(2, of: node, "training_mode").integers().contains(where: { $0 != 0 }) {
      throw ONNXFault("it is in training mode; accepted is inference mode")
    }
    try pass(node)
  }

  /// `Cast` between the floating-point types, which changes no real number; of a constant also from and to integers.
  mutating func cast(_ node: ONNXNode) throws {
    let number = try node.integer("to") ?? 0
    let type = Int32(exactly: number).flatMap(ONNXElementType.init(rawValue:))
    func unsupported(_ accepted: String) -> ONNXFault {
      let name = Int32(exactly: number).map(ONNXElementType.name(of:)) ?? "number \(number)"
      return ONNXFault("it casts to \(name); accepted are \(accepted)")
    }
    switch try take(0, of: node) {
    case .stream(let shape):
      guard type == .float || type == .double else { throw unsupported("float and double") }
      try produce(node, shape: shape)
    case .constant(var constant):
      switch (type, constant.values) {
      case (.float, _): constant.values = .real(try constant.numbers().map { Double(Float($0)) })
      case (.double, _): constant.values = .real(try constant.numbers())
      case (.int64, .integer): break
      case (.int64, .real(let values)):
        constant.values = .integer(
          try values.map { value in
            guard let integer = Int64(exactly: value.rounded(.towardZero)) else {
              throw ONNXFault("\(constant.label) holds \(value), which is out of the range of int64")
            }
            return integer
          })
      default: throw unsupported("float, double and int64, for a constant")
      }
      try define(node, constant)
    }
  }
}
