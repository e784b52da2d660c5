import Exact
import Execution
import Fitting
import Foundation
import Representation

/// Does what `pleat synthesize` was asked for with --pieces or --error: the best approximation, its network and its check.
struct ApproximationRunner {
  let command: SynthesizeCommand
  let cancellation: Cancellation
  let interrupt: Interrupt

  /// What is approximated.
  enum Subject {
    case table(SampleTable)
    case line(BrokenLine, ClosedRange<Rational>, FunctionSubject)

    var interval: ClosedRange<Rational> {
      switch self {
      case .table(let table):
        let first = table.samples.first?.x ?? .zero
        let last = table.samples.last?.x ?? .zero
        return first < last ? first...last : first - 1...first + 1
      case .line(_, let interval, _): return interval
      }
    }
  }

  /// The error of a best approximation of a function is found to within this part of the function's range.
  private static let relativeTolerance = Rational(1, 1 << 40)

  /// So many points stand for a function in the norms l1 and l2.
  private static let pointCount = 257

  private enum Wish {
    case pieces(Int)
    case error(Rational)
  }

  func run() throws {
    let start = Cancellation.now
    let wish = try wish()
    let subject = try subject()
    let curvature = try SynthesizeCommand.number(command.curvature, "--curvature")
    // The search for the best in l1 and l2 has something to keep from its beginning.
    if command.norm != .uniform { interrupt.keep() }
    let approximation = try Failure.asUsage { try self.approximation(of: subject, wish) }
    interrupt.keep()
    let bound = try curvature.flatMap { try self.bound(approximation, subject, $0) }
    let minimal = try Failure.asUsage {
      try approximation.function.minimalTwoLayerNetwork(outputBias: command.outputBias)
    }
    let writer = NetworkWriter(
      network: minimal.network, precision: command.precision, path: command.out,
      metadata: [("function", command.function), ("norm", command.norm.rawValue)])
    let file = try writer.write()
    let check = try Failure.asUsage { () -> SynthesisCheck in
      let interval = subject.interval
      let function = try BreakpointTable(approximation.function).polyhedralFunction()
        .clipped(toBox: [interval.lowerBound], [interval.upperBound])
      return try SynthesisCheck(
        function, minimal.network, written: file.units, isRounded: !file.isExact,
        unit: command.precision.unit, threads: threads, cancellation: cancellation)
    }
    let report = ApproximationReport(
      subject: subject, approximation: approximation, minimal: minimal, curvatureBound: bound,
      check: CheckReport(
        check: check, precision: command.precision, isRounded: !file.isExact, domain: "the whole interval"),
      command: command,
      seconds: Cancellation.now - start)
    print(command.json ? report.json.text : report.text)
  }

  private var threads: Int { command.threads ?? defaultThreadCount }

  private func wish() throws -> Wish {
    switch (command.pieces, try SynthesizeCommand.number(command.error, "--error")) {
    case (let pieces?, nil):
      guard pieces >= 1, pieces <= 100_000 else {
        throw Failure.usage("--pieces \(pieces): a number from 1 to 100,000 is needed")
      }
      return .pieces(pieces)
    case (nil, let error?): return .error(error)
    case (nil, nil):
      throw Failure.usage(
        "\(command.function) is taken for a table of samples: say how to approximate it, with --pieces P or --error E")
    default: throw Failure.usage("--pieces and --error exclude each other: give one of them")
    }
  }

  private func subject() throws -> Subject {
    let path = command.function
    guard FunctionSubject.isFunctionFile(path) || FunctionSubject.isNetwork(path) else {
      if command.domainOptions.isGiven {
        throw Failure.usage(
          "--box, --polytope and --unbounded are for functions; a table is approximated at its samples")
      }
      return try Failure.asUsage {
        .table(try SampleTable(path: path, inputs: command.inputs, target: command.target))
      }
    }
    if command.norm != .uniform, command.pieces == nil {
      throw Failure.usage("--error with --norm \(command.norm.rawValue) is for tables of samples; give --pieces P")
    }
    if command.target != nil || command.inputs != nil {
      throw Failure.usage("--target and --inputs are for tables of samples")
    }
    if command.curvature != nil {
      throw Failure.usage("--curvature is for tables of samples: the error over a function's interval is exact")
    }
    let tolerance = try SynthesizeCommand.number(command.tolerance, "--tolerance") ?? .zero
    let subject = try FunctionSubject(path, domain: command.domainOptions, tolerance: tolerance)
    guard subject.problem.inputs == 1, subject.problem.outputs == 1, let function = subject.problem.function else {
      throw Failure.usage(
        "\(subject.title): --pieces and --error approximate functions of one input and one output; "
          + "without them the function is represented exactly")
    }
    let line = try Failure.asUsage { try BrokenLine(function) }
    guard let interval = Self.interval(of: function, line) else {
      throw Failure.usage(
        "\(subject.title): the domain is unbounded, and the best approximation depends on where: say --box LO,HI")
    }
    return .line(line, interval, subject)
  }

  /// A bounded domain, or else what lies between the outer breakpoints.
  private static func interval(of function: PolyhedralFunction, _ line: BrokenLine) -> ClosedRange<Rational>? {
    if function.isBounded {
      let (lower, upper) = function.vertexBounds
      return lower[0]...upper[0]
    }
    guard let first = line.breakpoints.first, let last = line.breakpoints.last, first < last else { return nil }
    return first...last
  }

  private func approximation(of subject: Subject, _ wish: Wish) throws -> Approximation {
    switch (subject, wish) {
    case (.line(let line, let interval, _), .pieces(let pieces)) where command.norm != .uniform:
      return try integral(line, interval, pieces: pieces)
    case (.line(let line, let interval, _), .pieces(let pieces)):
      let inner = zip(line.breakpoints, line.values).filter { interval.contains($0.0) }.map(\.1)
      let values = [line(interval.lowerBound), line(interval.upperBound)] + inner
      let range = (values.max() ?? .zero) - (values.min() ?? .zero)
      let tolerance = range.signum > 0 ? range * Self.relativeTolerance : .one
      return Approximation(
        try UniformApproximation.best(of: line, on: interval, pieces: pieces, tolerance: tolerance))
    case (.line(let line, let interval, _), .error(let error)):
      return Approximation(try FewestPieces.fit(line: line, on: interval, error: error))
    case (.table(let table), .pieces(let pieces)):
      guard command.norm == .uniform else { return try fit(table).best(pieces: pieces) }
      return Approximation(try UniformApproximation.best(of: table.samples, pieces: pieces))
    case (.table(let table), .error(let error)):
      guard command.norm == .uniform else { return try fit(table).fewest(error: error) }
      return Approximation(try FewestPieces.fit(samples: table.samples, error: error))
    }
  }

  /// The best for equally spaced points of a function, with its exact distance from the function.
  private func integral(
    _ line: BrokenLine, _ interval: ClosedRange<Rational>, pieces: Int
  ) throws -> Approximation {
    var found = try fit(SampleTable(line, on: interval, count: Self.pointCount)).best(pieces: pieces)
    let isSquared = command.norm == .l2
    found.exact =
      isSquared
      ? found.function.squaredDistanceL2(to: line, on: interval) : found.function.distanceL1(to: line, on: interval)
    found.error = isSquared ? found.exact.doubleValue.squareRoot() : found.exact.doubleValue
    found.pointCount = Self.pointCount
    return found
  }

  private func fit(_ table: SampleTable) -> SampleFit {
    SampleFit(
      table: table, loss: command.norm == .l2 ? .squared : .absolute, threads: threads,
      progress: command.quiet ? SilentProgress() : ProgressTable(), cancellation: cancellation)
  }

  private func bound(_ approximation: Approximation, _ subject: Subject, _ curvature: Rational) throws -> Rational? {
    guard case .table(let table) = subject else { return nil }
    return try Failure.asUsage {
      try InterpolationError.bound(of: approximation.function, from: table.samples, curvature: curvature)
    }
  }
}
