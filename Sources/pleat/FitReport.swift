import Certificates
import Fitting
import Foundation

/// What a fit tells its user: as text, and as the documented JSON document.
struct FitReport {
  let command: FitCommand
  let samples: ExactSamples
  let result: FitResult
  let cost: FitCost
  let pieces: [FunctionPiece]

  init(command: FitCommand, samples: ExactSamples, result: FitResult, cost: FitCost) throws {
    self.command = command
    self.samples = samples
    self.result = result
    self.cost = cost
    pieces = try result.network.pieces(samples: samples.inputs)
  }

  static func statusText(_ result: FitResult) -> String {
    switch (result.status, result.isCertified) {
    case (.optimal, true): "optimal (certified)"
    case (.optimal, false): "optimal to \(String(format: "%.0e", max(result.gap, 1e-9))) (not certified)"
    case (let status, true): "\(status.rawValue) (bound certified)"
    case (let status, false): "\(status.rawValue) (not certified)"
    }
  }

  // MARK: Text

  var text: String {
    var lines = ["status       \(Self.statusText(result))"]
    lines.append("loss         \(NumberFormat.full(result.loss))\(fraction)")
    lines.append(
      "lower bound  \(NumberFormat.full(result.lowerBound))   gap \(String(format: "%.1e", result.gap))")
    if let share = explained { lines.append("R²           \(String(format: "%.6f", share))") }
    let effort = result.nodes > 0 ? ", \(result.nodes) nodes" : ""
    lines.append(
      "effort       \(String(format: "%.3f", result.seconds)) s search\(effort), "
        + "\(String(format: "%.3f", result.checkSeconds)) s exact check")
    lines.append("")
    lines += functionLines
    for (name, path) in [("model", command.out), ("certificate", command.certificate), ("picture", command.plot)] {
      if let path, name != "certificate" || result.isCertified { lines.append("\(name) written to \(path)") }
    }
    return lines.joined(separator: "\n")
  }

  /// The loss as a fraction, where a person can read it.
  private var fraction: String {
    let text = result.exactLoss.description
    return result.certificate.loss != .logistic && text.contains("/") && text.count <= 40 ? " = \(text)" : ""
  }

  /// 1 − loss / (loss of the best constant), for the squared loss.
  private var explained: Double? {
    guard result.certificate.loss == .squared else { return nil }
    let targets = samples.targets.map(\.doubleValue)
    let weights = samples.weights.map(\.doubleValue)
    let total = weights.reduce(0, +)
    let mean = zip(targets, weights).reduce(0) { $0 + $1.0 * $1.1 } / total
    let variation = zip(targets, weights).reduce(0) { $0 + $1.1 * ($1.0 - mean) * ($1.0 - mean) }
    return variation > 0 ? 1 - result.loss / variation : nil
  }

  private var functionLines: [String] {
    var lines: [String] = []
    let target = samples.targetName
    if samples.inputNames.count == 1 {
      let name = samples.inputNames[0]
      for piece in pieces {
        lines.append("\(target) = \(affine(piece))   for \(interval(piece, name))   (\(piece.samples) samples)")
      }
    } else {
      for piece in pieces {
        let conditions = piece.halfSpaces.map { "\(linear($0.coefficients, $0.constant)) >= 0" }
        let place = conditions.isEmpty ? "everywhere" : "where " + conditions.joined(separator: " and ")
        lines.append("\(target) = \(affine(piece))   (\(piece.samples) samples)")
        lines.append("    \(place)")
      }
    }
    return lines
  }

  private func affine(_ piece: FunctionPiece) -> String { linear(piece.slope, piece.intercept) }

  private func interval(_ piece: FunctionPiece, _ name: String) -> String {
    guard let (lower, upper) = piece.interval else { return "all" }
    switch (lower.isFinite, upper.isFinite) {
    case (true, true): return "\(NumberFormat.short(lower)) <= \(name) <= \(NumberFormat.short(upper))"
    case (true, false): return "\(name) >= \(NumberFormat.short(lower))"
    case (false, true): return "\(name) <= \(NumberFormat.short(upper))"
    case (false, false): return "all \(name)"
    }
  }

  /// `3.2 + 1.5 age − 0.25 height`
  private func linear(_ coefficients: [Double], _ constant: Double) -> String {
    var text = ""
    func add(_ value: Double, _ name: String?) {
      guard value != 0 else { return }
      let sign = value < 0 ? "-" : "+"
      let size = NumberFormat.short(abs(value))
      let term = name.map { "\(size) \($0)" } ?? size
      text += text.isEmpty ? (value < 0 ? "-" : "") + term : " \(sign) \(term)"
    }
    add(constant, nil)
    for (value, name) in zip(coefficients, samples.inputNames) { add(value, name) }
    return text.isEmpty ? "0" : text
  }

  // MARK: JSON

  var json: JSONText { .object(members) }

  var members: [(String, JSONText)] {
    let network = result.network
    let units = network.units.map { unit in
      JSONText.object([
        ("sign", .integer(unit.sign)), ("weights", .numbers(unit.weights.map(\.doubleValue))),
        ("bias", .number(unit.bias.doubleValue)),
      ])
    }
    return [
      ("status", .string(result.status.rawValue)), ("certified", .bool(result.isCertified)),
      ("loss", .number(result.loss)), ("loss_exact", .string(result.exactLoss.description)),
      ("lower_bound", .number(result.lowerBound)), ("gap", .number(result.gap)),
      ("loss_kind", .string(result.certificate.loss.description)),
      ("hidden", .integer(result.certificate.model.hidden)),
      ("samples", .integer(samples.targets.count)), ("inputs", .array(samples.inputNames.map { .string($0) })),
      ("target", .string(samples.targetName)), ("dichotomies", .number(cost.dichotomies)),
      ("programs_solved", .integer(result.programsSolved)), ("nodes", .integer(result.nodes)),
      ("seconds", .number(result.seconds)), ("check_seconds", .number(result.checkSeconds)),
      (
        "network",
        .object([
          ("units", .array(units)), ("skip", .numbers(network.skip.map(\.doubleValue))),
          ("output_bias", .number(network.outputBias.doubleValue)),
        ])
      ),
      ("pieces", .array(pieces.map(piece))),
    ]
  }

  private func piece(_ piece: FunctionPiece) -> JSONText {
    var members: [(String, JSONText)] = []
    if let (lower, upper) = piece.interval {
      // Unbounded ends are null.
      members.append(("interval", .array([.number(lower), .number(upper)])))
    } else {
      members.append(
        (
          "half_spaces",
          .array(
            piece.halfSpaces.map {
              .object([("coefficients", .numbers($0.coefficients)), ("constant", .number($0.constant))])
            })
        ))
    }
    members += [
      ("slope", .numbers(piece.slope)), ("intercept", .number(piece.intercept)), ("samples", .integer(piece.samples)),
    ]
    return .object(members)
  }
}
