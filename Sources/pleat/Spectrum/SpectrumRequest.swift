import Activations
import Datasets
import Execution
import Figures
import Foundation
import KernelSpectra
import LinearAlgebra
import Probability

/// What was asked, checked.
struct SpectrumRequest {
  /// Rows and labels with a name.
  struct Source {
    let name: String
    let rows: SampleRows
    let labels: [Double]?
  }

  let sources: [Source]
  let activations: [Activation]
  let trained: KernelSetting.TrainedPart
  let depths: [Int]
  let weightVariance: Double
  let bias: KernelSetting.Bias
  let isRescaled: Bool
  let goal: Double
  let budget: Double
  let stepSize: Double?
  let width: Int?
  let seeds: Int
  let seed: UInt64
  let simulates: Bool
  let startsAtZero: Bool
  let steps: Int
  let precise: Int
  let lanczos: Int?
  let ridge: Double?
  let prediction: Matrix?
  let plot: String?
  let csv: String?
  let out: String?
  let threads: Int

  init(_ command: SpectrumCommand) throws {
    try Failure.checkLimits(threads: command.threads, timeLimit: nil)
    for path in [command.plot, command.csv, command.out].compactMap({ $0 }) { try Failure.checkFolder(of: path) }
    if command.plot?.lowercased().hasSuffix(".png") == true { _ = try Failure.asUsage { try PNGConverter() } }
    activations = try Self.activations(command)
    trained = try Self.trained(command)
    depths = try Self.depths(command.depth)
    bias = try Self.bias(command.bias)
    func positive(_ value: Double?, _ option: String) throws {
      if let value, !(value > 0 && value.isFinite) {
        throw Failure.usage("\(option) \(value): a positive number is needed")
      }
    }
    try positive(command.weightVariance, "--weight-variance")
    try positive(command.budget, "--budget")
    try positive(command.stepSize, "--step-size")
    guard command.goal > 0, command.goal < 1 else {
      throw Failure.usage("--goal \(command.goal): a fraction between 0 and 1 is needed, such as 0.01")
    }
    for (value, option, most) in [
      (command.width, "--width", 10_000_000), (command.seeds, "--seeds", 10_000), (command.rows, "--rows", Int.max),
      (command.lanczos, "--lanczos", 10_000), (command.steps, "--steps", 100_000_000),
    ] {
      if let value, !(1...most).contains(value) { throw Failure.usage("\(option) \(value): accepted are 1 to \(most)") }
    }
    weightVariance = command.weightVariance
    isRescaled = command.rescale
    (goal, budget, stepSize) = (command.goal, command.budget, command.stepSize)
    (width, seeds, seed) = (command.width, command.seeds, command.seed)
    (simulates, startsAtZero, steps) = (command.simulate, command.zeroOutput, command.steps)
    (precise, lanczos, ridge) = (max(0, command.precise), command.lanczos, command.ridge)
    (plot, csv, out) = (command.plot, command.csv, command.out)
    threads = command.threads ?? defaultThreadCount
    guard !simulates || width != nil else {
      throw Failure.usage("--simulate needs --width: how many units shall the trained network have?")
    }
    guard !simulates || depths == [1] else {
      throw Failure.usage("--simulate trains one hidden layer; leave out --depth")
    }
    sources = try Self.sources(command)
    guard ridge == nil || sources.allSatisfy({ $0.labels != nil }) else {
      throw Failure.usage("--ridge needs --target: which column shall be fitted?")
    }
    if let path = command.predict {
      guard ridge != nil else { throw Failure.usage("--predict needs --ridge, which may be 0") }
      prediction = try Failure.asUsage { try Self.table(path, target: command.target).inputs }
    } else {
      prediction = nil
    }
  }

  func setting(_ activation: Activation, depth: Int) -> KernelSetting {
    KernelSetting(
      activation: activation, trained: trained, depth: depth, weightVariance: weightVariance, bias: bias,
      isRescaled: isRescaled)
  }

  private static let comparison = [
    "relu", "selu", "leaky-relu:0.1", "elu", "relu2", "tanh", "erf", "gelu", "silu", "softplus", "sigmoid", "sin",
    "square",
    "cube",
  ]

  private static func activations(_ command: SpectrumCommand) throws -> [Activation] {
    let usual = command.expression.isEmpty ? "relu,elu,tanh,silu" : ""
    let names = (command.activation ?? usual).split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    return try Failure.asUsage {
      try names.flatMap { $0.lowercased() == "all" ? comparison : [$0] }.map { try Activation(named: $0) }
        + command.expression.map { try Activation(expression: $0) }
    }
  }

  private static func trained(_ command: SpectrumCommand) throws -> KernelSetting.TrainedPart {
    if command.train != nil, command.kernel != nil {
      throw Failure.usage("--train and --kernel say the same: give one")
    }
    if let kernel = command.kernel {
      switch kernel.lowercased() {
      case "g": return .input
      case "nngp": return .output
      case "ntk": return .both
      default: throw Failure.usage("--kernel \(kernel): accepted are g, nngp and ntk")
      }
    }
    let train = command.train ?? "input"
    guard let part = KernelSetting.TrainedPart(rawValue: train) else {
      let nearest = nearestName(to: train, among: KernelSetting.TrainedPart.allCases.map(\.rawValue))
      throw Failure.usage(
        "--train \(train): accepted are input, output and both" + (nearest.map { "; did you mean \($0)?" } ?? ""))
    }
    return part
  }

  private static func depths(_ text: String) throws -> [Int] {
    let ends = text.components(separatedBy: "..").map { Int($0) }
    guard let first = ends.first ?? nil, let last = ends.last ?? nil, ends.count <= 2, first >= 1, last >= first,
      last <= 1000
    else { throw Failure.usage("--depth \(text): accepted are 1 to 1000 hidden layers, or a range such as 1..20") }
    return Array(first...last)
  }

  private static func bias(_ text: String) throws -> KernelSetting.Bias {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let variance = parts.count == 2 ? Double(parts[1]) : 1
    if let variance, variance >= 0, variance.isFinite, parts.count <= 2 {
      switch (parts[0], parts.count) {
      case ("none", 1): return .none
      case ("zero", 1): return .zero
      case ("random", _): return .random(variance)
      case ("frozen", _): return .frozen(variance)
      default: break
      }
    }
    throw Failure.usage("--bias \(text): accepted are none, zero, random[:variance] and frozen[:variance]")
  }

  // Data.

  private static func sources(_ command: SpectrumCommand) throws -> [Source] {
    switch (command.data, command.synthetic) {
    case (nil, nil): throw Failure.usage("name a table of samples, or made data such as --synthetic circle:50")
    case (.some, .some): throw Failure.usage("a table and --synthetic exclude each other")
    case (.some(let path), nil):
      return try Failure.asUsage {
        let table = try table(path, target: command.target, count: command.rows, seed: command.seed)
        return [
          Source(
            name: (path as NSString).lastPathComponent,
            rows: try SampleRows(table.inputs, normalised: !command.keepLengths), labels: table.labels)
        ]
      }
    case (nil, .some(let text)):
      guard command.target == nil, command.rows == nil else {
        throw Failure.usage("--target and --rows belong to a table; made data have neither")
      }
      return try synthetic(text, seed: command.seed).map { name, set in
        Source(name: name, rows: try Failure.asUsage { try SampleRows(set.matrix, normalised: true) }, labels: nil)
      }
    }
  }

  /// The rows for `--network`, as they are.
  static func networkData(_ command: SpectrumCommand) throws -> (inputs: Matrix, labels: [Double]?) {
    guard let path = command.data, command.synthetic == nil else {
      throw Failure.usage("--network needs a table of its inputs")
    }
    let stray: [(String, Bool)] = [
      ("--activation", command.activation != nil), ("--expression", !command.expression.isEmpty),
      ("--width", command.width != nil), ("--simulate", command.simulate), ("--ridge", command.ridge != nil),
      ("--lanczos", command.lanczos != nil), ("--plot", command.plot != nil), ("--csv", command.csv != nil),
      ("--out", command.out != nil),
    ]
    if let (name, _) = stray.first(where: \.1) {
      throw Failure.usage(
        "--network does not go with \(name); it takes --target, --output, --step-size, --goal and --budget")
    }
    return try Failure.asUsage { try table(path, target: command.target) }
  }

  /// The rows of a table and the column of labels; or the images of an IDX file and the file of their labels.
  ///
  /// - Parameter count: how many rows, drawn at random; nil for all.
  private static func table(
    _ path: String, target: String?, count: Int? = nil, seed: UInt64 = 1
  ) throws -> (inputs: Matrix, labels: [Double]?) {
    func chosen(of all: Int) -> [Int] {
      guard let count, count < all else { return Array(0..<all) }
      var source = RandomSource(seed: seed)
      return (0..<all).shuffled(using: &source).prefix(count).sorted()
    }
    if path.contains("idx3-ubyte") {
      let images = try IDXArray.read(path: path, dimensions: 3)
      let size = images.shape[1] * images.shape[2]
      let rows = chosen(of: images.shape[0])
      let labels = try target.map { try IDXArray.read(path: $0, dimensions: 1).bytes }
      guard labels.map({ $0.count == images.shape[0] }) ?? true else {
        throw Failure.usage("\(target ?? "") holds \(labels?.count ?? 0) labels for \(images.shape[0]) images")
      }
      let pixels = rows.flatMap { images.bytes[$0 * size..<($0 + 1) * size].map(Double.init) }
      return (
        Matrix(rows: rows.count, columns: size, elements: pixels),
        labels.map { labels in rows.map { Double(labels[$0]) } }
      )
    }
    let table = try Table.read(path: path)
    let names = table.numericColumnNames.filter { $0 != target }
    let labels = try target.map { try table.column(named: $0).values }
    guard !names.isEmpty else { throw Failure.usage("\(table.source) has no numeric columns to be inputs") }
    let rows = chosen(of: table.rowCount)
    var inputs = Matrix(rows: rows.count, columns: names.count)
    for (j, name) in names.enumerated() {
      let values = try table.column(named: name).values
      for (i, row) in rows.enumerated() { inputs[i, j] = values[row] }
    }
    return (inputs, labels.map { labels in rows.map { labels[$0] } })
  }

  private static func synthetic(_ text: String, seed: UInt64) throws -> [(String, SyntheticSet)] {
    let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
    func failure() -> Failure {
      .usage(
        "--synthetic \(text): accepted are circle:N, half-circle:N, arc, arc:N and sphere:NxD, several N by commas")
    }
    guard let kind = parts.first else { throw failure() }
    if kind == "arc", parts.count == 1 { return [("arc", .arc)] }
    guard parts.count == 2 else { throw failure() }
    return try parts[1].split(separator: ",", omittingEmptySubsequences: false).map { item in
      let numbers = item.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
      guard numbers.allSatisfy({ (1...1_000_000).contains($0) }) else { throw failure() }
      switch (kind, numbers.count) {
      case ("circle", 1): return ("circle of \(numbers[0])", .circle(count: numbers[0]))
      case ("half-circle", 1): return ("half circle of \(numbers[0])", .halfCircle(count: numbers[0]))
      case ("arc", 1): return ("arc of \(numbers[0])", .randomArc(count: numbers[0], seed: seed))
      case ("sphere", 2):
        return (
          "sphere of \(numbers[0]) in \(numbers[1])", .sphere(count: numbers[0], dimension: numbers[1], seed: seed)
        )
      default: throw failure()
      }
    }
  }
}
