import ArgumentParser
import Certificates
import Datasets
import Exact
import Execution
import Fitting
import Foundation

struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit",
    abstract: "Train a one-hidden-layer ReLU network to certified global optimality.",
    discussion: """
      The data are a CSV file (any common separator), .npy or .npz; "-" reads CSV from standard input. Among all networks
      of the width asked for, the one with the least total loss is found, with a proof that no other is better.

      EXAMPLES
        pleat fit cars.csv --target dist --hidden 2
        pleat fit cars.csv --target dist --model pwl --hidden 1..6 --plot widths.svg
        pleat fit engine.csv --target torque --inputs rpm,load --hidden 3 --out torque.onnx --certificate proof.json
        pleat fit prices.csv --target price --loss quantile:0.9 --hidden 2 --json

      --json prints one document: status (optimal, feasible, interrupted), certified, loss (the sum over samples),
      lower_bound, gap, hidden, samples, inputs, dichotomies, programs_solved, nodes, seconds, check_seconds, network,
      pieces; with a range of widths {"best_by_bic": W, "widths": [one such document each, with aic, bic, cv_error]}.
      """)

  enum ModelKind: String, ExpressibleByArgument, CaseIterable { case relu, pwl }

  @Argument(help: "The table: CSV, .npy or .npz; - for standard input.")
  var data: String

  @Option(help: "The column to predict (default: the last one).")
  var target: String?

  @Option(help: "The input columns, separated by commas (default: all other numeric columns).")
  var inputs: String?

  @Option(help: ArgumentHelp("A column of positive sample weights.", valueName: "column"))
  var weights: String?

  @Option(help: ArgumentHelp("Hidden units, or knots of the pwl model: a number or a range 1..5.", valueName: "W"))
  var hidden: String = "1"

  @Option(help: "relu: W hinge units; pwl: continuous piecewise linear with W free knots (one input).")
  var model: ModelKind = .relu

  @Option(help: "squared, absolute, huber[:delta], quantile:tau, hinge or logistic.")
  var loss: String = "squared"

  @Flag(inversion: .prefixedNo, help: "A free constant term.")
  var outputBias = true

  @Flag(inversion: .prefixedNo, help: "A free linear term beside the units.")
  var skip = false

  @Flag(help: "All outer signs +1: a convex function.")
  var convex = false

  @Option(help: "automatic, or enumerate: Algorithm 1 of Arora et al., the slow reference (not certified).")
  var method: GlobalFit.Method = .automatic

  @Option(help: "Seed of the random starts.")
  var seed: UInt64 = 0

  @Option(help: "Threads (default: all processors).")
  var threads: Int?

  @Option(help: ArgumentHelp("Stop after so many seconds with the best network and its bound.", valueName: "seconds"))
  var timeLimit: Double?

  @Option(help: "The relative gap at which the optimum counts as reached.")
  var gap: Double = 1e-9

  @Option(help: ArgumentHelp("Write the network as ONNX (Gemm and Relu).", valueName: "model.onnx"))
  var out: String?

  @Option(help: "The numbers of that file: float32, which every runtime takes, or float64, which keeps every weight.")
  var onnxType = WeightPrecision.float32

  @Option(help: ArgumentHelp("Write the proof, for 'pleat check'.", valueName: "fit.json"))
  var certificate: String?

  @Option(help: ArgumentHelp("Draw the fit as SVG.", valueName: "fit.svg"))
  var plot: String?

  @Flag(help: "Print one JSON document.")
  var json = false

  @Flag(help: "Do not report progress.")
  var quiet = false

  func run() throws {
    let widths = try parseWidths()
    guard let lossValue = Loss(loss) else {
      throw Failure.usage(
        "unknown loss '\(loss)': accepted are squared, absolute, huber, huber:DELTA (> 0), quantile:TAU (between 0 and 1), "
          + "hinge and logistic")
    }
    try Failure.checkLimits(threads: threads, timeLimit: timeLimit)
    guard gap >= 0, gap < 1 else { throw Failure.usage("--gap \(gap): a number from 0 up to 1 is needed") }
    let table = try Failure.asUsage { try FitTable(self, loss: lossValue) }
    try checkOutputs(widths)
    let cancellation = Cancellation(timeLimit: timeLimit)
    let interrupt = Interrupt(cancellation, keeping: "the best network so far")
    defer { withExtendedLifetime(interrupt) {} }
    let runner = FitRunner(command: self, table: table, loss: lossValue, cancellation: cancellation)
    let interrupted =
      widths.count == 1
      ? try runner.runOne(hidden: widths.lowerBound) : try runner.runPath(widths)
    if interrupted { throw ExitCode(130) }
  }

  /// `3` or `1..5`.
  private func parseWidths() throws -> ClosedRange<Int> {
    let parts = hidden.components(separatedBy: "..")
    let numbers = parts.compactMap { Int($0) }
    guard numbers.count == parts.count, (1...2).contains(parts.count), numbers[0] >= 0,
      numbers[numbers.count - 1] >= numbers[0]
    else {
      throw Failure.usage("--hidden \(hidden): a number of units such as 2, or a range such as 1..5, is needed")
    }
    guard numbers[numbers.count - 1] <= 100 else { throw Failure.usage("--hidden \(hidden): at most 100 are accepted") }
    return numbers[0]...numbers[numbers.count - 1]
  }

  /// Says before the work, not after it, that a result could not be written.
  private func checkOutputs(_ widths: ClosedRange<Int>) throws {
    for path in [out, certificate, plot].compactMap({ $0 }) { try Failure.checkFolder(of: path) }
    if widths.count > 1, out != nil || certificate != nil {
      throw Failure.usage("--out and --certificate need one width; with --hidden \(hidden) only the comparison is made")
    }
  }
}

extension GlobalFit.Method: ExpressibleByArgument {}
