import ArgumentParser
import Networks
import Representation

struct MaximumCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "maximum",
    abstract: "The maximum of m numbers as a network, by a binary tree or in fewer layers.",
    discussion: """
      The tree halves the numbers in every hidden layer: ⌈log2 m⌉ layers, 3 units
      for each pair, max(u, v) = σ(u − v) + σ(v) − σ(−v). The shallow network takes
      2, 5, 12, 30, 75, 187 numbers in 1, 2, 3, 4, 5, 6 layers, for more units; it is
      made for up to 187 numbers, and where it saves no layer it is the tree.

      EXAMPLES
        pleat family maximum --count 5
        pleat family maximum --count 5 --shallow --out max.onnx
        pleat family maximum --count 30 --json

      --json prints one document: count, construction (tree, shallow: the one
      written), layers, depth, widths, size; tree and shallow (null beyond 187
      numbers), each with layers, depth, widths, size, multiplications; capacities:
      layers, tree, shallow (the most numbers in so many layers); weights: precision,
      exact; out.
      """)

  @Option(help: "m, how many numbers.")
  var count: Int

  @Flag(help: "Write the network with fewer layers.")
  var shallow = false

  @Flag(help: "Write the binary tree (the default).")
  var tree = false

  @OptionGroup var output: NetworkOutput

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    try output.check()
    guard !(shallow && tree) else { throw Failure.usage("--shallow and --tree exclude each other") }
    let largest = shallow ? MaximumNetwork.largestShallow : MaximumReport.largestTree
    guard (1...largest).contains(count) else {
      throw Failure.usage(
        "--count \(count): \(shallow ? "with --shallow " : "")accepted are 1 to \(NumberFormat.grouped(largest))")
    }
    let report = try Failure.asUsage {
      try MaximumReport(count: count, writesShallow: shallow, precision: output.precision, out: output.out)
    }
    try output.write(report.rounded, name: "maximum")
    print(json ? report.json.text : report.text)
  }
}

/// What `pleat family maximum` tells its user.
struct MaximumReport {
  /// The matrices of a tree have about 5 m²/2 entries in all.
  static let largestTree = 3000

  let count: Int
  let writesShallow: Bool
  let tree: RationalNetwork
  let shallow: RationalNetwork?
  let rounded: RoundedNetwork
  let out: String?

  init(count: Int, writesShallow: Bool, precision: WeightPrecision, out: String?) throws {
    self.count = count
    self.writesShallow = writesShallow
    self.out = out
    tree = try MaximumNetwork.tree(count: count)
    shallow = count <= MaximumNetwork.largestShallow ? try MaximumNetwork.shallow(count: count) : nil
    let chosen = writesShallow ? shallow ?? tree : tree
    try RoundedNetwork.check(widths: [count] + chosen.hiddenWidths + [1])
    rounded = try RoundedNetwork(chosen, precision)
  }

  private var chosen: RationalNetwork { writesShallow ? shallow ?? tree : tree }

  /// The most numbers in 1, 2, … hidden layers.
  private var capacities: [(layers: Int, tree: Int, shallow: Int)] {
    let counts = 1...MaximumNetwork.largestShallow
    let most = MaximumNetwork.shallowHiddenLayers(count: counts.upperBound)
    return (1...most).map { layers in
      (layers, 1 << layers, counts.last { MaximumNetwork.shallowHiddenLayers(count: $0) == layers } ?? 0)
    }
  }

  var text: String {
    var rows = ReportRows()
    rows.add("function", "max(x0, …) of \(ModelFile.count(count, "number"))")
    rows.add("tree", Self.title(tree) + (writesShallow ? "" : "  <- this one"))
    if let shallow {
      let saves = shallow.depth < tree.depth ? "" : "; saves no layer"
      rows.add("shallow", Self.title(shallow) + saves + (writesShallow ? "  <- this one" : ""))
    } else {
      rows.add("shallow", "made for up to \(MaximumNetwork.largestShallow) numbers")
    }
    WeightRows.add(rounded, difference: nil, where: "", to: &rows)
    if let out { rows.add("network written", out) }
    var table = ColumnTable([
      ("hidden layers", .right), ("numbers by a tree", .right), ("numbers by the shallow network", .right),
    ])
    for row in capacities { table.add([String(row.layers), String(row.tree), String(row.shallow)]) }
    return "\(rows.text)\n\n\(table.text)"
  }

  /// `3 hidden layers of 8, 5, 3 units, 16 in all, 4 multiplications`
  private static func title(_ network: RationalNetwork) -> String {
    let widths = network.hiddenWidths.map(String.init).joined(separator: ", ")
    guard !network.hidden.isEmpty else { return "no hidden layer" }
    return "\(ModelFile.count(network.hidden.count, "hidden layer")) of \(widths) units, "
      + "\(NumberFormat.grouped(network.size)) in all, \(ModelFile.count(network.multiplications, "multiplication"))"
  }

  private static func members(_ network: RationalNetwork) -> [(String, JSONText)] {
    [
      ("layers", .integer(network.hidden.count)), ("depth", .integer(network.depth)),
      ("widths", .array(network.hiddenWidths.map { .integer($0) })), ("size", .integer(network.size)),
    ]
  }

  private static func object(_ network: RationalNetwork) -> JSONText {
    .object(members(network) + [("multiplications", .integer(network.multiplications))])
  }

  var json: JSONText {
    let head: [(String, JSONText)] = [
      ("count", .integer(count)), ("construction", .string(writesShallow ? "shallow" : "tree")),
    ]
    return .object(
      head + Self.members(chosen) + [
        ("tree", Self.object(tree)), ("shallow", shallow.map(Self.object) ?? .null),
        (
          "capacities",
          .array(
            capacities.map { row in
              .object([
                ("layers", .integer(row.layers)), ("tree", .integer(row.tree)), ("shallow", .integer(row.shallow)),
              ])
            })
        ),
        (
          "weights",
          .object([("precision", .string(rounded.precision.rawValue)), ("exact", .bool(rounded.isExact))])
        ),
        ("out", out.map { .string($0) } ?? .null),
      ])
  }
}
