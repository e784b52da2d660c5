import CZlib

/// Raw deflate streams and CRC-32, by zlib.
enum Zlib {
  /// Undoes deflate. `size` is what the result must have: nil when the stream is damaged, or longer or shorter.
  ///
  /// Memory grows with what really comes out, whatever `size` claims.
  static func inflate(_ input: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    var stream = z_stream()
    let structSize = Int32(MemoryLayout<z_stream>.size)
    // Negative window bits stand for a raw stream, without zlib's own header.
    guard inflateInit2_(&stream, -MAX_WBITS, ZLIB_VERSION, structSize) == Z_OK else { return nil }
    defer { inflateEnd(&stream) }
    var output: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    return input.withUnsafeBufferPointer { source in
      var consumed = 0
      while true {
        // zlib counts in 32 bits.
        let offered = min(source.count - consumed, 1 << 30)
        stream.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0 + consumed) }
        stream.avail_in = UInt32(offered)
        let (status, produced) = piece.withUnsafeMutableBufferPointer { buffer in
          stream.next_out = buffer.baseAddress
          stream.avail_out = UInt32(buffer.count)
          let status = CZlib.inflate(&stream, Z_NO_FLUSH)
          return (status, buffer.count - Int(stream.avail_out))
        }
        let taken = offered - Int(stream.avail_in)
        consumed += taken
        output += piece[..<produced]
        guard output.count <= size else { return nil }
        if status == Z_STREAM_END { return output.count == size ? output : nil }
        guard status == Z_OK, taken > 0 || produced > 0 else { return nil }
      }
    }
  }

  static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
  }
}
