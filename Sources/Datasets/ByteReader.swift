/// Little-endian integers in bytes that may end anywhere.
struct ByteReader: Sendable {
  let bytes: [UInt8]

  /// The unsigned integer of `width` ≤ 8 bytes at `offset`; nil when it does not lie within the bytes, or in an `Int`.
  func integer(at offset: Int, width: Int) -> Int? {
    guard offset >= 0, offset <= bytes.count - width else { return nil }
    var value: UInt64 = 0
    for index in (offset..<offset + width).reversed() { value = value << 8 | UInt64(bytes[index]) }
    return Int(exactly: value)
  }

  /// The `count` bytes from `offset`; nil when they do not all exist.
  func slice(at offset: Int, count: Int) -> ArraySlice<UInt8>? {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { return nil }
    return bytes[offset..<offset + count]
  }
}

extension [UInt8] {
  /// Appends the low `width` bytes of an integer, the lowest first.
  mutating func append(littleEndian value: Int, width: Int) {
    for index in 0..<width { append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}
