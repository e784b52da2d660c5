import ArgumentParser
import Datasets
import Figures
import Foundation
import Learning

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "A table across training runs, and their curves.",
    discussion: """
      Runs are folders that 'pleat train' wrote; folders of several runs (--seeds,
      --rates) count as the runs within. Columns name the keys in which they differ.

      EXAMPLES
        pleat compare runs/*
        pleat compare runs/path runs/sgd --figure curves.svg
        pleat compare runs/* --csv > runs.csv

      --json prints one document: keys (those that differ), runs: folder, values (by
      key), steps, best, best_step, test (null: not yet), seconds.
      """)

  @Argument(help: ArgumentHelp("Folders of runs.", valueName: "folder"))
  var folders: [String]

  @Option(help: ArgumentHelp("Write the validation curves as SVG or PNG.", valueName: "file"))
  var figure: String?

  @Flag(help: "Print CSV.")
  var csv = false

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    try Picture.check(figure, named: "--figure")
    guard !(csv && json) else { throw Failure.usage("--csv and --json exclude each other") }
    let runs = try folders.flatMap(Self.runs).map(ComparedRun.init)
    guard !runs.isEmpty else { throw Failure.usage("none of the folders holds a training run") }
    let keys = TrainingConfiguration.keys.map(\.name).filter { key in
      !["threads", "data"].contains(key) && Set(runs.map { $0.values[key] ?? "" }).count > 1
    }
    if let figure {
      let metrics = Set(runs.map { $0.values["task"] ?? "" })
      let curves = try LearningCurves(runs: runs.map { ($0.folder.path, $0.folder) })
      try curves.write(
        to: figure,
        metric: metrics.count == 1 ? "validation metric of \(metrics.first ?? "")" : "metric")
    }
    if json {
      let rows = runs.map { run in
        JSONText.object([
          ("folder", .string(run.folder.path)),
          ("values", .object(keys.map { ($0, .string(run.values[$0] ?? "")) })),
          ("steps", .integer(run.steps)),
          ("best", run.best.map { .number($0.metric) } ?? .null),
          ("best_step", run.best.map { .integer($0.step) } ?? .null),
          ("test", run.test.map { .number($0) } ?? .null),
          ("seconds", .number(run.seconds)),
        ])
      }
      return try JSONText.print([
        ("keys", .array(keys.map { .string($0) })), ("runs", .array(rows)),
      ])
    }
    let header = ["folder"] + keys + ["steps", "best valid", "at step", "test", "seconds"]
    let cells = runs.map { run in
      [run.folder.path] + keys.map { run.values[$0] ?? "" } + [
        String(run.steps), run.best.map { TrainingReport.number($0.metric) } ?? "-",
        run.best.map { String($0.step) } ?? "-", run.test.map { TrainingReport.number($0) } ?? "-",
        NumberFormat.seconds(run.seconds),
      ]
    }
    if csv {
      for row in [header] + cells { print(row.map(Self.quoted).joined(separator: ",")) }
      return
    }
    var table = ColumnTable(header.enumerated().map { ($1, $0 <= keys.count ? .left : .right) })
    for row in cells { table.add(row) }
    print(table.text)
  }

  private static func quoted(_ cell: String) -> String {
    guard cell.contains(where: { ",\"\n".contains($0) }) else { return cell }
    return "\"\(cell.replacingOccurrences(of: "\"", with: "\"\""))\""
  }

  /// The folder itself where it is a run, else the runs in it.
  private static func runs(_ path: String) throws -> [RunFolder] {
    let folder = RunFolder(path)
    if FileManager.default.fileExists(atPath: folder.log) { return [folder] }
    guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
      throw Failure.usage("\(path): is no folder; name the folder of a run")
    }
    return names.sorted().map { RunFolder("\(folder.path)/\($0)") }
      .filter { FileManager.default.fileExists(atPath: $0.log) }
  }
}

/// One run of a comparison.
private struct ComparedRun {
  let folder: RunFolder
  let values: [String: String]
  let steps: Int
  let best: TrainingLog.Entry?
  let test: Double?
  let seconds: Double

  init(_ folder: RunFolder) throws {
    self.folder = folder
    (values, steps, best, test, seconds) = try Failure.asUsage {
      var configuration = TrainingConfiguration()
      try configuration.read(path: folder.configuration)
      let log = try TrainingLog.read(path: folder.log)
      let values = configuration.text.split(separator: "\n").reduce(into: [String: String]()) {
        known, line in
        let parts = line.split(separator: ":", maxSplits: 1)
        let value = parts.count == 2 ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        known[String(parts[0])] = value == "\"\"" ? "" : value
      }
      return (
        values, log.entries.last?.step ?? 0,
        log.entries(of: .validation).filter { $0.metric.isFinite }.min { $0.metric < $1.metric },
        log.entries(of: .test).last?.metric, log.entries.last?.seconds ?? 0
      )
    }
  }
}
