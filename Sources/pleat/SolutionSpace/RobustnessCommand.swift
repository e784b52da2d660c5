import ArgumentParser
import Datasets
import Execution
import Figures
import Foundation
import SolutionSpace

struct RobustnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "robustness",
    abstract: "How robust is a solution against flipped weights and inputs?",
    discussion: """
      Flips each weight, or each input of each pattern, with probability η and
      counts the patterns that go wrong (spherical weights are mixed with noise to
      the overlap 1 − 2η), beside the theory for random patterns: a typical
      solution at this load, and a member of the densest regions of mutual overlap
      --dense-overlap (binary weights). Weights and inputs have one curve in the
      theory: only their products matter.

      --local-entropy measures the entropy of solutions around this one as well,
      by message passing with a field along it.

      EXAMPLES
        pleat robustness solution.npz --flip-weights 0:0.3 --flip-inputs 0:0.3
        pleat robustness solution.npz --flip-weights 0.01,0.05,0.1 --plot robustness.svg
        pleat robustness solution.npz --local-entropy

      --json prints inputs, patterns, hidden, activation, alpha, weights, errors,
      rows: share, kind (weights, inputs), error_rate, error (one standard
      deviation), typical, dense; local_entropy: field, distance, entropy,
      converged.
      """)

  @Argument(help: "A solution that 'pleat storage --out' wrote.")
  var solution: String

  @Option(help: "Shares of weights: a number, a list or first:last:step.")
  var flipWeights: String?

  @Option(help: "Shares of inputs: a number, a list or first:last:step.")
  var flipInputs: String?

  @Option(help: "The mutual overlap of the dense regions of the theory.")
  var denseOverlap = 0.9

  @Flag(help: "Measure the entropy of solutions around this one.")
  var localEntropy = false

  @Option(help: "How often each share is drawn.")
  var repetitions = 10

  @Option(help: "The seed of the flips.")
  var seed: UInt64 = 1

  @Option(help: "Threads (default: all processors).")
  var threads: Int?

  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check()
    try Failure.checkLimits(threads: threads, timeLimit: nil)
    guard repetitions >= 1, repetitions <= 100_000 else {
      throw Failure.usage("--repetitions \(repetitions): from 1 to 100000 are accepted")
    }
    guard denseOverlap > 0, denseOverlap < 1 else {
      throw Failure.usage("--dense-overlap \(denseOverlap): a number between 0 and 1 is needed")
    }
    let stored = try Failure.asUsage { try StoredSolution(NumpyBundle(path: solution)) }
    let unit = try Failure.asUsage { try CommitteeUnit(stored.activation) }
    let usual = flipWeights == nil && flipInputs == nil && !localEntropy ? "0:0.3" : nil
    let kinds = [("weights", flipWeights ?? usual, "--flip-weights"), ("inputs", flipInputs ?? usual, "--flip-inputs")]
    let measured = try Failure.asUsage { try MeasuredRobustness(stored.storage, weights: stored.weights, unit: unit) }
    let theory = try Theory(stored, unit: unit, denseOverlap: denseOverlap)
    let count = threads ?? defaultThreadCount
    let cancellation = Cancellation()
    let interrupt = Interrupt(cancellation, keeping: "what was measured so far")
    defer { withExtendedLifetime(interrupt) {} }
    var table = NumberTable(["kind", "share", "error rate", "error", "typical", "dense"])
    for (kind, text, option) in kinds {
      guard let text else { continue }
      for share in try TheoryOption.numbers(text, option: option, within: 0...0.5) where !cancellation.shouldStop {
        let value = try Failure.asUsage {
          kind == "weights"
            ? try measured.flippingWeights(share: share, repetitions: repetitions, seed: seed, threads: count)
            : try measured.flippingInputs(share: share, repetitions: repetitions, seed: seed, threads: count)
        }
        table.add([
          .text(kind), .number(share), .number(value.value), .number(value.error),
          try theory.typical(share).map { .number($0) } ?? .missing,
          try theory.dense(share).map { .number($0) } ?? .missing,
        ])
      }
    }
    let around = localEntropy ? try localEntropy(stored, unit, threads: count, cancellation) : []
    let errors = try Failure.asUsage { try stored.storage.errors(stored.weights, unit: unit) }
    let storage = stored.storage
    var footing = theory.notes
    if !around.isEmpty {
      footing.append("Solutions around this one:")
      footing += around.map {
        String(
          format: "  distance %.5f  entropy %.5f%@", $0.distance, $0.entropy, $0.isConverged ? "" : "  (not converged)")
      }
    }
    try output.write(
      table,
      heading: "\(NumberFormat.grouped(storage.count)) patterns of \(NumberFormat.grouped(storage.inputs)) inputs, "
        + "\(storage.hidden) \(stored.activation.name) units, \(errors) wrong without flips",
      footing: footing.joined(separator: "\n"),
      members: [
        ("inputs", .integer(storage.inputs)), ("patterns", .integer(storage.count)),
        ("hidden", .integer(storage.hidden)),
        ("activation", .string(stored.activation.name)), ("alpha", .number(storage.load)),
        ("weights", .string(stored.isBinary ? "binary" : "spherical")), ("errors", .integer(errors)),
        (
          "local_entropy",
          .array(
            around.map {
              .object([
                ("field", .number($0.field)), ("distance", .number($0.distance)), ("entropy", .number($0.entropy)),
                ("converged", .bool($0.isConverged)),
              ])
            })
        ),
      ]
    ) { chart(table, theory, stored) }
    if cancellation.isRequested { throw ExitCode(130) }
  }

  private func localEntropy(
    _ stored: StoredSolution, _ unit: CommitteeUnit, threads: Int, _ cancellation: Cancellation
  ) throws -> [MeasuredLocalEntropy] {
    guard stored.isBinary else { throw Failure.usage("--local-entropy counts solutions with binary weights") }
    return try Failure.asUsage {
      try MeasuredLocalEntropy.curve(
        around: stored.weights.map { $0 < 0 ? -1 : 1 }, on: stored.storage, unit: unit,
        fields: [3, 2.5, 2, 1.7, 1.4, 1.2, 1, 0.8, 0.6, 0.45, 0.3, 0.2, 0.1, 0.05], threads: threads,
        cancellation: cancellation)
    }
  }

  /// The curves of random patterns at the load of the solution, where there are any.
  private struct Theory {
    private let robustness: FlipRobustness?
    private let state: ReplicaSymmetricState?
    private let region: LocalEntropyPoint?
    let notes: [String]

    init(_ stored: StoredSolution, unit: CommitteeUnit, denseOverlap: Double) throws {
      let load = stored.storage.load
      let committee = try? TreeCommittee(kernel: unit.kernel, weights: stored.isBinary ? .binary : .spherical)
      robustness = committee.map { FlipRobustness($0) }
      state = committee.flatMap { try? $0.state(load: load) }
      region =
        stored.isBinary
        ? committee.flatMap { try? DenseRegions($0, load: load).point(overlap: denseOverlap) } : nil
      var notes: [String] = []
      if state == nil { notes.append("No theory: the load \(NumberFormat.short(load)) is beyond the capacity.") }
      if stored.isBinary, region == nil {
        notes.append("No dense regions of overlap \(NumberFormat.short(denseOverlap)) at this load.")
      }
      self.notes = notes
    }

    func typical(_ share: Double) throws -> Double? {
      guard let robustness, let state else { return nil }
      return try Failure.asUsage { try robustness.error(ofTypical: state, share: share) }
    }

    func dense(_ share: Double) throws -> Double? {
      guard let robustness, let region else { return nil }
      return try Failure.asUsage { try robustness.error(ofDense: region, share: share) }
    }
  }

  private func chart(_ table: NumberTable, _ theory: Theory, _ stored: StoredSolution) -> Chart {
    var marks: [Mark] = []
    func number(_ cell: NumberTable.Cell) -> Double { if case .number(let value) = cell { value } else { .nan } }
    let most = table.rows.reduce(0) { max($0, number($1[1])) }
    let grid = (0...60).map { most * Double($0) / 60 }
    let typical = grid.map { (try? theory.typical($0)) ?? .nan }
    let dense = grid.map { (try? theory.dense($0)) ?? .nan }
    if typical.contains(where: \.isFinite) {
      marks.append(
        .line(
          x: grid, y: typical, style: LineStyle(color: Palette.categorical(0), dash: .dashed), name: "typical, theory"))
    }
    if dense.contains(where: \.isFinite) {
      marks.append(
        .line(
          x: grid, y: dense, style: LineStyle(color: Palette.categorical(0)),
          name: "dense regions, theory (overlap \(NumberFormat.short(denseOverlap)))"))
    }
    for (index, kind) in ["weights", "inputs"].enumerated() {
      let rows = table.rows.filter { if case .text(kind) = $0[0] { true } else { false } }
      guard !rows.isEmpty else { continue }
      marks += TheoryOption.errorBars(
        x: rows.map { number($0[1]) }, y: rows.map { number($0[2]) }, errors: rows.map { number($0[3]) },
        color: Palette.categorical(index + 1), name: "flipped \(kind), measured")
    }
    return Chart(
      title: "Robustness of a solution at α = \(NumberFormat.short(stored.storage.load))",
      subtitle: "\(stored.storage.hidden) \(stored.activation.name) units, \(stored.storage.inputs) inputs",
      xAxis: Axis("Share flipped, η"), yAxis: Axis("Share of patterns wrong"), marks: marks)
  }
}
