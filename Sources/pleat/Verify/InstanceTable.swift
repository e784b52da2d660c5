import Datasets
import Foundation

/// A question of a table in the form of VNN-COMP.
struct VerifyInstance {
  /// As they stand in the table.
  let onnx: String
  let vnnlib: String
  let timeout: Double
  /// The line of the table, from 1.
  let line: Int
}

/// A table of questions: rows `onnx,vnnlib,timeout`, with or without a header.
struct InstanceTable {
  let instances: [VerifyInstance]
  /// The name of the table's folder.
  let category: String

  /// Throws for a table without rows, and for rows that are not of this form, with their line.
  init(path: String) throws {
    let data = try Failure.asUsage { try CompressedFile.read(path) }
    category = URL(fileURLWithPath: path).standardizedFileURL.deletingLastPathComponent().lastPathComponent
    var instances: [VerifyInstance] = []
    var columns = (onnx: 0, vnnlib: 1, timeout: 2)
    var isFirst = true
    for (index, row) in CSVLines.rows(String(decoding: data, as: UTF8.self)).enumerated() {
      let cells = row.map { $0.trimmingCharacters(in: .whitespaces) }
      if cells.allSatisfy(\.isEmpty) { continue }
      defer { isFirst = false }
      if isFirst, let header = Self.header(cells) {
        columns = header
        continue
      }
      let place = "\(path): line \(index + 1)"
      guard cells.count > max(columns.onnx, columns.vnnlib, columns.timeout) else {
        throw Failure.usage("\(place) has \(cells.count) cells; onnx,vnnlib,timeout are needed")
      }
      guard let timeout = Double(cells[columns.timeout]), timeout > 0 else {
        throw Failure.usage("\(place): the timeout '\(cells[columns.timeout])' is no positive number of seconds")
      }
      instances.append(
        VerifyInstance(
          onnx: cells[columns.onnx], vnnlib: cells[columns.vnnlib], timeout: timeout, line: index + 1))
    }
    guard !instances.isEmpty else { throw Failure.usage("\(path): has no rows; onnx,vnnlib,timeout are needed") }
    self.instances = instances
  }

  private static func header(_ cells: [String]) -> (onnx: Int, vnnlib: Int, timeout: Int)? {
    let names = cells.map { $0.lowercased() }
    guard let onnx = names.firstIndex(of: "onnx"), let vnnlib = names.firstIndex(of: "vnnlib"),
      let timeout = names.firstIndex(where: { ["timeout", "timeout_s"].contains($0) })
    else { return nil }
    return (onnx, vnnlib, timeout)
  }
}

/// Lines of cells parted by commas; a cell may be quoted.
enum CSVLines {
  static func rows(_ text: String) -> [[String]] {
    // A carriage return and its line feed are one character, and one line break.
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { line in
      var cells = [""]
      var isQuoted = false
      for character in line {
        switch character {
        case "\"": isQuoted.toggle()
        case "," where !isQuoted: cells.append("")
        default: cells[cells.count - 1].append(character)
        }
      }
      return cells
    }
  }

  /// A line that reads back to the cells, which hold no quotes.
  static func line(_ cells: [String]) -> String {
    cells.map { $0.contains(",") ? "\"\($0)\"" : $0 }.joined(separator: ",") + "\n"
  }
}
