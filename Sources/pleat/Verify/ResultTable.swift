import Datasets
import Foundation

/// The answers to a table of questions, in the form of VNN-COMP: rows `category,onnx,vnnlib,prepare_s,result,run_s` without
/// a header, one more with every answer.
final class ResultTable {
  struct Row {
    var category: String
    var onnx: String
    var vnnlib: String
    var prepareSeconds: Double
    var result: String
    var runSeconds: Double

    var isSolved: Bool { result == "sat" || result == "unsat" }
  }

  private let path: String
  private(set) var rows: [Row] = []

  /// Reads what stands there already. A last line without its end, from a program that was killed, is dropped.
  init(path: String) throws {
    self.path = path
    var text = ""
    if FileManager.default.fileExists(atPath: path) {
      text = String(decoding: try Failure.asUsage { try CompressedFile.read(path) }, as: UTF8.self)
    }
    let whole = text.lastIndex(where: \.isNewline).map { String(text[...$0]) } ?? ""
    for (index, cells) in CSVLines.rows(whole).enumerated() where cells != [""] {
      guard cells.count == 6, let prepare = Double(cells[3]), let run = Double(cells[5]) else {
        throw Failure.usage(
          "\(path): line \(index + 1) is no row category,onnx,vnnlib,prepare_s,result,run_s;"
            + " name another file for the answers")
      }
      rows.append(
        Row(
          category: cells[0], onnx: cells[1], vnnlib: cells[2], prepareSeconds: prepare, result: cells[4],
          runSeconds: run))
    }
    if whole != text || text.isEmpty { try Failure.asUsage { try AtomicFile.write(Data(whole.utf8), to: path) } }
  }

  func row(of instance: VerifyInstance, category: String) -> Row? {
    rows.first { $0.category == category && $0.onnx == instance.onnx && $0.vnnlib == instance.vnnlib }
  }

  /// Appends a row to the file, which is closed again: whatever happens next, the row is there.
  func append(_ row: Row) throws {
    rows.append(row)
    let cells = [
      row.category, row.onnx, row.vnnlib, String(format: "%.3f", row.prepareSeconds), row.result,
      String(format: "%.3f", row.runSeconds),
    ]
    guard let file = FileHandle(forWritingAtPath: path) else {
      throw Failure.usage("\(path): cannot be written any more")
    }
    do {
      try file.seekToEnd()
      try file.write(contentsOf: Data(CSVLines.line(cells).utf8))
      try file.close()
    } catch {
      throw Failure.usage("\(path): cannot be written: \(error.localizedDescription)")
    }
  }
}
