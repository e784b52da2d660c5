/// Reads one JSON value after another from bytes, in one pass.
struct JSONParser {
  private let bytes: UnsafeBufferPointer<UInt8>
  private let source: String
  private var position: Int
  private var line = 1
  /// The offset from which columns of this line count: its beginning, moved on by one for each byte that continues a
  /// scalar.
  private var lineStart: Int

  init(_ bytes: UnsafeBufferPointer<UInt8>, source: String, start: Int) {
    self.bytes = bytes
    self.source = source
    position = start
    lineStart = start
  }

  /// The one value that the text consists of.
  mutating func document() throws -> JSONValue {
    skipBlanks()
    guard position < bytes.count else { throw error("is empty; a JSON value is wanted", at: place) }
    let value = try value(depth: 0)
    skipBlanks()
    guard position >= bytes.count else {
      throw error("\(here) follows the end of the JSON value; nothing may", at: place)
    }
    return value
  }

  private var place: JSONValue.Place { JSONValue.Place(line: line, column: position - lineStart + 1) }

  private func error(_ reason: String, at place: JSONValue.Place) -> DatasetError {
    DatasetError(source: source, line: place.line, "\(reason) (\(place))")
  }

  /// What stands at the position, for messages.
  private var here: String {
    guard position < bytes.count else { return "the end of the text" }
    let byte = bytes[position]
    guard byte > 0x20, byte < 0x7F else { return "the byte 0x\(String(byte, radix: 16, uppercase: true))" }
    return "'\(Character(Unicode.Scalar(byte)))'"
  }

  private mutating func skipBlanks() {
    while position < bytes.count {
      switch bytes[position] {
      case Byte.space, Byte.tab: position += 1
      case Byte.lineFeed: takeLineBreak()
      case Byte.carriageReturn:
        if position + 1 < bytes.count, bytes[position + 1] == Byte.lineFeed { position += 1 }
        takeLineBreak()
      default: return
      }
    }
  }

  private mutating func takeLineBreak() {
    position += 1
    line += 1
    lineStart = position
  }

  /// Takes a mark if it stands here.
  private mutating func take(_ mark: UInt8) -> Bool {
    guard position < bytes.count, bytes[position] == mark else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) throws -> JSONValue {
    let start = place
    guard position < bytes.count else { throw error("the text ends where a value is wanted", at: start) }
    let content: JSONValue.Content
    switch bytes[position] {
    case UInt8(ascii: "{"): content = .object(try members(depth: depth + 1))
    case UInt8(ascii: "["): content = .array(try elements(depth: depth + 1))
    case Byte.quote: content = .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): content = .number(try number())
    default: content = try word()
    }
    return JSONValue(content: content, place: start)
  }

  private mutating func elements(depth: Int) throws -> [JSONValue] {
    let opening = try open(depth: depth)
    var elements: [JSONValue] = []
    if take(UInt8(ascii: "]")) { return elements }
    while true {
      elements.append(try value(depth: depth))
      skipBlanks()
      if take(UInt8(ascii: "]")) { return elements }
      try takeComma(closing: "]", opening: opening)
    }
  }

  private mutating func members(depth: Int) throws -> [JSONValue.Member] {
    let opening = try open(depth: depth)
    var members: [JSONValue.Member] = []
    var names: Set<String> = []
    if take(UInt8(ascii: "}")) { return members }
    while true {
      let place = self.place
      guard position < bytes.count, bytes[position] == Byte.quote else {
        throw error("\(here) stands where a name in double quotes is wanted", at: place)
      }
      let name = try string()
      guard names.insert(name).inserted else {
        throw error("\(excerpt(name)) is there twice in one object; give it once", at: place)
      }
      skipBlanks()
      guard take(UInt8(ascii: ":")) else {
        throw error("\(here) stands where the colon after \(excerpt(name)) is wanted", at: self.place)
      }
      skipBlanks()
      members.append(JSONValue.Member(name: name, value: try value(depth: depth), place: place))
      skipBlanks()
      if take(UInt8(ascii: "}")) { return members }
      try takeComma(closing: "}", opening: opening)
    }
  }

  /// Takes an opening bracket and the blanks after it.
  private mutating func open(depth: Int) throws -> JSONValue.Place {
    let opening = place
    guard depth <= JSONDocument.depthLimit else {
      throw error("more than \(JSONDocument.depthLimit) arrays and objects stand within each other", at: opening)
    }
    position += 1
    skipBlanks()
    return opening
  }

  private mutating func takeComma(closing: String, opening: JSONValue.Place) throws {
    guard position < bytes.count else {
      throw error("the text ends before the '\(closing)' for the bracket that opens here", at: opening)
    }
    let place = self.place
    guard take(Byte.comma) else { throw error("\(here) stands where ',' or '\(closing)' is wanted", at: place) }
    skipBlanks()
    if position < bytes.count, bytes[position] == closing.utf8.first {
      throw error("a comma stands before '\(closing)'; JSON has none after the last", at: place)
    }
  }

  private mutating func word() throws -> JSONValue.Content {
    let start = place
    let known: [(String, JSONValue.Content)] = [("true", .bool(true)), ("false", .bool(false)), ("null", .null)]
    for (word, content) in known where bytes[position...].starts(with: word.utf8) {
      position += word.utf8.count
      return content
    }
    throw error("\(here) stands where a value is wanted: a number, a string, [, {, true, false or null", at: start)
  }

  private mutating func digits() -> Int {
    let start = position
    while position < bytes.count, Byte.isDigit(bytes[position]) { position += 1 }
    return position - start
  }

  private mutating func number() throws -> String {
    let start = position
    let place = self.place
    _ = take(UInt8(ascii: "-"))
    let leading = position < bytes.count ? bytes[position] : 0
    let whole = digits()
    guard whole > 0 else { throw error("a minus sign stands without a number", at: place) }
    guard whole == 1 || leading != UInt8(ascii: "0") else {
      throw error("a number begins with a zero that means nothing; leave it out", at: place)
    }
    if take(Byte.point), digits() == 0 { throw error("a number ends with its decimal point", at: place) }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(UInt8(ascii: "-")) }
      if digits() == 0 { throw error("a number ends where the digits of its exponent are wanted", at: place) }
    }
    return String(decoding: UnsafeBufferPointer(rebasing: bytes[start..<position]), as: UTF8.self)
  }
}

extension JSONParser {
  /// Takes a string with its quotes.
  private mutating func string() throws -> String {
    let opening = place
    position += 1
    let start = position
    var continuation = 0
    while position < bytes.count {
      let byte = bytes[position]
      if byte == Byte.quote || byte == UInt8(ascii: "\\") { break }
      try refuse(control: byte, opening)
      if byte & 0xC0 == 0x80 { continuation += 1 }
      position += 1
    }
    let plain = try text(UnsafeBufferPointer(rebasing: bytes[start..<position]), opening)
    lineStart += continuation
    if take(Byte.quote) { return plain }
    return try escapedString(after: plain, opening)
  }

  /// The rest of a string in which a backslash was met.
  private mutating func escapedString(after plain: String, _ opening: JSONValue.Place) throws -> String {
    var content = Array(plain.utf8)
    while position < bytes.count {
      let byte = bytes[position]
      if byte == Byte.quote {
        position += 1
        return try content.withUnsafeBufferPointer { try text($0, opening) }
      }
      if byte == UInt8(ascii: "\\") {
        content.append(contentsOf: String(try escape()).utf8)
        continue
      }
      try refuse(control: byte, opening)
      if byte & 0xC0 == 0x80 { lineStart += 1 }
      content.append(byte)
      position += 1
    }
    throw error("the string that opens here is never closed", at: opening)
  }

  private func refuse(control byte: UInt8, _ opening: JSONValue.Place) throws {
    guard byte < 0x20 else { return }
    if Byte.isLineBreak(byte) { throw error("the string that opens here is not closed on its line", at: opening) }
    throw error("\(here) stands in a string; control characters are written \\u00…", at: place)
  }

  private func text(_ content: UnsafeBufferPointer<UInt8>, _ opening: JSONValue.Place) throws -> String {
    guard let text = String(validating: content, as: UTF8.self) else {
      throw error("the string that opens here is not UTF-8; save the file as UTF-8", at: opening)
    }
    return text
  }

  /// Takes a backslash and what it stands for.
  private mutating func escape() throws -> Unicode.Scalar {
    let start = place
    position += 1
    guard position < bytes.count else { throw error("the text ends in an escape", at: start) }
    let mark = bytes[position]
    position += 1
    switch mark {
    case Byte.quote, UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(mark)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(start)
    default: throw error("a backslash stands before no letter of JSON's; they are \" \\ / b f n r t u", at: start)
    }
  }

  private mutating func unicodeEscape(_ start: JSONValue.Place) throws -> Unicode.Scalar {
    let first = try codeUnit(start)
    if let scalar = Unicode.Scalar(first) { return scalar }
    guard first < 0xDC00, take(UInt8(ascii: "\\")), take(UInt8(ascii: "u")) else {
      throw error("half of a surrogate pair stands alone", at: start)
    }
    let second = try codeUnit(start)
    guard second >= 0xDC00, second < 0xE000,
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw error("half of a surrogate pair stands alone", at: start) }
    return scalar
  }

  private mutating func codeUnit(_ start: JSONValue.Place) throws -> UInt32 {
    var unit: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count, let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue else {
        throw error("\\u wants four hexadecimal digits", at: start)
      }
      unit = unit << 4 + UInt32(digit)
      position += 1
    }
    return unit
  }
}
