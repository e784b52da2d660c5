import Exact
import Execution
import Queries
import Verification

/// What `--explain` says about an answer.
enum VerifyExplanation {
  case violation(WitnessExplanation)
  /// Of an `unsat` with or without its proof.
  case proof(ProofStatistics?, tightest: VerificationResult.Part?, NearMiss?)
  case open(provedShare: Double, resisting: VerificationResult.Part?, NearMiss?)

  /// Nil where there is nothing to explain: no case was searched.
  init?(_ answer: VerifyAnswer, seed: UInt64, cancellation: Cancellation) {
    let problem = answer.subject.problem
    switch answer.result.verdict {
    case .satisfiable(let witness):
      guard let explanation = WitnessExplanation(problem, at: witness.point) else { return nil }
      self = .violation(explanation)
    case .unsatisfiable(let proofs):
      guard problem.tree != nil else { return nil }
      self = .proof(
        proofs.map { ProofStatistics($0, of: problem) }, tightest: answer.result.effort.tightest,
        NearMiss(problem, seed: seed, cancellation: cancellation))
    case .unknown, .stopped:
      self = .open(
        provedShare: answer.result.effort.provedShare, resisting: answer.result.effort.resisting,
        NearMiss(problem, seed: seed, cancellation: cancellation))
    }
  }

  /// Longer lists are cut; the JSON document has them whole.
  private static let longestList = 12

  // MARK: For people

  func text(_ problem: QueryProblem) -> String {
    switch self {
    case .violation(let explanation): Self.text(explanation, problem)
    case .proof(let statistics, let tightest, let miss):
      (statistics.map(Self.text) ?? "")
        + (tightest.map {
          Self.text($0, "the tightest bound of the proof is below 0 by \(NumberFormat.short($0.margin))", problem)
        } ?? "")
        + (miss.map(Self.text) ?? "")
    case .open(let share, let resisting, let miss):
      "  proved           \(NumberFormat.percent(share)) of the input volume\n"
        + (resisting.map {
          Self.text($0, "a box that resists: its bound is above 0 by \(NumberFormat.short(-$0.margin))", problem)
        } ?? "")
        + (miss.map(Self.text) ?? "")
    }
  }

  private static func text(_ part: VerificationResult.Part, _ title: String, _ problem: QueryProblem) -> String {
    var text = "  \(title), in the box\n"
    let names = problem.inputNames
    for (input, (lower, upper)) in zip(part.lower, part.upper).enumerated().prefix(longestList) {
      let range =
        lower == upper
        ? "= \(NumberFormat.short(lower))"
        : "in [\(NumberFormat.short(lower)), \(NumberFormat.short(upper))]"
      text += "    \(names[input].joined(separator: " = "))   \(range)\n"
    }
    return text + more(part.lower.count)
  }

  private static func text(_ explanation: WitnessExplanation, _ problem: QueryProblem) -> String {
    var text = "  the property holds at the point\n"
    for margin in explanation.margins.prefix(longestList) {
      text += "    \(margin.inequality)   by \(NumberFormat.short(margin.slack))\n"
    }
    text += more(explanation.margins.count)
    text += "  the point in the box: -1 lower end, 0 centre, 1 upper end\n"
    let varying = explanation.positions.filter { $0.offset != nil }
    // The coordinates that are farthest from the centre come first: they are what the violation needs.
    for position in varying.sorted(by: { abs($0.offset ?? 0) > abs($1.offset ?? 0) }).prefix(longestList) {
      let (value, offset) = (NumberFormat.short(position.value), String(format: "%+.3f", position.offset ?? 0))
      text += "    \(position.names.joined(separator: " = "))   \(value)   \(offset)\n"
    }
    text += more(varying.count)
    if let region = explanation.region { text += Self.text(region, explanation, problem) }
    if let note = explanation.regionNote { text += "  region: \(note)\n" }
    return text
  }

  private static func text(
    _ region: WitnessExplanation.Region, _ explanation: WitnessExplanation, _ problem: QueryProblem
  ) -> String {
    let faces = region.halfSpaces.count
    let size = region.radius.map { "the largest ball inside has radius \(NumberFormat.short($0))" }
    var text =
      "  the violating region around it: a polytope in \(ModelFile.count(region.inputs.count, "input")) with "
      + "\(ModelFile.count(faces, "face")), of \(region.rowCount) half-spaces; \(size ?? "flat or unbounded")\n"
    for (halfSpace, origin) in zip(region.halfSpaces, region.origins).prefix(longestList) {
      let left = row(halfSpace.normal, region.inputs, problem)
      let right = NumberFormat.short(halfSpace.offset)
      text += "    \(left) ≤ \(right)   (\(name(origin, explanation, problem)))\n"
    }
    return text + more(faces)
  }

  private static func text(_ statistics: ProofStatistics) -> String {
    var text =
      "  the proof        \(NumberFormat.grouped(statistics.leaves)) \(statistics.leaves == 1 ? "leaf" : "leaves"), "
      + "\(ModelFile.count(statistics.inputSplits, "split")) of inputs, "
      + "\(ModelFile.count(statistics.unitSplits, "split")) of units\n"
    if !statistics.shares.isEmpty {
      text += "  split most often\n"
      for share in statistics.shares.prefix(longestList) {
        let percent = String(format: "%.1f", 100 * Double(share.splits) / Double(max(1, statistics.splits)))
        text += "    \(share.name)   \(NumberFormat.grouped(share.splits)) times, \(percent) %\n"
      }
      text += more(statistics.shares.count)
    }
    return text
  }

  private static func text(_ miss: NearMiss) -> String {
    let size = NumberFormat.short(abs(miss.shortfall))
    var text = "  the nearest of \(NumberFormat.grouped(miss.evaluations)) points tried "
    text +=
      miss.shortfall > 0
      ? "is short of the property by about \(size):\n"
      : "seems, in doubles, to satisfy the property by \(size):\n"
    for (names, value) in zip(miss.names, miss.point).prefix(longestList) {
      text += "    \(names.joined(separator: " = "))   \(NumberFormat.short(value))\n"
    }
    return text + more(miss.point.count)
  }

  private static func more(_ count: Int) -> String {
    count > longestList ? "    … and \(count - longestList) more (all with --json)\n" : ""
  }

  private static func row(_ normal: [Double], _ inputs: [Int], _ problem: QueryProblem) -> String {
    let names = problem.inputNames
    var text = ""
    for (weight, input) in zip(normal, inputs) where weight != 0 {
      let magnitude = abs(weight) == 1 ? "" : NumberFormat.short(abs(weight)) + " "
      let sign = weight < 0 ? (text.isEmpty ? "-" : " - ") : text.isEmpty ? "" : " + "
      text += sign + magnitude + (names[input].first ?? "input \(input)")
    }
    return text
  }

  private static func name(
    _ origin: WitnessExplanation.Region.Origin, _ explanation: WitnessExplanation, _ problem: QueryProblem
  ) -> String {
    switch origin {
    case .unit(let unit): problem.name(ofUnit: unit)
    case .bound: "the box"
    case .margin(let index): explanation.margins[index].inequality
    }
  }

  // MARK: As JSON

  func json(_ problem: QueryProblem) -> JSONText {
    switch self {
    case .violation(let explanation): Self.json(explanation, problem)
    case .proof(let statistics, let tightest, let miss):
      .object([
        ("proof", statistics.map(Self.json) ?? .null), ("tightest", tightest.map(Self.json) ?? .null),
        ("nearest", miss.map(Self.json) ?? .null),
      ])
    case .open(let share, let resisting, let miss):
      .object([
        ("proved_share", .number(share)), ("resisting", resisting.map(Self.json) ?? .null),
        ("nearest", miss.map(Self.json) ?? .null),
      ])
    }
  }

  private static func json(_ part: VerificationResult.Part) -> JSONText {
    .object([("margin", .number(part.margin)), ("lower", .numbers(part.lower)), ("upper", .numbers(part.upper))])
  }

  private static func json(_ explanation: WitnessExplanation, _ problem: QueryProblem) -> JSONText {
    let region = explanation.region.map { region in
      JSONText.object([
        ("inputs", .array(region.inputs.map { .string((problem.inputNames[$0].first ?? "")) })),
        ("a", .array(region.halfSpaces.map { .numbers($0.normal) })), ("b", .numbers(region.halfSpaces.map(\.offset))),
        ("origins", .array(region.origins.map { .string(name($0, explanation, problem)) })),
        ("half_spaces", .integer(region.rowCount)), ("radius", region.radius.map { .number($0) } ?? .null),
      ])
    }
    return .object([
      (
        "margins",
        .array(
          explanation.margins.map { .object([("inequality", .string($0.inequality)), ("slack", .number($0.slack))]) })
      ),
      (
        "positions",
        .array(
          explanation.positions.map { position in
            .object([
              ("names", .array(position.names.map { .string($0) })), ("value", .number(position.value)),
              ("lower", .number(position.range.lower)), ("upper", .number(position.range.upper)),
              ("offset", position.offset.map { .number($0) } ?? .null),
            ])
          })
      ),
      ("region", region ?? .null), ("region_note", explanation.regionNote.map { .string($0) } ?? .null),
    ])
  }

  private static func json(_ statistics: ProofStatistics) -> JSONText {
    .object([
      ("cases", .integer(statistics.cases)), ("leaves", .integer(statistics.leaves)),
      ("input_splits", .integer(statistics.inputSplits)), ("unit_splits", .integer(statistics.unitSplits)),
      (
        "shares",
        .array(statistics.shares.map { .object([("name", .string($0.name)), ("splits", .integer($0.splits))]) })
      ),
    ])
  }

  private static func json(_ miss: NearMiss) -> JSONText {
    .object([
      ("shortfall", .number(miss.shortfall)), ("point", .numbers(miss.point)),
      ("names", .array(miss.names.map { .array($0.map { .string($0) }) })), ("evaluations", .integer(miss.evaluations)),
    ])
  }
}
