import ArgumentParser
import Datasets
import Foundation
import Networks
import PiecewiseLinear

/// A line, a plane or another flat through the inputs of a network.
struct SliceOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Let only these inputs vary, such as x0,x1; --at says where.", valueName: "inputs"))
  var slice: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "The point that a slice passes through: 0.1,0.2,… or a row of a table, "
        + "data.csv:17.", valueName: "point"))
  var at: String?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "Take the line through two points, or the plane through three: 'P;Q' or "
        + "'P;Q;R'.", valueName: "points"))
  var through: String?

  func validate() throws {
    if slice != nil, through != nil {
      throw ValidationError(
        "--slice and --through exclude each other: give one "
          + "of them")
    }
    if at != nil, slice == nil {
      throw ValidationError(
        "--at belongs to --slice, which names the inputs that "
          + "vary: --slice x0,x1")
    }
  }

  func slice(of network: UnitNetwork) throws -> Slice? {
    if let through { return try Self.through(through, network) }
    guard let slice else { return nil }
    return try axes(slice, network)
  }

  private func axes(_ text: String, _ network: UnitNetwork) throws -> Slice {
    guard let at else {
      throw Failure.usage(
        "--slice \(text) needs --at: the values of the other inputs, as numbers or as a row "
          + "such as data.csv:17")
    }
    let inputs = network.inputCount
    let point = try InputPoint(at, inputs: inputs, option: "--at")
    let chosen = try text.split(separator: ",").map { part in
      try Self.input(part.trimmingCharacters(in: .whitespaces), inputs: inputs, columns: point.table?.names ?? [])
    }
    guard !chosen.isEmpty, Set(chosen).count == chosen.count else {
      throw Failure.usage("--slice \(text): name one or more different inputs, such as x0,x1")
    }
    var origin = point.values
    for input in chosen { origin[input] = 0 }
    let directions = chosen.map { input in (0..<inputs).map { $0 == input ? 1.0 : 0 } }
    return Slice(
      network: try Failure.asUsage { try network.restricted(toOrigin: origin, directions: directions) },
      names: chosen.map { point.table?.names[$0] ?? "x\($0)" }, inputs: chosen,
      usualBox: point.table.flatMap { table in Self.box(around: chosen.map { table.columns[$0].values }) },
      title: "slice \(text) at \(at)")
  }

  /// The number of an input called `x3` or as a column of the table.
  private static func input(_ name: String, inputs: Int, columns: [String]) throws -> Int {
    if let column = columns.firstIndex(of: name) { return column }
    let known = (0..<inputs).map { "x\($0)" }
    if let input = known.firstIndex(of: name) { return input }
    let candidates = columns + known
    let hint = nearestName(to: name, among: candidates).map { "; did you mean '\($0)'?" } ?? "."
    throw Failure.usage("--slice: there is no input '\(name)'\(hint) The inputs are x0 to x\(inputs - 1)")
  }

  /// The range of the columns, a tenth wider; nil when one is constant.
  private static func box(around columns: [[Double]]) -> RegionDomain? {
    var lower: [Double] = []
    var upper: [Double] = []
    for values in columns {
      guard let low = values.min(), let high = values.max(), low < high else { return nil }
      lower.append(low - (high - low) / 20)
      upper.append(high + (high - low) / 20)
    }
    return .box(lower: lower, upper: upper)
  }

  private static func through(_ text: String, _ network: UnitNetwork) throws -> Slice {
    let points = try text.split(separator: ";").map {
      try InputPoint(String($0).trimmingCharacters(in: .whitespaces), inputs: network.inputCount, option: "--through")
    }
    guard let first = points.first, (2...3).contains(points.count) else {
      throw Failure.usage("--through \(text): two points make a line and three a plane, separated by semicolons")
    }
    let directions = points.dropFirst().map { zip($0.values, first.values).map { $0 - $1 } }
    guard isIndependent(directions) else {
      throw Failure.usage(
        "--through \(text): the points are not different enough to span a "
          + "\(points.count == 2 ? "line" : "plane")")
    }
    let isLine = points.count == 2
    // A point of many numbers is only called by its letter.
    let names = zip(points, ["P", "Q", "R"]).map { $0.text.count <= 24 ? $0.text : $1 }
    return Slice(
      network: try Failure.asUsage { try network.restricted(toOrigin: first.values, directions: directions) },
      names: isLine ? ["t"] : ["s", "t"], inputs: nil,
      usualBox: isLine ? .box(lower: [0], upper: [1]) : .box(lower: [-0.25, -0.25], upper: [1.25, 1.25]),
      title: isLine ? "line from \(names[0]) to \(names[1])" : "plane through \(names.joined(separator: ", "))")
  }

  private static func isIndependent(_ directions: [[Double]]) -> Bool {
    func product(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    guard let first = directions.first, product(first, first) > 0 else { return false }
    guard directions.count == 2 else { return true }
    let (a, b) = (directions[0], directions[1])
    let cosine = product(a, b) / (product(a, a) * product(b, b)).squareRoot()
    return product(b, b) > 0 && abs(cosine) < 1 - 1e-12
  }
}

/// A network on a flat.
struct Slice {
  /// Its inputs are the flat's coordinates.
  let network: UnitNetwork
  /// What the coordinates are called.
  let names: [String]
  /// The inputs of the whole network that the coordinates are; nil for a flat through points.
  let inputs: [Int]?
  /// Where to look when nobody says.
  let usualBox: RegionDomain?
  let title: String
}

extension Slice {
  /// The slice on which a box lies that holds some inputs at one value; nil when all of them vary.
  init?(of network: UnitNetwork, in lower: [Double], _ upper: [Double]) throws {
    let varying = lower.indices.filter { lower[$0] < upper[$0] }
    guard varying.count < lower.count else { return nil }
    var origin = lower
    for input in varying { origin[input] = 0 }
    let directions = varying.map { input in lower.indices.map { $0 == input ? 1.0 : 0 } }
    let fixed = lower.indices.filter { lower[$0] == upper[$0] }.map { "x\($0) = \(lower[$0])" }
    self.init(
      network: try Failure.asUsage { try network.restricted(toOrigin: origin, directions: directions) },
      names: varying.map { "x\($0)" }, inputs: varying,
      usualBox: .box(lower: varying.map { lower[$0] }, upper: varying.map { upper[$0] }),
      title: "\(fixed.joined(separator: ", ")), held by the box")
  }
}
