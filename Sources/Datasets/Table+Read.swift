import Foundation

extension Table {
  /// Reads a table from a file: delimited text, `.npy` or `.npz`, told apart by how the file begins. `-` is standard
  /// input.
  ///
  /// **Text** is RFC 4180 and its relatives. The separator is found among comma, semicolon, tab, bar and runs of
  /// blanks; with any but the comma a number may have a decimal comma. Lines at the top that begin with `#` and blank
  /// lines are skipped. When the first row is all numbers there is no header, and the columns are called `c1`, `c2`, …;
  /// so is a column whose header is empty.
  ///
  /// **`.npy`** holds one array: 1-D gives the column `c1`, 2-D [rows × m] gives `c1` … `cm`.
  ///
  /// **`.npz`** holds several: a 1-D array is a column called by its key, a 2-D array `X` gives `X1` … `Xm`, or `X`
  /// when m = 1. An array of another kind, labels say, is kept by name and does no harm until it is used.
  ///
  /// O(bytes). Throws `FileError` when the file cannot be read and `DatasetError` when it is not such a table.
  public static func read(path: String) throws -> Table {
    if path == "-" {
      let source = "standard input"
      return try Table(bytes: SystemFile.readAll(STDIN_FILENO, path: source), source: source)
    }
    return try Table(bytes: SystemFile.read(path), source: path)
  }

  /// Reads delimited text in memory, as `read(path:)` does. Throws `DatasetError`.
  public init(csv text: String, source: String) throws {
    try self.init(text: Array(text.utf8), source: source)
  }

  init(bytes: [UInt8], source: String) throws {
    if bytes.starts(with: NumpyFile.magic) {
      try self.init(npy: bytes, source: source)
    } else if bytes.starts(with: ZipArchive.fileMagic) || bytes.starts(with: ZipArchive.emptyMagic) {
      try self.init(npz: bytes, source: source)
    } else {
      let name = source.lowercased()
      if name.hasSuffix(".npy") || name.hasSuffix(".npz"), !bytes.isEmpty {
        throw DatasetError(source: source, "does not begin as a \(name.suffix(4)) file does, despite its name")
      }
      try self.init(text: bytes, source: source)
    }
  }

  private init(text bytes: [UInt8], source: String) throws {
    let grid = try TextGrid(bytes: bytes, source: source)
    try self.init(
      source: source, columnNames: grid.names, hasHeader: grid.hasHeader, rowCount: grid.lines.count,
      storage: .text(grid))
  }
}
