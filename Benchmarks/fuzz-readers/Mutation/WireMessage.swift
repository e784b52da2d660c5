/// A protobuf message of an ONNX file as a tree of its fields, in their order, whatever they hold.
///
/// It keeps what a decoder would drop or refuse (unknown fields, repeated ones, wrong wire types), so that damage of
/// every kind can be written down. Source: the encoding of Protocol Buffers.
struct WireMessage {
  /// Which message of the ONNX schema: it tells which fields are messages themselves.
  enum Kind: Hashable {
    case model, graph, node, attribute, tensor, segment, valueInfo, type, tensorType, shape, dimension, operatorSet,
      entry

    func kind(ofField number: UInt64) -> Kind? {
      switch (self, number) {
      case (.model, 7), (.attribute, 6): .graph
      case (.model, 8): .operatorSet
      case (.model, 14), (.tensor, 13): .entry
      case (.graph, 1): .node
      case (.graph, 5), (.attribute, 5): .tensor
      case (.graph, 11), (.graph, 12), (.graph, 13): .valueInfo
      case (.node, 5): .attribute
      case (.tensor, 3): .segment
      case (.valueInfo, 2): .type
      case (.type, 1): .tensorType
      case (.tensorType, 2): .shape
      case (.shape, 1): .dimension
      default: nil
      }
    }
  }

  struct Field {
    var number: UInt64
    var value: Value
  }

  indirect enum Value {
    case varint(UInt64)
    case fixed64([UInt8])
    case fixed32([UInt8])
    case bytes([UInt8])
    case message(WireMessage)
  }

  var kind: Kind
  var fields: [Field] = []

  init(_ kind: Kind, _ fields: [Field] = []) {
    self.kind = kind
    self.fields = fields
  }

  /// Nil when the bytes are no message. What should be a message by the schema and is none stays bytes. O(bytes).
  init?(_ kind: Kind, bytes: ArraySlice<UInt8>) {
    self.init(kind)
    var rest = bytes
    while !rest.isEmpty {
      guard let tag = Self.varint(&rest) else { return nil }
      let number = tag >> 3
      switch tag & 7 {
      case 0:
        guard let value = Self.varint(&rest) else { return nil }
        fields.append(Field(number: number, value: .varint(value)))
      case 1:
        guard let value = Self.take(8, of: &rest) else { return nil }
        fields.append(Field(number: number, value: .fixed64(Array(value))))
      case 5:
        guard let value = Self.take(4, of: &rest) else { return nil }
        fields.append(Field(number: number, value: .fixed32(Array(value))))
      case 2:
        guard let length = Self.varint(&rest), let value = Self.take(length, of: &rest) else { return nil }
        let inner = kind.kind(ofField: number).flatMap { WireMessage($0, bytes: value) }
        fields.append(Field(number: number, value: inner.map(Value.message) ?? .bytes(Array(value))))
      default: return nil
      }
    }
  }

  /// O(bytes · depth).
  var bytes: [UInt8] {
    var result: [UInt8] = []
    for field in fields {
      func append(wireType: UInt64, _ content: [UInt8]) {
        result += Self.encoded(field.number << 3 | wireType)
        result += content
      }
      switch field.value {
      case .varint(let value): append(wireType: 0, Self.encoded(value))
      case .fixed64(let content): append(wireType: 1, content)
      case .fixed32(let content): append(wireType: 5, content)
      case .bytes(let content): append(wireType: 2, Self.encoded(UInt64(content.count)) + content)
      case .message(let message):
        let content = message.bytes
        append(wireType: 2, Self.encoded(UInt64(content.count)) + content)
      }
    }
    return result
  }

  /// The fields of this message and of all within.
  var fieldCount: Int {
    fields.reduce(fields.count) { count, field in
      if case .message(let message) = field.value { count + message.fieldCount } else { count }
    }
  }

  /// Visits this message and all within.
  func forEachMessage(_ body: (WireMessage) -> Void) {
    body(self)
    for case .message(let message) in fields.map(\.value) { message.forEachMessage(body) }
  }

  /// Changes the message that holds field number `index`, counted in the order of the file; the body is told where the
  /// field stands in it. `index` counts down on the way; false when there are fewer fields.
  @discardableResult
  mutating func change(field index: inout Int, _ body: (inout WireMessage, Int) -> Void) -> Bool {
    for position in fields.indices {
      if index == 0 {
        body(&self, position)
        return true
      }
      index -= 1
      if case .message(var message) = fields[position].value {
        let isFound = message.change(field: &index, body)
        if isFound {
          fields[position].value = .message(message)
          return true
        }
      }
    }
    return false
  }

  static func encoded(_ value: UInt64) -> [UInt8] {
    var value = value
    var result: [UInt8] = []
    while value >= 0x80 {
      result.append(UInt8(truncatingIfNeeded: value) | 0x80)
      value >>= 7
    }
    return result + [UInt8(value)]
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), to: 70, by: 7) {
      guard let byte = rest.popFirst() else { return nil }
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }

  private static func take(_ count: UInt64, of rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard count <= rest.count else { return nil }
    let taken = rest.prefix(Int(count))
    rest = rest.dropFirst(Int(count))
    return taken
  }
}
