import Certificates
import Datasets
import Exact
import Execution
import Fitting
import Foundation
import Networks

/// Does what `pleat fit` was asked for: announces the cost, fits, writes the files and prints the report.
struct FitRunner {
  let command: FitCommand
  let table: FitTable
  let loss: Loss
  let cancellation: Cancellation

  private func fit(hidden: Int) -> GlobalFit {
    let isPiecewiseLinear = command.model == .pwl
    let model = HiddenLayerModel(
      inputs: table.samples.inputNames.count, hidden: hidden, outputBias: command.outputBias,
      skip: command.skip || isPiecewiseLinear, convex: command.convex)
    return GlobalFit(
      model: model, loss: loss, method: command.method, seed: command.seed,
      threads: command.threads ?? defaultThreadCount, relativeGap: command.gap)
  }

  private var progress: any ProgressReporter { command.quiet ? SilentProgress() : ProgressTable() }

  // MARK: One width

  /// - Returns: whether a person interrupted the search.
  func runOne(hidden: Int) throws -> Bool {
    let fit = fit(hidden: hidden)
    let cost = FitCost(model: fit.model, samples: table.samples)
    announce(fit, cost)
    let result = try Failure.asUsage {
      try fit.run(on: table.samples, progress: progress, cancellation: cancellation)
    }
    let report = try FitReport(command: command, samples: table.samples, result: result, cost: cost)
    try write(report)
    if command.json {
      print(report.json.text)
    } else {
      print(report.text)
    }
    return result.status == .interrupted
  }

  /// What it will cost, before it starts.
  private func announce(_ fit: GlobalFit, _ cost: FitCost) {
    guard !command.quiet else { return }
    for remark in table.remarks { Terminal.error("note: \(remark)") }
    let samples = table.samples.targets.count
    Terminal.error(
      "\(samples) samples at \(cost.sites) distinct points of \(table.samples.inputNames.joined(separator: ", ")); "
        + "target \(table.samples.targetName), \(loss) loss, \(fit.model.hidden) hidden units")
    if samples <= fit.model.parameterCount {
      Terminal.error(
        "note: \(fit.model.parameterCount) parameters for \(samples) samples: expect a perfect fit that predicts nothing"
      )
    }
    if fit.isTooLarge(table.samples) {
      Terminal.error(
        "too many samples for an exact search: the best network of many descents will be returned with a certified lower "
          + "bound from \(command.timeLimit.map { "at most \(NumberFormat.short($0))" } ?? "60") s of solving random parts exactly; the gap "
          + "between the two is reported")
    } else if fit.isKnotProblem {
      Terminal.error(
        "method: dynamic programme over knots, exact for any noise; time grows with the square of the points")
    } else {
      Terminal.error(
        "dichotomies: at most \(count(cost.dichotomies)); convex programs in the worst case: \(count(cost.programs)) "
          + "(branch and bound usually needs a tiny share)")
    }
  }

  private func count(_ value: Double) -> String {
    value < 1e9 ? String(Int(value)) : String(format: "%.1e", value)
  }

  private func write(_ report: FitReport) throws {
    let result = report.result
    if let path = command.out {
      let network = try Failure.asUsage { try result.network.network() }
      let data = try Failure.asUsage {
        try network.onnx(
          name: "pleat-fit", elementType: command.onnxType.type,
          metadata: [
            ("inputs", table.samples.inputNames.joined(separator: ",")), ("target", table.samples.targetName),
            ("loss", "\(loss) \(NumberFormat.full(result.loss))"), ("status", result.status.rawValue),
            ("certified", String(result.isCertified)),
          ])
      }
      try Failure.asUsage { try AtomicFile.write(data, to: path) }
      if command.onnxType == .float32 { warnOfRounding(result) }
    }
    if let path = command.certificate {
      if result.isCertified {
        try Failure.asUsage { try AtomicFile.write(try result.certificate.json(), to: path) }
      } else {
        Terminal.error("no certificate was written to \(path): the exact checker did not accept this result")
      }
    }
    if let path = command.plot {
      let figure = FitFigure(samples: table.samples, result: result, pieces: report.pieces)
      try Failure.asUsage { try AtomicFile.write(Data(figure.svg().utf8), to: path) }
    }
  }

  /// Says so when float32 arithmetic gives another loss: steep pieces far from the origin do that.
  private func warnOfRounding(_ result: FitResult) {
    guard !command.quiet else { return }
    let network = result.network
    let units = network.units.map { unit in
      (sign: Float(unit.sign), weights: unit.weights.map { Float($0.doubleValue) }, bias: Float(unit.bias.doubleValue))
    }
    let skip = network.skip.map { Float($0.doubleValue) }
    let constant = Float(network.outputBias.doubleValue)
    var sum = 0.0
    for (index, input) in table.samples.inputs.enumerated() {
      let x = input.map { Float($0.doubleValue) }
      func dot(_ weights: [Float]) -> Float { zip(weights, x).reduce(0) { $0 + $1.0 * $1.1 } }
      let value = units.reduce(constant + dot(skip)) { $0 + $1.sign * max(0, dot($1.weights) + $1.bias) }
      guard value.isFinite else { continue }
      let sample = loss.value(prediction: Rational(exactly: Double(value)), target: table.samples.targets[index])
      sum += (sample.upper * table.samples.weights[index]).doubleValue
    }
    guard abs(sum - result.loss) > 1e-6 * result.loss else { return }
    Terminal.error(
      "note: in float32 arithmetic the network's loss is about \(NumberFormat.short(sum)) instead of "
        + "\(NumberFormat.short(result.loss)); --onnx-type float64 keeps every digit")
  }

  // MARK: A range of widths

  /// - Returns: whether a person interrupted the search.
  func runPath(_ widths: ClosedRange<Int>) throws -> Bool {
    let fit = fit(hidden: widths.upperBound)
    let cost = FitCost(model: fit.model, samples: table.samples)
    announce(fit, cost)
    let comparison = try Failure.asUsage {
      try WidthComparison(
        fit, widths: widths, samples: table.samples, progress: progress, cancellation: cancellation)
    }
    if let path = command.plot {
      let figure = WidthFigure(comparison: comparison, loss: loss, target: table.samples.targetName)
      try Failure.asUsage { try AtomicFile.write(Data(figure.svg().utf8), to: path) }
    }
    if command.json {
      let documents = try comparison.rows.map { row -> JSONText in
        let cost = FitCost(model: row.result.certificate.model, samples: table.samples)
        let report = try FitReport(command: command, samples: table.samples, result: row.result, cost: cost)
        return .object(
          report.members + [
            ("parameters", .integer(row.parameters)), ("aic", row.aic.map { .number($0) } ?? .null),
            ("bic", row.bic.map { .number($0) } ?? .null),
            ("cv_error", row.crossValidation.map { .number($0) } ?? .null),
          ])
      }
      try JSONText.print([
        ("best_by_bic", comparison.best.map { .integer($0.result.certificate.model.hidden) } ?? .null),
        ("widths", .array(documents)),
      ])
    } else {
      print(WidthReport(comparison: comparison).text)
    }
    return cancellation.isRequested
  }
}
