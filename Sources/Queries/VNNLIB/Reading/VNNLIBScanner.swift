/// Cuts a VNN-LIB text into tokens, in one pass.
struct VNNLIBScanner {
  let bytes: UnsafeBufferPointer<UInt8>
  let file: String
  private var position = 0
  private var line = 1
  /// The offset from which columns of this line count: its beginning, moved on by one for each byte that continues a
  /// scalar.
  private var lineStart = 0

  init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) {
    self.bytes = bytes
    self.file = file
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
      position = 3
      lineStart = 3
    }
  }

  private var here: VNNLIBPlace { VNNLIBPlace(line: line, column: position - lineStart + 1) }

  private func byte(at offset: Int) -> UInt8 { offset < bytes.count ? bytes[offset] : 0 }

  func error(_ place: VNNLIBPlace, _ reason: String) -> VNNLIBError { VNNLIBError(file: file, place: place, reason) }

  /// The text of a token; of a long one only the beginning, for messages.
  func excerpt(_ token: VNNLIBToken) -> String {
    if token.kind == .end { return "the end of the file" }
    let limit = 40
    let text = String(decoding: bytes[token.bytes.prefix(4 * limit + 4)], as: UTF8.self).unicodeScalars
    var shown = "'"
    for scalar in text.prefix(limit) {
      shown += scalar.value < 0x20 || scalar.value == 0x7F ? scalar.escaped(asASCII: true) : String(scalar)
    }
    return shown + (text.count > limit ? "…'" : "'")
  }

  func text(_ token: VNNLIBToken) -> String { String(decoding: bytes[token.bytes], as: UTF8.self) }

  private mutating func skipBlanksAndComments() {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0C, 0x0D: position += 1
      case VNNLIBByte.lineFeed: takeLineFeed()
      case VNNLIBByte.semicolon:
        while position < bytes.count, bytes[position] != VNNLIBByte.lineFeed { position += 1 }
      default: return
      }
    }
  }

  private mutating func takeLineFeed() {
    position += 1
    line += 1
    lineStart = position
  }

  /// The next token; at the end of the text, one of kind `end` again and again.
  mutating func next() throws -> VNNLIBToken {
    skipBlanksAndComments()
    let start = position
    let place = here
    guard position < bytes.count else { return VNNLIBToken(kind: .end, bytes: start..<start, place: place) }
    let kind: VNNLIBToken.Kind
    switch bytes[position] {
    case UInt8(ascii: "("): kind = takeSign(.open)
    case UInt8(ascii: ")"): kind = takeSign(.close)
    case UInt8(ascii: "["): kind = takeSign(.openBracket)
    case UInt8(ascii: "]"): kind = takeSign(.closeBracket)
    case UInt8(ascii: ","): kind = takeSign(.comma)
    case UInt8(ascii: "+"): kind = takeSign(.plus)
    case UInt8(ascii: "*"): kind = takeSign(.times)
    case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "="), UInt8(ascii: "!"): kind = takeComparison()
    case VNNLIBByte.hyphen: kind = startsNumber(position + 1) ? takeNumber() : takeSign(.minus)
    case VNNLIBByte.quote: kind = try takeString(place)
    case let byte where VNNLIBByte.isLetter(byte): kind = takeWord()
    case _ where startsNumber(position): kind = takeNumber()
    default: throw error(place, "\(stray) has no meaning here")
    }
    return VNNLIBToken(kind: kind, bytes: start..<position, place: place)
  }

  /// The version tag `<2.0>` if one comes next, or else the next token.
  mutating func nextVersion() throws -> VNNLIBToken {
    skipBlanksAndComments()
    let start = position
    let place = here
    func digits(_ from: Int) -> Int {
      var end = from
      while VNNLIBByte.isDigit(byte(at: end)) { end += 1 }
      return end
    }
    let point = digits(start + 1)
    let end = digits(point + 1)
    guard byte(at: start) == UInt8(ascii: "<"), point > start + 1, byte(at: point) == VNNLIBByte.point, end > point + 1,
      byte(at: end) == UInt8(ascii: ">")
    else { return try next() }
    position = end + 1
    return VNNLIBToken(kind: .version, bytes: start..<position, place: place)
  }

  private mutating func takeSign(_ kind: VNNLIBToken.Kind) -> VNNLIBToken.Kind {
    position += 1
    return kind
  }

  private mutating func takeComparison() -> VNNLIBToken.Kind {
    while let byte = bytes[position...].first, byte == 0x21 || 0x3C...0x3E ~= byte { position += 1 }
    return .comparison
  }

  private mutating func takeWord() -> VNNLIBToken.Kind {
    while position < bytes.count {
      let byte = bytes[position]
      let isHyphen = byte == VNNLIBByte.hyphen && VNNLIBByte.isLetter(self.byte(at: position + 1))
      guard VNNLIBByte.isNamePart(byte) || isHyphen else { break }
      position += 1
    }
    return .word
  }

  /// Whether a digit, or a point and a digit, stand at the offset.
  private func startsNumber(_ offset: Int) -> Bool {
    let first = byte(at: offset)
    return VNNLIBByte.isDigit(first) || first == VNNLIBByte.point && VNNLIBByte.isDigit(byte(at: offset + 1))
  }

  /// Takes what any of the versions, or somebody's mistake, may write as a number; ``VNNLIBNumeral`` tells them apart.
  private mutating func takeNumber() -> VNNLIBToken.Kind {
    if bytes[position] == VNNLIBByte.hyphen { position += 1 }
    while VNNLIBByte.isDigit(byte(at: position)) { position += 1 }
    if byte(at: position) == VNNLIBByte.point {
      position += 1
      while VNNLIBByte.isDigit(byte(at: position)) { position += 1 }
    }
    if byte(at: position) | 0x20 == UInt8(ascii: "e") {
      let sign = byte(at: position + 1)
      let digits = position + (sign == VNNLIBByte.hyphen || sign == UInt8(ascii: "+") ? 2 : 1)
      if VNNLIBByte.isDigit(byte(at: digits)) {
        position = digits
        while VNNLIBByte.isDigit(byte(at: position)) { position += 1 }
      }
    }
    return .number
  }

  private mutating func takeString(_ place: VNNLIBPlace) throws -> VNNLIBToken.Kind {
    position += 1
    while position < bytes.count {
      switch bytes[position] {
      case VNNLIBByte.quote:
        position += 1
        return .string
      case VNNLIBByte.backslash:
        position += 1
        guard position < bytes.count, "\"\\nt".utf8.contains(bytes[position]) else {
          throw error(here, "after a backslash in a string only \" \\ n and t may stand")
        }
        position += 1
      case VNNLIBByte.lineFeed: takeLineFeed()
      case let byte:
        if byte & 0xC0 == 0x80 { lineStart += 1 }
        position += 1
      }
    }
    throw error(place, "this string is not closed by \"")
  }

  /// What stands at the position, for messages.
  private var stray: String {
    let byte = bytes[position]
    if byte > 0x20, byte < 0x7F { return "the character '\(Character(Unicode.Scalar(byte)))'" }
    let scalar = String(decoding: bytes[position..<min(position + 4, bytes.count)], as: UTF8.self).unicodeScalars.first
    if byte >= 0x80, let scalar, scalar != "\u{FFFD}" { return "the character '\(scalar)'" }
    return "the byte 0x\(String(byte, radix: 16, uppercase: true))"
  }
}
