import Foundation

/// Files that are there whole or not at all.
public enum AtomicFile {
  /// Writes `data` to `path`: to a temporary name in the same folder, then renamed over what was there.
  ///
  /// A reader sees the old contents or the new, never a part. A symbolic link is followed, and a file that was there
  /// passes on its permissions. What cannot be renamed over is written to directly: a device, a pipe, and the streams
  /// that are open already, `/dev/stdout`, `/dev/stderr` and `/dev/fd/n`. There is no `fsync`: the promise holds when
  /// the program dies, not when the machine does.
  ///
  /// Throws `FileError` when the folder does not exist or the file cannot be written; the temporary is removed.
  public static func write(_ data: Data, to path: String) throws {
    guard !path.isEmpty else { throw FileError(path: "''", "an empty file name; name a file to write") }
    if let stream = SystemFile.openStream(path) {
      return try SystemFile.write(data, to: stream, path: path)
    }
    switch SystemFile.kind(of: path) {
    case .folder:
      throw FileError(path: path, "is a folder; name a file to write")
    case .other:
      let file = try SystemFile.open(path, flags: O_WRONLY)
      try finish(file, writing: data, path: path)
    case .regular:
      try replace(SystemFile.resolved(path), with: data, named: path)
    case nil:
      try replace(path, with: data, named: path)
    }
  }

  private static func replace(_ target: String, with data: Data, named path: String) throws {
    let url = URL(fileURLWithPath: target)
    let folder = url.deletingLastPathComponent().path
    guard SystemFile.kind(of: folder) == .folder else {
      throw FileError(path: path, "the folder '\(folder)' does not exist; make it first")
    }
    // The name is short whatever the target's, which may have the longest length that the file system allows.
    let temporary = url.deletingLastPathComponent().appendingPathComponent(".\(UUID().uuidString).tmp").path
    let file: Int32
    do {
      file = try SystemFile.open(temporary, flags: O_WRONLY | O_CREAT | O_EXCL)
    } catch let error as FileError {
      throw FileError(path: path, "cannot write in the folder '\(folder)': \(error.reason)")
    }
    if let permissions = SystemFile.permissions(of: target) { fchmod(file, permissions) }
    do {
      try finish(file, writing: data, path: path)
      guard rename(temporary, target) == 0 else { throw FileError(path: path, SystemFile.lastReason()) }
    } catch {
      unlink(temporary)
      throw error
    }
  }

  private static func finish(_ file: Int32, writing data: Data, path: String) throws {
    do {
      try SystemFile.write(data, to: file, path: path)
    } catch {
      close(file)
      throw error
    }
    // A full disk or a lost network folder may show only here.
    guard close(file) == 0 else { throw FileError(path: path, SystemFile.lastReason()) }
  }
}
