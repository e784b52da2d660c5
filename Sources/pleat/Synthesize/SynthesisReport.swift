import Exact
import Foundation
import Representation

/// What `pleat synthesize` tells its user about a function's networks.
struct SynthesisReport {
  let subject: FunctionSubject
  let result: SynthesisResult
  let check: CheckReport
  /// How far a grid's interpolant may be from a smooth function; nil when nobody asked.
  let curvatureBound: Rational?
  let command: SynthesizeCommand
  let seconds: Double

  var text: String {
    var rows = ReportRows()
    subject.add(to: &rows)
    rows.add("goal", command.goal == .depth ? "fewest hidden layers, then units" : "fewest units, then hidden layers")
    rows.gap()
    for (index, line) in table.enumerated() { rows.add(index == 0 ? "networks" : "", line) }
    for skipped in result.skipped {
      rows.add("", "\(skipped.construction.rawValue) was not made: \(skipped.reason)")
    }
    if !result.isComplete { rows.add("", "stopped before all constructions were tried") }
    rows.add("theorem", theorem)
    for (output, verdict) in result.oneHiddenLayer.enumerated() {
      let name = result.oneHiddenLayer.count > 1 ? " for f\(output)" : ""
      rows.add(output == 0 ? "one layer" : "", "a single hidden layer\(name) is \(verdict)")
    }
    rows.gap()
    for (index, line) in check.lines.enumerated() { rows.add(index == 0 ? "check" : "", line) }
    if let bound = curvatureBound {
      rows.add(
        "between",
        "at most \(NumberFormat.full(bound.roundedUp)) from any function with the grid's values whose second derivatives "
          + "(eigenvalues of the Hessian) are at most \(command.curvature ?? "")")
    }
    if let text = command.modelText { rows.add("model", text) }
    rows.add("time", "\(NumberFormat.seconds(seconds)) s")
    return rows.text
  }

  private var theorem: String {
    let inputs = subject.problem.inputs
    let layers = result.theoremHiddenLayers
    var text =
      "\(ModelFile.count(layers, "hidden layer")) suffice\(layers == 1 ? "s" : "") for \(ModelFile.count(inputs, "input")) "
      + "(⌈log2(n + 1)⌉; Arora et al., Theorem 2.1)"
    if let units = result.theoremUnits {
      text += ", with \(ModelFile.count(units, "unit")) for as many pieces (Theorem 2.2)"
    }
    return text
  }

  /// The candidates, aligned, the chosen one marked.
  private var table: [String] {
    let header = ["construction", "layers", "units", "theorem", "multiplications", "widths"]
    let body = result.candidates.map { candidate in
      [
        candidate.construction.rawValue, String(candidate.hiddenLayers), NumberFormat.grouped(candidate.units),
        candidate.theoremUnits.map { "<= \(NumberFormat.grouped($0))" } ?? "",
        NumberFormat.grouped(candidate.multiplications), candidate.widths.map(String.init).joined(separator: ", "),
      ]
    }
    let widths = header.indices.map { column in ([header] + body).map { $0[column].count }.max() ?? 0 }
    func line(_ cells: [String], _ mark: String) -> String {
      let parts = cells.enumerated().map { column, cell in
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        return column == 0 ? cell + padding : column == cells.count - 1 ? cell : padding + cell
      }
      return mark + parts.joined(separator: "  ")
    }
    return [line(header, "   ")]
      + body.enumerated().map { line($0.element, $0.offset == result.chosen ? "-> " : "   ") }
  }

  var json: JSONText {
    let candidates = result.candidates.enumerated().map { json($1, isChosen: $0 == result.chosen) }
    let skipped = result.skipped.map { skipped -> JSONText in
      .object([("construction", .string(skipped.construction.rawValue)), ("reason", .string(skipped.reason))])
    }
    var members = subject.members
    members.append(("goal", .string(command.goal.rawValue)))
    members.append(("output_bias", .bool(command.outputBias)))
    members.append(("candidates", .array(candidates)))
    members.append(("skipped", .array(skipped)))
    members.append(("theorem_hidden_layers", .integer(result.theoremHiddenLayers)))
    members.append(("theorem_units", result.theoremUnits.map { .integer($0) } ?? .null))
    members.append(("one_hidden_layer", .array(result.oneHiddenLayer.map(Self.json))))
    members.append(("precision", .string(command.precision.rawValue)))
    members.append(("check", check.json))
    members.append(("curvature_bound", curvatureBound.map { .number($0.roundedUp) } ?? .null))
    members.append(("file", command.out.map { .string($0) } ?? .null))
    members.append(("seconds", .number(seconds)))
    return .object(members)
  }

  private func json(_ candidate: SynthesisCandidate, isChosen: Bool) -> JSONText {
    .object([
      ("construction", .string(candidate.construction.rawValue)), ("hidden_layers", .integer(candidate.hiddenLayers)),
      ("units", .integer(candidate.units)),
      ("theorem_units", candidate.theoremUnits.map { .integer($0) } ?? .null),
      ("widths", .array(candidate.widths.map { .integer($0) })),
      ("multiplications", .integer(candidate.multiplications)), ("chosen", .bool(isChosen)),
    ])
  }

  private static func json(_ verdict: OneHiddenLayerVerdict) -> JSONText {
    let name: String
    var (units, least): (JSONText, JSONText) = (.null, .null)
    switch verdict {
    case .possible(let count, let fewest):
      name = "possible"
      (units, least) = (.integer(count), .integer(fewest))
    case .impossible: name = "impossible"
    case .undecided: name = "undecided"
    }
    return .object([
      ("verdict", .string(name)), ("units", units), ("least_units", least), ("text", .string(verdict.description)),
    ])
  }
}
