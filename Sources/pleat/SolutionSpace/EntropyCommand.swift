import Activations
import ArgumentParser
import Execution
import Figures
import Foundation
import SolutionSpace

struct EntropyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "entropy",
    abstract: "How many solutions are there at a given number of patterns?",
    discussion: """
      The replica-symmetric free entropy against the load α, the number of random
      patterns for each weight: the logarithm of the number of solutions (binary
      weights) or of the share of the sphere that they fill (spherical weights),
      for each weight, in nats; with the overlap q of typical solutions and the
      replicon, below 1 where the theory is stable. --simulate measures the same
      on random instances by approximate message passing, binary weights only.

      EXAMPLES
        pleat entropy --weights binary --activation relu --alpha 0:0.9:0.05
        pleat entropy --activation relu,sign,tanh --alpha 0.05:0.95:0.05 --plot entropy.svg
        pleat entropy --activation relu --alpha 0.2,0.4 --simulate 6000 --hidden 40

      Loads beyond the capacity are left out with a note.
      --json prints weights, margin, capacities, rows: activation, alpha, q,
      q_conjugate, entropy, error, replicon, and with --simulate
      measured_entropy, measured_error, measured_q, unconverged.
      """)

  @Option(help: "Names or formulas, separated by commas.")
  var activation = "relu"

  @Option(help: "binary or spherical.")
  var weights = "binary"

  @Option(help: "The loads α: a number, a list or first:last:step.")
  var alpha = "0:0.9:0.05"

  @Option(help: "The margin κ in standard deviations of the output.")
  var margin = 0.0

  @Option(help: ArgumentHelp("Measure on instances with so many inputs.", valueName: "inputs"))
  var simulate: Int?

  @Option(help: "With --simulate, the hidden units.")
  var hidden = 40

  @Option(help: "With --simulate, how many instances.")
  var instances = 3

  @Option(help: "With --simulate, the seed of the first instance.")
  var seed: UInt64 = 1

  @Option(help: "Threads (default: all processors).")
  var threads: Int?

  @OptionGroup var output: OutputOptions

  func run() throws {
    try output.check()
    try Failure.checkLimits(threads: threads, timeLimit: nil)
    let space = try TheoryOption.weights(weights)
    let loads = try TheoryOption.numbers(alpha, option: "--alpha", within: 0...100)
    guard simulate == nil || space == .binary else {
      throw Failure.usage("--simulate measures by message passing, which is for binary weights")
    }
    guard instances >= 1 else { throw Failure.usage("--instances \(instances): at least 1 is needed") }
    let cancellation = Cancellation()
    let interrupt = Interrupt(cancellation, keeping: "what was measured so far")
    defer { withExtendedLifetime(interrupt) {} }
    var table = NumberTable(
      ["activation", "alpha", "q", "q conjugate", "entropy", "error", "replicon"]
        + (simulate == nil ? [] : ["measured entropy", "measured error", "measured q", "unconverged"]))
    var capacities: [(String, Double)] = []
    var beyond: [String] = []
    for activation in try TheoryOption.activations(activation) {
      let committee = try Failure.asUsage {
        try TreeCommittee(kernel: OrderParameterKernel(activation), weights: space, margin: margin)
      }
      let capacity = try Failure.asUsage { try committee.replicaSymmetricCapacity().value }
      capacities.append((activation.name, capacity))
      let inside = loads.filter { $0 <= capacity }
      if inside.count < loads.count {
        beyond.append(
          "beyond the capacity of \(activation.name): \(loads.count - inside.count) of the loads; it is "
            + String(format: "%.6f", capacity))
      }
      for load in inside {
        let state = try Failure.asUsage { try committee.state(load: load) }
        var row: [NumberTable.Cell] = [
          .text(activation.name), .number(load), .number(state.overlap),
          state.conjugate.map { .number($0) } ?? .missing,
          .number(state.freeEntropy), .number(state.error), .number(state.replicon),
        ]
        if let simulate {
          row +=
            load > 0 && !cancellation.shouldStop
            ? try measured(activation, inputs: simulate, load: load, cancellation)
            : [.missing, .missing, .missing, .missing]
        }
        table.add(row)
      }
    }
    guard !table.rows.isEmpty else { throw Failure.usage("--alpha \(alpha): " + beyond.joined(separator: "; ")) }
    try output.write(
      table, heading: "Entropy of \(space.rawValue) weights, nats per weight", footing: beyond.joined(separator: "\n"),
      members: [
        ("weights", .string(space.rawValue)), ("margin", .number(margin)),
        ("capacities", .object(capacities.map { ($0, $1.isFinite ? .number($1) : .string("inf")) })),
      ]
    ) { chart(table, space) }
    if cancellation.isRequested { throw ExitCode(130) }
  }

  private func measured(
    _ activation: Activation, inputs: Int, load: Double, _ cancellation: Cancellation
  ) throws -> [NumberTable.Cell] {
    try Failure.asUsage {
      let unit = try CommitteeUnit(activation)
      let count = unit.isOdd && activation.name == "sign" && hidden % 2 == 0 ? hidden + 1 : hidden
      let size = max(1, inputs / max(count, 1)) * count
      var (entropies, overlaps): ([Double], [Double]) = ([], [])
      var unconverged = 0
      for index in 0..<instances where !cancellation.shouldStop {
        let storage = try PatternStorage.random(
          inputs: size, hidden: count, load: load, seed: seed &+ UInt64(index))
        var passing = try MessagePassing(
          storage, unit: unit, margin: margin * unit.kernel.variance.squareRoot(),
          threads: threads ?? defaultThreadCount)
        for _ in 0..<400 where !cancellation.shouldStop {
          passing.sweep(.amp)
          if passing.change < 1e-4 { break }
        }
        if passing.change >= 1e-3 { unconverged += 1 }
        entropies.append(passing.betheEntropy)
        overlaps.append(passing.overlap)
      }
      let mean = entropies.reduce(0, +) / Double(max(1, entropies.count))
      let variance = entropies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let n = Double(entropies.count)
      return [
        .number(mean), n > 1 ? .number((variance / (n * (n - 1))).squareRoot()) : .missing,
        .number(overlaps.reduce(0, +) / max(1, n)), .integer(unconverged),
      ]
    }
  }

  private func chart(_ table: NumberTable, _ space: WeightSpace) -> Chart {
    var marks: [Mark] = []
    var names: [String] = []
    for row in table.rows { if case .text(let name) = row[0], !names.contains(name) { names.append(name) } }
    for (index, name) in names.enumerated() {
      let rows = table.rows.filter { if case .text(name) = $0[0] { true } else { false } }
      func column(_ place: Int) -> [Double] {
        rows.map { if place < $0.count, case .number(let value) = $0[place] { value } else { .nan } }
      }
      let color = Palette.categorical(index)
      marks.append(.line(x: column(1), y: column(4), style: LineStyle(color: color), name: name))
      if simulate != nil {
        marks += TheoryOption.errorBars(
          x: column(1), y: column(7), errors: column(8).map { $0.isNaN ? 0 : $0 }, color: color,
          name: "\(name), measured")
      }
    }
    if space == .binary { marks.append(.horizontalRules([0])) }
    return Chart(
      title: "Solutions of tree committee machines, \(space.rawValue) weights",
      subtitle: space == .binary ? "Where the entropy reaches 0 is the capacity" : "Share of the sphere that solves",
      xAxis: Axis("Patterns per weight, α"), yAxis: Axis("Entropy, nats per weight"), marks: marks)
  }
}
