import ArgumentParser
import Execution
import PiecewiseLinear

struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "What is this network? Sizes, norms, bounds; over a domain dead units, counts, Lipschitz constants.",
    discussion: """
      Without a domain: layers, width, depth, size, parameters, cost of an
      evaluation, norms, upper bounds on the number of linear regions, and a bound
      of the Lipschitz constants on all of space. With one: the units proved dead,
      always active or affine there, the range of each output, the exact number of
      regions when there are not too many, and exact Lipschitz constants, or
      certified bounds on both sides.

      EXAMPLES
        pleat describe model.onnx
        pleat describe model.onnx --box=-1,1
        pleat describe model.onnx --unbounded --json

      --json prints one document: inputs, outputs, size, width, depth, parameters,
      multiply_adds, weight_bytes, layers, path_norms, region_bounds (digits),
      lipschitz, and over a domain boundary, units, output_ranges,
      activation_regions, complete, seconds.
      """)

  @Argument(help: "The network: .onnx, or .npz with W0, b0, W1, b1 ….")
  var model: String

  @OptionGroup(title: "Domain") var domainOptions: DomainOptions

  @Option(help: ArgumentHelp("Count up to so many regions exactly.", valueName: "number"))
  var maxRegions = 200_000

  @Option(help: ArgumentHelp("Spend up to so many seconds on exact counts and constants.", valueName: "seconds"))
  var timeLimit = 10.0

  @Option(help: "Threads (default: all processors).")
  var threads: Int?

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    if maxRegions < 1 { throw Failure.usage("--max-regions \(maxRegions): at least 1 is needed") }
    try Failure.checkLimits(threads: threads, timeLimit: timeLimit)
    let file = try ModelFile(model)
    let inputs = file.network.inputCount
    let domain = try domainOptions.domain(inputs: inputs, owner: "the network has \(ModelFile.count(inputs, "input"))")
    let cancellation = Cancellation(timeLimit: timeLimit)
    let interrupt = Interrupt(cancellation, keeping: "what was found so far")
    defer { withExtendedLifetime(interrupt) {} }
    let study = try domain.map { domain in
      try DomainStudy(
        file.network, domain, limit: maxRegions, threads: threads ?? defaultThreadCount, cancellation: cancellation)
    }
    let report = DescribeReport(file: file, study: study)
    print(json ? report.json.text : report.text)
    if cancellation.isRequested { throw ExitCode(130) }
  }
}
