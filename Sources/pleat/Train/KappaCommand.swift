import ArgumentParser
import Foundation
import Learning

struct KappaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kappa",
    abstract: "The path norm of a ReLU network and its curvature κ by every weight.",
    discussion: """
      κ of a weight is half the second derivative of γ², the sum over all paths of the
      squared products of weights along them. An update divided by κ is the same in all
      networks that differ by rescaling. In recurrent networks a second term counts
      weights that one path uses twice.

      The model is an ONNX file (a chain of Gemm and Relu), the folder of a run, or a
      safetensors file of one. Without a model, --hidden and --lengths make a table of
      the second term's share for fresh ReLU networks.

      EXAMPLES
        pleat kappa model.onnx
        pleat kappa runs/add400 --second-term full
        pleat kappa runs/add400 --lengths 10,100,400
        pleat kappa --hidden 50,100,200 --lengths 10,100 --init identity

      --json prints one document: squared_path_norm (null beyond a double),
      log2_squared_path_norm, steps, tensors: name, shape, least, median, largest,
      dead (numbers on no live path), weighted (Σ κ w²), second_term_share (null where
      it was not asked for); with --lengths: rows: hidden, steps, tensor, share.
      """)

  @Argument(
    help: ArgumentHelp("An ONNX file, a run's folder, or a safetensors file.", valueName: "model"))
  var model: String?

  @Option(help: "T, the time steps of a recurrent model (default: those it was trained with).")
  var steps: Int?

  @Option(help: "Paths weigh products of |w|^p: 1 or 2.")
  var p = 2

  @Option(
    help: ArgumentHelp(
      "Add this multiple of the second term: full, 1, 2 or 4 (= full).", valueName: "constant"))
  var secondTerm: String?

  @Option(help: ArgumentHelp("The second term's share at each of these T.", valueName: "list"))
  var lengths: String?

  @Option(help: ArgumentHelp("Without a model: units of fresh networks.", valueName: "list"))
  var hidden: String?

  @Option(
    help: "Without a model: their recurrent weights, such as identity, uniform:0.01, normal:0.1.")
  var `init` = "identity"

  @Option(help: "Without a model: the seed of their weights.")
  var seed: UInt64 = 1

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    guard let model else {
      guard let hidden, let lengths else {
        throw Failure.usage(
          "name a model, or the networks of a table: --hidden 50,100 --lengths 10,100")
      }
      return try show(
        try freshShares(
          IntegerList(hidden, named: "--hidden"), IntegerList(lengths, named: "--lengths")))
    }
    guard hidden == nil else {
      throw Failure.usage("--hidden makes fresh networks: it does not go with a model")
    }
    let subject = try TrainedSubject(model, steps: steps)
    if let lengths {
      let units = subject.model.tensors.first { $0.role == .recurrentWeights }?.columns
      guard let units else {
        throw Failure.usage("\(model): has no recurrent weights, so κ has no second term")
      }
      let list = try IntegerList(lengths, named: "--lengths")
      return try show(
        try list.values.flatMap { try shares(subject.model, subject.parameters, $0, units) })
    }
    let options = PathNormOptions(exponent: p, secondTerm: try constant())
    let (norm, tensors) = try Failure.asUsage {
      try subject.model.curvatureStatistics(
        at: subject.parameters, steps: subject.steps, options: options)
    }
    if json {
      try JSONText.print([
        ("squared_path_norm", .number(norm.value)),
        ("log2_squared_path_norm", .number(norm.logarithm)),
        ("steps", .integer(subject.steps)), ("tensors", .array(tensors.map(Self.json))),
      ])
    } else {
      print(Self.text(subject, norm, tensors))
    }
  }

  private func constant() throws -> Double? {
    guard let secondTerm else { return nil }
    if secondTerm == "full" { return PathNormOptions.exactSecondTerm }
    guard let value = Double(secondTerm), (0...1e6).contains(value) else {
      throw Failure.usage(
        "--second-term '\(secondTerm)': accepted are full and numbers such as 1, 2, 4")
    }
    return value
  }

  private static func json(_ tensor: CurvatureStatistics) -> JSONText {
    .object([
      ("name", .string(tensor.name)), ("shape", .array(tensor.shape.map { .integer($0) })),
      ("least", .number(tensor.least)), ("median", .number(tensor.median)),
      ("largest", .number(tensor.largest)),
      ("dead", .integer(tensor.deadCount)), ("weighted", .number(tensor.weighted)),
      ("second_term_share", tensor.secondTermShare.map { .number($0) } ?? .null),
    ])
  }

  private static func text(
    _ subject: TrainedSubject, _ norm: ScaledNumber, _ tensors: [CurvatureStatistics]
  ) -> String {
    let hasShare = tensors.contains { $0.secondTermShare != nil }
    var table = ColumnTable(
      [
        ("tensor", .left), ("shape", .left), ("least κ", .right), ("median κ", .right),
        ("largest κ", .right),
        ("dead", .right), ("Σ κ w²", .right),
      ] + (hasShare ? [("second term", .right)] : []))
    for tensor in tensors {
      table.add(
        [
          tensor.name, tensor.shape.map(String.init).joined(separator: " × "), number(tensor.least),
          number(tensor.median), number(tensor.largest), NumberFormat.grouped(tensor.deadCount),
          number(tensor.weighted),
        ] + (hasShare ? [tensor.secondTermShare.map(number) ?? "-"] : []))
    }
    let value = norm.value
    let size =
      value.isFinite && value > 0
      ? NumberFormat.full(value) : "2^\(String(format: "%.2f", norm.logarithm))"
    return """
      \(subject.title)
      squared path norm γ² = \(size)

      \(table.text)
      """
  }

  private static func number(_ value: Double) -> String { String(format: "%.4g", value) }

  // MARK: The second term's share

  private struct Share {
    let hidden: Int
    let steps: Int
    let tensor: String
    let value: Double
  }

  private func shares(_ model: Model, _ parameters: [Double], _ steps: Int, _ hidden: Int) throws
    -> [Share]
  {
    let constant = try constant() ?? PathNormOptions.exactSecondTerm
    return try Failure.asUsage {
      try model.curvatureStatistics(
        at: parameters, steps: steps, options: PathNormOptions(secondTerm: constant)
      ).tensors.compactMap { tensor in
        tensor.secondTermShare.map {
          Share(hidden: hidden, steps: steps, tensor: tensor.name, value: $0)
        }
      }
    }
  }

  /// One layer with one input and an output at every step, all other weights uniform in ±0.01.
  private func freshShares(_ hidden: IntegerList, _ lengths: IntegerList) throws -> [Share] {
    guard let recurrent = Initialiser(self.`init`) else {
      throw Failure.usage("--init '\(self.`init`)': accepted are \(Initialiser.accepted)")
    }
    return try hidden.values.flatMap { units in
      let model = try Failure.asUsage {
        try Model(
          input: .vector(1),
          layers: [.recurrent(Recurrent(.simple(.relu), units: units)), .dense(Dense(1))])
      }
      let start = Initialisation(weights: .uniform(0.01), recurrent: recurrent)
      let parameters: [Double] = try Failure.asUsage {
        try model.initialParameters(start, seed: seed)
      }
      return try lengths.values.flatMap { try shares(model, parameters, $0, units) }
    }
  }

  private func show(_ shares: [Share]) throws {
    if json {
      return try JSONText.print([
        (
          "rows",
          .array(
            shares.map {
              .object([
                ("hidden", .integer($0.hidden)), ("steps", .integer($0.steps)),
                ("tensor", .string($0.tensor)),
                ("share", .number($0.value)),
              ])
            })
        )
      ])
    }
    var table = ColumnTable([
      ("units", .right), ("T", .right), ("tensor", .left), ("|second term| / |κ¹|", .right),
    ])
    for share in shares {
      table.add([
        String(share.hidden), String(share.steps), share.tensor,
        String(format: "%.4g", share.value),
      ])
    }
    print(table.text)
  }
}

/// Natural numbers from 1, separated by commas.
struct IntegerList {
  let values: [Int]

  init(_ text: String, named option: String) throws {
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false)
      .map { Int($0.trimmingCharacters(in: .whitespaces)) }
    values = numbers.compactMap { $0 }.filter { (1...100_000).contains($0) }
    guard values.count == numbers.count, !values.isEmpty else {
      throw Failure.usage(
        "\(option) '\(text)': accepted are natural numbers to 100000, separated by commas")
    }
  }
}
