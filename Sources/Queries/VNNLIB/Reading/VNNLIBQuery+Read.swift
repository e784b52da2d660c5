import Foundation

extension VNNLIBQuery {
  /// Reads a query of version 1.0 or 2.x from a file.
  ///
  /// Time and memory are proportional to the length of the file. Throws ``VNNLIBError`` for a file that cannot be
  /// opened or that breaks a rule of syntax, scope or type, at the first place where it does.
  public static func read(path: String) throws -> VNNLIBQuery {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw VNNLIBError(file: path, "cannot be read: \(error.localizedDescription)")
    }
    return try data.withUnsafeBytes { try VNNLIBQuery($0.bindMemory(to: UInt8.self), file: path) }
  }

  /// Reads a query of version 1.0 or 2.x from a text; errors name `file` as its origin. Throws as ``read(path:)`` does.
  public init(_ text: String, file: String) throws {
    var text = text
    self = try text.withUTF8 { try VNNLIBQuery($0, file: file) }
  }

  init(_ bytes: UnsafeBufferPointer<UInt8>, file: String) throws {
    if bytes.count >= 2, bytes[0] == 0x1F, bytes[1] == 0x8B {
      throw VNNLIBError(file: file, "is compressed by gzip; decompress it first")
    }
    var reader = VNNLIBReader(bytes, file: file)
    self = try reader.query()
  }
}
