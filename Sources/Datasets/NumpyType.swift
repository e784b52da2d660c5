/// How one number is stored in a NumPy array: a kind, a width in bytes and a byte order.
struct NumpyType: Sendable, Equatable {
  enum Kind: Sendable {
    case float
    case signed
    case unsigned
    case boolean
  }

  let kind: Kind
  /// In bytes: 1, 2, 4 or 8.
  let width: Int
  let isBigEndian: Bool

  static let accepted = "accepted are real numbers: float16, 32, 64, integers of 8 to 64 bits and booleans"

  /// From a type code such as `<f8`; nil when it does not stand for a real number that fits a double or 64 bits.
  init?(_ code: String) {
    var rest = Substring(code)
    let order = rest.first
    if let order, "<>|=".contains(order) { rest.removeFirst() }
    isBigEndian = order == ">"
    switch (rest.first, rest.dropFirst()) {
    case ("f", let digits) where ["2", "4", "8"].contains(digits): kind = .float
    case ("i", let digits) where ["1", "2", "4", "8"].contains(digits): kind = .signed
    case ("u", let digits) where ["1", "2", "4", "8"].contains(digits): kind = .unsigned
    case ("b", "1"), ("?", ""): kind = .boolean
    default: return nil
    }
    width = Int(rest.dropFirst()) ?? 1
  }

  /// What a type code that is not accepted stands for, in parentheses; empty when that is unknown.
  static func explanation(_ code: String) -> String {
    switch code.drop(while: { "<>|=".contains($0) }).first {
    case "O": " (Python objects)"
    case "c": " (complex numbers)"
    case "U", "S", "a": " (text)"
    case "V": " (raw records)"
    case "M", "m": " (dates or times)"
    case "f": " (extended precision)"
    default: ""
    }
  }

  /// The element at a byte offset that lies within the bytes.
  ///
  /// An integer that no double equals comes with its digits.
  func value(in bytes: UnsafeRawBufferPointer, at offset: Int) -> (value: Double, digits: String?) {
    let bits = bits(in: bytes, at: offset)
    switch (kind, width) {
    case (.float, 8): return (Double(bitPattern: bits), nil)
    case (.float, 4): return (Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits))), nil)
    case (.float, _): return (Self.half(bits), nil)
    case (.boolean, _): return (bits == 0 ? 0 : 1, nil)
    case (.unsigned, _): return (Double(bits), Double(exactly: bits) == nil ? String(bits) : nil)
    case (.signed, _):
      let shift = 64 - 8 * width
      let integer = Int64(bitPattern: bits << shift) >> shift
      return (Double(integer), Double(exactly: integer) == nil ? String(integer) : nil)
    }
  }

  private func bits(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt64 {
    switch width {
    case 8: return ordered(bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    case 4: return UInt64(ordered(bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    case 2: return UInt64(ordered(bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
    default: return UInt64(bytes[offset])
    }
  }

  private func ordered<Bits: FixedWidthInteger>(_ bits: Bits) -> Bits {
    isBigEndian ? Bits(bigEndian: bits) : Bits(littleEndian: bits)
  }

  /// IEEE 754 binary16 by hand: `Float16` does not exist on every platform.
  private static func half(_ bits: UInt64) -> Double {
    let sign: FloatingPointSign = bits & 0x8000 == 0 ? .plus : .minus
    let exponent = Int(bits >> 10 & 0x1F)
    let fraction = Double(bits & 0x3FF) / 1024
    let magnitude: Double =
      switch exponent {
      case 0: fraction * 0x1p-14
      case 0x1F: fraction == 0 ? .infinity : .nan
      default: Double(sign: .plus, exponent: exponent - 15, significand: 1 + fraction)
      }
    return sign == .plus ? magnitude : -magnitude
  }
}
