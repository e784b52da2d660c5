import ArgumentParser
import Exact
import Execution
import Foundation
import Representation

struct DecomposeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decompose",
    abstract: "Write a network as a signed sum of maxima of at most n + 1 affine functions.",
    discussion: """
      Every continuous piecewise-linear function of n inputs is such a sum, with
      integer coefficients. It is found from the linear regions of a network (.onnx,
      .npz), or from a function file (.json), and proved equal on the whole domain:
      all of space for networks of up to 6 inputs unless --box, --polytope say
      otherwise. --out writes the sum as a function file that 'pleat synthesize' and
      'pleat equivalent' read.

      EXAMPLES
        pleat decompose net.onnx
        pleat decompose net.onnx --box=-1,1 --out terms.json
        pleat decompose median.json --json

      --json prints one document: function, form, inputs, outputs, domain, cells,
      affine_functions, continuity_gap, decomposition (for each output: arities, the
      numbers of terms with 1, 2, … arguments; functions as gradient and constant,
      numbers as strings; terms as coefficient and arguments), proof (equal, complete,
      pieces, largest_difference, exact), file, seconds.
      """)

  @Argument(help: "A network (.onnx, .npz) or a function file (.json; - for standard input).")
  var model: String

  @OptionGroup(title: "Domain") var domainOptions: DomainOptions

  @Option(help: ArgumentHelp("How far regions may miss one another, for rounded numbers.", valueName: "number"))
  var tolerance = "0"

  @Option(help: ArgumentHelp("Write the sum as a function file.", valueName: "terms.json"))
  var out: String?

  @Flag(help: "Print all functions and terms, however many.")
  var all = false

  @Option(help: ArgumentHelp("Stop the proof after so many seconds.", valueName: "seconds"))
  var timeLimit: Double?

  @Option(help: "Threads (default: all processors).")
  var threads: Int?

  @Flag(help: "Print one JSON document.")
  var json = false

  @Flag(help: "Do not report progress.")
  var quiet = false

  func run() throws {
    try Failure.checkLimits(threads: threads, timeLimit: timeLimit)
    try Failure.check(out, named: "--out", endsIn: ["json"])
    let exactTolerance = try SynthesizeCommand.number(tolerance, "--tolerance") ?? .zero
    let start = Cancellation.now
    let cancellation = Cancellation(timeLimit: timeLimit)
    let interrupt = Interrupt(
      cancellation, keeping: "the decomposition", timeLimit: timeLimit, hasAnswer: false)
    defer { withExtendedLifetime(interrupt) {} }
    let subject = try FunctionSubject(model, domain: domainOptions, tolerance: exactTolerance)
    let sums = try Failure.asUsage { try subject.problem.signedMaxima() }
    if let out { try Failure.asUsage { try FunctionFile(.signedMaxima(sums)).write(to: out) } }
    interrupt.keep()
    let proof = try subject.problem.function.map { function in
      try Failure.asUsage { () -> FunctionComparison.Result in
        var comparison = try FunctionComparison(function, try Compiler().compile(sums).network)
        comparison.threads = threads ?? defaultThreadCount
        comparison.cancellation = cancellation
        let progress = RegionProgress()
        progress.begin("proving")
        if !quiet { comparison.progress = { progress.report($0) } }
        return comparison.run()
      }
    }
    let report = DecomposeReport(
      subject: subject, sums: sums, proof: proof, command: self, seconds: Cancellation.now - start)
    print(json ? report.json.text : report.text)
    if cancellation.isRequested { throw ExitCode(130) }
  }
}
