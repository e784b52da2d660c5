import ArgumentParser
import Datasets
import Execution
import Foundation
import PiecewiseLinear

struct RegionsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "regions",
    abstract: "Every linear region of a ReLU network: counts, geometry, pictures.",
    discussion: """
      All sets of full dimension on which no unit changes its side are enumerated,
      over a box, a polytope or all of space, with every doubtful sign decided in
      exact arithmetic. The model is ONNX (dense, convolution, batch norm, pooling,
      skip connections, ReLU, leaky ReLU, PReLU, Abs, Clip, Max …) or .npz with W0,
      b0, W1, b1 ….

      Three numbers are told apart: activation regions (distinct activation
      patterns), pieces (maximal connected sets on which the function is one affine
      map) and affine components (distinct affine maps).

      EXAMPLES
        pleat regions model.onnx --box=-1,1
        pleat regions model.onnx --unbounded --count-only
        pleat regions model.onnx --box '-1,1;0,5' --out r.jsonl --detail all
        pleat regions model.onnx --box=-1,1 --plot map.svg --color class
        pleat regions model.onnx --slice x0,x1 --at data.csv:17 --plot s.svg
        pleat regions model.onnx --through 'd.csv:3;d.csv:8' --plot line.png
        pleat regions model.onnx --box=-1,1 --boundary f0=0 --graph --checks
        pleat regions model.onnx --box 0,1 --sample 100000

      --json prints one document: activation_regions, pieces, affine_components
      (null when not computed), boundary (box, polytope or none), seconds, complete,
      checks (an object), upper_bound (digits; when not complete), and with the
      flags of those names statistics, graph, faces, decision_boundary, measures,
      sample. When not complete, activation_regions is a lower bound.
      """)

  enum Coloring: String, ExpressibleByArgument, CaseIterable {
    case value, gradient, pattern, `class`
  }

  @Argument(help: "The network: .onnx, or .npz with W0, b0, W1, b1 ….")
  var model: String

  @OptionGroup(title: "Domain") var domainOptions: DomainOptions
  @OptionGroup(title: "Slice") var sliceOptions: SliceOptions

  @Flag(help: "Count the activation regions and nothing else: the fastest, and memory does not grow.")
  var countOnly = false

  @Flag(inversion: .prefixedNo, help: "Count pieces and affine components (default: up to a million regions).")
  var pieces: Bool?

  @Flag(help: "The dual graph: regions joined by facets, its degrees and diameter.")
  var graph = false

  @Flag(help: "All faces: the f-vector and the Euler characteristic (up to 4 inputs).")
  var faces = false

  @Flag(help: "The exact range of each output, its integral and mean, and Lipschitz constants.")
  var measures = false

  @Flag(help: "Check more: neighbours agree on their facet, facets have two sides, Euler's formula.")
  var checks = false

  @Option(help: ArgumentHelp("The decision boundary: f0=0.5, f0=f1, or argmax.", valueName: "question"))
  var boundary: String?

  @Option(
    help: ArgumentHelp(
      "Do not enumerate: draw so many random points of the box and "
        + "estimate.", valueName: "points"))
  var sample: Int?

  @Option(help: ArgumentHelp("Write the regions: .jsonl, .csv or .npz.", valueName: "file"))
  var out: String?

  @Option(
    help: ArgumentHelp(
      "What to write of each, beside its pattern and an interior point: map, facets, chebyshev, vertices, "
        + "volume, neighbours, "
        + "or all (default: map,facets,chebyshev).", valueName: "list"))
  var detail: String?

  @Option(help: ArgumentHelp("Draw a network of 2 inputs as a map, of 1 as a graph: .svg or .png.", valueName: "file"))
  var plot: String?

  @Option(help: "What colours show (default: value, or class for several outputs).")
  var color: Coloring?

  @Option(help: ArgumentHelp("The output that is drawn.", valueName: "number"))
  var output = 0

  @Option(help: ArgumentHelp("Points to draw: the inputs, then a class or a value.", valueName: "table"))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "Write the graph of a function of 2 inputs as a surface: .obj or "
        + ".ply.", valueName: "file"))
  var surface: String?

  @Option(help: ArgumentHelp("Stop after so many regions, with certified bounds.", valueName: "number"))
  var maxRegions: Int?

  @Option(help: ArgumentHelp("Stop after so many seconds, with certified bounds.", valueName: "seconds"))
  var timeLimit: Double?

  @Option(help: "Threads (default: all processors).")
  var threads: Int?

  @Option(help: "Seed of the random points.")
  var seed: UInt64 = 0

  @Flag(help: "Print one JSON document.")
  var json = false

  @Flag(help: "Do not report progress.")
  var quiet = false

  func run() throws {
    try checkOptions()
    let subject = try RegionsSubject(model: model, slice: sliceOptions, domain: domainOptions)
    let cancellation = Cancellation(timeLimit: timeLimit)
    let interrupt = Interrupt(cancellation, keeping: "what was found so far")
    defer { withExtendedLifetime(interrupt) {} }
    let request = try RegionsRequest(self, subject)
    let runner = RegionsRunner(request: request, subject: subject, cancellation: cancellation)
    let result = try sample == nil ? runner.run() : runner.sample()
    let report = RegionsReport(request: request, subject: subject, result: result)
    print(json ? report.json.text : report.text)
    if cancellation.isRequested { throw ExitCode(130) }
    if result.activationRegions == 0 { throw ExitCode(3) }
  }

  private func checkOptions() throws {
    func positive(_ value: Int?, _ name: String) throws {
      if let value, value < 1 { throw Failure.usage("\(name) \(value): at least 1 is needed") }
    }
    try positive(maxRegions, "--max-regions")
    try positive(threads, "--threads")
    try positive(sample, "--sample")
    if let timeLimit, !(timeLimit > 0) { throw Failure.usage("--time-limit \(timeLimit): a positive number is needed") }
    try Failure.check(out, named: "--out", endsIn: ["jsonl", "csv", "npz"])
    try Failure.check(plot, named: "--plot", endsIn: ["svg", "png"])
    try Failure.check(surface, named: "--surface", endsIn: ["obj", "ply"])
    let more: [(String, Bool)] = [
      ("--pieces", pieces == true), ("--graph", graph), ("--faces", faces), ("--measures", measures),
      ("--checks", checks),
      ("--boundary", boundary != nil), ("--out", out != nil), ("--plot", plot != nil), ("--surface", surface != nil),
    ]
    if let (name, _) = more.first(where: { $0.1 }) {
      if countOnly { throw Failure.usage("--count-only and \(name) exclude each other") }
      if sample != nil { throw Failure.usage("--sample and \(name) exclude each other: a sample knows no regions") }
    }
    if countOnly, sample != nil { throw Failure.usage("--count-only and --sample exclude each other") }
    if detail != nil, out == nil { throw Failure.usage("--detail says what --out writes: add --out regions.jsonl") }
    if plot == nil {
      if data != nil { throw Failure.usage("--data is for --plot: add --plot map.svg") }
      if color != nil, surface == nil { throw Failure.usage("--color is for --plot and --surface: add --plot map.svg") }
    }
  }
}

extension Failure {
  /// Says before the work, not after it, that a file has an ending nobody knows or could not be written.
  static func check(_ path: String?, named option: String, endsIn suffixes: [String]) throws {
    guard let path else { return }
    let ending = (path as NSString).pathExtension.lowercased()
    guard suffixes.contains(ending) else {
      let accepted = suffixes.map { "." + $0 }.joined(separator: ", ")
      throw usage("\(option) \(path): the ending says the format; accepted are \(accepted)")
    }
    try checkFolder(of: path)
  }
}
