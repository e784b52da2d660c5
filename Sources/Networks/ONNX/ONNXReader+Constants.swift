import Foundation

/// Operators that are discontinuous, or smooth, and so are read where they act on constants, or change nothing.
extension ONNXReader {
  /// `Cast` between the floating-point types, which changes no real number; of a constant also from and to integers.
  mutating func cast(_ node: ONNXNode) throws {
    let number = try node.integer("to") ?? 0
    let type = Int32(exactly: number).flatMap(ONNXElementType.init(rawValue:))
    let name = Int32(exactly: number).map(ONNXElementType.name(of:)) ?? "number \(number)"
    switch try take(0, of: node) {
    case .forms(let tensor):
      switch type {
      case .float, .double, .float16, .bfloat16: try produce(node, .forms(tensor))
      default:
        throw ONNXFault(
          "it casts a value that depends on the network's input to \(name), which is not continuous; accepted are"
            + " float16, bfloat16, float and double")
      }
    case .constant(var constant):
      switch type {
      case .double: constant.values = .real(try constant.numbers())
      case .float: constant.values = .real(try constant.numbers().map { Double(Float($0)) })
      case .float16: constant.values = .real(try constant.numbers().map(roundedToFloat16))
      case .bfloat16: constant.values = .real(try constant.numbers().map(roundedToBFloat16))
      case .bool: constant.values = .integer(constant.approximations.map { $0 == 0 ? 0 : 1 })
      case .int32: constant.values = .integer(try integers(constant, in: Int64(Int32.min)...Int64(Int32.max), name))
      case .int64: constant.values = .integer(try integers(constant, in: .min ... .max, name))
      case nil:
        throw ONNXFault(
          "it casts to \(name); accepted are float16, bfloat16, float and double, for a constant also int32, int64,"
            + " bool")
      }
      try produce(node, .constant(constant))
    }
  }

  private func integers(_ constant: ONNXConstant, in range: ClosedRange<Int64>, _ name: String) throws -> [Int64] {
    func checked(_ integer: Int64?, _ text: @autoclosure () -> String) throws -> Int64 {
      guard let integer, range.contains(integer) else {
        throw ONNXFault("\(constant.label) holds \(text()), which is out of the range of \(name)")
      }
      return integer
    }
    switch constant.values {
    case .integer(let values): return try values.map { try checked($0, "\($0)") }
    case .real(let values):
      return try values.map { try checked(Int64(exactly: $0.rounded(.towardZero)), "\($0)") }
    }
  }

  /// `Equal`, `Less`, `Greater` and the like, of constants.
  mutating func compare(_ node: ONNXNode) throws {
    let operation = node.message.opType
    let (left, right) = (try takeOperand(0, of: node), try takeOperand(1, of: node))
    func holds<Number: Comparable>(_ a: Number, _ b: Number) -> Bool {
      switch operation {
      case "Equal": a == b
      case "Less": a < b
      case "LessOrEqual": a <= b
      case "Greater": a > b
      default: a >= b
      }
    }
    switch (left.values, right.values) {
    case (.integer(let a), .integer(let b)): try combine(node, left, right) { holds(a[$0], b[$1]) }
    default:
      let (a, b) = (try left.numbers(), try right.numbers())
      try combine(node, left, right) { holds(a[$0], b[$1]) }
    }
  }

  /// `And`, `Or`, `Xor` of constants.
  mutating func connect(_ node: ONNXNode) throws {
    let (left, right) = (try takeOperand(0, of: node), try takeOperand(1, of: node))
    let (a, b) = (try left.integers(), try right.integers())
    try combine(node, left, right) { i, j in
      switch node.message.opType {
      case "And": a[i] != 0 && b[j] != 0
      case "Or": a[i] != 0 || b[j] != 0
      default: (a[i] != 0) != (b[j] != 0)
      }
    }
  }

  /// `Not` of a constant.
  mutating func not(_ node: ONNXNode) throws {
    var constant = try takeOperand(0, of: node)
    constant.values = .integer(try constant.integers().map { $0 == 0 ? 1 : 0 })
    try produce(node, .constant(constant))
  }

  /// Takes a constant, for an operator that is not continuous.
  private func takeOperand(_ position: Int, of node: ONNXNode) throws -> ONNXConstant {
    guard case .constant(let constant) = try take(position, of: node) else {
      throw ONNXFault(
        "\(node.operatorName) is not continuous, and its input \(position) depends on the network's input; accepted are"
          + " constants")
    }
    return constant
  }

  private mutating func combine(
    _ node: ONNXNode, _ left: ONNXConstant, _ right: ONNXConstant, _ holds: (Int, Int) -> Bool
  ) throws {
    let shape = try Networks.broadcastShape([left.shape, right.shape])
    _ = try checkedCount(shape)
    let pairs = zip(broadcastIndices(left.shape, to: shape), broadcastIndices(right.shape, to: shape))
    let values = ONNXConstant.Values.integer(pairs.map { holds($0, $1) ? 1 : 0 })
    try produce(node, .constant(ONNXConstant(label: left.label, shape: shape, values: values)))
  }

  /// `Pow` with the exponents 0 and 1, or of constants, which may round.
  mutating func power(_ node: ONNXNode) throws {
    let base = try take(0, of: node)
    guard case .constant(let exponent) = try take(1, of: node) else {
      throw ONNXFault(
        "the exponent depends on the network's input, so that Pow is not piecewise linear; accepted is a constant")
    }
    let shape = try broadcastShape(of: [base, .constant(exponent)])
    _ = try checkedCount(shape)
    let (bases, exponents) = (try base.tensor().forms, try exponent.numbers())
    let pairs = zip(broadcastIndices(base.shape, to: shape), broadcastIndices(exponent.shape, to: shape))
    let forms = try pairs.map { i, j in
      switch exponents[j] {
      case 0: return AffineForm(constant: 1)
      case 1: return bases[i]
      case let exponent:
        guard bases[i].isConstant else {
          throw ONNXFault(
            "it raises a value that depends on the network's input to the power \(exponent), which is not piecewise"
              + " linear; accepted are the exponents 0 and 1")
        }
        return try made(AffineForm(constant: pow(bases[i].constant, exponent)))
      }
    }
    try produce(node, .forms(FormTensor(shape: shape, forms: forms)))
  }
}
