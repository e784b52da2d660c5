import ArgumentParser
import Exact
import Polyhedra
import Representation

struct ZonotopeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "zonotope",
    abstract: "A zonotope, its support function, and sawtooths of it: many pieces in several inputs (Theorem 3.9).",
    discussion: """
      Z = { λ_1 b_1 + … + λ_m b_m : −1 ≤ λ ≤ 1 } in as many dimensions as there
      are inputs. Its support function γ(r) = Σ |⟨r, b_i⟩| has a piece for each of
      the V vertices of Z and takes one hidden layer. With --width w and --layers L
      (or --depth L + 1, as the paper counts) a sawtooth H of L − 1 layers is put
      behind it: H ∘ γ has V·w^(L−1) pieces, one or two more when w is even and
      L ≥ 3. The paper's counts leave out a factor 2; both are shown.

      Generators are random integers in general position (the default), on the
      moment curve (1, t, t², …), regular directions in the plane, or the rows of a
      file. The first layer has m + 2 units, or fewer, when generators share their
      carriers, and 2m as the paper builds it.

      EXAMPLES
        pleat family zonotope --inputs 3 --generators 5 --plot z.svg
        pleat family zonotope --inputs 3 --generators 5 --width 2 --depth 3
        pleat family zonotope --inputs 2 --generators 4 --generator-kind regular \\
          --width 3 --layers 3 --out z.onnx --plot-function f.svg
        pleat family zonotope --generator-kind given --file generators.csv --json

      --json prints one document; exact counts and fractions are strings:
      inputs, generators, rank, general_position (null: not known), vertices,
      generic_vertices, facets, volume (null: too much to compute); width,
      sawtooth_layers, layers, depth, widths, size, size_shared, size_paper, pieces,
      paper_pieces (without the factor 2), weights: precision, exact,
      largest_difference, where, regions, region_pieces (by enumeration of the
      network as written); lower_bounds as in 'pleat family sawtooth'; out, plot,
      plot_function, notes.
      """)

  enum FirstLayer: String, ExpressibleByArgument, CaseIterable {
    case shared, paper

    var form: ZonotopeFamily.FirstLayer { self == .shared ? .shared : .paired }
  }

  @OptionGroup(title: "Generators") var generatorOptions: GeneratorOptions

  @Option(help: "Units of each layer of the sawtooth, from 2.")
  var width: Int?

  @OptionGroup var depthOptions: DepthOptions

  @Option(help: ArgumentHelp("M, up to where γ is folded.", valueName: "number"))
  var extent = "1"

  @Option(help: "The first hidden layer: shared carriers, or two units for each generator as in the paper.")
  var firstLayer = FirstLayer.shared

  @OptionGroup var output: NetworkOutput

  @Option(help: ArgumentHelp("Draw Z, of rank 2 or 3, in as many dimensions: .svg or .png.", valueName: "file"))
  var plot: String?

  @Option(help: ArgumentHelp("Draw the function of 2 inputs with its regions: .svg or .png.", valueName: "file"))
  var plotFunction: String?

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    try output.check()
    try Picture.check(plot, named: "--plot")
    try Picture.check(plotFunction, named: "--plot-function")
    let sawtooth = try sawtooth()
    let zonotope = try generatorOptions.zonotope()
    if plot != nil { try ZonotopeFigure.check(zonotope) }
    if plotFunction != nil, zonotope.dimension != 2 {
      throw Failure.usage(
        "--plot-function draws functions of 2 inputs; this one has \(ModelFile.count(zonotope.dimension, "input"))")
    }
    let study = try Failure.asUsage {
      try ZonotopeStudy(
        zonotope, kind: generatorOptions.kind, sawtooth: sawtooth, first: firstLayer.form, precision: output.precision)
    }
    try output.write(study.rounded, name: "zonotope")
    let figure = ZonotopeFigure(study: study)
    if let plot { try Picture.write(try Failure.asUsage { try figure.zonotopeSVG() }, to: plot) }
    if let plotFunction { try Picture.write(try Failure.asUsage { try figure.functionSVG() }, to: plotFunction) }
    let report = ZonotopeReport(study: study, out: output.out, plot: plot, plotFunction: plotFunction)
    print(json ? report.json.text : report.text)
  }

  /// The sawtooth behind the support function; nil for the support function alone.
  private func sawtooth() throws -> Sawtooth? {
    let layers = try depthOptions.hiddenLayers()
    let extent = try ExactNumberOption.rational(
      extent, named: "--extent", accepted: "positive numbers, such as 1, 2.5 or 1/3")
    guard let width else {
      guard (layers ?? 1) == 1 else {
        throw Failure.usage(
          "--layers and --depth need --width, the units of each layer behind the first, such as --width 2")
      }
      return nil
    }
    guard let layers else {
      throw Failure.usage("--width needs --layers or --depth: how deep is the network, such as --depth 3?")
    }
    guard layers >= 2 else {
      throw Failure.usage(
        "one hidden layer is the support function alone: leave out --width, or take --layers 2 (--depth 3) or more")
    }
    return try Failure.asUsage { try Sawtooth(width: width, layers: layers - 1, extent: extent) }
  }
}
