import ArgumentParser
import Execution
import Foundation
import Learning

struct TrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract:
      "Train a network: recurrent or feed-forward, by optimisers that see through rescaling.",
    usage: "pleat train <task> [--run <folder>] [--<key> <value> ...]",
    discussion: """
      Tasks: adding and copying (made as they are needed), smnist (images pixel by
      pixel), images (a folder with the files of MNIST), text (a folder with train,
      valid and test, or one file).

      A run is a folder: config.yaml (all choices, as --config reads them),
      environment.json, log.csv, event files for TensorBoard, checkpoints/ and
      summary.json. A run that is resumed ends in the same parameters, bit by bit, as
      one that was never interrupted, on any number of threads. Ctrl-C writes a
      checkpoint and stops.

      EXAMPLES
        pleat train adding --length 100 --cell relu-rnn --clip-norm 1 --run runs/add
        pleat train smnist --data mnist/ --optimizer path-sgd --scale normalised
        pleat train text --data ptb/ --length 50 --hidden 512 --optimizer path-adam
        pleat train images --data mnist/ --layers 4000,4000 --init unbalanced \\
          --optimizer path-sgd
        pleat train adding --seeds 3 --run runs/three
        pleat train adding --rates 1e-4,1e-3,1e-2 --steps 1000 --run runs/rates
        pleat train --config run.yaml --resume

      KEYS, each also a line 'key: value' of a --config file (with defaults)
      \(TrainingSettings.help)

      --json prints one document: ending (finished, reached target, stopped early,
      interrupted, diverged), steps, steps_per_epoch, seconds, parameters, metric (its
      name), best, best_step, test, test_loss, folder; for --seeds and --rates: runs (a
      list of these, with label), mean, deviation, diverged, best_run.
      Exit code 3: the run diverged (of several: all did).
      """)

  @Argument(
    parsing: .allUnrecognized, help: ArgumentHelp("The task and the keys.", visibility: .hidden))
  var settings: [String] = []

  @Option(
    name: .customLong("run"),
    help: ArgumentHelp("The folder of the run (default: runs/ and a name).", valueName: "folder"))
  var folderName: String?

  @Option(
    help: ArgumentHelp("A file of keys; keys on the command line go before it.", valueName: "file"))
  var config: String?

  @Flag(help: "Go on from the last checkpoint of the run's folder.")
  var resume = false

  @Option(help: "Run with so many seeds, one after the other.")
  var seeds: Int?

  @Option(
    help: ArgumentHelp(
      "Run with each of these learning rates, and name the best.", valueName: "list"))
  var rates: String?

  @Option(help: ArgumentHelp("Write the curves as SVG or PNG.", valueName: "file"))
  var figure: String?

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let (configuration, folder) = try resolved()
    try Picture.check(figure, named: "--figure")
    if let seeds, !(1...10_000).contains(seeds) {
      throw Failure.usage("--seeds \(seeds): accepted are 1 to 10000")
    }
    guard seeds == nil || rates == nil else {
      throw Failure.usage(
        "--seeds and --rates exclude each other: search the rate first, then run its seeds")
    }
    let cancellation = Cancellation()
    let interrupt = Interrupt(cancellation, keeping: "the run so far")
    defer { withExtendedLifetime(interrupt) {} }
    let screen = TrainingScreen()
    let report: TrainingReport
    do {
      if let seeds {
        report = try study(
          .seeds(configuration, count: seeds, folder: folder), screen, cancellation)
      } else if let rates {
        report = try study(
          .rates(configuration, Self.list(rates), folder: folder), screen, cancellation)
      } else {
        let outcome = try TrainingRun(configuration, folder: folder)
          .start(resume: resume, observer: screen, cancellation: cancellation)
        report = TrainingReport(outcomes: [(nil, folder, outcome)], kind: .one)
      }
    } catch {
      screen.finish()
      let kept = folder.lastCheckpoint.map { "; the checkpoint \($0) is whole" } ?? ""
      throw Failure.usage("\(error)\(kept)")
    }
    screen.finish()
    try report.write()
    if let figure {
      let curves = try LearningCurves(
        runs: report.outcomes.map { ($0.label ?? configuration.optimizer, $0.folder) })
      try curves.write(to: figure, metric: report.outcomes.first?.outcome.metricName ?? "metric")
    }
    if json { try JSONText.print(report.json) } else { print(report.text) }
    if cancellation.isRequested { throw ExitCode(130) }
    if report.outcomes.allSatisfy({ $0.outcome.ending == .diverged }) { throw ExitCode(3) }
  }

  private func study(
    _ study: TrainingStudy, _ screen: TrainingScreen, _ cancellation: Cancellation
  ) throws -> TrainingReport {
    let outcomes = try study.start(resume: resume, observer: screen, cancellation: cancellation)
    return TrainingReport(
      outcomes: zip(study.members, outcomes).map { ($0.label, $0.run.folder, $1) },
      kind: seeds == nil ? .rates : .seeds)
  }

  /// Defaults, then the file, then the command line.
  private func resolved() throws -> (TrainingConfiguration, RunFolder) {
    var configuration = TrainingConfiguration()
    if let config {
      try Failure.asUsage { try configuration.read(path: config) }
    } else if resume {
      guard let folderName else {
        throw Failure.usage("--resume needs --run, the run's folder, or --config")
      }
      let stored = RunFolder(folderName).configuration
      if FileManager.default.fileExists(atPath: stored) {
        try Failure.asUsage { try configuration.read(path: stored) }
      } else if seeds == nil, rates == nil {
        throw Failure.usage(
          "\(folderName): is no run's folder, it has no config.yaml; leave out --resume to begin")
      }
    }
    try TrainingSettings.apply(settings, to: &configuration)
    guard !configuration.task.isEmpty else {
      throw Failure.usage(
        "name a task: \(TrainingConfiguration.tasks.joined(separator: ", ")); 'pleat train --help' explains them"
      )
    }
    if let folderName { return (configuration, RunFolder(folderName)) }
    if let config {
      let url = URL(fileURLWithPath: config)
      // A run's own file names its folder.
      if url.lastPathComponent == "config.yaml" {
        return (configuration, RunFolder(url.deletingLastPathComponent().path))
      }
      return (configuration, RunFolder("runs/\(url.deletingPathExtension().lastPathComponent)"))
    }
    return (configuration, RunFolder("runs/\(configuration.task)-\(configuration.optimizer)"))
  }

  private static func list(_ text: String) throws -> [Double] {
    let rates = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { Double($0.trimmingCharacters(in: .whitespaces)) }
    let values = rates.compactMap { $0 }.filter { $0 > 0 && $0.isFinite }
    guard values.count == rates.count, !values.isEmpty, Set(values).count == values.count else {
      throw Failure.usage(
        "--rates '\(text)': accepted are different positive numbers, such as 1e-4,1e-3,1e-2")
    }
    return values
  }
}
