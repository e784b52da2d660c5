import Probability

/// Damage to ONNX files, in their bytes and in their meaning: operators exchanged or added, names rewired, dimensions
/// and attributes set to what no exporter would write, messages from another model.
public enum ModelMutation {
  /// A damaged copy of a model; `donor` is another one, of which parts may be taken over.
  ///
  /// The result is at most a few times as long as the model and the donor. O(bytes).
  public static func mutated(_ model: [UInt8], donor: [UInt8], using random: inout RandomSource) -> [UInt8] {
    guard random.index(below: 4) > 0, var tree = WireMessage(.model, bytes: model[...]) else {
      return ByteMutation.mutated(model, donor: donor, using: &random)
    }
    for _ in 0..<random.damageCount() { damage(&tree, donor: donor, using: &random) }
    let bytes = tree.bytes
    return random.index(below: 16) == 0 ? ByteMutation.mutated(bytes, donor: donor, using: &random) : bytes
  }

  private static func damage(_ tree: inout WireMessage, donor: [UInt8], using random: inout RandomSource) {
    let count = tree.fieldCount
    guard count > 0 else { return }
    switch random.index(below: 16) {
    case 0, 1: insertNode(&tree, using: &random)
    case 2: transplant(donor, into: &tree, using: &random)
    case 3: if random.index(below: 8) == 0 { nest(&tree, depth: random.pick([3, 60, 120, 5000])) }
    default:
      let names = tree.names
      var index = random.index(below: count)
      tree.change(field: &index) { message, position in
        switch random.index(below: 8) {
        case 0: message.fields.remove(at: position)
        case 1: message.fields.insert(message.fields[position], at: position)
        case 2: message.fields.swapAt(position, random.index(below: message.fields.count))
        case 3 where message.kind == .node:
          message.fields.append(.init(number: 5, value: .message(attribute(using: &random))))
        default: message.fields[position].damage(in: message.kind, names: names, using: &random)
        }
      }
    }
  }

  /// A node of some operator, which reads values of the graph, and whose output some other node takes.
  private static func insertNode(_ tree: inout WireMessage, using random: inout RandomSource) {
    let names = tree.names
    guard !names.isEmpty else { return }
    let name = Array("new\(random.index(below: 1000))".utf8)
    var node = WireMessage(.node)
    for _ in 0...random.index(below: 3) { node.fields.append(.init(number: 1, value: .bytes(random.pick(names)))) }
    node.fields.append(.init(number: 2, value: .bytes(name)))
    node.fields.append(.init(number: 4, value: .bytes(Array(random.pick(Vocabulary.operators).utf8))))
    for _ in 0..<random.index(below: 3) {
      node.fields.append(.init(number: 5, value: .message(attribute(using: &random))))
    }
    for position in tree.fields.indices {
      guard case .message(var graph) = tree.fields[position].value, graph.kind == .graph else { continue }
      let readers = graph.fields.indices.filter {
        if case .message(let message) = graph.fields[$0].value { message.kind == .node } else { false }
      }
      if !readers.isEmpty {
        let reader = random.pick(readers)
        if case .message(var other) = graph.fields[reader].value {
          let inputs = other.fields.indices.filter { other.fields[$0].number == 1 }
          if !inputs.isEmpty { other.fields[random.pick(inputs)].value = .bytes(name) }
          graph.fields[reader].value = .message(other)
        }
      }
      graph.fields.insert(.init(number: 1, value: .message(node)), at: 0)
      tree.fields[position].value = .message(graph)
    }
  }

  private static func attribute(using random: inout RandomSource) -> WireMessage {
    var attribute = WireMessage(.attribute)
    attribute.fields.append(.init(number: 1, value: .bytes(Array(random.pick(Vocabulary.attributes).utf8))))
    switch random.index(below: 4) {
    case 0:
      attribute.fields.append(.init(number: 3, value: .varint(Vocabulary.integer(using: &random))))
      attribute.fields.append(.init(number: 20, value: .varint(2)))
    case 1:
      attribute.fields.append(.init(number: 2, value: .fixed32(random.pick(Vocabulary.floats))))
      attribute.fields.append(.init(number: 20, value: .varint(1)))
    case 2:
      attribute.fields.append(.init(number: 4, value: .bytes(Array(random.pick(Vocabulary.strings).utf8))))
      attribute.fields.append(.init(number: 20, value: .varint(3)))
    default:
      for _ in 0...random.index(below: 5) {
        attribute.fields.append(.init(number: 8, value: .varint(Vocabulary.integer(using: &random))))
      }
      attribute.fields.append(.init(number: 20, value: .varint(7)))
    }
    return attribute
  }

  /// A message of the donor takes the place of one of its kind.
  private static func transplant(_ donor: [UInt8], into tree: inout WireMessage, using random: inout RandomSource) {
    guard let other = WireMessage(.model, bytes: donor[...]) else { return }
    var messages: [WireMessage.Kind: [WireMessage]] = [:]
    other.forEachMessage { messages[$0.kind, default: []].append($0) }
    let count = tree.fieldCount
    for _ in 0..<20 {
      var index = random.index(below: count)
      var isDone = false
      tree.change(field: &index) { message, position in
        guard case .message(let old) = message.fields[position].value, let candidates = messages[old.kind] else {
          return
        }
        message.fields[position].value = .message(random.pick(candidates))
        isDone = true
      }
      if isDone { return }
    }
  }

  /// Graphs within attributes of nodes within graphs.
  private static func nest(_ tree: inout WireMessage, depth: Int) {
    var content: [UInt8] = []
    for level in 0..<depth {
      let number: UInt64 = [1, 5, 6][level % 3]
      content = WireMessage.encoded(number << 3 | 2) + WireMessage.encoded(UInt64(content.count)) + content
    }
    tree.fields.append(.init(number: 7, value: .bytes(content)))
  }
}

extension WireMessage {
  /// The names that nodes and initializers use.
  fileprivate var names: [[UInt8]] {
    var names: [[UInt8]] = []
    forEachMessage { message in
      let numbers: Set<UInt64> =
        switch message.kind {
        case .node: [1, 2]
        case .tensor: [8]
        case .valueInfo: [1]
        default: []
        }
      for field in message.fields where numbers.contains(field.number) {
        if case .bytes(let name) = field.value { names.append(name) }
      }
    }
    return names
  }
}

extension WireMessage.Field {
  fileprivate mutating func damage(in kind: WireMessage.Kind, names: [[UInt8]], using random: inout RandomSource) {
    switch value {
    case .varint: value = .varint(Vocabulary.integer(using: &random))
    case .fixed32: value = .fixed32(random.pick(Vocabulary.floats))
    case .fixed64(let content):
      value = .fixed64(ByteMutation.mutated(content, donor: [], using: &random).resized(to: 8))
    case .bytes(let content):
      switch (kind, number) {
      case (.node, 1), (.node, 2), (.tensor, 8), (.valueInfo, 1):
        value = .bytes(names.isEmpty ? [] : random.pick(names))
      case (.node, 4): value = .bytes(Array(random.pick(Vocabulary.operators).utf8))
      case (.attribute, 1): value = .bytes(Array(random.pick(Vocabulary.attributes).utf8))
      case (.attribute, 4): value = .bytes(Array(random.pick(Vocabulary.strings).utf8))
      case (.tensor, 1), (.attribute, 8):
        value = .bytes(
          (0...random.index(below: 5)).flatMap { _ in
            WireMessage.encoded(Vocabulary.integer(using: &random))
          })
      default: value = .bytes(ByteMutation.mutated(content, donor: content, using: &random))
      }
    case .message: number = random.pick([1, 2, 3, 4, 5, 6, 7, 8, 11, 12, 15, 0, 1 << 20])
    }
  }
}

extension [UInt8] {
  fileprivate func resized(to count: Int) -> [UInt8] {
    Array((self + Array(repeating: 0, count: count)).prefix(count))
  }
}
