import Exact
import Foundation
import Networks
import PiecewiseLinear
import Polyhedra
import Representation

/// A piecewise-linear function that a person named on the command line: a function file, or a network on a domain.
struct FunctionSubject {
  let path: String
  let problem: SynthesisProblem
  /// The form of the file, or `network`.
  let form: String
  /// Where the function is looked at, in words.
  let domain: String
  /// The network when it is one, in words.
  private let networkTitle: String?

  /// Networks with so many inputs are looked at in all of space unless the person says where.
  static let spaceDimension = 6

  /// Whether a path names a function file, rather than a network or a table; `-` is a function on standard input.
  static func isFunctionFile(_ path: String) -> Bool {
    path == "-" || path.lowercased().hasSuffix(".json") && !isNetworkDocument(path)
  }

  /// Whether a path names a JSON document of a network. What cannot be read is none.
  static func isNetworkDocument(_ path: String) -> Bool {
    guard path.lowercased().hasSuffix(".json"), let bytes = FileManager.default.contents(atPath: path) else {
      return false
    }
    return NetworkDocument.mayBe(bytes)
  }

  static func isNetwork(_ path: String) -> Bool {
    path.lowercased().hasSuffix(".onnx") || path.lowercased().hasSuffix(".npz") || isNetworkDocument(path)
  }

  init(_ path: String, domain options: DomainOptions, tolerance: Rational) throws {
    self.path = path
    if Self.isFunctionFile(path) {
      let file = try Failure.asUsage { try FunctionFile.read(path: path) }
      let box = try Self.box(of: file, options)
      problem = try Self.problem(file, box, tolerance, source: path)
      form = file.form.rawValue
      domain = Self.title(of: problem, box)
      networkTitle = nil
    } else if Self.isNetwork(path) {
      let model = try ModelFile(path)
      let inputs = model.network.inputCount
      let owner = "the network has \(ModelFile.count(inputs, "input"))"
      let given = try options.domain(inputs: inputs, owner: owner)
      guard let region = given ?? (inputs <= Self.spaceDimension ? .space : nil) else {
        throw Failure.usage(
          "\(owner): say where to look: --box LO,HI for a box, such as --box=-1,1, --polytope FILE, or --unbounded")
      }
      let cells = try Failure.asUsage { try PolyhedralFunction(model.network, in: region) }
      problem = SynthesisProblem(networkCells: cells)
      form = "network"
      domain = region.title
      networkTitle = model.title
    } else {
      throw Failure.usage(
        "\(path): the ending says what it is; accepted are function files (.json) and networks (.onnx, .npz)")
    }
  }

  private static func box(
    of file: FunctionFile, _ options: DomainOptions
  ) throws -> (lower: [Rational], upper: [Rational])? {
    guard options.polytope == nil, !options.unbounded else {
      throw Failure.usage(
        "a function file has a domain of its own: --polytope and --unbounded are for networks; --box clips it to a box")
    }
    let owner = "the function has \(ModelFile.count(file.inputs, "input"))"
    guard case .box(let lower, let upper) = try options.domain(inputs: file.inputs, owner: owner) else { return nil }
    return (lower.map { Rational(exactly: $0) }, upper.map { Rational(exactly: $0) })
  }

  private static func problem(
    _ file: FunctionFile, _ box: (lower: [Rational], upper: [Rational])?, _ tolerance: Rational, source: String
  ) throws -> SynthesisProblem {
    do {
      return try SynthesisProblem(file, inBox: box, tolerance: tolerance)
    } catch {
      let isTable = file.form == .regions || file.form == .simplices
      let isExact = tolerance.signum == 0 && isTable
      let hint = isExact ? "; for rounded numbers --tolerance says how far regions may miss one another" : ""
      throw Failure.usage("\(source): \(error)\(hint)")
    }
  }

  private static func title(
    of problem: SynthesisProblem, _ box: (lower: [Rational], upper: [Rational])?
  ) -> String {
    guard let function = problem.function else { return "all of space" }
    if function.isBounded {
      let (lower, upper) = function.vertexBounds
      let name = box == nil ? "bounded, inside the " : "inside the "
      return name + RegionDomain.box(lower: lower.map(\.doubleValue), upper: upper.map(\.doubleValue)).title
    }
    switch problem.content {
    case .regions: return "unbounded"
    default: return "all of space"
    }
  }

  var name: String { path == "-" ? "standard input" : URL(fileURLWithPath: path).lastPathComponent }

  /// `median.json: max-min, 2 inputs, 1 output`.
  var title: String {
    networkTitle
      ?? "\(name): \(form), \(ModelFile.count(problem.inputs, "input")), \(ModelFile.count(problem.outputs, "output"))"
  }

  /// `47 cells, 9 affine functions`.
  var cellTitle: String {
    guard let function = problem.function, let components = problem.affineComponents else {
      return "not listed: \(problem.notes.joined(separator: "; "))"
    }
    return "\(ModelFile.count(function.cells.count, "cell")), \(ModelFile.count(components, "affine function"))"
  }

  var continuityTitle: String {
    guard let fit = problem.fit else { return form == "network" ? "a network is continuous" : "by its form" }
    guard let gap = fit.largestGap?.magnitude else { return "exact: all cells agree where they meet" }
    return "up to \(NumberFormat.short(gap.doubleValue)), within the tolerance "
      + NumberFormat.short(fit.tolerance.doubleValue)
  }

  /// The subject's part of a JSON document.
  var members: [(String, JSONText)] {
    [
      ("function", .string(path)), ("form", .string(form)), ("inputs", .integer(problem.inputs)),
      ("outputs", .integer(problem.outputs)), ("domain", .string(domain)),
      ("cells", problem.function.map { .integer($0.cells.count) } ?? .null),
      ("affine_functions", problem.affineComponents.map { .integer($0) } ?? .null),
      ("continuity_gap", .number(problem.fit?.largestGap?.magnitude?.doubleValue ?? 0)),
    ]
  }

  /// The subject's rows of a report.
  func add(to rows: inout ReportRows) {
    rows.add("function", title)
    rows.add("cells", cellTitle)
    rows.add("domain", domain)
    rows.add("continuity", continuityTitle)
    if problem.function != nil { for note in problem.notes { rows.add("note", note) } }
  }
}
