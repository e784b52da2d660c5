import ArgumentParser
import Exact
import Execution
import Foundation
import Networks
import Representation

struct SynthesizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "synthesize",
    abstract: "Make an exact ReLU network from a continuous piecewise-linear function.",
    discussion: """
      FUNCTION is a function file (.json), or a network (.onnx, .npz) that is to be
      made anew; a network of more than 6 inputs needs a domain. Several
      constructions are tried, the best for the goal is written, and the file's
      network, rounded weights included, is compared with the function exactly
      over the whole domain. A function that is not continuous is refused, with
      the worst gap and where it is.

      A function file is one JSON object; numbers may be strings such as "1/3":

        {"format": "pleat-function", "form": "regions", "inputs": 2, "outputs": 1,
         "regions": [{"A": [[1, 0]], "b": [0], "gain": [[1, 2]], "offset": [0]}, …]}
        {"format": "pleat-function", "form": "max-min", "functions":
         [{"gradient": [1, 2], "constant": 0}, …], "clauses": [[0, 1], [2]]}

      and in the same way, G being a list of such functions:

        "form": "difference-of-convex", "convex": G, "subtract": G
        "form": "signed-maxima", "functions": G,
          "terms": [{"coefficient": -1, "arguments": [0, 2]}, …]
        "form": "breakpoints", "points": [[0, 0], [1, 2], …], and if the outer
          segments are not to go on "left_slope": 0, "right_slope": 1
        "form": "simplices", "points": [[0, 0], …], "values": [3, …],
          "simplices": [[0, 1, 2], …]
        "form": "grid", "axes": [[0, 1, 2], [0, 1]],
          "values": [[1, 2], [0, 3], [2, 2]], the first axis outermost

      With --pieces or --error FUNCTION is approximated instead: a table (.csv,
      .npy) of one input and one target, or a function of one input on its domain,
      which is the interval between the outer breakpoints when it is unbounded and
      there is no --box. The result is the best continuous function with so many
      affine pieces, breakpoints anywhere, or the one with the fewest pieces within
      the error; with a proved lower bound. Of a function and the norms l1 and l2
      (integrals over the interval) it is the best for 257 equally spaced points,
      and its distance is exact.

      EXAMPLES
        pleat synthesize controller.json --goal depth --out controller.onnx
        pleat synthesize controller.json --goal units --out controller-exact.json
        pleat synthesize terrain.json --goal units --precision float32 --json
        pleat synthesize rounded.json --tolerance 1e-6 --out net.onnx
        pleat synthesize samples.csv --pieces 5 --norm uniform --out fit.onnx
        pleat synthesize curve.json --error 0.01
        pleat synthesize terrain.json --curvature 0.5

      --json prints one document: function, form, inputs, outputs, domain, cells,
      affine_functions, continuity_gap, goal, output_bias, candidates (for each:
      construction, hidden_layers, units, theorem_units, widths, multiplications, chosen),
      skipped, theorem_hidden_layers, theorem_units, one_hidden_layer (for each
      output: verdict, units, least_units, text), precision, check (equal, complete,
      pieces, rounded, largest_difference, bound, exact, output, point,
      unrounded_equal, box), curvature_bound, file, seconds. An approximation: source, norm, samples, pieces, error,
      exact, lower_bound, certified, obstacles, curvature_bound, breakpoints,
      slopes, units, least_units, precision, check, file, seconds.
      """)

  /// Where the network went, in words; nil when it was not written.
  var modelText: String? {
    out.map { "written to \($0) (\($0.lowercased().hasSuffix(".json") ? "rational weights" : precision.rawValue))" }
  }

  enum Norm: String, ExpressibleByArgument, CaseIterable { case uniform, l1, l2 }

  @Argument(help: "A function file (.json; - for standard input), a network (.onnx, .npz), or a table to approximate.")
  var function: String

  @Option(help: "depth: fewest hidden layers; units: fewest hidden units.")
  var goal: Synthesis.Goal = .depth

  @Option(
    help: ArgumentHelp(
      "Write the network: as ONNX, or with its rational weights as they are (.json).", valueName: "net.onnx|net.json"))
  var out: String?

  @Option(help: "The numbers of an ONNX file.")
  var precision = WeightPrecision.float64

  @Flag(inversion: .prefixedNo, help: "Whether the output may add a constant.")
  var outputBias = true

  @Option(help: ArgumentHelp("How far regions may miss one another, for rounded numbers.", valueName: "number"))
  var tolerance = "0"

  @OptionGroup(title: "Domain") var domainOptions: DomainOptions

  @Option(help: ArgumentHelp("Approximate with at most so many affine pieces.", valueName: "P"))
  var pieces: Int?

  @Option(help: ArgumentHelp("Approximate within this error with the fewest pieces.", valueName: "E"))
  var error: String?

  @Option(help: "What the error is: largest, sum, or root of the sum of squares of the differences at the samples.")
  var norm: Norm = .uniform

  @Option(
    help: ArgumentHelp(
      "A bound on |f''|, or on the Hessian's eigenvalues: says how far f is between samples, or inside a grid.",
      valueName: "M"))
  var curvature: String?

  @Option(help: "The column to approximate (default: the last one).")
  var target: String?

  @Option(help: "The input column (default: the only other numeric column).")
  var inputs: String?

  @Option(help: ArgumentHelp("Stop after so many seconds with what there is.", valueName: "seconds"))
  var timeLimit: Double?

  @Option(help: "Threads (default: all processors).")
  var threads: Int?

  @Flag(help: "Print one JSON document.")
  var json = false

  @Flag(help: "Do not report progress.")
  var quiet = false

  /// Whether a function is to be approximated, rather than represented.
  private var isApproximation: Bool {
    let isTable = !FunctionSubject.isFunctionFile(function) && !FunctionSubject.isNetwork(function)
    return pieces != nil || error != nil || isTable
  }

  func run() throws {
    try Failure.checkLimits(threads: threads, timeLimit: timeLimit)
    try Failure.check(out, named: "--out", endsIn: ["onnx", "json"])
    let cancellation = Cancellation(timeLimit: timeLimit)
    let interrupt = Interrupt(
      cancellation, keeping: "what was found so far", timeLimit: timeLimit, hasAnswer: false)
    defer { withExtendedLifetime(interrupt) {} }
    if isApproximation {
      try ApproximationRunner(command: self, cancellation: cancellation, interrupt: interrupt).run()
    } else {
      let approximating: [(String, Bool)] = [
        ("--norm \(norm.rawValue)", norm != .uniform), ("--target", target != nil), ("--inputs", inputs != nil),
      ]
      if let (name, _) = approximating.first(where: { $0.1 }) {
        throw Failure.usage("\(name) is for approximations: add --pieces P or --error E")
      }
      try SynthesisRunner(command: self, cancellation: cancellation, interrupt: interrupt).run()
    }
    if cancellation.isRequested { throw ExitCode(130) }
  }

  /// A number of an option, exactly.
  static func number(_ text: String?, _ option: String, isPositive: Bool = false) throws -> Rational? {
    guard let text else { return nil }
    guard let number = Rational(text), number.signum >= (isPositive ? 1 : 0) else {
      throw Failure.usage(
        "\(option) \(text): a number that is \(isPositive ? "positive" : "not negative") is needed, such as 1e-6")
    }
    return number
  }
}

extension Synthesis.Goal: ExpressibleByArgument {}
