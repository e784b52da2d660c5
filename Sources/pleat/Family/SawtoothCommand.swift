import ArgumentParser
import Exact
import Probability
import Representation

struct SawtoothCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sawtooth",
    abstract: "A function of one input that shallow networks need exponentially many units for (Theorem 3.2).",
    discussion: """
      H = h_k ∘ … ∘ h_1 of k hidden layers of w units: each h maps [0, M] onto
      itself w times, up and down, with its bends at 0 and at w − 1 knots
      0 < a_1 < … < M. H has w^k pieces within (0, M); on all of the line one
      more, and one more still when w is even and k ≥ 2.

      The depth is said by --layers k, or by --depth k + 1 as the paper counts.
      Knots are equal (M/w, 2M/w, …) unless given by --knots, layer by layer from
      the input, or drawn by --random. They are exact: 1/3 is one third. In the
      file they are floating-point numbers, and what that does to the function
      is reported exactly.

      EXAMPLES
        pleat family sawtooth --width 3 --layers 4 --out hard.onnx
        pleat family sawtooth --width 3 --depth 5 --plot saw.svg
        pleat family sawtooth --knots "1/3,2/3; 1/4,1/2" --json
        pleat family sawtooth --width 4 --layers 3 --extent 2 --random --seed 7

      --json prints one document; exact counts and fractions are strings:
      width, layers, depth, size, extent, knots, pieces, pieces_inside (predicted),
      counted_pieces, counted_inside (null: too many), integral,
      distance_to_mean, weights: precision, exact, pieces, largest_difference (on
      [0, M]), largest_difference_exact, regions, region_pieces (by enumeration of
      the network as written); lower_bounds: layers, units, bounds as in
      'pleat bounds --pieces'; out, plot.
      """)

  @Option(help: "Units of each hidden layer, from 2.")
  var width: Int?

  @OptionGroup var depthOptions: DepthOptions

  @Option(help: ArgumentHelp("M, the end of the interval that is folded.", valueName: "number"))
  var extent = "1"

  @Option(help: ArgumentHelp("The knots: commas between them, semicolons between layers.", valueName: "list"))
  var knots: String?

  @Flag(help: "Draw the knots at random.")
  var random = false

  @Option(help: "Seed of the random knots.")
  var seed: UInt64 = 0

  @OptionGroup var output: NetworkOutput

  @Option(help: ArgumentHelp("Draw the graph over [-0.1 M, 1.1 M]: .svg or .png.", valueName: "file"))
  var plot: String?

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    try output.check()
    try Picture.check(plot, named: "--plot")
    let sawtooth = try sawtooth()
    try RoundedNetwork.check(widths: [1] + Array(repeating: sawtooth.width, count: sawtooth.layers) + [1])
    if plot != nil, sawtooth.piecesInside > Rational(SawtoothFigure.mostPieces) {
      throw Failure.usage(
        "--plot: \(NumberFormat.natural(sawtooth.piecesInside)) pieces have no room in a picture; drawn are up to "
          + NumberFormat.grouped(SawtoothFigure.mostPieces))
    }
    let study = try Failure.asUsage { try SawtoothStudy(sawtooth, precision: output.precision) }
    try output.write(study.rounded, name: "sawtooth")
    if let plot { try Picture.write(try SawtoothFigure(sawtooth: sawtooth).svg(), to: plot) }
    let report = SawtoothReport(study: study, out: output.out, plot: plot)
    print(json ? report.json.text : report.text)
  }

  private func sawtooth() throws -> Sawtooth {
    let extent = try ExactNumberOption.rational(
      extent, named: "--extent", accepted: "positive numbers, such as 1, 2.5 or 1/3")
    let layers = try depthOptions.hiddenLayers()
    guard let knots else {
      guard let width, let layers else {
        throw Failure.usage(
          "a sawtooth needs --width and --layers (or --depth, one more), such as --width 3 --layers 4; or --knots")
      }
      return try Failure.asUsage {
        guard random else { return try Sawtooth(width: width, layers: layers, extent: extent) }
        var source = RandomSource(seed: seed)
        return try Sawtooth.random(width: width, layers: layers, extent: extent, using: &source)
      }
    }
    guard !random else { throw Failure.usage("--knots and --random exclude each other") }
    let sawtooth = try Failure.asUsage { try Sawtooth(extent: extent, knots: try Self.knots(knots)) }
    if let width, width != sawtooth.width {
      throw Failure.usage(
        "--width \(width): the knots are those of width \(sawtooth.width), one more than there are knots in a layer")
    }
    if let layers, layers != sawtooth.layers {
      throw Failure.usage(
        "--knots has \(ModelFile.count(sawtooth.layers, "layer")), separated by semicolons; \(layers) were asked for")
    }
    return sawtooth
  }

  private static func knots(_ text: String) throws -> [[Rational]] {
    try text.split(separator: ";", omittingEmptySubsequences: false).enumerated().map { layer, list in
      try list.split(separator: ",", omittingEmptySubsequences: false).map { knot in
        let word = knot.trimmingCharacters(in: .whitespaces)
        return try ExactNumberOption.rational(
          word, named: "--knots, layer \(layer + 1):", accepted: "numbers such as 0.25 or 1/3, separated by commas")
      }
    }
  }
}
