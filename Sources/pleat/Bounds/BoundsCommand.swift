import ArgumentParser
import Exact
import Representation

struct BoundsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bounds",
    abstract: "How many units must a ReLU network have? How many pieces can it have? What depth buys.",
    discussion: """
      One question at a time. Layers are hidden layers, units are hidden units,
      pieces are maximal connected sets on which a function is affine. Counts are
      exact integers of any size; what is marked "printed" stands in the paper and
      could not be derived again, and is never called the strongest.

        --pieces P --layers K   the units that every network with at most K hidden
                                layers needs, if its function has P pieces
        --widths W1,W2,…        the pieces of networks with these hidden widths
        --corollary K           k² layers and k³ units against at most k layers,
                                k = 2 … K (Corollary 3.4)
        --gap                   how far in L1 on [0, 1] every network with at most
                                --shallow-layers is from the sawtooth of --layers
                                layers of --width units (Theorem 3.5)
        --facts                 what is known of depth and size, with its source

      EXAMPLES
        pleat bounds --pieces 82 --inputs 1 --layers 2
        pleat bounds --pieces 1e30 --inputs 3 --layers 4 --json
        pleat bounds --widths 8,8,4 --inputs 2
        pleat bounds --corollary 8
        pleat bounds --gap --width 2 --layers 6 --shallow-layers 2 --delta 0.1
        pleat bounds --gap --width 2 --layers 6 --shallow-layers 2 --units 8
        pleat bounds --facts

      --json prints one document; exact counts are strings of digits.
        --pieces     pieces, inputs, layers, units (the strongest bound),
                     bounds: name, units, value, form (real, integer),
                     layers (exactly, at_most), standing (proved, printed,
                     literature), source, remark, strongest
        --widths     widths, inputs, upper, lower (the strongest proved),
                     bounds: name, side (upper, lower), pieces, standing,
                     source, strongest
        --corollary  rows: k, layers, units, bound, product_bound
        --gap        width, layers, shallow_layers, pieces, rows: delta,
                     paper_value, paper_units, paper_standing, units (null: no
                     network is excluded); with --units: units, distance,
                     distance_exact
        --facts      facts: topic, statement, source, standing
      """)

  @Option(help: ArgumentHelp("The pieces of a function: a natural number of any size.", valueName: "number"))
  var pieces: String?

  @Option(help: "The inputs of the networks (default: 1).")
  var inputs: Int?

  @Option(help: "The hidden layers of the networks; with --gap those of the sawtooth.")
  var layers: Int?

  @Option(help: ArgumentHelp("The units of each hidden layer, separated by commas.", valueName: "list"))
  var widths: String?

  @Option(help: ArgumentHelp("The table of Corollary 3.4 up to this k.", valueName: "k"))
  var corollary: Int?

  @Flag(help: "Theorem 3.5 as a computed inequality.")
  var gap = false

  @Option(help: "With --gap, the units of each layer of the sawtooth, from 2.")
  var width: Int?

  @Option(help: "With --gap, the most hidden layers of the approximating networks.")
  var shallowLayers: Int?

  @Option(help: ArgumentHelp("With --gap, the distance δ (default: 0.05, 0.1, 0.15, 0.2).", valueName: "number"))
  var delta: String?

  @Option(help: "With --gap, the units of the approximating networks: how near can they come?")
  var units: Int?

  @Flag(help: "What is known of depth and size.")
  var facts = false

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    let report = try report()
    print(json ? report.json.text : report.text)
  }

  private enum Question: String, CaseIterable {
    case pieces = "--pieces"
    case widths = "--widths"
    case corollary = "--corollary"
    case gap = "--gap"
    case facts = "--facts"

    /// The options that say more.
    var details: [String] {
      switch self {
      case .pieces: ["--inputs", "--layers"]
      case .widths: ["--inputs"]
      case .corollary, .facts: []
      case .gap: ["--width", "--layers", "--shallow-layers", "--delta", "--units"]
      }
    }
  }

  private func report() throws -> any BoundsReport {
    switch try question() {
    case .pieces:
      guard let layers else {
        throw Failure.usage("--pieces needs --layers: how many hidden layers may the networks have?")
      }
      let count = try ExactNumberOption.count(pieces ?? "", named: "--pieces")
      return try Failure.asUsage { try SizeReport(pieces: count, inputs: inputs ?? 1, layers: layers) }
    case .widths:
      let list = try Self.widths(widths ?? "")
      return try Failure.asUsage { try PieceReport(inputs: inputs ?? 1, widths: list) }
    case .corollary: return try Failure.asUsage { try SeparationReport(largest: corollary ?? 0) }
    case .gap: return try gapReport()
    case .facts: return FactReport()
    }
  }

  private func question() throws -> Question {
    let asked: [Question] = [
      pieces.map { _ in .pieces }, widths.map { _ in .widths }, corollary.map { _ in .corollary }, gap ? .gap : nil,
      facts ? .facts : nil,
    ]
    .compactMap { $0 }
    let all = Question.allCases.map(\.rawValue)
    guard let question = asked.first else {
      throw Failure.usage("say what to bound: \(all.joined(separator: ", ")); 'pleat bounds --help' explains them")
    }
    guard asked.count == 1 else {
      throw Failure.usage("\(asked[0].rawValue) and \(asked[1].rawValue) are two questions: ask one at a time")
    }
    let given: [(String, Bool)] = [
      ("--inputs", inputs != nil), ("--layers", layers != nil), ("--width", width != nil),
      ("--shallow-layers", shallowLayers != nil), ("--delta", delta != nil), ("--units", units != nil),
    ]
    if let (stray, _) = given.first(where: { $0.1 && !question.details.contains($0.0) }) {
      let details = question.details.isEmpty ? "nothing else" : question.details.joined(separator: ", ")
      throw Failure.usage("\(question.rawValue) does not go with \(stray); it takes \(details)")
    }
    return question
  }

  private func gapReport() throws -> GapReport {
    guard let width, let layers, let shallowLayers else {
      throw Failure.usage(
        "--gap needs --width and --layers of the sawtooth, and --shallow-layers of the networks, such as --width 2 "
          + "--layers 6 --shallow-layers 2")
    }
    guard delta == nil || units == nil else {
      throw Failure.usage("--delta and --units exclude each other: give the distance or the size")
    }
    let distance = try delta.map {
      try ExactNumberOption.rational($0, named: "--delta", accepted: "positive numbers below 1/4, such as 0.1")
    }
    return try Failure.asUsage {
      let gap = try ApproximationGap(width: width, layers: layers, shallowLayers: shallowLayers)
      return try GapReport(gap, delta: distance, units: units)
    }
  }

  private static func widths(_ text: String) throws -> [Int] {
    let parts = text.split(separator: ",", maxSplits: 5000, omittingEmptySubsequences: false)
    return try parts.map { part in
      guard let width = Int(part.trimmingCharacters(in: .whitespaces)), width > 0 else {
        throw Failure.usage(
          "--widths \(ExactNumberOption.shortened(text)): '\(part.prefix(30))' is no width; accepted are natural "
            + "numbers from 1, separated by commas, such as 8,8,4")
      }
      return width
    }
  }
}

/// An answer of `pleat bounds`.
protocol BoundsReport {
  var text: String { get }
  var json: JSONText { get }
}
