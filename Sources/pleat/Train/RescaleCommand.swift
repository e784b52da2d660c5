import ArgumentParser
import Foundation
import Learning
import Probability

struct RescaleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rescale",
    abstract: "Rescale the hidden units of a ReLU network; the function stays the same.",
    discussion: """
      Every hidden unit's incoming weights are multiplied by a random factor, log-normal,
      its outgoing ones divided by it; weights shared by time or place move together.
      With --powers-of-two no weight is rounded.

      --check trains: k steps from the network and k steps from the rescaled one, with
      each of some optimisers, on random batches, in double precision. An optimiser that
      sees through rescaling ends at the same function.

      EXAMPLES
        pleat rescale model.onnx --out rescaled.onnx
        pleat rescale runs/add400 --powers-of-two --out rescaled.safetensors
        pleat rescale model.onnx --check path-sgd,path-adam,eq-adam,sgd --check-steps 100

      --json prints one document: largest_factor, least_factor, output_difference
      (relative, on random inputs), squared_path_norm (of both), checks: optimizer,
      steps, deviation (null: not finite).
      """)

  @Argument(
    help: ArgumentHelp("An ONNX file, a run's folder, or a safetensors file.", valueName: "model"))
  var model: String

  @Option(
    help: ArgumentHelp("Write the rescaled model (.onnx, .safetensors, .npz).", valueName: "file"))
  var out: String?

  @Option(help: "The weights of that file: float32 or float64.")
  var precision = WeightPrecision.float64

  @Option(help: "The standard deviation of the factors' logarithms.")
  var deviation = 1.0

  @Option(help: "The seed of the factors and of the random inputs.")
  var seed: UInt64 = 1

  @Flag(help: "Take the nearest powers of two as factors.")
  var powersOfTwo = false

  @Option(help: "T, the time steps of a recurrent model (default: those it was trained with).")
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      "Optimisers whose invariance is checked, separated by commas.", valueName: "list"))
  var check: String?

  @Option(help: "Their training steps.")
  var checkSteps = 100

  @Option(help: "Their learning rate.")
  var checkRate = 0.001

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    try TrainedOutput.check(out)
    guard (0...100).contains(deviation) else {
      throw Failure.usage("--deviation \(deviation): accepted are 0 to 100")
    }
    guard (1...100_000).contains(checkSteps) else {
      throw Failure.usage("--check-steps \(checkSteps): accepted are 1 to 100000")
    }
    let subject = try TrainedSubject(model, steps: steps)
    var source = RandomSource(seed: seed)
    let rescaling = try Failure.asUsage {
      try Rescaling(subject.model) { _, _ in
        let logarithm = deviation * source.normal()
        return powersOfTwo ? exp2((logarithm / M_LN2).rounded()) : exp(logarithm)
      }
    }
    let rescaled = subject.with(
      try Failure.asUsage { try rescaling.applied(to: subject.parameters, of: subject.model) })
    let difference = try Failure.asUsage {
      try subject.model.outputDifference(
        subject.parameters, rescaled.parameters, steps: subject.steps, samples: 16, seed: seed)
    }
    let norms = try [subject, rescaled].map { subject in
      try Failure.asUsage {
        try subject.model.pathCurvature(at: subject.parameters, steps: subject.steps).squaredNorm
      }
    }
    let checks = try checks(subject, rescaling)
    if let out { try TrainedOutput.write(rescaled, to: out, precision: precision) }
    let factors = rescaling.factors.values.joined()
    if json {
      try JSONText.print([
        ("largest_factor", .number(factors.max() ?? 1)),
        ("least_factor", .number(factors.min() ?? 1)),
        ("output_difference", .number(difference)),
        ("squared_path_norm", .numbers(norms.map(\.value))),
        (
          "checks",
          .array(
            checks.map {
              .object([
                ("optimizer", .string($0.name)), ("steps", .integer($0.check.steps)),
                ("deviation", .number($0.check.deviation)),
              ])
            })
        ),
      ])
      return
    }
    var rows = ReportRows()
    rows.add("model", subject.title)
    rows.add(
      "factors",
      "\(NumberFormat.grouped(factors.count)) from \(NumberFormat.short(factors.min() ?? 1)) to "
        + NumberFormat.short(factors.max() ?? 1))
    rows.add(
      "outputs differ by", "\(NumberFormat.short(difference)) of the largest, on random inputs")
    rows.add(
      "squared path norm", norms.map { NumberFormat.full($0.value) }.joined(separator: " and "))
    for (name, check) in checks {
      rows.add(
        name,
        check.isFinite
          ? "deviates by \(NumberFormat.short(check.deviation)) after \(ModelFile.count(check.steps, "step"))"
          : "not finite within \(ModelFile.count(check.steps, "step"))")
    }
    if let out { rows.add("written", out) }
    print(rows.text)
  }

  private func checks(
    _ subject: TrainedSubject, _ rescaling: Rescaling
  ) throws -> [(name: String, check: InvarianceCheck)] {
    guard let check else { return [] }
    let batches = try (0..<4).map { index in
      try Failure.asUsage {
        try Batch.random(
          for: subject.model, steps: subject.steps, samples: 8, seed: seed &+ 1, index: index)
      }
    }
    return try check.split(separator: ",").map { name in
      var configuration = TrainingConfiguration()
      return try Failure.asUsage {
        try configuration.set("optimizer", to: String(name), at: "--check")
        configuration.learningRate = checkRate
        let chain = try configuration.makeOptimizer(totalSteps: checkSteps)
        return (
          String(name),
          try InvarianceCheck(
            model: subject.model, parameters: subject.parameters, chain: chain, batches: batches,
            loss: .squared,
            steps: checkSteps, rescaling: rescaling)
        )
      }
    }
  }
}

struct BalanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "balance",
    abstract: "Rescale a ReLU network so that every unit's weights in are as long as those out.",
    discussion: """
      Of all networks that differ by rescaling this one has the least sum of squared
      weights. The function stays the same.

      EXAMPLES
        pleat balance model.onnx --out balanced.onnx
        pleat balance runs/mnist --out balanced.safetensors --json

      --json prints one document: rounds, squares (Σ w² before and after),
      largest_factor, least_factor, output_difference.
      """)

  @Argument(
    help: ArgumentHelp("An ONNX file, a run's folder, or a safetensors file.", valueName: "model"))
  var model: String

  @Option(
    help: ArgumentHelp("Write the balanced model (.onnx, .safetensors, .npz).", valueName: "file"))
  var out: String?

  @Option(help: "The weights of that file: float32 or float64.")
  var precision = WeightPrecision.float64

  @Option(help: "T, the time steps of a recurrent model (default: those it was trained with).")
  var steps: Int?

  @Flag(help: "Print one JSON document.")
  var json = false

  func run() throws {
    try TrainedOutput.check(out)
    let subject = try TrainedSubject(model, steps: steps)
    let (rescaling, rounds) = try Failure.asUsage {
      try Rescaling.balancing(subject.model, subject.parameters)
    }
    let balanced = subject.with(
      try Failure.asUsage { try rescaling.applied(to: subject.parameters, of: subject.model) })
    let difference = try Failure.asUsage {
      try subject.model.outputDifference(
        subject.parameters, balanced.parameters, steps: subject.steps, samples: 16, seed: 1)
    }
    if let out { try TrainedOutput.write(balanced, to: out, precision: precision) }
    let squares = [subject, balanced].map { $0.parameters.reduce(0) { $0 + $1 * $1 } }
    let factors = rescaling.factors.values.joined()
    if json {
      return try JSONText.print([
        ("rounds", .integer(rounds)), ("squares", .numbers(squares)),
        ("largest_factor", .number(factors.max() ?? 1)),
        ("least_factor", .number(factors.min() ?? 1)), ("output_difference", .number(difference)),
      ])
    }
    var rows = ReportRows()
    rows.add("model", subject.title)
    rows.add(
      "Σ w²", "\(NumberFormat.full(squares[0])) before, \(NumberFormat.full(squares[1])) after")
    rows.add(
      "factors",
      "from \(NumberFormat.short(factors.min() ?? 1)) to \(NumberFormat.short(factors.max() ?? 1)), in "
        + ModelFile.count(rounds, "round"))
    rows.add(
      "outputs differ by", "\(NumberFormat.short(difference)) of the largest, on random inputs")
    if let out { rows.add("written", out) }
    print(rows.text)
  }
}
