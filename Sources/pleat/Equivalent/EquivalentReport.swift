import Exact
import PiecewiseLinear

/// What `pleat equivalent` tells its user.
struct EquivalentReport {
  enum Answer: String {
    case equal
    case withinTolerance = "within tolerance"
    case different
    case unknown
  }

  let first: ModelFile
  let second: ModelFile
  let domain: RegionDomain
  let tolerance: Rational
  let result: NetworkComparison.Result
  let seconds: Double

  /// Decided exactly: a difference without a value is unbounded.
  var answer: Answer {
    let exceeds = result.differences.contains { ($0.largest.value.map { $0.magnitude > tolerance }) ?? true }
    if exceeds { return .different }
    guard result.summary.isComplete, !result.differences.isEmpty else { return .unknown }
    return result.verdict == .equal ? .equal : .withinTolerance
  }

  var text: String {
    var rows = ReportRows()
    rows.add("first", first.title)
    rows.add("second", second.title)
    rows.add("domain", domain.title)
    rows.gap()
    rows.add("answer", answerText)
    for (output, difference) in result.differences.enumerated() where difference.largest.value?.signum != 0 {
      let name = result.differences.count == 1 ? "f" : "f\(output)"
      let point = difference.largest.point.map { NumberFormat.full($0.doubleValue) }.joined(separator: ", ")
      guard difference.largest.value != nil else {
        let direction = difference.largest.direction.map { NumberFormat.short($0.doubleValue) }.joined(separator: ", ")
        rows.add("\(name) differs", "without bound, from (\(point)) along (\(direction))")
        continue
      }
      rows.add("\(name) differs", "by \(NumberFormat.full(difference.magnitude)) at (\(point))")
      rows.add(
        "",
        "where the first is \(NumberFormat.full(difference.firstValue.doubleValue)), "
          + "the second \(NumberFormat.full(difference.secondValue.doubleValue))")
    }
    rows.add("time", "\(NumberFormat.seconds(seconds)) s")
    return rows.text
  }

  private var answerText: String {
    let regions = "\(NumberFormat.grouped(result.summary.activationRegions)) regions of both together"
    switch answer {
    case .equal: return "equal: proved on all \(regions)"
    case .withinTolerance: return "equal within \(NumberFormat.short(tolerance.doubleValue)): proved on all \(regions)"
    case .different:
      return
        "different\(result.summary.isComplete ? "" : "; stopped after \(regions), so the differences are lower bounds")"
    case .unknown: return "unknown: stopped after \(regions), and no difference that counts was seen"
    }
  }

  var json: JSONText {
    let largest = result.differences.map(\.magnitude).max()
    return .object([
      ("verdict", .string(answer.rawValue)), ("equal", .bool(answer == .equal)),
      ("tolerance", .number(tolerance.doubleValue)), ("largest_difference", largest.map { .number($0) } ?? .null),
      (
        "differences",
        .array(
          result.differences.map { difference in
            .object([
              ("difference", difference.largest.value.map { .number($0.magnitude.doubleValue) } ?? .null),
              ("exact", difference.largest.value.map { .string($0.magnitude.description) } ?? .null),
              ("point", .numbers(difference.largest.point.map(\.doubleValue))),
              (
                "direction",
                difference.largest.direction.isEmpty ? .null : .numbers(difference.largest.direction.map(\.doubleValue))
              ),
              ("first", .number(difference.firstValue.doubleValue)),
              ("second", .number(difference.secondValue.doubleValue)),
            ])
          })
      ),
      ("activation_regions", .integer(result.summary.activationRegions)),
      ("complete", .bool(result.summary.isComplete)),
      ("boundary", .string(domain.name)), ("seconds", .number(seconds)),
    ])
  }
}
