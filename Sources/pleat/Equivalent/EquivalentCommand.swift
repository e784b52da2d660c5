import ArgumentParser
import Exact
import Execution
import Foundation
import Networks
import PiecewiseLinear

struct EquivalentCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "equivalent",
    abstract: "Are two functions the same? If not, where do they differ most?",
    discussion: """
      Each is a network, or a function file (.json; see 'pleat synthesize --help').
      Decided in exact rational arithmetic over all regions of both together.
      Prints "equal" and exits 0, or the largest difference of each output, the
      point that has it and both values there, and exits 1. With --tolerance the
      answer is whether no output differs by more.

      Two networks are compared on the domain that is given, a function file on its
      own, clipped to --box if there is one, and two function files where both are
      defined. The regions of a file must fit together, up to --tolerance in value
      and in the width of slits.

      EXAMPLES
        pleat equivalent model.onnx pruned.onnx --box=-1,1
        pleat equivalent model.onnx model-fp16.onnx --box 0,1 --tolerance 1e-3 --json
        pleat equivalent controller.json controller.onnx

      --json prints one document: verdict (equal, within tolerance, different,
      unknown), equal, tolerance, largest_difference, differences (for each output:
      difference, bound, exact, point, direction, first, second), activation_regions
      (of two networks) or pieces, complete, boundary, seconds.
      """)

  @Argument(help: "A network (.onnx, .npz, .json) or a function file (.json; - for standard input).")
  var first: String

  @Argument(help: "Another with as many inputs and outputs.")
  var second: String

  @OptionGroup(title: "Domain") var domainOptions: DomainOptions

  @Option(help: ArgumentHelp("The largest difference that is no difference.", valueName: "number"))
  var tolerance = "0"

  @Option(help: ArgumentHelp("Stop after so many regions.", valueName: "number"))
  var maxRegions: Int?

  @Option(help: ArgumentHelp("Stop after so many seconds.", valueName: "seconds"))
  var timeLimit: Double?

  @Option(help: "Threads (default: all processors).")
  var threads: Int?

  @Flag(help: "Print one JSON document.")
  var json = false

  @Flag(help: "Do not report progress.")
  var quiet = false

  func run() throws {
    guard let exactTolerance = Rational(tolerance), exactTolerance.signum >= 0 else {
      throw Failure.usage("--tolerance \(tolerance): a number that is not negative is needed, such as 1e-6")
    }
    if let maxRegions, maxRegions < 1 { throw Failure.usage("--max-regions \(maxRegions): at least 1 is needed") }
    try Failure.checkLimits(threads: threads, timeLimit: timeLimit)
    let cancellation = Cancellation(timeLimit: timeLimit)
    let involvesFunction = FunctionSubject.isFunctionFile(first) || FunctionSubject.isFunctionFile(second)
    let interrupt = Interrupt(
      cancellation, keeping: "what was found so far", timeLimit: timeLimit, hasAnswer: !involvesFunction)
    defer { withExtendedLifetime(interrupt) {} }
    let report =
      involvesFunction
      ? try FunctionEquivalence(
        command: self, tolerance: exactTolerance, cancellation: cancellation, interrupt: interrupt
      )
      .run()
      : try compareNetworks(exactTolerance, cancellation)
    print(json ? report.json.text : report.text)
    if cancellation.isRequested { throw ExitCode(130) }
    switch report.answer {
    case .equal, .withinTolerance: return
    case .different: throw ExitCode(1)
    case .unknown: throw ExitCode(3)
    }
  }

  private func compareNetworks(_ exactTolerance: Rational, _ cancellation: Cancellation) throws -> EquivalentReport {
    let (a, b) = (try ModelFile(first), try ModelFile(second))
    let inputs = a.network.inputCount
    guard b.network.inputCount == inputs, b.network.outputs.count == a.network.outputs.count else {
      throw Failure.usage("the networks cannot be compared: \(a.title); \(b.title)")
    }
    guard
      let domain = try domainOptions.domain(
        inputs: inputs,
        owner: "the networks have "
          + "\(ModelFile.count(inputs, "input"))")
    else {
      throw Failure.usage(
        "say where to compare: --box LO,HI for a box, such as --box=-1,1, --polytope FILE, or --unbounded")
    }
    let start = Cancellation.now
    var comparison = try Failure.asUsage { try NetworkComparison(a.network, b.network, in: domain) }
    comparison.enumeration.threads = threads ?? defaultThreadCount
    comparison.enumeration.limit = maxRegions ?? .max
    comparison.enumeration.cancellation = cancellation
    let progress = RegionProgress()
    progress.begin("comparing")
    if !quiet { comparison.enumeration.progress = { progress.report($0) } }
    let result = try Failure.asUsage { try comparison.run() }
    return EquivalentReport(
      first: a, second: b, domain: domain, tolerance: exactTolerance, result: result, seconds: Cancellation.now - start)
  }
}
