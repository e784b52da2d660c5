import ArgumentParser
import Execution
import Figures
import Foundation
import SolutionSpace
import Synchronization

/// Success rates against load and size, instances side by side.
struct StorageSweep {
  let request: StorageRequest
  let loads: [Double]?

  private struct Outcome: Sendable {
    var load: Double
    var isSolved: Bool
    var errors: Int
    var sweeps: Int
  }

  func perform(_ output: OutputOptions) throws {
    let cancellation = Cancellation(timeLimit: request.timeLimit)
    let interrupt = Interrupt(cancellation, keeping: "what was solved so far")
    defer { withExtendedLifetime(interrupt) {} }
    let wanted: [Double?] = loads.map { $0.map { $0 } } ?? [nil]
    let tasks = request.source.sizes.flatMap { size in
      wanted.flatMap { load in (0..<request.instances).map { (size: size, load: load, index: $0) } }
    }
    let progress = StorageProgress()
    let done = Mutex(0)
    var settings = request.settings
    // Instances share the processors.
    settings.threads = 1
    let single = settings
    let results = parallelMap(count: tasks.count, threads: request.settings.threads) {
      place -> Result<Outcome?, any Error> in
      Result {
        guard !cancellation.shouldStop else { return nil }
        let task = tasks[place]
        let (storage, _) = try request.source.storage(
          size: task.size, load: task.load, seed: single.seed, index: task.index)
        var settings = single
        settings.seed = single.seed &+ UInt64(task.index)
        var passing: MessagePassing?
        let run = try request.algorithm.run(
          on: storage, unit: request.unit, settings: settings, state: &passing, cancellation: cancellation)
        let finished = done.withLock { done in
          done += 1
          return done
        }
        progress.report(instances: finished, of: tasks.count)
        // A run that was stopped is no failure of the algorithm.
        guard run.isSolved || !cancellation.shouldStop else { return nil }
        return Outcome(load: storage.load, isSolved: run.isSolved, errors: run.errors, sweeps: run.sweeps)
      }
    }
    let outcomes = try Failure.asUsage { try results.map { try $0.get() } }
    var table = NumberTable([
      "inputs", "alpha", "solved", "instances", "share", "low", "high", "mean errors", "mean sweeps",
    ])
    var thresholds: [SuccessThreshold] = []
    for (place, size) in request.source.sizes.enumerated() {
      var (places, rates): ([Double], [SuccessRate]) = ([], [])
      for step in wanted.indices {
        let first = (place * wanted.count + step) * request.instances
        let finished = outcomes[first..<first + request.instances].compactMap { $0 }
        guard !finished.isEmpty else { continue }
        let rate = SuccessRate(successes: finished.count(where: \.isSolved), trials: finished.count)
        let count = Double(finished.count)
        places.append(finished[0].load)
        rates.append(rate)
        table.add([
          .integer(size), .number(finished[0].load), .integer(rate.successes), .integer(rate.trials),
          .number(rate.share),
          .number(rate.interval.low), .number(rate.interval.high),
          .number(Double(finished.reduce(0) { $0 + $1.errors }) / count),
          .number(Double(finished.reduce(0) { $0 + $1.sweeps }) / count),
        ])
      }
      if let threshold = SuccessThreshold(inputs: size, loads: places, rates: rates) { thresholds.append(threshold) }
    }
    guard !table.rows.isEmpty else {
      if cancellation.isRequested { throw ExitCode(130) }
      throw Failure(message: "the time limit was over before an instance was finished", status: 3)
    }
    try write(table, thresholds, output)
    if cancellation.isRequested { throw ExitCode(130) }
  }

  private func write(_ table: NumberTable, _ thresholds: [SuccessThreshold], _ output: OutputOptions) throws {
    var notes = thresholds.map { threshold in
      "N = \(threshold.inputs): half are solved at α = \(String(format: "%.4f", threshold.load.value)) ± "
        + String(format: "%.4f", threshold.load.error)
    }
    let limit = thresholds.extrapolated
    if let limit { notes.append(String(format: "N → ∞: %.4f ± %.4f (as N^(-2/3))", limit.value, limit.error)) }
    if let capacity = request.capacity {
      notes.append("theory: random patterns fit up to α = \(NumberFormat.short(capacity))")
    }
    notes += request.source.caveats
    let json: [JSONText] = thresholds.map { threshold in
      .object([
        ("inputs", .integer(threshold.inputs)), ("alpha", .number(threshold.load.value)),
        ("error", .number(threshold.load.error)), ("width", .number(threshold.width)),
      ])
    }
    try output.write(
      table,
      heading:
        "Instances solved by \(request.algorithm.rawValue), \(request.source.hidden) \(request.unit.activation.name) "
        + "units (95 % intervals)", footing: notes.joined(separator: "\n"),
      members: request.members + [
        ("thresholds", .array(json)),
        ("limit", limit.map { .object([("alpha", .number($0.value)), ("error", .number($0.error))]) } ?? .null),
        ("caveats", .array(request.source.caveats.map { .string($0) })),
      ]
    ) { chart(table) }
  }

  private func chart(_ table: NumberTable) -> Chart {
    var marks: [Mark] = []
    for (index, size) in request.source.sizes.enumerated() {
      let rows = table.rows.filter { if case .integer(size) = $0[0] { true } else { false } }
      func column(_ place: Int) -> [Double] {
        rows.map { if case .number(let value) = $0[place] { value } else { .nan } }
      }
      let color = Palette.categorical(index)
      let (x, share, low, high) = (column(1), column(4), column(5), column(6))
      var (barX, barY): ([Double], [Double]) = ([], [])
      for i in x.indices {
        barX += [x[i], x[i], .nan]
        barY += [low[i], high[i], .nan]
      }
      marks.append(.line(x: x, y: share, style: LineStyle(color: color, width: 1.5)))
      marks.append(.line(x: barX, y: barY, style: LineStyle(color: color, width: 1.5)))
      marks.append(
        .points(x: x, y: share, style: PointStyle(color: color, radius: 4.5, opacity: 1), name: "N = \(size)"))
    }
    if let capacity = request.capacity, capacity.isFinite {
      marks.append(.verticalRules([capacity], name: "capacity, theory"))
    }
    return Chart(
      title: "Instances solved by \(request.algorithm.rawValue)",
      subtitle: "\(request.source.hidden) \(request.unit.activation.name) units, 95 % confidence intervals",
      xAxis: Axis("Patterns per weight, α"), yAxis: Axis("Share solved", minimum: 0, maximum: 1), marks: marks)
  }
}
