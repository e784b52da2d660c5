import Activations
import ArgumentParser
import Execution
import Figures
import Foundation
import SolutionSpace

struct CapacityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "capacity",
    abstract: "How many random patterns can a tree committee machine store?",
    discussion: """
      The largest number of random patterns with random labels for each weight, by
      statistical mechanics: replica-symmetric (rs), with k steps of replica
      symmetry breaking (1rsb, 2rsb, …; each is an upper bound of the next), and
      their limit (full, from four values on). With binary weights the capacity is
      where the entropy vanishes. Two more columns: A = Q′(1), the slope of the
      activation's kernel at 1, and the load from which the replica-symmetric
      state is unstable.

      Activations are names (relu, leaky-relu:0.1, tanh, erf, gelu, sign, …) or
      formulas of x. Finite numbers of hidden units are computed for sign (rs for
      any number, 1rsb up to 4) and relu (even numbers); other activations at
      finite K are not.

      EXAMPLES
        pleat capacity --activation relu --weights spherical --ansatz rs,1rsb,2rsb
        pleat capacity --activation relu,erf,tanh,gelu --plot capacity.svg
        pleat capacity --activation relu,sign --hidden inf,2,3,4 --ansatz rs
        pleat capacity --activation "x*sigmoid(2*x)" --weights binary --ansatz rs
        pleat capacity --activation relu --margin 0:2:0.25

      --json prints weights, margin_unit, rows: activation, hidden, convention,
      margin, ansatz, capacity, error (estimated; one standard deviation where
      samples are drawn), A, unstable_from, overlaps, breaking_points, note.
      """)

  @Option(help: "Names or formulas, separated by commas.")
  var activation = "relu"

  @Option(help: "spherical or binary.")
  var weights = "spherical"

  @Option(help: "rs, 1rsb, 2rsb, … 8rsb, full; separated by commas.")
  var ansatz = "rs,1rsb"

  @Option(help: "Hidden units: inf or numbers, separated by commas.")
  var hidden = "inf"

  @Option(help: "At finite K, whether an output of 0 is an error: strict or weak.")
  var convention = "strict"

  @Option(help: "The margin κ in standard deviations of the output: a number, a list or first:last:step.")
  var margin = "0"

  @Option(help: "Random fields drawn for ReLU units at finite K.")
  var samples = 400_000

  @Option(help: "The seed of those.")
  var seed: UInt64 = 1

  @Option(help: "Threads (default: all processors).")
  var threads: Int?

  @OptionGroup var output: OutputOptions

  private enum Ansatz: Equatable {
    case steps(Int)
    case full

    var name: String {
      switch self {
      case .steps(let k): k == 0 ? "rs" : "\(k)rsb"
      case .full: "full"
      }
    }
  }

  private static func ansatz(_ text: String) throws -> [Ansatz] {
    try text.lowercased().split(separator: ",").map { part in
      let name = part.trimmingCharacters(in: .whitespaces)
      if name == "rs" { return .steps(0) }
      if name == "full" { return .full }
      guard name.hasSuffix("rsb"), let k = Int(name.dropLast(3)), (1...8).contains(k) else {
        throw Failure.usage("--ansatz \(text): '\(name)' is none; accepted are rs, 1rsb to 8rsb, and full")
      }
      return .steps(k)
    }
  }

  private static func hidden(_ text: String) throws -> [Int?] {
    try text.lowercased().split(separator: ",").map { part in
      let name = part.trimmingCharacters(in: .whitespaces)
      if name == "inf" { return nil }
      guard let count = Int(name), (1...4096).contains(count) else {
        throw Failure.usage("--hidden \(text): '\(name)' is no number of hidden units; accepted are inf and 1 to 4096")
      }
      return count
    }
  }

  func run() throws {
    try output.check()
    try Failure.checkLimits(threads: threads, timeLimit: nil)
    let space = try TheoryOption.weights(weights)
    guard let convention = OutputConvention(rawValue: convention.lowercased()) else {
      throw Failure.usage("--convention \(self.convention): accepted are strict and weak")
    }
    guard (1000...100_000_000).contains(samples) else {
      throw Failure.usage("--samples \(samples): from 1000 to 100000000")
    }
    let wanted = try Self.ansatz(ansatz)
    let widths = try Self.hidden(hidden)
    let margins = try TheoryOption.numbers(margin, option: "--margin", within: -5...20)
    var table = NumberTable([
      "activation", "hidden", "margin", "ansatz", "capacity", "error", "A", "unstable from", "overlaps",
      "breaking points",
      "note",
    ])
    for activation in try TheoryOption.activations(activation) {
      let kernel = try Failure.asUsage { try OrderParameterKernel(activation) }
      for width in widths {
        for margin in margins {
          if let width {
            try addFinite(
              activation, hidden: width, convention, weights: space, margin: margin, wanted, kernel: kernel, to: &table)
          } else {
            try addInfinite(kernel, weights: space, margin: margin, wanted, to: &table)
          }
        }
      }
    }
    guard table.rows.contains(where: { if case .number = $0[4] { true } else { false } }) else {
      guard case .text(let reason) = table.rows.first?.last else { throw Failure.usage("nothing was asked for") }
      throw Failure.usage(reason)
    }
    let footing =
      space == .spherical
      ? "Patterns per weight; every ansatz is an upper bound of the next."
      : "Patterns per weight, where the entropy is 0."
    try output.write(
      table, heading: "Capacity of tree committee machines with \(space.rawValue) weights", footing: footing,
      members: [("weights", .string(space.rawValue)), ("convention", .string(convention.rawValue))]
    ) { CapacityFigure(table: table, weights: space).chart }
  }

  private func addInfinite(
    _ kernel: OrderParameterKernel, weights: WeightSpace, margin: Double, _ wanted: [Ansatz],
    to table: inout NumberTable
  ) throws {
    let committee = try Failure.asUsage { try TreeCommittee(kernel: kernel, weights: weights, margin: margin) }
    let unstable = try committee.instability()
    func add(
      _ name: String, _ value: Estimate, _ overlaps: [Double] = [], _ breakingPoints: [Double] = [], note: String = ""
    ) {
      table.add([
        .text(kernel.name), .text("inf"), .number(margin), .text(name), .number(value.value), .number(value.error),
        .number(kernel.slopeAtOne), unstable.map { .number($0.load) } ?? .missing,
        overlaps.isEmpty ? .missing : .list(overlaps), breakingPoints.isEmpty ? .missing : .list(breakingPoints),
        .text(note),
      ])
    }
    if weights == .binary {
      let state = try Failure.asUsage { try committee.zeroEntropyState() }
      let stability =
        state.isStable ? "replicon \(NumberFormat.short(state.replicon)): stable" : "unstable (replicon ≥ 1)"
      add(
        "rs", Estimate(state.load, error: state.error + 1e-12), [state.overlap],
        note: kernel.isEven ? "even: first-moment bound" : stability)
      return
    }
    let most = wanted.reduce(0) { most, ansatz in
      switch ansatz {
      case .steps(let k): max(most, k)
      case .full: max(most, 4)
      }
    }
    let all = try Failure.asUsage { try committee.brokenCapacities(steps: most) }
    for ansatz in wanted {
      switch ansatz {
      case .steps(let k):
        let value = all[k]
        let note = value.load.value.isInfinite ? "jumps: grows like √ln K with the hidden units" : ""
        add(ansatz.name, value.load, value.overlaps, value.breakingPoints, note: note)
      case .full:
        if let value = all.fullyBroken {
          add(ansatz.name, value, note: "extrapolated from \(most) steps")
        } else {
          add(ansatz.name, Estimate(.infinity, error: 0), note: "nothing to extrapolate")
        }
      }
    }
  }

  private func addFinite(
    _ activation: Activation, hidden: Int, _ convention: OutputConvention, weights: WeightSpace, margin: Double,
    _ wanted: [Ansatz], kernel: OrderParameterKernel, to table: inout NumberTable
  ) throws {
    func add(_ name: String, _ value: Estimate?, _ overlaps: [Double] = [], _ breaking: [Double] = [], note: String) {
      table.add([
        .text(kernel.name), .integer(hidden), .number(margin), .text(name), value.map { .number($0.value) } ?? .missing,
        value.map { .number($0.error) } ?? .missing, .number(kernel.slopeAtOne), .missing,
        overlaps.isEmpty ? .missing : .list(overlaps), breaking.isEmpty ? .missing : .list(breaking), .text(note),
      ])
    }
    for ansatz in wanted {
      do {
        guard margin == 0 else { throw SolutionSpaceError("finite K: only without a margin") }
        guard let unit = FiniteUnit(rawValue: activation.name) else {
          throw SolutionSpaceError("finite K is computed for sign and relu")
        }
        let committee = try FiniteCommittee(unit: unit, hidden: hidden, convention: convention)
        switch (weights, ansatz) {
        case (.binary, .steps(0)):
          let state = try committee.zeroEntropyState()
          add("rs", Estimate(state.load, error: state.error), [state.overlap], note: convention.rawValue)
        case (.binary, _): throw SolutionSpaceError("binary weights freeze: ansatz rs")
        case (.spherical, .steps(0)):
          let value = committee.replicaSymmetricCapacity(
            samples: samples, seed: seed, threads: threads ?? defaultThreadCount)
          add("rs", value, note: convention.rawValue)
        case (.spherical, .steps(1)):
          let value = try committee.brokenCapacity()
          add("1rsb", value.load, value.overlaps, value.breakingPoints, note: convention.rawValue)
        default: throw SolutionSpaceError("finite K: rs and 1rsb")
        }
      } catch let error as SolutionSpaceError {
        add(ansatz.name, nil, note: "not computed: \(error.description)")
      }
    }
  }
}
