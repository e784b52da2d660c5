import Datasets
import Foundation

/// A file that is written piece by piece and is there whole or not at all: under a temporary name in the same folder until
/// `commit()`. Without it the temporary is removed with the value.
final class StreamedFile {
  private let path: String
  private let temporary: String?
  private let descriptor: Int32
  private var buffer: [UInt8] = []
  private var isOpen = true

  /// - Throws: `FileError` when the file cannot be made.
  init(path: String) throws {
    self.path = path
    var information = stat()
    let exists = stat(path, &information) == 0
    if exists, information.st_mode & S_IFMT == S_IFDIR {
      throw FileError(
        path: path,
        "is a folder; name a file "
          + "to write")
    }
    if exists, information.st_mode & S_IFMT != S_IFREG {
      // A device or a pipe cannot be renamed over.
      temporary = nil
      descriptor = open(path, O_WRONLY)
    } else {
      let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
      let name = folder.appendingPathComponent(".\(UUID().uuidString).tmp").path
      temporary = name
      descriptor = open(name, O_WRONLY | O_CREAT | O_EXCL, 0o666)
      if exists { fchmod(descriptor, information.st_mode & 0o7777) }
    }
    guard descriptor >= 0 else { throw FileError(path: path, "cannot be written: \(String(cString: strerror(errno)))") }
    buffer.reserveCapacity(1 << 20)
  }

  deinit {
    if isOpen { close(descriptor) }
    if let temporary { unlink(temporary) }
  }

  func write(_ bytes: some Sequence<UInt8>) throws {
    buffer.append(contentsOf: bytes)
    if buffer.count >= 1 << 20 { try flush() }
  }

  private func flush() throws {
    do {
      try buffer.withUnsafeBytes { try RawFile.write($0, to: descriptor) }
    } catch let error as RawFile.Fault {
      throw FileError(path: path, error.reason)
    }
    buffer.removeAll(keepingCapacity: true)
  }

  /// Puts the file in its place.
  func commit() throws {
    try flush()
    isOpen = false
    guard close(descriptor) == 0 else { throw FileError(path: path, String(cString: strerror(errno))) }
    if let temporary, rename(temporary, path) != 0 { throw FileError(path: path, String(cString: strerror(errno))) }
  }
}

/// Whole reads and writes of open files.
enum RawFile {
  struct Fault: Error {
    var reason: String
  }

  static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) throws {
    var written = 0
    while written < bytes.count {
      let count = Foundation.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
      if count < 0 {
        if errno == EINTR { continue }
        throw Fault(reason: String(cString: strerror(errno)))
      }
      written += count
    }
  }

  /// The number of bytes read: fewer than there is room for only at the end.
  static func read(_ descriptor: Int32, into room: UnsafeMutableRawBufferPointer) throws -> Int {
    var total = 0
    while total < room.count {
      let count = Foundation.read(descriptor, room.baseAddress.map { $0 + total }, room.count - total)
      if count < 0 {
        if errno == EINTR { continue }
        throw Fault(reason: String(cString: strerror(errno)))
      }
      if count == 0 { break }
      total += count
    }
    return total
  }
}
