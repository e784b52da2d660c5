import Exact
import Representation

/// What `pleat decompose` tells its user.
struct DecomposeReport {
  let subject: FunctionSubject
  let sums: [SignedMaximumSum]
  /// nil when the function has no cells to compare on.
  let proof: FunctionComparison.Result?
  let command: DecomposeCommand
  let seconds: Double

  /// So many functions and so many terms of an output are printed.
  private static let shown = 36

  var text: String {
    var rows = ReportRows()
    subject.add(to: &rows)
    for (output, sum) in sums.enumerated() {
      rows.gap()
      let name = sums.count > 1 ? "f\(output)" : "f"
      rows.add(name, summary(sum))
      add(sum, to: &rows)
    }
    rows.gap()
    rows.add("proof", proofText)
    if let path = command.out { rows.add("written", "to \(path)") }
    rows.add("time", "\(NumberFormat.seconds(seconds)) s")
    return rows.text
  }

  /// `13 terms of 6 functions: 2 affine, 8 of two, 3 of three`.
  private func summary(_ sum: SignedMaximumSum) -> String {
    guard !sum.terms.isEmpty else { return "the sum of no terms: zero" }
    let kinds = arities(sum).enumerated().filter { $0.element > 0 }.map { index, count in
      index == 0 ? "\(count) affine" : "\(count) of \(index + 1)"
    }
    return "\(ModelFile.count(sum.terms.count, "term")) in \(ModelFile.count(sum.functions.count, "affine function")) "
      + "(\(kinds.joined(separator: ", ")))"
  }

  /// The numbers of terms with 1, 2, … arguments.
  private func arities(_ sum: SignedMaximumSum) -> [Int] {
    guard sum.largestArity > 0 else { return [] }
    return (1...sum.largestArity).map { arity in sum.terms.count { $0.arguments.count == arity } }
  }

  private func add(_ sum: SignedMaximumSum, to rows: inout ReportRows) {
    guard !sum.terms.isEmpty else { return }
    let limit = command.all ? Int.max : Self.shown
    for (index, function) in sum.functions.enumerated().prefix(limit) {
      rows.add("  l\(index)", function.formula(isExact: command.all))
    }
    if sum.functions.count > limit { rows.add("", "and \(sum.functions.count - limit) functions more (--all)") }
    for (index, term) in sum.terms.enumerated().prefix(limit) {
      rows.add(index == 0 ? "  sum" : "", Self.text(term))
    }
    if sum.terms.count > limit { rows.add("", "and \(sum.terms.count - limit) terms more (--all)") }
  }

  /// `- 2 max(l0, l3)`.
  private static func text(_ term: SignedMaximumSum.Term) -> String {
    let sign = term.coefficient < 0 ? "-" : "+"
    let size = term.coefficient.magnitude == 1 ? "" : "\(term.coefficient.magnitude) "
    let names = term.arguments.map { "l\($0)" }
    return "\(sign) \(size)\(names.count == 1 ? names[0] : "max(\(names.joined(separator: ", ")))")"
  }

  private var proofText: String {
    guard let proof else {
      return "none: the cells were not listed; the sum follows from the formula by exact identities"
    }
    let pieces = ModelFile.count(proof.pieces, "piece")
    if proof.isEqual { return "equal on the whole domain (proved on \(pieces))" }
    let largest = proof.largest.map { "\(NumberFormat.short($0.doubleValue))" } ?? "an unbounded difference"
    guard proof.isComplete else { return "stopped after \(pieces); up to there within \(largest)" }
    return "within \(largest) of the cells' maps (on \(pieces)), which fit together up to the tolerance only"
  }

  var json: JSONText {
    .object(
      subject.members + [
        ("decomposition", .array(sums.map(json))),
        (
          "proof",
          proof.map { proof in
            .object([
              ("equal", .bool(proof.isEqual)), ("complete", .bool(proof.isComplete)),
              ("pieces", .integer(proof.pieces)),
              ("largest_difference", proof.largest.map { .number($0.doubleValue) } ?? .null),
              ("exact", proof.largest.map { .string($0.description) } ?? .null),
            ])
          } ?? .null
        ),
        ("file", command.out.map { .string($0) } ?? .null), ("seconds", .number(seconds)),
      ])
  }

  private func json(_ sum: SignedMaximumSum) -> JSONText {
    .object([
      ("arities", .array(arities(sum).map { .integer($0) })),
      (
        "functions",
        .array(
          sum.functions.map { function in
            .object([
              ("gradient", .array(function.gradient.map { .string($0.description) })),
              ("constant", .string(function.constant.description)),
            ])
          })
      ),
      (
        "terms",
        .array(
          sum.terms.map {
            .object([
              ("coefficient", .integer($0.coefficient)), ("arguments", .array($0.arguments.map { .integer($0) })),
            ])
          })
      ),
    ])
  }
}
