import Datasets
import Exact
import Execution
import Foundation
import Networks
import Representation

/// Does what `pleat synthesize` was asked for with a function: makes the networks, writes the best, checks what was written.
struct SynthesisRunner {
  let command: SynthesizeCommand
  let cancellation: Cancellation
  let interrupt: Interrupt

  func run() throws {
    let start = Cancellation.now
    let tolerance = try SynthesizeCommand.number(command.tolerance, "--tolerance") ?? .zero
    let subject = try FunctionSubject(command.function, domain: command.domainOptions, tolerance: tolerance)
    let curvatureBound = try curvatureBound(subject)
    let synthesis = Synthesis(goal: command.goal, outputBias: command.outputBias, cancellation: cancellation)
    let result = try Failure.asUsage { try synthesis.run(subject.problem) }
    interrupt.keep()
    let writer = NetworkWriter(
      network: result.best.network, precision: command.precision, path: command.out,
      metadata: [
        ("function", subject.name), ("goal", command.goal.rawValue),
        ("construction", result.best.construction.rawValue),
      ])
    let file = try writer.write()
    let progress = RegionProgress()
    progress.begin("checking")
    let report: @Sendable (Int) -> Void = { progress.report($0) }
    let check = try subject.problem.function.map { function in
      try Failure.asUsage {
        try SynthesisCheck(
          function, result.best.network, written: file.units, isRounded: !file.isExact, unit: command.precision.unit,
          threads: command.threads ?? defaultThreadCount, cancellation: cancellation,
          progress: command.quiet ? nil : report)
      }
    }
    let outcome = SynthesisReport(
      subject: subject, result: result,
      check: CheckReport(check: check, precision: command.precision, isRounded: !file.isExact),
      curvatureBound: curvatureBound, command: command,
      seconds: Cancellation.now - start)
    print(command.json ? outcome.json.text : outcome.text)
  }
}

extension SynthesisRunner {
  /// How far a grid's interpolant may be from a smooth function with these values.
  private func curvatureBound(_ subject: FunctionSubject) throws -> Rational? {
    guard let curvature = try SynthesizeCommand.number(command.curvature, "--curvature") else { return nil }
    guard case .grid(let table) = subject.problem.content else {
      throw Failure.usage("--curvature is for grids, and for approximations: add --pieces P or --error E")
    }
    return try Failure.asUsage { try InterpolationError.bound(grid: table.axes, curvature: curvature) }
  }
}

/// A network with rational weights on its way into a file.
struct NetworkWriter {
  let network: RationalNetwork
  let precision: WeightPrecision
  /// Where to; nil when nothing is to be written.
  let path: String?
  let metadata: [(String, String)]

  /// Writes the file, if one was asked for.
  ///
  /// - Returns: the network with its weights rounded, read back from the file's bytes when there is one, and whether no
  ///   weight changed. No such network when it is written with rational weights.
  func write() throws -> (units: UnitNetwork?, isExact: Bool) {
    try Failure.asUsage {
      if let path, path.lowercased().hasSuffix(".json") {
        try NetworkDocument(network).write(to: path)
        return (nil, true)
      }
      guard let path else { return try network.roundedUnits(to: precision.type) }
      let (rounded, isExact) = try network.rounded(to: precision.type)
      let data = try rounded.onnx(name: "pleat-synthesize", elementType: precision.type, metadata: metadata)
      try AtomicFile.write(data, to: path)
      return (try UnitNetwork(onnx: data, source: path), isExact)
    }
  }
}
