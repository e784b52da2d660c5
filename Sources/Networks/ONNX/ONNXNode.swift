/// A node of an ONNX graph, with its attributes by name and type.
///
/// Its faults do not name it: the reader does, for every fault that a node meets.
struct ONNXNode: CustomStringConvertible {
  let message: Onnx_NodeProto
  /// The position in the file, from 0.
  let index: Int
  /// The version of the standard operator set that the model imports.
  let operatorSet: Int64

  /// How messages name it: `node 3 "fc2" (Gemm)`, or by its first output when it has no name.
  var description: String {
    let name = message.name.isEmpty ? "producing \(quoted(message.output.first ?? ""))" : quoted(message.name)
    return "node \(index) \(name) (\(message.opType.isEmpty ? "no operator" : operatorName))"
  }

  /// The operator as a word in a message.
  var operatorName: String { Self.word(message.opType) }

  /// What stages are named after: the node's name, or its first output when it has none.
  var label: String { Self.word(message.name.isEmpty ? message.output.first ?? "" : message.name) }

  /// A name as it stands, or quoted when it is long or holds more than visible ASCII characters.
  private static func word(_ name: String) -> String {
    let isPlain = name.utf8.count <= 80 && name.utf8.allSatisfy { 0x21...0x7E ~= $0 }
    return isPlain ? name : quoted(name)
  }

  /// The name of an input, or nil where an optional one is left out.
  func input(_ position: Int) -> String? {
    guard message.input.indices.contains(position), !message.input[position].isEmpty else { return nil }
    return message.input[position]
  }

  /// An attribute of one of the given types; nil when it is absent.
  private func attribute(
    _ name: String, _ type: Onnx_AttributeProto.AttributeType
  ) throws -> Onnx_AttributeProto? {
    guard let attribute = message.attribute.first(where: { $0.name == name }) else { return nil }
    guard attribute.refAttrName.isEmpty else {
      throw ONNXFault("the attribute \(quoted(name)) refers to a function's attribute; accepted are values")
    }
    guard attribute.type == type else {
      throw ONNXFault("the attribute \(quoted(name)) is not of the type that the operator defines")
    }
    return attribute
  }

  func float(_ name: String, default value: Float) throws -> Double {
    let number = try attribute(name, .float)?.f ?? value
    guard number.isFinite else { throw ONNXFault("the attribute \(quoted(name)) is \(number); it must be finite") }
    return Double(number)
  }

  /// A float, whatever its value; nil when it is absent.
  func anyFloat(_ name: String) throws -> Float? { try attribute(name, .float)?.f }

  func text(_ name: String) throws -> String? {
    try attribute(name, .string).map { String(decoding: $0.s, as: UTF8.self) }
  }

  func tensor(_ name: String) throws -> Onnx_TensorProto? { try attribute(name, .tensor)?.t }

  func integer(_ name: String) throws -> Int64? { try attribute(name, .int)?.i }

  func flag(_ name: String) throws -> Bool { try integer(name) ?? 0 != 0 }

  func integers(_ name: String) throws -> [Int64]? { try attribute(name, .ints)?.ints }

  /// The value of a `Constant` node.
  func constant() throws -> ONNXConstant {
    let label = "constant \(quoted(message.output.first ?? ""))"
    guard let first = message.attribute.first, message.attribute.count == 1 else {
      throw ONNXFault("a constant needs one attribute with its value, not \(message.attribute.count)")
    }
    switch first.name {
    case "value":
      guard let tensor = try tensor("value") else { break }
      return try ONNXConstant(tensor, label: label)
    case "value_float":
      guard let number = try attribute("value_float", .float)?.f else { break }
      return ONNXConstant(label: label, shape: [], values: .real([Double(number)]))
    case "value_floats":
      guard let numbers = try attribute("value_floats", .floats)?.floats else { break }
      return ONNXConstant(label: label, shape: [numbers.count], values: .real(numbers.map(Double.init)))
    case "value_int":
      guard let number = try integer("value_int") else { break }
      return ONNXConstant(label: label, shape: [], values: .integer([number]))
    case "value_ints":
      guard let numbers = try integers("value_ints") else { break }
      return ONNXConstant(label: label, shape: [numbers.count], values: .integer(numbers))
    default: break
    }
    throw ONNXFault(
      "the constant is given by \(quoted(first.name));"
        + " accepted are value, value_float, value_floats, value_int, value_ints"
    )
  }
}
