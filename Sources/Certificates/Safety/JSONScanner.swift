import Foundation

/// Takes the tokens of a JSON text one by one, straight from its bytes. White space before a token is skipped.
struct JSONScanner {
  private let bytes: UnsafeBufferPointer<UInt8>
  private var position = 0
  private let quote = UInt8(ascii: "\"")
  private let backslash = UInt8(ascii: "\\")

  /// - Parameter bytes: stay valid as long as the scanner is used.
  init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

  /// An error about the line of the last token.
  func error(_ reason: String) -> CertificateError {
    let line = bytes[..<min(position, bytes.count)].reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
    return CertificateError(at: "line \(line)", reason)
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private mutating func skipSpace() {
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
  }

  /// What stands at the position, for a message.
  private var here: String {
    guard position < bytes.count else { return "the end of the file" }
    return String(decoding: bytes[position...].prefix(12).prefix { $0 > 0x20 }, as: UTF8.self)
  }

  /// Takes a mark if it stands here.
  mutating func takes(_ mark: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: mark) else { return false }
    position += 1
    return true
  }

  mutating func take(_ mark: Unicode.Scalar) throws(CertificateError) {
    guard takes(mark) else { throw error("expected \(mark), found \(here)") }
  }

  /// Nothing but white space may follow.
  mutating func end() throws(CertificateError) {
    skipSpace()
    guard position == bytes.count else { throw error("the document is complete, but there follows \(here)") }
  }

  mutating func string() throws(CertificateError) -> String {
    skipSpace()
    let start = position
    guard position < bytes.count, bytes[position] == quote else { throw error("expected a string, found \(here)") }
    position += 1
    var hasEscapes = false
    while position < bytes.count, bytes[position] != quote {
      guard bytes[position] >= 0x20 else { throw error("a string is not closed on its line") }
      if bytes[position] == backslash {
        hasEscapes = true
        position += 1
      }
      position += 1
    }
    guard position < bytes.count else { throw error("the file ends within a string") }
    position += 1
    if hasEscapes {
      guard let text = try? JSONDecoder().decode(String.self, from: Data(bytes[start..<position])) else {
        throw error("a string is not well-formed JSON")
      }
      return text
    }
    guard let text = String(validating: bytes[start + 1..<position - 1], as: UTF8.self) else {
      throw error("a string is not UTF-8")
    }
    return text
  }

  private static func isOfNumber(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."),
      UInt8(ascii: "e"), UInt8(ascii: "E"):
      true
    default: false
    }
  }

  /// What stands here of the letters of a number.
  private mutating func numeral() throws(CertificateError) -> String {
    skipSpace()
    let start = position
    while position < bytes.count, Self.isOfNumber(bytes[position]) { position += 1 }
    guard position > start else { throw error("expected a number, found \(here)") }
    return String(decoding: bytes[start..<position], as: UTF8.self)
  }

  mutating func integer() throws(CertificateError) -> Int {
    let text = try numeral()
    guard let value = Int(text) else { throw error("expected an integer, found \(text.prefix(40))") }
    return value
  }

  /// The double nearest to the number.
  mutating func number() throws(CertificateError) -> Double {
    let text = try numeral()
    guard let value = Double(text), value.isFinite else {
      throw error("expected a number in the range of double precision, found \(text.prefix(40))")
    }
    return value
  }
}
