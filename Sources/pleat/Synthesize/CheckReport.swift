import Exact
import Representation

/// What the comparison of a written network with its function says, in words and as JSON.
struct CheckReport {
  /// nil when the function has no cells to compare on.
  let check: SynthesisCheck?
  let precision: WeightPrecision
  let isRounded: Bool
  /// What was compared over, in words.
  var domain = "the whole domain"

  /// One or more lines.
  var lines: [String] {
    guard let check else {
      return [
        isRounded
          ? "not compared, since the cells were not listed; rounding to \(precision.rawValue) changed weights"
          : "not compared, since the cells were not listed; no weight was rounded, so that the network is exact"
      ]
    }
    let written = check.written
    let pieces = ModelFile.count(written.pieces, "piece")
    if written.isEqual { return ["equal on \(domain) (proved on \(pieces))"] }
    guard written.isComplete else {
      guard written.cells > 0, let difference = written.largest else {
        return ["NOT PROVED: stopped before the first cell was compared"]
      }
      return [
        "NOT PROVED: stopped after \(ModelFile.count(written.cells, "cell")), where differences of up to "
          + "\(NumberFormat.short(difference.doubleValue)) were seen"
      ]
    }
    return [exactLine, writtenLine(check)].compactMap { $0 }
  }

  /// What is known of the network before rounding.
  private var exactLine: String? {
    guard let exact = check?.exact else { return nil }
    guard exact.isComplete else { return "the comparison before rounding was stopped" }
    if exact.isEqual {
      return "before rounding equal on \(domain) (proved on \(ModelFile.count(exact.pieces, "piece")))"
    }
    return "before rounding within \(largest(exact) ?? "an unbounded difference") of the cells' maps, which fit "
      + "together up to the tolerance only"
  }

  private func writtenLine(_ check: SynthesisCheck) -> String {
    let subject = isRounded ? "rounded to \(precision.rawValue) it" : "the network"
    if let text = largest(check.written) { return "\(subject) differs by at most \(text)" }
    guard let boxed = check.boxed, boxed.result.isComplete, let text = largest(boxed.result) else {
      return "\(subject) differs without bound far out, where slopes differ"
    }
    return "\(subject) differs in its slopes, so that far out the difference is unbounded; "
      + "in the \(RegionTitle.box(boxed.lower, boxed.upper)) it is at most \(text)"
  }

  /// `3.1e-7 at (1, 2)`, with slack `4e-7, and by 3.1e-7 at (1, 2)`; nil when it is unbounded.
  private func largest(_ result: FunctionComparison.Result) -> String? {
    guard let magnitude = result.largest, let bound = result.bound, let (output, difference) = worst(result) else {
      return nil
    }
    let point = difference.point.map { NumberFormat.full($0.doubleValue) }.joined(separator: ", ")
    let name = result.differences.count > 1 ? " (output \(output))" : ""
    let limit = bound == magnitude ? "" : "\(NumberFormat.short(bound.roundedUp)), and by "
    return "\(limit)\(NumberFormat.short(magnitude.doubleValue)) at (\(point))\(name)"
  }

  private func worst(_ result: FunctionComparison.Result) -> (Int, FunctionComparison.Difference)? {
    let unbounded = result.differences.enumerated().first { $0.element.largest == nil }
    let largest = result.differences.enumerated().max { ($0.element.largest ?? .zero) < ($1.element.largest ?? .zero) }
    return (unbounded ?? largest).map { ($0.offset, $0.element) }
  }

  var json: JSONText {
    guard let check else {
      return .object([
        ("equal", isRounded ? .null : .bool(true)), ("complete", .bool(false)), ("rounded", .bool(isRounded)),
      ])
    }
    let written = check.written
    let worst = worst(written)
    let largest = written.cells > 0 ? written.largest : nil
    return .object([
      ("equal", .bool(written.isEqual)), ("complete", .bool(written.isComplete)),
      ("pieces", .integer(written.pieces)), ("rounded", .bool(isRounded)),
      ("largest_difference", largest.map { .number($0.doubleValue) } ?? .null),
      ("bound", written.isComplete ? written.bound.map { .number($0.roundedUp) } ?? .null : .null),
      ("exact", largest.map { .string($0.description) } ?? .null),
      ("output", worst.map { .integer($0.0) } ?? .null),
      ("point", worst.map { .numbers($0.1.point.map(\.doubleValue)) } ?? .null),
      ("unrounded_equal", check.exact.map { .bool($0.isEqual) } ?? .bool(written.isEqual)),
      (
        "box",
        check.boxed.map { boxed in
          .object([
            ("lower", .numbers(boxed.lower.map(\.doubleValue))), ("upper", .numbers(boxed.upper.map(\.doubleValue))),
            (
              "largest_difference",
              boxed.result.isComplete ? boxed.result.largest.map { .number($0.doubleValue) } ?? .null : .null
            ),
          ])
        } ?? .null
      ),
    ])
  }
}

/// Domains in words.
enum RegionTitle {
  static func box(_ lower: [Rational], _ upper: [Rational]) -> String {
    let sides = zip(lower, upper).map {
      "[\(NumberFormat.short($0.doubleValue)), \(NumberFormat.short($1.doubleValue))]"
    }
    return "box \(sides.joined(separator: " × "))"
  }
}
