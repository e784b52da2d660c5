import CZlib
import Datasets
import Foundation

/// Files that may be compressed by gzip (RFC 1952).
enum GzipFile {
  /// What a file may grow to: a few bytes can claim to be petabytes.
  private static let largestSize = 1 << 32

  /// The bytes of a file, decompressed where they begin as gzip does. Where there is no file of that name, one with `.gz`
  /// after it is read.
  static func read(_ path: String) throws -> Data {
    let path = FileManager.default.fileExists(atPath: path) ? path : compressedName(path) ?? path
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw Failure.usage("\(path): there is no such file")
    }
    guard !isFolder.boolValue else { throw Failure.usage("\(path): is a folder; name a file") }
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw Failure.usage("\(path): cannot be read: \(error.localizedDescription)")
    }
    return data.starts(with: [0x1F, 0x8B]) ? try decompress(data, path: path) : data
  }

  private static func compressedName(_ path: String) -> String? {
    let name = path + ".gz"
    return FileManager.default.fileExists(atPath: name) ? name : nil
  }

  /// All members of a gzip stream, one after another; checksums are checked.
  static func decompress(_ data: Data, path: String) throws -> Data {
    var stream = z_stream()
    // 16 on top of the window's bits stands for gzip's header and checksum.
    let windowBits = Int32(MAX_WBITS + 16)
    guard inflateInit2_(&stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw Failure.usage("\(path): there is no memory to decompress it")
    }
    defer { inflateEnd(&stream) }
    var output = Data()
    var piece = [UInt8](repeating: 0, count: 1 << 18)
    var consumed = 0
    var isInsideMember = true
    let input = [UInt8](data)
    while consumed < input.count || isInsideMember {
      let status = input.withUnsafeBufferPointer { source in
        piece.withUnsafeMutableBufferPointer { buffer -> Int32 in
          // zlib counts in 32 bits.
          let offered = min(source.count - consumed, 1 << 30)
          stream.next_in = source.baseAddress.map { UnsafeMutablePointer(mutating: $0 + consumed) }
          stream.avail_in = UInt32(offered)
          stream.next_out = buffer.baseAddress
          stream.avail_out = UInt32(buffer.count)
          let status = inflate(&stream, Z_NO_FLUSH)
          consumed += offered - Int(stream.avail_in)
          return status
        }
      }
      output += piece[..<(piece.count - Int(stream.avail_out))]
      guard output.count <= largestSize else {
        throw Failure.usage("\(path): holds more than 4 GiB; decompress it first")
      }
      switch status {
      case Z_OK: isInsideMember = true
      case Z_STREAM_END:
        isInsideMember = false
        // What follows is another member or padding.
        guard consumed < input.count, input[consumed] == 0x1F, inflateReset(&stream) == Z_OK else { return output }
      default: throw Failure.usage("\(path): is damaged or cut off: its gzip stream cannot be decompressed")
      }
    }
    return output
  }
}
