import Foundation

/// Results by row and column, as a table for people, as CSV and as JSON.
struct NumberTable {
  enum Cell {
    case text(String)
    case integer(Int)
    case number(Double)
    /// With its error.
    case list([Double])
    case missing
  }

  let columns: [String]
  private(set) var rows: [[Cell]] = []

  init(_ columns: [String]) { self.columns = columns }

  mutating func add(_ row: [Cell]) { rows.append(row) }

  /// Columns in which no row has anything are left out.
  var text: String {
    let shown = columns.indices.filter { column in
      rows.contains { row in
        switch row[column] {
        case .missing: false
        case .text(let value): !value.isEmpty
        default: true
        }
      }
    }
    let isText = shown.map { column in
      rows.allSatisfy { row in
        switch row[column] {
        case .text, .missing: true
        default: false
        }
      }
    }
    var table = ColumnTable(zip(shown, isText).map { (columns[$0], $1 ? .left : .right) })
    for row in rows { table.add(shown.map { Self.words(row[$0]) }) }
    return table.text
  }

  private static func words(_ cell: Cell) -> String {
    switch cell {
    case .text(let value): value
    case .integer(let value): NumberFormat.grouped(value)
    case .number(let value):
      value.isInfinite ? (value > 0 ? "inf" : "-inf") : value.isNaN ? "-" : String(format: "%.9g", value)
    case .list(let values): values.map { String(format: "%.6g", $0) }.joined(separator: " ")
    case .missing: "-"
    }
  }

  var csv: String {
    func quoted(_ text: String) -> String {
      text.contains { ",\"\n\r".contains($0) } ? "\"" + text.replacingOccurrences(of: "\"", with: "\"\"") + "\"" : text
    }
    let lines = rows.map { row in
      row.map { cell -> String in
        switch cell {
        case .text(let value): quoted(value)
        case .integer(let value): String(value)
        case .number(let value): value.isNaN ? "" : "\(value)"
        case .list(let values): values.map { "\($0)" }.joined(separator: " ")
        case .missing: ""
        }
      }
      .joined(separator: ",")
    }
    return ([columns.map(quoted).joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  /// One object for each row; blanks in the columns' names become underscores.
  var json: JSONText {
    .array(
      rows.map { row in
        .object(
          zip(columns, row).map { name, cell in
            let value: JSONText =
              switch cell {
              case .text(let text): .string(text)
              case .integer(let number): .integer(number)
              case .number(let number): number.isInfinite ? .string(number > 0 ? "inf" : "-inf") : .number(number)
              case .list(let numbers): .numbers(numbers)
              case .missing: .null
              }
            return (name.replacingOccurrences(of: " ", with: "_"), value)
          })
      })
  }
}
