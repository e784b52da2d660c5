import Figures
import Foundation
import Learning

/// Training and validation curves of one or several runs.
struct LearningCurves {
  let logs: [(name: String, log: TrainingLog)]

  init(runs: [(name: String, folder: RunFolder)]) throws {
    logs = try Failure.asUsage {
      try runs.map { ($0.name, try TrainingLog.read(path: $0.folder.log)) }
    }
  }

  /// One run: its training and validation metric. Several: the validation metric of each.
  func chart(metric: String = "metric") -> Chart {
    var marks: [Mark] = []
    var values: [Double] = []
    for (name, log) in logs {
      let sets: [SampleSet] = logs.count == 1 ? [.train, .validation] : [.validation]
      for set in sets {
        let entries = log.entries(of: set)
        values += entries.map(\.metric)
        marks.append(
          .line(
            x: entries.map { Double($0.step) }, y: entries.map(\.metric),
            style: LineStyle(width: set == .train ? 1.2 : 2),
            name: logs.count == 1 ? set.rawValue : name))
      }
    }
    let positive = values.filter { $0 > 0 }
    let isWide =
      (positive.max() ?? 1) / (positive.min() ?? 1) > 50 && positive.count == values.count
    return Chart(
      title: logs.count == 1 ? logs[0].name : "\(logs.count) runs",
      subtitle: logs.count == 1 ? "" : "on the validation samples", xAxis: Axis("training step"),
      yAxis: Axis(metric, scaling: isWide ? .logarithmic : .linear), marks: marks)
  }

  func write(to path: String, metric: String = "metric") throws {
    try Picture.write(chart(metric: metric).svg(), to: path)
  }
}
