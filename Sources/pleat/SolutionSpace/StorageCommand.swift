import Activations
import ArgumentParser
import Datasets
import Execution
import Foundation
import SolutionSpace

struct StorageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "storage",
    abstract: "Look for weights that store patterns: one instance, or success against load.",
    discussion: """
      Random patterns, a saved instance (.npz) or the rows of a table are to be
      classified by a tree committee machine: unit l of K sees N/K inputs of its
      own. One load, one size and one instance give one run, whose weights --out
      keeps; lists of loads or sizes, or --instances, give success rates with 95 %
      confidence intervals, the load at which half are solved, and with several
      sizes its limit.

      ALGORITHMS
        focusing-bp     binary weights: belief propagation whose replicas attract
        reinforced-bp   binary weights: belief propagation that pulls itself along
        amp             binary weights: plain marginals, and the entropy
        annealing       binary weights: single flips, cooled
        projection      spherical weights: least action, relu and sign
        sgd             spherical weights: gradient descent with momentum
        replicated-sgd  spherical weights: --replicas copies that attract

      A table's columns are cut at their medians into ±1 and dealt to the units at
      random; columns that do not fit are left out. The theory is about random
      patterns: on data it is a yardstick, no promise.

      EXAMPLES
        pleat storage --inputs 3232 --hidden 32 --alpha 0.6 --out solution.npz
        pleat storage --inputs 1000 --hidden 20 --algorithm projection --alpha 2.0
        pleat storage --inputs 400,800 --alpha 0.5:0.9:0.1 --instances 10 --plot s.svg
        pleat storage --patterns data.csv --label class --hidden 4 --shuffle-labels
        pleat storage --inputs 10000 --hidden 100 --alpha 0.7 --state run.npz

      --json prints algorithm, activation, hidden, weights, capacity (of the
      theory, or null) and, for one run: inputs, patterns, alpha, solved, errors,
      sweeps, seconds, entropy (amp), left_out_columns, caveats; else rows:
      inputs, alpha, solved, instances, share, low, high, mean_errors,
      mean_sweeps, and thresholds: inputs, alpha, error, width; limit; caveats.
      """)

  @Option(help: ArgumentHelp("random, an instance (.npz) or a table.", valueName: "source"))
  var patterns = "random"

  @Option(help: "The inputs N of random patterns; with a list one row for each.")
  var inputs = "1000"

  @Option(help: "The hidden units K.")
  var hidden = 20

  @Option(help: "The activation: a name or a formula.")
  var activation = "relu"

  @Option(help: "focusing-bp, reinforced-bp, amp, annealing, projection, sgd or replicated-sgd.")
  var algorithm = "focusing-bp"

  @Option(help: "Patterns per weight: a number, a list or first:last:step (a table: all of its rows).")
  var alpha: String?

  @Option(help: "Of a table, the column with the labels (default: the last numeric one).")
  var label: String?

  @Flag(help: "Of a table, permute the labels.")
  var shuffleLabels = false

  @Option(help: "How many instances for each load and size.")
  var instances = 1

  @Option(help: "Sweeps or epochs after which a run gives up.")
  var sweeps: Int?

  @Option(help: "What ρ grows by in a sweep of message passing, or the rate of gradient descent.")
  var rate: Double?

  @Option(help: "Of projections, the output to reach, in units of Σ c g / √K.")
  var margin = 0.02

  @Option(help: "Of projections, the share of the way.")
  var step = 1.0

  @Option(help: "Of replicated gradient descent.")
  var replicas = 3

  @Option(help: "The seed of patterns and solver.")
  var seed: UInt64 = 1

  @Option(help: "Seconds after which the search stops.")
  var timeLimit: Double?

  @Option(help: "Threads (default: all processors).")
  var threads: Int?

  @Option(help: ArgumentHelp("Write instance and weights as .npz.", valueName: "file"))
  var out: String?

  @Option(help: ArgumentHelp("Keep the state of message passing here, and go on from it.", valueName: "file"))
  var state: String?

  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check()
    try Failure.checkLimits(threads: threads, timeLimit: timeLimit)
    for path in [out, state].compactMap({ $0 }) { try Failure.checkFolder(of: path) }
    guard let algorithm = StorageAlgorithm(rawValue: algorithm.lowercased()) else {
      let names = StorageAlgorithm.allCases.map(\.rawValue)
      let nearest = nearestName(to: algorithm, among: names).map { "did you mean \($0)? " } ?? ""
      throw Failure.usage("--algorithm \(algorithm): \(nearest)accepted are \(names.joined(separator: ", "))")
    }
    guard instances >= 1, instances <= 100_000 else {
      throw Failure.usage("--instances \(instances): from 1 to 100000 are accepted")
    }
    if let sweeps, sweeps < 1 { throw Failure.usage("--sweeps \(sweeps): at least 1 is needed") }
    if state != nil, !algorithm.isMessagePassing {
      throw Failure.usage("--state goes with message passing: focusing-bp, reinforced-bp and amp")
    }
    let unit = try Failure.asUsage { try CommitteeUnit(TheoryOption.activation(activation)) }
    _ = try Failure.asUsage { try unit.outputWeights(hidden: hidden) }
    let loads = try alpha.map { try TheoryOption.numbers($0, option: "--alpha", within: 1e-6...1000) }
    let source = try StorageSource(
      patterns: patterns, inputs: inputs, hidden: hidden, label: label, isShuffled: shuffleLabels, seed: seed)
    let settings = StorageAlgorithm.Settings(
      sweeps: sweeps ?? algorithm.usualSweeps, rate: rate, margin: margin, step: step, replicas: replicas, seed: seed,
      threads: threads ?? defaultThreadCount)
    let request = StorageRequest(
      source: source, unit: unit, algorithm: algorithm, settings: settings, instances: instances, timeLimit: timeLimit)
    if source.sizes.count * (loads?.count ?? 1) * instances == 1 {
      try StorageRun(request: request, load: loads?.first, out: out, state: state).perform(output)
    } else {
      guard out == nil, state == nil else {
        throw Failure.usage("--out and --state go with a single run: one load, one size, one instance")
      }
      try StorageSweep(request: request, loads: loads).perform(output)
    }
  }
}

/// What is to be done, read and checked.
struct StorageRequest: Sendable {
  let source: StorageSource
  let unit: CommitteeUnit
  let algorithm: StorageAlgorithm
  let settings: StorageAlgorithm.Settings
  let instances: Int
  let timeLimit: Double?

  /// The capacity of the theory for random patterns and many hidden units.
  var capacity: Double? {
    guard let committee = try? TreeCommittee(kernel: unit.kernel, weights: algorithm.weights) else { return nil }
    switch algorithm.weights {
    case .binary: return try? committee.replicaSymmetricCapacity().value
    case .spherical: return (try? committee.brokenCapacities(steps: 1))?.last?.load.value
    }
  }

  var members: [(String, JSONText)] {
    [
      ("algorithm", .string(algorithm.rawValue)), ("activation", .string(unit.activation.name)),
      ("hidden", .integer(source.hidden)), ("weights", .string(algorithm.weights.rawValue)),
      ("capacity", capacity.map { $0.isFinite ? .number($0) : .string("inf") } ?? .null),
    ]
  }
}
