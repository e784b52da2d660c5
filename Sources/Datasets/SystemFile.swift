import Foundation

/// The few system calls that reading and writing need, with the system's own words for what went wrong.
enum SystemFile {
  enum Kind {
    case regular
    case folder
    /// A device, a pipe or a socket.
    case other
  }

  /// What lies at the path, links followed; nil when nothing is there.
  static func kind(of path: String) -> Kind? {
    var information = stat()
    guard stat(path, &information) == 0 else { return nil }
    switch information.st_mode & S_IFMT {
    case S_IFREG: return .regular
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  /// Who may do what with the file at the path; nil when nothing is there.
  static func permissions(of path: String) -> mode_t? {
    var information = stat()
    return stat(path, &information) == 0 ? information.st_mode & 0o7777 : nil
  }

  /// The descriptor that a path such as `/dev/stdout` stands for; nil for other paths.
  ///
  /// When such a stream goes to a file, opening or replacing that file anew would lose what else is written to it.
  static func openStream(_ path: String) -> Int32? {
    switch path {
    case "/dev/stdout": return STDOUT_FILENO
    case "/dev/stderr": return STDERR_FILENO
    default:
      let prefix = "/dev/fd/"
      return path.hasPrefix(prefix) ? Int32(path.dropFirst(prefix.count)) : nil
    }
  }

  /// The path with symbolic links followed, or the path itself when it cannot be.
  static func resolved(_ path: String) -> String {
    guard let text = realpath(path, nil) else { return path }
    defer { free(text) }
    return String(cString: text)
  }

  static func lastReason() -> String { String(cString: strerror(errno)).lowercasingFirstLetter }

  static func open(_ path: String, flags: Int32) throws -> Int32 {
    let file = Foundation.open(path, flags, 0o666)
    guard file >= 0 else { throw FileError(path: path, lastReason()) }
    return file
  }

  static func read(_ path: String) throws -> [UInt8] {
    if kind(of: path) == .folder { throw FileError(path: path, "is a folder; name a file to read") }
    let file = try open(path, flags: O_RDONLY)
    defer { close(file) }
    return try readAll(file, path: path)
  }

  /// Reads to the end of an open file, in pieces: a pipe does not know its length.
  static func readAll(_ file: Int32, path: String) throws -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = piece.withUnsafeMutableBytes { Foundation.read(file, $0.baseAddress, $0.count) }
      if count < 0 {
        if errno == EINTR { continue }
        throw FileError(path: path, lastReason())
      }
      if count == 0 { return bytes }
      bytes += piece[..<count]
    }
  }

  static func write(_ data: Data, to file: Int32, path: String) throws {
    try data.withUnsafeBytes { buffer in
      var written = 0
      while written < buffer.count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[written...])
        let count = Foundation.write(file, rest.baseAddress, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          throw FileError(path: path, lastReason())
        }
        written += count
      }
    }
  }
}

extension String {
  /// `No such file` reads as `no such file` after a colon.
  fileprivate var lowercasingFirstLetter: String { prefix(1).lowercased() + dropFirst() }
}
