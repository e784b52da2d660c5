import Datasets
import Foundation

/// A table whose rows are inputs of a network: its first numeric columns, as many as the network has inputs.
struct InputTable {
  let names: [String]
  let columns: [Column]
  /// The numeric columns that follow.
  let others: [Column]
  let source: String

  init(path: String, inputs: Int) throws {
    let table = try Table.read(path: path)
    let numeric = table.numericColumnNames
    guard numeric.count >= inputs else {
      throw Failure.usage(
        "\(table.source) has \(numeric.count) numeric columns (\(numeric.joined(separator: ", "))); "
          + "the network has \(inputs) inputs and takes as many columns")
    }
    names = Array(numeric.prefix(inputs))
    columns = try names.map { try table.column(named: $0) }
    others = try numeric.dropFirst(inputs).map { try table.column(named: $0) }
    source = table.source
  }

  var rowCount: Int { columns.first?.values.count ?? 0 }

  func row(_ index: Int) -> [Double] { columns.map { $0.values[index] } }
}

/// A point that a person wrote: `0.1,0.2`, one number for all inputs, or `data.csv:17`, a row of a table.
struct InputPoint {
  let values: [Double]
  /// The table that it is a row of.
  let table: InputTable?
  let text: String

  /// - Parameter option: the option it was given to, for messages.
  init(_ text: String, inputs: Int, option: String) throws {
    self.text = text
    let parts = text.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
    if numbers.count == parts.count {
      guard numbers.count == inputs || numbers.count == 1 else {
        throw Failure.usage(
          "\(option) \(text): \(numbers.count) numbers, and the network has \(inputs) inputs: give \(inputs), or "
            + "one for all")
      }
      guard numbers.allSatisfy(\.isFinite) else {
        throw Failure.usage(
          "\(option) \(text): only finite numbers "
            + "are accepted")
      }
      values = numbers.count == inputs ? numbers : Array(repeating: numbers[0], count: inputs)
      table = nil
      return
    }
    guard let colon = text.lastIndex(of: ":"), let row = Int(text[text.index(after: colon)...]) else {
      throw Failure.usage(
        "\(option) \(text): a point such as 0.5,-1 is needed, or a row of a table such as data.csv:17 (rows "
          + "count from 1, "
          + "the header not among them)")
    }
    let table = try Failure.asUsage { try InputTable(path: String(text[..<colon]), inputs: inputs) }
    guard 1...table.rowCount ~= row else {
      throw Failure.usage("\(option) \(text): \(table.source) has the rows 1 to \(table.rowCount)")
    }
    values = table.row(row - 1)
    self.table = table
  }
}
