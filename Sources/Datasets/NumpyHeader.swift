/// The header of a `.npy` file: element type, order and shape.
///
/// It is the text of a Python dictionary, `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 2), }`, behind a magic
/// string, a version and a length. Source: NumPy Enhancement Proposal 1 and `numpy.lib.format`.
struct NumpyHeader: Sendable {
  let type: NumpyType
  let isFortranOrder: Bool
  let shape: [Int]
  /// Where the elements begin.
  let dataOffset: Int

  /// `name` says in errors what the bytes are: "the array 'X'", say.
  init(_ bytes: [UInt8], name: String, source: String) throws {
    func fault(_ reason: String) -> DatasetError { DatasetError(source: source, "\(name) \(reason)") }
    let reader = ByteReader(bytes: bytes)
    guard bytes.starts(with: NumpyFile.magic), let version = reader.integer(at: 6, width: 1) else {
      throw fault("is not in .npy format")
    }
    guard (1...3).contains(version) else {
      throw fault("has .npy version \(version); versions 1 to 3 are read")
    }
    let width = version == 1 ? 2 : 4
    guard let length = reader.integer(at: 8, width: width), let text = reader.slice(at: 8 + width, count: length) else {
      throw fault("is truncated in its header")
    }
    var parser = PythonDictionary(text)
    guard let entries = parser.entries() else {
      throw fault("has an unreadable header: \(excerpt(String(decoding: text, as: UTF8.self)))")
    }
    switch entries["descr"] {
    case .text(let code):
      guard let type = NumpyType(code) else {
        throw fault("holds elements of type \(excerpt(code))\(NumpyType.explanation(code)); \(NumpyType.accepted)")
      }
      self.type = type
    case .list: throw fault("holds records (a structured type); \(NumpyType.accepted)")
    default: throw fault("has a header without 'descr'")
    }
    guard case .truth(let isFortranOrder) = entries["fortran_order"] else {
      throw fault("has a header without 'fortran_order'")
    }
    guard case .integers(let shape) = entries["shape"] else { throw fault("has a header without 'shape'") }
    self.isFortranOrder = isFortranOrder
    self.shape = shape
    dataOffset = 8 + width + length
  }
}

/// The little of Python's literals that the header is written in.
private struct PythonDictionary {
  enum Value {
    case text(String)
    case truth(Bool)
    case integers([Int])
    /// A list, of which only that it is one matters.
    case list
  }

  private var rest: ArraySlice<UInt8>

  init(_ text: ArraySlice<UInt8>) { rest = text }

  /// Nil when the text is no such dictionary.
  mutating func entries() -> [String: Value]? {
    var entries: [String: Value] = [:]
    guard take("{") else { return nil }
    while !take("}") {
      guard let key = text(), take(":"), let value = value() else { return nil }
      entries[key] = value
      guard take(",") || peek() == UInt8(ascii: "}") else { return nil }
    }
    return entries
  }

  private mutating func peek() -> UInt8? {
    rest = rest.drop { $0 <= Byte.space }
    return rest.first
  }

  private mutating func take(_ character: Unicode.Scalar) -> Bool {
    guard peek() == UInt8(ascii: character) else { return false }
    rest.removeFirst()
    return true
  }

  private mutating func text() -> String? {
    guard let quote = peek(), quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return nil }
    rest.removeFirst()
    guard let end = rest.firstIndex(of: quote) else { return nil }
    defer { rest = rest[(end + 1)...] }
    return String(decoding: rest[..<end], as: UTF8.self)
  }

  private mutating func value() -> Value? {
    switch peek() {
    case UInt8(ascii: "'"), UInt8(ascii: "\""): return text().map { .text($0) }
    case UInt8(ascii: "("): return integers().map { .integers($0) }
    case UInt8(ascii: "["): return skipList() ? .list : nil
    default:
      let word = rest.prefix { $0 | 0x20 >= UInt8(ascii: "a") && $0 | 0x20 <= UInt8(ascii: "z") }
      rest = rest[word.endIndex...]
      switch String(decoding: word, as: UTF8.self) {
      case "True": return .truth(true)
      case "False": return .truth(false)
      default: return nil
      }
    }
  }

  private mutating func integers() -> [Int]? {
    var integers: [Int] = []
    guard take("(") else { return nil }
    while !take(")") {
      guard peek() != nil else { return nil }
      let digits = rest.prefix(while: Byte.isDigit)
      guard let integer = Int(String(decoding: digits, as: UTF8.self)) else { return nil }
      integers.append(integer)
      rest = rest[digits.endIndex...]
      // Python 2 wrote long integers as `3L`.
      _ = take("L")
      guard take(",") || peek() == UInt8(ascii: ")") else { return nil }
    }
    return integers
  }

  private mutating func skipList() -> Bool {
    var depth = 0
    while let character = peek() {
      if character == UInt8(ascii: "'") || character == UInt8(ascii: "\"") {
        guard text() != nil else { return false }
        continue
      }
      rest.removeFirst()
      if character == UInt8(ascii: "[") { depth += 1 }
      if character == UInt8(ascii: "]") {
        depth -= 1
        if depth == 0 { return true }
      }
    }
    return false
  }
}
