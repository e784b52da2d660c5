import Datasets
import Exact
import Execution
import Representation

/// Does what `pleat equivalent` was asked for when one of the two is a function file.
struct FunctionEquivalence {
  let command: EquivalentCommand
  let tolerance: Rational
  let cancellation: Cancellation
  let interrupt: Interrupt

  func run() throws -> EquivalentReport {
    if command.maxRegions != nil {
      throw Failure.usage("--max-regions is for two networks; --time-limit stops the comparison with a function file")
    }
    if command.first == "-", command.second == "-" {
      throw Failure.usage("standard input holds one function: give the other as a file")
    }
    let start = Cancellation.now
    switch (FunctionSubject.isFunctionFile(command.first), FunctionSubject.isFunctionFile(command.second)) {
    case (true, true): return try compareFunctions(start)
    case (true, false): return try compare(function: command.first, network: command.second, isSwapped: false, start)
    default: return try compare(function: command.second, network: command.first, isSwapped: true, start)
    }
  }

  private var threads: Int { command.threads ?? defaultThreadCount }

  private func subject(_ path: String) throws -> (FunctionSubject, PolyhedralFunction) {
    let subject = try FunctionSubject(path, domain: command.domainOptions, tolerance: tolerance)
    guard let function = subject.problem.function else {
      let reason = subject.problem.notes.joined(separator: "; ")
      throw Failure.usage("\(path): \(reason); compare on a part with --box LO,HI")
    }
    return (subject, function)
  }

  private func compare(
    function path: String, network: String, isSwapped: Bool, _ start: Double
  ) throws -> EquivalentReport {
    let (subject, function) = try subject(path)
    var (comparison, title) = try comparison(of: subject, function, with: network)
    comparison.threads = threads
    comparison.cancellation = cancellation
    let progress = RegionProgress()
    progress.begin("comparing")
    if !command.quiet { comparison.progress = { progress.report($0) } }
    interrupt.keep()
    let result = comparison.runWithinRounding(unit: 0x1p-53, tolerance: tolerance)
    return report(
      isSwapped ? title : subject.title, isSwapped ? subject.title : title, domain: subject.domain, result,
      isSwapped: isSwapped, start)
  }

  /// With a network whose weights are rational, or with one that a model file holds; and the network's title.
  private func comparison(
    of subject: FunctionSubject, _ function: PolyhedralFunction, with network: String
  ) throws -> (FunctionComparison, title: String) {
    func check(_ inputs: Int, _ outputs: Int, _ title: String) throws {
      guard inputs == function.inputs, outputs == function.outputs else {
        throw Failure.usage("the two cannot be compared: \(subject.title); \(title)")
      }
    }
    if FunctionSubject.isNetworkDocument(network) {
      let exact = try Failure.asUsage { try NetworkDocument(JSONDocument.read(path: network)).network }
      let title = ModelFile.title(of: exact, path: network)
      try check(exact.inputs, exact.outputs.count, title)
      return (try Failure.asUsage { try FunctionComparison(function, exact) }, title)
    }
    let model = try ModelFile(network)
    try check(model.network.inputCount, model.network.outputs.count, model.title)
    return (try Failure.asUsage { try FunctionComparison(function, model.network) }, model.title)
  }

  private func compareFunctions(_ start: Double) throws -> EquivalentReport {
    let (first, firstFunction) = try subject(command.first)
    let (second, secondFunction) = try subject(command.second)
    guard firstFunction.inputs == secondFunction.inputs, firstFunction.outputs == secondFunction.outputs else {
      throw Failure.usage("the two cannot be compared: \(first.title); \(second.title)")
    }
    return try Failure.asUsage {
      var overlay = try FunctionOverlay(firstFunction, secondFunction)
      overlay.threads = threads
      overlay.cancellation = cancellation
      let isSame = overlay.haveSameDomain
      let result = try overlay.run()
      return report(
        first.title, second.title,
        domain: isSame ? first.domain : "where both are defined; the domains differ: \(first.domain); \(second.domain)",
        result, isSwapped: false, start)
    }
  }

  private func report(
    _ first: String, _ second: String, domain: String, _ result: FunctionComparison.Result, isSwapped: Bool,
    _ start: Double
  ) -> EquivalentReport {
    EquivalentReport(
      first: first, second: second, domain: domain, boundary: command.domainOptions.box == nil ? "function" : "box",
      tolerance: tolerance, result: result, isSwapped: isSwapped, seconds: Cancellation.now - start)
  }
}
