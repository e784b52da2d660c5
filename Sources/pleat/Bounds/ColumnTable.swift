/// Rows of cells below a header, each column as wide as its widest cell.
struct ColumnTable {
  enum Side {
    case left
    case right
  }

  private let sides: [Side]
  private var rows: [[String]]

  init(_ columns: [(name: String, side: Side)]) {
    sides = columns.map(\.side)
    rows = [columns.map(\.name)]
  }

  mutating func add(_ cells: [String]) { rows.append(cells) }

  var text: String {
    let widths = sides.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = row.indices.map { column in
        let blanks = String(repeating: " ", count: widths[column] - row[column].count)
        return sides[column] == .left ? row[column] + blanks : blanks + row[column]
      }
      var line = cells.joined(separator: "  ")
      while line.last == " " { line.removeLast() }
      return line
    }
    .joined(separator: "\n")
  }
}

/// Sources by number, for a table that has no room for them.
struct SourceList {
  private var sources: [String] = []

  /// `[2]`
  mutating func mark(_ source: String) -> String {
    if let place = sources.firstIndex(of: source) { return "[\(place + 1)]" }
    sources.append(source)
    return "[\(sources.count)]"
  }

  var text: String { sources.enumerated().map { "[\($0.offset + 1)] \($0.element)" }.joined(separator: "\n") }
}
