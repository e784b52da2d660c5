import ArgumentParser
import Datasets
import Execution
import Foundation
import SolutionSpace

/// One run on one instance.
struct StorageRun {
  let request: StorageRequest
  let load: Double?
  let out: String?
  let state: String?

  func perform(_ output: OutputOptions) throws {
    guard output.plot == nil, output.csv == nil else {
      throw Failure.usage("--plot and --csv show success rates: give several loads, sizes or --instances")
    }
    let (storage, leftOut) = try Failure.asUsage {
      try request.source.storage(size: request.source.sizes[0], load: load, seed: request.settings.seed, index: 0)
    }
    var passing: MessagePassing?
    if let state, FileManager.default.fileExists(atPath: state) {
      passing = try Failure.asUsage {
        var stored = try request.algorithm.messagePassing(
          on: storage, unit: request.unit, threads: request.settings.threads)
        try stored.resume(from: NumpyBundle(path: state))
        return stored
      }
    }
    let cancellation = Cancellation(timeLimit: request.timeLimit)
    let interrupt = Interrupt(cancellation, keeping: state == nil ? "the best weights so far" : "the state")
    defer { withExtendedLifetime(interrupt) {} }
    let progress = StorageProgress()
    let start = Cancellation.now
    let run = try Failure.asUsage {
      try request.algorithm.run(
        on: storage, unit: request.unit, settings: request.settings, state: &passing, cancellation: cancellation
      ) { progress.report($0, of: storage.count) }
    }
    let seconds = Cancellation.now - start
    if let state, let passing {
      try Failure.asUsage { try AtomicFile.write(passing.state(source: state).npz(), to: state) }
    }
    if let out {
      let solution = StoredSolution(storage: storage, weights: run.weights, activation: request.unit.activation)
      try Failure.asUsage { try AtomicFile.write(solution.bundle(source: out).npz(), to: out) }
    }
    let entropy = request.algorithm == .amp ? passing?.betheEntropy : nil
    if output.json {
      try JSONText.print(
        request.members + [
          ("inputs", .integer(storage.inputs)), ("patterns", .integer(storage.count)), ("alpha", .number(storage.load)),
          ("solved", .bool(run.isSolved)), ("errors", .integer(run.errors)), ("sweeps", .integer(run.sweeps)),
          ("seconds", .number(seconds)), ("entropy", entropy.map { .number($0) } ?? .null),
          ("left_out_columns", .integer(leftOut)), ("caveats", .array(request.source.caveats.map { .string($0) })),
        ])
    } else {
      print(report(storage, run, seconds: seconds, leftOut: leftOut, entropy: entropy))
    }
    if cancellation.isRequested { throw ExitCode(130) }
    if cancellation.isPastDeadline, !run.isSolved { throw ExitCode(3) }
    if !run.isSolved, request.algorithm != .amp { throw ExitCode(1) }
  }

  private func report(
    _ storage: PatternStorage, _ run: SolverRun, seconds: Double, leftOut: Int, entropy: Double?
  ) -> String {
    var rows = ReportRows()
    rows.add(
      "instance",
      "\(NumberFormat.grouped(storage.count)) patterns of \(NumberFormat.grouped(storage.inputs)) inputs, "
        + "\(storage.hidden) \(request.unit.activation.name) units, α = \(NumberFormat.short(storage.load))")
    if leftOut > 0 { rows.add("left out", "\(leftOut) columns") }
    if let capacity = request.capacity {
      rows.add(
        "theory",
        "random patterns fit up to α = \(NumberFormat.short(capacity)) with \(request.algorithm.weights.rawValue) "
          + "weights and many hidden units")
    }
    rows.add(
      "result",
      run.isSolved
        ? "solved by \(request.algorithm.rawValue) in \(run.sweeps) sweeps, \(NumberFormat.seconds(seconds)) s"
        : "\(run.errors) patterns wrong after \(run.sweeps) sweeps of \(request.algorithm.rawValue), "
          + "\(NumberFormat.seconds(seconds)) s")
    if let entropy { rows.add("entropy", "\(NumberFormat.short(entropy)) nats per weight (Bethe)") }
    if let out { rows.add("written", out) }
    if let state { rows.add("state", state) }
    return ([rows.text] + request.source.caveats).joined(separator: "\n")
  }
}
