import Datasets
import Foundation
import Learning

/// How one run or several ended.
struct TrainingReport {
  enum Kind {
    case one
    case seeds
    case rates
  }

  let outcomes: [(label: String?, folder: RunFolder, outcome: TrainingOutcome)]
  let kind: Kind

  /// Writes `summary.json` into each run's folder.
  func write() throws {
    for (_, folder, outcome) in outcomes {
      let text = JSONText.object(Self.members(outcome, folder)).text + "\n"
      try Failure.asUsage { try AtomicFile.write(Data(text.utf8), to: folder.summary) }
    }
  }

  private static func members(_ outcome: TrainingOutcome, _ folder: RunFolder) -> [(
    String, JSONText
  )] {
    [
      ("ending", .string(outcome.ending.rawValue)), ("steps", .integer(outcome.steps)),
      ("steps_per_epoch", .integer(outcome.stepsPerEpoch)), ("seconds", .number(outcome.seconds)),
      ("parameters", .integer(outcome.parameterCount)), ("metric", .string(outcome.metricName)),
      ("best", .number(outcome.best)), ("best_step", .integer(outcome.bestStep)),
      ("test", outcome.testMetric.map { .number($0) } ?? .null),
      ("test_loss", outcome.test.map { .number($0.loss) } ?? .null),
      ("folder", .string(folder.path)),
    ]
  }

  private var summary: TrainingStudy.Summary {
    TrainingStudy.summary(outcomes.map(\.outcome)) { $0.testMetric ?? $0.best }
  }

  private var bestRun: Int? { TrainingStudy.best(outcomes.map(\.outcome)) }

  var json: [(String, JSONText)] {
    if kind == .one, let first = outcomes.first { return Self.members(first.outcome, first.folder) }
    let runs = outcomes.map { label, folder, outcome in
      JSONText.object([("label", .string(label ?? ""))] + Self.members(outcome, folder))
    }
    return [
      ("runs", .array(runs)), ("mean", .number(summary.mean)),
      ("deviation", .number(summary.deviation)),
      ("diverged", .integer(summary.diverged)),
      ("best_run", bestRun.map { .string(outcomes[$0].label ?? "") } ?? .null),
    ]
  }

  var text: String {
    if kind == .one, let first = outcomes.first { return Self.text(first.outcome, first.folder) }
    var table = ColumnTable([
      ("run", .left), ("ending", .left), ("steps", .right), ("best valid", .right),
      ("at step", .right), ("test", .right),
      ("seconds", .right),
    ])
    for (label, _, outcome) in outcomes {
      table.add([
        label ?? "", outcome.ending.rawValue, NumberFormat.grouped(outcome.steps),
        Self.number(outcome.best),
        NumberFormat.grouped(outcome.bestStep), outcome.testMetric.map(Self.number) ?? "-",
        NumberFormat.seconds(outcome.seconds),
      ])
    }
    let metric = outcomes.first?.outcome.metricName ?? "metric"
    let mean =
      "\(metric): \(Self.number(summary.mean)) ± \(Self.number(summary.deviation)); "
      + "\(summary.diverged) of \(summary.count) diverged"
    guard kind == .rates else { return "\(table.text)\n\n\(mean)" }
    return
      "\(table.text)\n\nbest: \(bestRun.flatMap { outcomes[$0].label } ?? "none, all diverged")"
  }

  private static func text(_ outcome: TrainingOutcome, _ folder: RunFolder) -> String {
    var rows = ReportRows()
    rows.add(
      outcome.ending.rawValue,
      "\(NumberFormat.grouped(outcome.steps)) steps, "
        + "\(String(format: "%.2f", Double(outcome.steps) / Double(outcome.stepsPerEpoch))) epochs, "
        + "\(TrainingScreen.duration(outcome.seconds))")
    rows.add("parameters", NumberFormat.grouped(outcome.parameterCount))
    if outcome.best.isFinite {
      rows.add(
        "best validation",
        "\(outcome.metricName) \(number(outcome.best)) after \(NumberFormat.grouped(outcome.bestStep)) steps"
      )
    }
    if let test = outcome.testMetric {
      rows.add("test, best parameters", "\(outcome.metricName) \(number(test))")
    }
    rows.add("folder", folder.path)
    return rows.text
  }

  static func number(_ value: Double) -> String {
    value.isFinite ? String(format: "%.5g", value) : "-"
  }
}
