import Foundation

/// Files that may be compressed by gzip (RFC 1952).
public enum CompressedFile {
  /// What a file may grow to: a few bytes can claim to be petabytes.
  private static let largestSize = 1 << 32

  /// The bytes of a file, decompressed where they begin as gzip does. Where there is no file of that name, one with `.gz`
  /// after it is read.
  ///
  /// - Throws: `FileError` when there is no such file, or it cannot be read or decompressed.
  public static func read(_ path: String) throws -> Data {
    let isThere = SystemFile.kind(of: path) != nil || SystemFile.kind(of: path + ".gz") == nil
    let path = isThere ? path : path + ".gz"
    let bytes = try SystemFile.read(path)
    return Data(bytes.starts(with: [0x1F, 0x8B]) ? try decompress(bytes, path: path) : bytes)
  }

  /// All members of a gzip stream, one after another.
  static func decompress(_ bytes: [UInt8], path: String) throws -> [UInt8] {
    var output: [UInt8] = []
    var rest = bytes[...]
    repeat {
      switch Zlib.inflate(rest, format: .gzip, limit: largestSize - output.count) {
      case .complete(let member, let taken):
        output += member
        rest = rest.dropFirst(taken)
      case .tooLong: throw FileError(path: path, "holds more than 4 GiB; decompress it first")
      case .damaged: throw FileError(path: path, "is damaged or cut off: its gzip stream cannot be decompressed")
      }
      // What follows is another member, or padding.
    } while rest.first == 0x1F
    return output
  }
}
