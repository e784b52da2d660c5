extension Table {
  init(npy bytes: [UInt8], source: String) throws {
    let columns = try NumpyArray.columns(bytes, name: "the array", source: source) { j, _ in "c\(j + 1)" }
    try self.init(
      source: source, columnNames: columns.map(\.name), hasHeader: false, rowCount: columns[0].values.count,
      storage: .arrays(columns.map { .numbers($0) }))
  }

  init(npz bytes: [UInt8], source: String) throws {
    let archive = try ZipArchive(bytes, source: source)
    let suffix = ".npy"
    let arrays = archive.members.filter { $0.name.hasSuffix(suffix) }
    guard !arrays.isEmpty else {
      let found = archive.members.isEmpty ? "it is empty" : "it holds \(listing(archive.members.map(\.name)))"
      throw DatasetError(
        source: source, "is a zip file without .npy arrays: \(found); save a spreadsheet as CSV, and arrays with savez")
    }
    var names: [String] = []
    var stored: [StoredColumn] = []
    var first: (key: String, rows: Int)?
    var firstFault: DatasetError?
    for member in arrays {
      let key = String(member.name.dropLast(suffix.count))
      let contents = try archive.contents(of: member)
      let columns: [Column]
      do {
        columns = try NumpyArray.columns(contents, name: "the array \(excerpt(key))", source: source) { j, m in
          m == 1 ? key : "\(key)\(j + 1)"
        }
      } catch let fault as DatasetError {
        // Labels or settings beside the data do no harm until they are used.
        firstFault = firstFault ?? fault
        names.append(key)
        stored.append(.unusable(fault.reason))
        continue
      }
      let rows = columns[0].values.count
      if let first, first.rows != rows {
        throw DatasetError(
          source: source,
          "the array \(excerpt(key)) has \(rows) rows where \(excerpt(first.key)) has \(first.rows); "
            + "all must have the same number")
      }
      first = first ?? (key, rows)
      names += columns.map(\.name)
      stored += columns.map { .numbers($0) }
    }
    guard let first else {
      throw firstFault ?? DatasetError(source: source, "holds no arrays of numbers")
    }
    try self.init(
      source: source, columnNames: names, hasHeader: true, rowCount: first.rows, storage: .arrays(stored))
  }
}
