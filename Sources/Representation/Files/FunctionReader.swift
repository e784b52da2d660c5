import Datasets
import Exact

/// Reads a function from a JSON document, and says where it is not one.
struct FunctionReader {
  /// A value and its place in words, such as `regions[3].A`; empty for the document itself.
  struct Node {
    var value: JSONValue
    var path: String

    func element(_ index: Int, _ value: JSONValue) -> Node { Node(value: value, path: "\(path)[\(index)]") }
  }

  /// An object's members, all with known names.
  struct Members {
    var values: [String: Node]
    var owner: Node
  }

  /// More digits are no measurement; it bounds the work on hostile files.
  static let longestNumber = 100_000

  let document: JSONDocument

  init(_ document: JSONDocument) {
    self.document = document
  }

  func error(_ reason: String, at node: Node) -> DatasetError {
    document.error(node.path.isEmpty ? reason : "\(node.path): \(reason)", at: node.value.place)
  }

  /// The members of an object.
  func members(_ node: Node, known: [String]) throws -> Members {
    guard case .object(let members) = node.value.content else {
      throw error("is \(node.value.kind); an object with \(Self.list(known)) is wanted", at: node)
    }
    var values: [String: Node] = [:]
    for member in members {
      let path = node.path.isEmpty ? member.name : "\(node.path).\(member.name)"
      guard known.contains(member.name) else {
        let nearest = nearestName(to: member.name, among: known).map { "did you mean '\($0)'? " } ?? ""
        let name = String(member.name.unicodeScalars.prefix(40).map { $0.value < 0x20 ? " " : Character($0) })
        let owner = node.path.isEmpty ? "" : "\(node.path): "
        throw document.error(
          "\(owner)'\(name)' is not known here; \(nearest)known are \(Self.list(known))", at: member.place)
      }
      values[member.name] = Node(value: member.value, path: path)
    }
    return Members(values: values, owner: node)
  }

  /// A member that must be there.
  func member(_ name: String, of members: Members) throws -> Node {
    guard let node = members.values[name] else { throw error("'\(name)' is missing", at: members.owner) }
    return node
  }

  /// An array's elements, at least one.
  func elements(_ node: Node, of what: String, mayBeEmpty: Bool = false) throws -> [Node] {
    guard case .array(let values) = node.value.content else {
      throw error("is \(node.value.kind); an array of \(what) is wanted", at: node)
    }
    guard mayBeEmpty || !values.isEmpty else {
      throw error("is empty; at least one of its \(what) is wanted", at: node)
    }
    return values.enumerated().map { node.element($0, $1) }
  }

  func text(_ node: Node) throws -> String {
    guard case .string(let text) = node.value.content else {
      throw error("is \(node.value.kind); a string is wanted", at: node)
    }
    return text
  }

  func number(_ node: Node) throws -> Rational {
    guard let number = try rational(node.value) else { throw notANumber(node) }
    return number
  }

  /// nil when the value is no number.
  private func rational(_ value: JSONValue) throws -> Rational? {
    let text: String
    switch value.content {
    case .number(let digits): text = digits
    case .string(let content): text = content
    default: return nil
    }
    if let integer = Int(text) { return Rational(integer) }
    return text.utf8.count <= Self.longestNumber ? Rational(text) : nil
  }

  private func notANumber(_ node: Node) -> DatasetError {
    switch node.value.content {
    case .number: error("is a number beyond what is read: \(Self.longestNumber) digits, exponents to 5000", at: node)
    case .string: error("is a string that is no number; accepted are strings such as \"3/7\" and \"-0.25\"", at: node)
    default: error("is \(node.value.kind); a number, or a string such as \"3/7\", is wanted", at: node)
    }
  }

  /// The numbers of an array.
  func numbers(_ node: Node) throws -> [Rational] {
    guard case .array(let values) = node.value.content else {
      throw error("is \(node.value.kind); an array of numbers is wanted", at: node)
    }
    return try values.enumerated().map { index, value in
      guard let number = try rational(value) else { throw notANumber(node.element(index, value)) }
      return number
    }
  }

  /// The numbers of an array of known length.
  func numbers(_ node: Node, count: Int, _ reason: String) throws -> [Rational] {
    let numbers = try numbers(node)
    guard numbers.count == count else { throw error("\(Self.count(numbers.count, "number")), but \(reason)", at: node) }
    return numbers
  }

  /// An integer of which the caller says what it stands for.
  func integer(_ node: Node, in range: ClosedRange<Int>, _ what: String) throws -> Int {
    guard case .number(let text) = node.value.content, let number = Int(text), range.contains(number) else {
      throw error("is no \(what)", at: node)
    }
    return number
  }

  /// Indices of things of which there are `count`, at least one index.
  func indices(_ node: Node, below count: Int, of what: String) throws -> [Int] {
    try elements(node, of: "numbers of \(what)").map { element in
      try integer(element, in: 0...max(count - 1, 0), "number of one of the \(what), from 0 to \(count - 1)")
    }
  }

  static func count(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  static func list(_ names: [String]) -> String { names.map { "'\($0)'" }.joined(separator: ", ") }
}

extension FunctionReader {
  /// How many inputs and outputs the function has, as the first that speaks of them says.
  struct Shape {
    var inputs: Int?
    var outputs: Int?
  }

  /// As many numbers as there are inputs.
  func inputVector(_ node: Node, _ shape: inout Shape) throws -> [Rational] {
    let numbers = try numbers(node)
    let expected = shape.inputs ?? numbers.count
    guard numbers.count == expected else {
      let inputs = Self.count(expected, "input")
      throw error("\(Self.count(numbers.count, "number")), but the function has \(inputs)", at: node)
    }
    guard !numbers.isEmpty else { throw error("is empty; a function has at least one input", at: node) }
    shape.inputs = expected
    return numbers
  }

  /// As many values as there are outputs; one output may stand without brackets.
  func outputVector(_ node: Node, _ shape: inout Shape) throws -> [Rational] {
    var values: [Rational]
    if case .array = node.value.content { values = try numbers(node) } else { values = [try number(node)] }
    try fit(outputs: values.count, node, &shape)
    return values
  }

  func fit(outputs count: Int, _ node: Node, _ shape: inout Shape) throws {
    let expected = shape.outputs ?? count
    guard count == expected else {
      throw error("\(count) of the outputs, but the function has \(Self.count(expected, "output"))", at: node)
    }
    guard count > 0 else { throw error("is empty; a function has at least one output", at: node) }
    shape.outputs = expected
  }
}
