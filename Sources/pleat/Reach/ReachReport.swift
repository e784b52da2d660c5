import Exact
import Foundation
import Verification

/// What `pleat reach` tells its user: as text, and as the documented JSON document.
struct ReachReport {
  let request: ReachRequest
  let subject: ReachSubject
  let result: ReachResult

  /// So many violating pieces are listed in text.
  private static let mostListed = 5

  var text: String {
    var rows = ReportRows()
    rows.add("model", subject.title)
    if let property = request.command.property {
      let cases = subject.parts.reduce(0) { $0 + ($1.unsafe?.cases.count ?? 0) }
      rows.add(
        "property",
        "\(URL(fileURLWithPath: property).lastPathComponent): \(ModelFile.count(cases, "unsafe set")), "
          + "\(boxes(subject.parts.count))")
    }
    if subject.parts.count == 1 { rows.add("domain", subject.parts[0].domain.title) }
    rows.gap()
    if let answer = result.answer { answerRows(answer, &rows) }
    if let pieces = result.pieces {
      let count = NumberFormat.grouped(pieces)
      rows.add(
        "pieces",
        result.isComplete
          ? "\(count)   all of them: polytopes whose union is the exact set of outputs"
          : "at least \(count): stopped before all were seen")
    }
    rangeRows(&rows)
    rows.add("time", "\(NumberFormat.seconds(result.seconds)) s")
    for (name, path) in result.files { rows.add("\(name) written", path) }
    for remark in result.remarks { rows.add("note", remark) }
    return rows.text
  }

  private func boxes(_ count: Int) -> String { "\(NumberFormat.grouped(count)) \(count == 1 ? "box" : "boxes")" }

  private func answerRows(_ answer: ReachResult.Answer, _ rows: inout ReportRows) {
    switch answer {
    case .safe:
      let proof = request.isExact && result.isComplete ? exactProof : enclosureProof
      rows.add("answer", "safe: \(proof)")
    case .unsafe:
      let share = result.isComplete ? "of \(NumberFormat.grouped(result.pieces ?? 0))" : "so far"
      rows.add(
        "answer",
        "unsafe: \(ModelFile.count(result.violations.count, "piece")) \(share) "
          + (result.violations.count == 1 ? "meets" : "meet") + " an unsafe set, proved exactly")
      for violation in result.violations.prefix(Self.mostListed) {
        let point = violation.found.point.enumerated().prefix(8).map {
          "\(subject.inputNames[$0]) = \(NumberFormat.full($1.doubleValue))"
        }
        let rest = violation.found.point.count > 8 ? ", …" : ""
        rows.add("  meets set \(violation.found.caseIndex)", point.joined(separator: ", ") + rest)
      }
      if result.violations.count > Self.mostListed {
        rows.add("", "and \(NumberFormat.grouped(result.violations.count - Self.mostListed)) more; --json lists all")
      }
    case .unknown:
      rows.add(
        "answer",
        request.isExact ? "cannot tell: stopped before all pieces were seen" : "cannot tell: \(open)")
    }
    rows.gap()
  }

  private var exactProof: String {
    subject.parts.isEmpty
      ? "there is no input to ask about" : "proved on all \(NumberFormat.grouped(result.pieces ?? 0)) pieces, exactly"
  }

  private var enclosureProof: String {
    guard let method = result.enclosures.first(where: { $0.openCases.isEmpty })?.method else { return exactProof }
    return "proved by \(method.rawValue)"
  }

  private var open: String {
    let counts = result.enclosures.map {
      "\($0.method.rawValue) leaves \(ModelFile.count($0.openCases.count, "set")) open"
    }
    return counts.isEmpty ? "stopped before there was an enclosure" : counts.joined(separator: ", ")
  }

  private func rangeRows(_ rows: inout ReportRows) {
    /// One output; the first says what the rows are.
    func add(_ title: String, _ output: Int, _ lower: Double, _ upper: Double, _ kind: String) {
      let range = "[\(NumberFormat.full(lower)), \(NumberFormat.full(upper))]"
      let isFirst = output == 0
      rows.add(
        isFirst ? title : "", "\(subject.outputNames[output])  \(range)" + (isFirst ? "   \(kind)" : ""))
    }
    let shown = 12
    for (output, range) in result.ranges.enumerated().prefix(shown) {
      let kind = range.exact == nil ? "to rounding" : "exact ends, rounded"
      add("output ranges", output, range.lower, range.upper, kind)
    }
    if result.ranges.count > shown { rows.add("", "and \(result.ranges.count - shown) more; --json lists all") }
    for enclosure in result.enclosures {
      for (output, range) in enclosure.ranges.enumerated().prefix(shown) {
        add(enclosure.method.rawValue, output, range.lower, range.upper, "proved to hold all outputs")
      }
    }
  }
}

extension ReachReport {
  var json: JSONText {
    var members: [(String, JSONText)] = [
      ("model", .string(request.command.model)), ("property", request.command.property.map { .string($0) } ?? .null),
      ("pieces", result.pieces.map { .integer($0) } ?? .null), ("complete", .bool(result.isComplete)),
      ("answer", result.answer.map { .string($0.rawValue) } ?? .null), ("seconds", .number(result.seconds)),
      ("boxes", .integer(subject.parts.count)), ("inputs", .integer(subject.network.inputCount)),
    ]
    if subject.question != nil {
      members.append(("unsafe_pieces", request.isExact ? .integer(result.violations.count) : .null))
      members.append(("violations", .array(result.violations.map(json))))
    }
    members.append(
      (
        "outputs",
        .array(
          result.ranges.enumerated().map { output, range in
            .object([
              ("name", .string(subject.outputNames[output])), ("minimum", .number(range.lower)),
              ("maximum", .number(range.upper)), ("exact", .bool(range.exact != nil)),
            ])
          })
      ))
    members.append(
      (
        "enclosures",
        .array(
          result.enclosures.map { enclosure in
            .object([
              ("method", .string(enclosure.method.rawValue)),
              ("ranges", .array(enclosure.ranges.map { .numbers([$0.lower, $0.upper]) })),
              (
                "answer",
                subject.question == nil ? .null : .string(enclosure.openCases.isEmpty ? "safe" : "unknown")
              ),
            ])
          })
      ))
    members.append(
      ("files", .array(result.files.map { .object([("what", .string($0.0)), ("path", .string($0.1))]) })))
    members.append(("remarks", .array(result.remarks.map { .string($0) })))
    return .object(members)
  }

  private func json(_ violation: ReachResult.Violation) -> JSONText {
    .object([
      ("box", .integer(violation.part)), ("case", .integer(violation.found.caseIndex)),
      ("pattern", .string(violation.pattern)), ("point", .numbers(violation.found.point.map(\.doubleValue))),
      ("exact_point", .array(violation.found.point.map { .string("\($0)") })),
    ])
  }
}
