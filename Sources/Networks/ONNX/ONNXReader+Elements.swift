extension ONNXReader {
  /// `Add`, `Sub`, `Mul`, `Div`, element by element.
  mutating func arithmetic(_ node: ONNXNode) throws {
    let operands = (try take(0, of: node), try take(1, of: node))
    if case (.constant(let left), .constant(let right)) = operands,
      case (.integer(let a), .integer(let b)) = (left.values, right.values)
    {
      return try produce(node, .constant(integerArithmetic(node, left, a, right, b)))
    }
    let divides = node.message.opType == "Div"
    if divides, case .constant(let divisor) = operands.1, try divisor.numbers().contains(0) {
      throw ONNXFault("\(divisor.label), the divisor, holds a zero")
    }
    try combine(node, [operands.0, operands.1]) { reader, left, right in
      switch node.message.opType {
      case "Add": return try reader.total((1, left), (1, right))
      case "Sub": return try reader.total((1, left), (-1, right))
      case "Mul":
        guard left.isConstant || right.isConstant else {
          throw ONNXFault(
            "it multiplies two values that depend on the network's input; accepted is multiplication by a constant")
        }
        return try left.isConstant
          ? reader.total((left.constant, right)) : reader.total((right.constant, left))
      default:
        guard right.isConstant, right.constant != 0 else {
          throw ONNXFault(
            "it divides by a value that depends on the network's input; accepted is division by a constant")
        }
        // A constant is divided with one rounding; a form has to be multiplied by the reciprocal.
        return try left.isConstant
          ? reader.made(AffineForm(constant: left.constant / right.constant))
          : reader.total((1 / right.constant, left))
      }
    }
  }

  mutating func sum(_ node: ONNXNode) throws {
    try combine(node, node.message.input.indices.map { try take($0, of: node) }) { try $0.total((1, $1), (1, $2)) }
  }

  /// Folds broadcast tensors, from the first to the last, element by element.
  private mutating func combine(
    _ node: ONNXNode, _ operands: [ONNXValue], _ step: (inout ONNXReader, AffineForm, AffineForm) throws -> AffineForm
  ) throws {
    let shape = try broadcastShape(of: operands)
    _ = try checkedCount(shape)
    guard let first = operands.first else { throw ONNXFault("it has no inputs") }
    let start = try first.tensor().forms
    var forms = broadcastIndices(first.shape, to: shape).map { start[$0] }
    for operand in operands.dropFirst() {
      let others = try operand.tensor().forms
      for (index, source) in broadcastIndices(operand.shape, to: shape).enumerated() {
        forms[index] = try step(&self, forms[index], others[source])
      }
    }
    try produce(node, .forms(FormTensor(shape: shape, forms: forms)))
  }

  /// The common shape of operands.
  ///
  /// A constant may not add samples: the first of several dimensions of a value counts them, and so must stay 1.
  func broadcastShape(of operands: [ONNXValue]) throws -> [Int] {
    let shape = try Networks.broadcastShape(operands.map(\.shape))
    var streams: [[Int]] = []
    for case .forms(let tensor) in operands { streams.append(tensor.shape) }
    guard !streams.isEmpty, streams.allSatisfy({ $0.count > 1 }) else { return shape }
    let sample = try Networks.broadcastShape(streams)
    let added = shape.count - sample.count
    guard shape.prefix(added).allSatisfy({ $0 == 1 }), sample[0] != 1 || shape[added] <= 1 else {
      throw ONNXFault(
        "its constant would broadcast one sample of shape \(shapeText(sample)) to several, of shape \(shapeText(shape))"
      )
    }
    return shape
  }

  private func integerArithmetic(
    _ node: ONNXNode, _ left: ONNXConstant, _ a: [Int64], _ right: ONNXConstant, _ b: [Int64]
  ) throws -> ONNXConstant {
    let shape = try Networks.broadcastShape([left.shape, right.shape])
    _ = try checkedCount(shape)
    let pairs = zip(broadcastIndices(left.shape, to: shape), broadcastIndices(right.shape, to: shape))
    let values = try pairs.map { i, j in
      let result: (partialValue: Int64, overflow: Bool)
      switch node.message.opType {
      case "Add": result = a[i].addingReportingOverflow(b[j])
      case "Sub": result = a[i].subtractingReportingOverflow(b[j])
      case "Mul": result = a[i].multipliedReportingOverflow(by: b[j])
      default: result = a[i].dividedReportingOverflow(by: b[j])
      }
      guard !result.overflow else {
        throw ONNXFault("\(a[i]) and \(b[j]), integers of its constants, have no result in the range of int64")
      }
      return result.partialValue
    }
    return ONNXConstant(label: left.label, shape: shape, values: .integer(values))
  }

  mutating func negate(_ node: ONNXNode) throws {
    if case .constant(var constant) = try take(0, of: node), case .integer(let values) = constant.values {
      constant.values = .integer(values.map { 0 &- $0 })
      return try produce(node, .constant(constant))
    }
    var tensor = try takeTensor(0, of: node)
    tensor.forms = try tensor.forms.map { try made($0.scaled(by: -1)) }
    try produce(node, .forms(tensor))
  }

  /// `Identity`, and what comes down to it.
  mutating func pass(_ node: ONNXNode) throws { try produce(node, take(0, of: node)) }

  /// `Dropout` in inference mode, where it is the identity.
  mutating func dropout(_ node: ONNXNode) throws {
    if node.input(2) != nil, try takeConstant(2, of: node, "training_mode").integers().contains(where: { $0 != 0 }) {
      throw ONNXFault("it is in training mode; accepted is inference mode")
    }
    try pass(node)
  }

  /// `Where`, with a constant condition.
  mutating func choose(_ node: ONNXNode) throws {
    let condition = try takeConstant(0, of: node, "condition")
    let choices = [try take(1, of: node), try take(2, of: node)]
    let shape = try Networks.broadcastShape([condition.shape] + choices.map(\.shape))
    _ = try checkedCount(shape)
    let flags = try condition.integers()
    let decisions = broadcastIndices(condition.shape, to: shape).map { flags[$0] != 0 }
    let sources = choices.map { broadcastIndices($0.shape, to: shape) }
    if case .constant(var first) = choices[0], case .constant(let second) = choices[1],
      case (.integer(let yes), .integer(let no)) = (first.values, second.values)
    {
      first.shape = shape
      first.values = .integer(decisions.indices.map { decisions[$0] ? yes[sources[0][$0]] : no[sources[1][$0]] })
      return try produce(node, .constant(first))
    }
    let forms = try choices.map { try $0.tensor().forms }
    let chosen = decisions.indices.map { decisions[$0] ? forms[0][sources[0][$0]] : forms[1][sources[1][$0]] }
    try produce(node, .forms(FormTensor(shape: shape, forms: chosen)))
  }

  mutating func constantOfShape(_ node: ONNXNode) throws {
    let shape = try lengths(takeConstant(0, of: node, "shape").integers(), "the shape")
    let count = try checkedCount(shape)
    var values = ONNXConstant.Values.real(Array(repeating: 0, count: count))
    if let filling = try node.tensor("value") {
      let constant = try ONNXConstant(filling, label: "the value")
      guard constant.count == 1 else { throw ONNXFault("its value has \(constant.count) elements; accepted is one") }
      switch constant.values {
      case .real(let element): values = .real(Array(repeating: element[0], count: count))
      case .integer(let element): values = .integer(Array(repeating: element[0], count: count))
      }
    }
    let label = "constant \(quoted(node.message.output.first ?? ""))"
    try produce(node, .constant(ONNXConstant(label: label, shape: shape, values: values)))
  }

  /// `Shape`, whole or a range of dimensions. An open batch dimension counts as 1.
  mutating func shape(_ node: ONNXNode) throws {
    let shape = try take(0, of: node).shape
    func bound(_ name: String, _ missing: Int) throws -> Int {
      guard let position = try node.integer(name) else { return missing }
      let counted = position < 0 ? position + Int64(shape.count) : position
      return Int(min(max(counted, 0), Int64(shape.count)))
    }
    let (start, end) = (try bound("start", 0), try bound("end", shape.count))
    let sizes = start < end ? shape[start..<end].map(Int64.init) : []
    let label = "constant \(quoted(node.message.output.first ?? ""))"
    try produce(node, .constant(ONNXConstant(label: label, shape: [sizes.count], values: .integer(sizes))))
  }

  /// Non-negative sizes from a file.
  func lengths(_ numbers: [Int64], _ what: String) throws -> [Int] {
    guard numbers.count <= Self.largestRank else { throw ONNXFault("\(what) has \(numbers.count) dimensions") }
    return try numbers.enumerated().map { axis, number in
      guard number >= 0, let size = Int(exactly: number) else {
        throw ONNXFault("\(what) asks for \(number) in dimension \(axis)")
      }
      return size
    }
  }
}
