/// A piece of a VNN-LIB text.
struct VNNLIBToken {
  enum Kind {
    case open
    case close
    case openBracket
    case closeBracket
    case comma
    /// A name or a keyword; keywords may hold hyphens.
    case word
    /// One of `< <= > >= = == !=` and other runs of these signs.
    case comparison
    case plus
    case minus
    case times
    /// A numeral, with its exponent if it has one.
    case number
    /// Between double quotes.
    case string
    /// `<digits.digits>`, read only where a version is wanted.
    case version
    case end
  }

  var kind: Kind
  var bytes: Range<Int>
  var place: VNNLIBPlace
}

enum VNNLIBByte {
  static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }
  static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
  static func isNamePart(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) || byte == underscore }

  static let underscore = UInt8(ascii: "_")
  static let hyphen = UInt8(ascii: "-")
  static let point = UInt8(ascii: ".")
  static let quote = UInt8(ascii: "\"")
  static let backslash = UInt8(ascii: "\\")
  static let lineFeed = UInt8(ascii: "\n")
  static let semicolon = UInt8(ascii: ";")
}
