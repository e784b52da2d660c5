/// A table of named columns of equal length, as read from a file.
///
/// A text table keeps its bytes and where each cell lies in them: a column becomes numbers when it is asked for, so a
/// column of text or with gaps does no harm until it is used. Asking twice reads twice; keep the `Column`.
public struct Table: Sendable {
  /// The file's path as it was given, or another name for where the table came from; used in errors.
  public let source: String
  /// The columns' names in order; all different, at least one.
  public let columnNames: [String]
  /// Whether the names were in the file. Otherwise they are `c1`, `c2`, ….
  public let hasHeader: Bool
  /// The number of rows; at least one.
  public let rowCount: Int
  private let storage: Storage

  enum Storage: Sendable {
    case text(TextGrid)
    case arrays([StoredColumn])
  }

  /// A column that did not come from text.
  enum StoredColumn: Sendable {
    case numbers(Column)
    /// What was found instead of numbers.
    case unusable(String)
  }

  init(source: String, columnNames: [String], hasHeader: Bool, rowCount: Int, storage: Storage) throws {
    var places: [String: Int] = [:]
    for (place, name) in columnNames.enumerated() {
      if let other = places.updateValue(place, forKey: name) {
        throw DatasetError(
          source: source, column: name,
          "columns \(other + 1) and \(place + 1) are both called \(excerpt(name)); give each its own name")
      }
    }
    self.source = source
    self.columnNames = columnNames
    self.hasHeader = hasHeader
    self.rowCount = rowCount
    self.storage = storage
  }

  /// A table from columns in memory. Throws `DatasetError` unless there is at least one column and one row, the columns
  /// have equal length and their names differ.
  public init(source: String, columns: [Column]) throws {
    guard let first = columns.first, !first.values.isEmpty else {
      throw DatasetError(source: source, "holds no numbers; at least one column with one row is needed")
    }
    for column in columns {
      let counts = [column.values.count, column.literals?.count, column.lines?.count].compactMap { $0 }
      guard counts.allSatisfy({ $0 == first.values.count }) else {
        throw DatasetError(
          source: source, column: column.name,
          "column \(excerpt(column.name)) does not have \(first.values.count) rows throughout, as column "
            + "\(excerpt(first.name)) has; all columns must have the same number of rows")
      }
    }
    try self.init(
      source: source, columnNames: columns.map(\.name), hasHeader: true, rowCount: first.values.count,
      storage: .arrays(columns.map { .numbers($0) }))
  }

  /// The column as numbers. O(rows).
  ///
  /// Throws `DatasetError` when there is no such column, naming the nearest and listing all, or when a cell holds no
  /// finite number, naming its line and text.
  public func column(named name: String) throws -> Column { try column(at: index(ofColumnNamed: name)) }

  /// The column at a place in `columnNames`, as numbers. O(rows). Throws as `column(named:)` does.
  public func column(at index: Int) throws -> Column {
    guard columnNames.indices.contains(index) else {
      throw DatasetError(source: source, "has no column \(index + 1); there are \(columnNames.count)")
    }
    switch storage {
    case .text(let grid): return try grid.column(at: index, named: columnNames[index], source: source)
    case .arrays(let columns):
      switch columns[index] {
      case .unusable(let found): throw DatasetError(source: source, column: columnNames[index], found)
      case .numbers(let column):
        if let row = column.values.firstIndex(where: { !$0.isFinite }) {
          throw DatasetError(
            source: source, column: column.name,
            "row \(row + 1) of column \(excerpt(column.name)) is \(column.values[row]); only finite numbers are "
              + "accepted, drop the row or fill it in")
        }
        return column
      }
    }
  }

  /// All columns as numbers. O(cells). Throws as `column(named:)` does if any column is not all numbers.
  public var columns: [Column] {
    get throws { try columnNames.indices.map { try column(at: $0) } }
  }

  /// What a column's cells look like, without reading their values. O(rows). Throws `DatasetError` when there is no
  /// such column.
  public func content(ofColumnNamed name: String) throws -> ColumnContent {
    content(ofColumnAt: try index(ofColumnNamed: name))
  }

  /// The columns whose cells are numbers, also those with gaps: using such a column says where its first gap is, where
  /// leaving it out would be silent. O(cells).
  public var numericColumnNames: [String] {
    columnNames.indices.filter { content(ofColumnAt: $0) != .other }.map { columnNames[$0] }
  }

  private func content(ofColumnAt index: Int) -> ColumnContent {
    switch storage {
    case .text(let grid): return grid.content(ofColumnAt: index)
    case .arrays(let columns):
      guard case .numbers(let column) = columns[index] else { return .other }
      let missing = column.values.count { !$0.isFinite }
      return missing == 0 ? .numbers : missing < rowCount ? .incomplete(missing: missing) : .other
    }
  }

  private func index(ofColumnNamed name: String) throws -> Int {
    if let index = columnNames.firstIndex(of: name) { return index }
    let suggestion = nearestName(to: name, among: columnNames).map { "; did you mean \(excerpt($0))?" } ?? "."
    throw DatasetError(
      source: source, column: name,
      "has no column \(excerpt(name))\(suggestion) Its columns are \(listing(columnNames))")
  }
}
