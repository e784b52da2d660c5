import Exact
import Representation

/// What `pleat synthesize` tells its user about an approximation.
struct ApproximationReport {
  let subject: ApproximationRunner.Subject
  let approximation: Approximation
  let minimal: OneHiddenLayerNetwork
  let curvatureBound: Rational?
  let check: CheckReport
  let command: SynthesizeCommand
  let seconds: Double

  /// So many breakpoints are printed.
  private static let shownBreakpoints = 24

  var text: String {
    var rows = ReportRows()
    switch subject {
    case .table(let table):
      rows.add(
        "samples", "\(ModelFile.count(table.samples.count, "sample")) of \(table.target) against \(table.input)")
    case .line(_, let interval, let function):
      rows.add("function", function.title)
      rows.add(
        "on",
        "[\(NumberFormat.full(interval.lowerBound.doubleValue)), \(NumberFormat.full(interval.upperBound.doubleValue))]"
      )
    }
    rows.add("among", "all continuous functions with at most \(ModelFile.count(mostPieces, "affine piece"))")
    rows.add("error", "\(NumberFormat.full(approximation.error))\(fraction) \(errorTitle)")
    if let fewest = approximation.hasFewestPieces {
      rows.add("pieces", "\(approximation.function.pieces), \(fewest ? "the fewest: proved" : "not proved the fewest")")
    } else {
      if let count = approximation.pointCount {
        rows.add(
          "chosen", "as the best for \(count) equally spaced points, \(proofTitle); for the integral it may not be")
      } else {
        rows.add("lower bound", "\(NumberFormat.full(approximation.lowerBound)), \(proofTitle)")
      }
      rows.add("pieces", String(approximation.function.pieces))
    }
    if let bound = curvatureBound {
      rows.add(
        "between",
        "at most \(NumberFormat.full(bound.doubleValue)) from any function through the samples with "
          + "|f''| <= \(command.curvature ?? "")")
    }
    for (index, line) in functionLines.enumerated() { rows.add(index == 0 ? "function" : "", line) }
    rows.gap()
    rows.add(
      "network",
      "one hidden layer of \(ModelFile.count(minimal.units, "unit"))"
        + (minimal.isMinimal
          ? ", and none with fewer on the whole line" : "; at least \(minimal.leastUnits) are needed"))
    for (index, line) in check.lines.enumerated() { rows.add(index == 0 ? "check" : "", line) }
    if let text = command.modelText { rows.add("model", text) }
    rows.add("time", "\(NumberFormat.seconds(seconds)) s")
    return rows.text
  }

  private var mostPieces: Int { command.pieces ?? approximation.function.pieces }

  private var errorTitle: String {
    switch (command.norm, subject) {
    case (.uniform, .table): "at most, at every sample"
    case (.uniform, .line): "at most, on the whole interval"
    case (.l1, .line): "the integral of |f - g| over the interval, exactly"
    case (.l2, .line): "the root of the integral of (f - g)² over the interval, exactly"
    case (.l1, _): "the sum of |y - f(x)| over the samples"
    case (.l2, _): "the root of the sum of (y - f(x))² over the samples"
    }
  }

  private var fraction: String {
    let text = approximation.exact.description
    guard text.count <= 24, text.contains("/") || command.norm == .l2 else { return "" }
    return command.norm == .l2 ? " = √(\(text))" : " = \(text)"
  }

  private var proofTitle: String {
    let suffix = approximation.isComplete ? "" : "; the search was stopped"
    switch approximation.proof {
    case .obstacles: return "proved exactly"
    case .ambiguousInput(let x): return "from two samples at \(NumberFormat.full(x.doubleValue))"
    case .certificate: return "certified by the exact checker\(suffix)"
    case .none: return "not certified\(suffix)"
    }
  }

  /// The function's breakpoints and slopes.
  private var functionLines: [String] {
    let line = approximation.function
    func number(_ value: Rational) -> String { NumberFormat.short(value.doubleValue) }
    guard !line.breakpoints.isEmpty else { return ["\(number(line.leftSlope)) x + \(number(line.valueAtZero))"] }
    var lines = ["slope \(number(line.leftSlope))"]
    for (index, position) in line.breakpoints.enumerated().prefix(Self.shownBreakpoints) {
      lines.append(
        "at \(number(position)): \(number(line.values[index])), then slope \(number(line.slopes[index + 1]))")
    }
    if line.breakpoints.count > Self.shownBreakpoints {
      lines.append("and \(line.breakpoints.count - Self.shownBreakpoints) more breakpoints")
    }
    return lines
  }

  var json: JSONText {
    let line = approximation.function
    var samples = JSONText.null
    if case .table(let table) = subject { samples = .integer(table.samples.count) }
    return .object([
      ("source", .string(command.function)), ("norm", .string(command.norm.rawValue)), ("samples", samples),
      ("pieces", .integer(line.pieces)), ("error", .number(approximation.error)),
      ("exact", .string(approximation.exact.description)),
      (
        "lower_bound",
        approximation.hasFewestPieces == nil && approximation.pointCount == nil
          ? .number(approximation.lowerBound) : .null
      ),
      ("certified", .bool(isCertified)), ("obstacles", obstacles),
      ("curvature_bound", curvatureBound.map { .number($0.doubleValue) } ?? .null),
      (
        "breakpoints",
        .array(zip(line.breakpoints, line.values).map { .numbers([$0.doubleValue, $1.doubleValue]) })
      ),
      ("slopes", .numbers(line.slopes.map(\.doubleValue))), ("units", .integer(minimal.units)),
      ("least_units", .integer(minimal.leastUnits)), ("precision", .string(command.precision.rawValue)),
      ("check", check.json), ("file", command.out.map { .string($0) } ?? .null), ("seconds", .number(seconds)),
    ])
  }

  private var isCertified: Bool {
    if approximation.pointCount != nil { return false }
    switch approximation.proof {
    case .obstacles, .ambiguousInput, .certificate: return approximation.hasFewestPieces ?? true
    case .none: return false
    }
  }

  private var obstacles: JSONText {
    guard case .obstacles(let obstacles) = approximation.proof else { return .null }
    return .array(
      obstacles.map {
        .object([
          ("bend", .string($0.bend == .convex ? "convex" : "concave")),
          ("inputs", .numbers($0.inputs.map(\.doubleValue))),
        ])
      })
  }
}
