import CZlib

/// Deflate streams and CRC-32, by zlib.
enum Zlib {
  enum Format {
    /// Deflate alone.
    case raw
    /// One member of a gzip file, with its header and checksum.
    case gzip

    /// zlib's code: negative for a raw stream, 16 more for gzip's header.
    fileprivate var windowBits: Int32 { self == .raw ? -MAX_WBITS : MAX_WBITS + 16 }
  }

  enum Inflated {
    /// What the stream holds, and how many bytes of the input it took.
    case complete([UInt8], taken: Int)
    case tooLong
    case damaged
  }

  /// Undoes deflate alone. `size` is what the result must have: nil when the stream is damaged, or longer or shorter.
  static func inflate(_ input: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    guard case .complete(let bytes, _) = inflate(input, format: .raw, limit: size), bytes.count == size else {
      return nil
    }
    return bytes
  }

  /// Undoes deflate. Memory grows with what really comes out, up to `limit` bytes and a little more.
  static func inflate(_ input: ArraySlice<UInt8>, format: Format, limit: Int) -> Inflated {
    var stream = z_stream()
    let structSize = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(&stream, format.windowBits, ZLIB_VERSION, structSize) == Z_OK else { return .damaged }
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
        guard output.count <= limit else { return .tooLong }
        if status == Z_STREAM_END { return .complete(output, taken: consumed) }
        guard status == Z_OK, taken > 0 || produced > 0 else { return .damaged }
      }
    }
  }

  static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    bytes.withUnsafeBufferPointer { UInt32(truncatingIfNeeded: crc32_z(0, $0.baseAddress, $0.count)) }
  }
}
