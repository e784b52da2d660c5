import Exact
import PiecewiseLinear
import Representation

/// What `pleat equivalent` tells its user.
struct EquivalentReport {
  enum Answer: String {
    case equal
    case withinTolerance = "within tolerance"
    case different
    case unknown
  }

  /// By how much an output differs.
  struct Difference {
    /// The largest, or the largest that was seen when `bound` is above it; nil when it is unbounded.
    var magnitude: Rational?
    /// No difference is above.
    var bound: Rational?
    var point: [Rational]
    /// Where it grows without bound; empty when it does not, or when that was not found out.
    var direction: [Rational]
    var first: Rational
    var second: Rational
  }

  let first: String
  let second: String
  /// For people, and as the JSON document names it.
  let domain: String
  let boundary: String
  let tolerance: Rational
  let differences: [Difference]
  /// What was looked at, and its number: activation regions, or pieces.
  let parts: (name: String, key: String, count: Int)
  let isComplete: Bool
  let seconds: Double

  /// Decided exactly: a difference without a value is unbounded.
  var answer: Answer {
    let exceeds = differences.contains { ($0.magnitude.map { $0 > tolerance }) ?? true }
    if exceeds { return .different }
    let isSettled = differences.allSatisfy { ($0.bound.map { $0 <= tolerance }) ?? false }
    guard isComplete, isSettled, !differences.isEmpty else { return .unknown }
    return differences.allSatisfy { $0.bound?.signum == 0 } ? .equal : .withinTolerance
  }

  var text: String {
    var rows = ReportRows()
    rows.add("first", first)
    rows.add("second", second)
    rows.add("domain", domain)
    rows.gap()
    rows.add("answer", answerText)
    for (output, difference) in differences.enumerated() where difference.magnitude?.signum != 0 {
      let name = differences.count == 1 ? "f" : "f\(output)"
      let point = difference.point.map { NumberFormat.full($0.doubleValue) }.joined(separator: ", ")
      guard let magnitude = difference.magnitude else {
        let direction = difference.direction.map { NumberFormat.short($0.doubleValue) }.joined(separator: ", ")
        rows.add(
          "\(name) differs", "without bound, from (\(point))\(direction.isEmpty ? "" : " along (\(direction))")")
        continue
      }
      rows.add("\(name) differs", "by \(NumberFormat.full(magnitude.doubleValue)) at (\(point))")
      if let bound = difference.bound, bound != magnitude, isComplete {
        rows.add("", "and nowhere by more than \(NumberFormat.full(bound.roundedUp))")
      }
      rows.add(
        "",
        "where the first is \(NumberFormat.full(difference.first.doubleValue)), "
          + "the second \(NumberFormat.full(difference.second.doubleValue))")
    }
    rows.add("time", "\(NumberFormat.seconds(seconds)) s")
    return rows.text
  }

  private var answerText: String {
    let regions = "\(NumberFormat.grouped(parts.count)) \(parts.name)"
    switch answer {
    case .equal: return "equal: proved on all \(regions)"
    case .withinTolerance: return "equal within \(NumberFormat.short(tolerance.doubleValue)): proved on all \(regions)"
    case .different:
      return "different\(isComplete ? "" : "; stopped after \(regions), so the differences are lower bounds")"
    case .unknown: return "unknown: stopped after \(regions), and no difference that counts was seen"
    }
  }

  var json: JSONText {
    let isBounded = differences.allSatisfy { $0.magnitude != nil }
    let largest = isBounded ? differences.compactMap(\.magnitude).max() : nil
    return .object([
      ("verdict", .string(answer.rawValue)), ("equal", .bool(answer == .equal)),
      ("tolerance", .number(tolerance.doubleValue)),
      ("largest_difference", largest.map { .number($0.doubleValue) } ?? .null),
      (
        "differences",
        .array(
          differences.map { difference in
            .object([
              ("difference", difference.magnitude.map { .number($0.doubleValue) } ?? .null),
              ("bound", difference.bound.map { .number($0.roundedUp) } ?? .null),
              ("exact", difference.magnitude.map { .string($0.description) } ?? .null),
              ("point", .numbers(difference.point.map(\.doubleValue))),
              ("direction", difference.direction.isEmpty ? .null : .numbers(difference.direction.map(\.doubleValue))),
              ("first", .number(difference.first.doubleValue)),
              ("second", .number(difference.second.doubleValue)),
            ])
          })
      ),
      (parts.key, .integer(parts.count)), ("complete", .bool(isComplete)), ("boundary", .string(boundary)),
      ("seconds", .number(seconds)),
    ])
  }
}

extension EquivalentReport {
  /// Of two networks.
  init(
    first: ModelFile, second: ModelFile, domain: RegionDomain, tolerance: Rational, result: NetworkComparison.Result,
    seconds: Double
  ) {
    self.init(
      first: first.title, second: second.title, domain: domain.title, boundary: domain.name, tolerance: tolerance,
      differences: result.differences.map { difference in
        Difference(
          magnitude: difference.largest.value?.magnitude, bound: difference.largest.value?.magnitude,
          point: difference.largest.point,
          direction: difference.largest.direction, first: difference.firstValue, second: difference.secondValue)
      },
      parts: ("regions of both together", "activation_regions", result.summary.activationRegions),
      isComplete: result.summary.isComplete, seconds: seconds)
  }

  /// Of functions given cell by cell.
  ///
  /// - Parameter isSwapped: whether the function, whose values come first in the result, is the second argument.
  init(
    first: String, second: String, domain: String, boundary: String, tolerance: Rational,
    result: FunctionComparison.Result, isSwapped: Bool, seconds: Double
  ) {
    self.init(
      first: first, second: second, domain: domain, boundary: boundary, tolerance: tolerance,
      differences: result.differences.map { difference in
        Difference(
          magnitude: difference.largest, bound: difference.bound, point: difference.point,
          direction: difference.direction,
          first: isSwapped ? difference.networkValue : difference.functionValue,
          second: isSwapped ? difference.functionValue : difference.networkValue)
      },
      parts: ("pieces", "pieces", result.pieces), isComplete: result.isComplete, seconds: seconds)
  }
}
