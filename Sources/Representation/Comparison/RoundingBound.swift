import Exact
import Networks

/// How far a network may be from another one with the same units and other weights, on a box.
///
/// Errors of weights are carried through the layers with bounds on the values: |w'v' − w v| ≤ |w'| |v' − v| + |w' − w| |v|.
/// It looks at every weight once, and is coarser than a comparison on all pieces.
struct RoundingBound {
  /// For each output, no difference on the box is above.
  let outputs: [Double]

  /// nil when the networks have different units, or a bound leaves the range of doubles. O(weights).
  init?(_ exact: ExactUnits, _ written: ExactUnits, lower: [Rational], upper: [Rational]) {
    guard exact.inputs == written.inputs, exact.units.count == written.units.count,
      exact.outputs.count == written.outputs.count
    else { return nil }
    var ranges = zip(lower, upper).map { Interval(lower: $0.roundedDown, upper: $1.roundedUp) }
    var errors = [Interval](repeating: .zero, count: ranges.count)
    for (unit, other) in zip(exact.units, written.units) {
      guard case .hinge(let below, let above) = unit.kind, case .hinge(let otherBelow, let otherAbove) = other.kind,
        below == otherBelow, above == otherAbove
      else { return nil }
      let steepest = Interval(max(below.magnitude, above.magnitude))
      let form = Self.range(unit.forms[0], ranges)
      errors.append(steepest * Self.error(unit.forms[0], other.forms[0], ranges, errors))
      let ends = [Interval(below) * Interval(min(form.lower, 0)), Interval(above) * Interval(max(form.upper, 0))]
      ranges.append(ends[0].hull(ends[1]).hull(.zero))
    }
    outputs = zip(exact.outputs, written.outputs).map { Self.error($0, $1, ranges, errors).upper }
    guard outputs.allSatisfy(\.isFinite) else { return nil }
  }

  private static func range(_ row: RationalNetwork.Row, _ ranges: [Interval]) -> Interval {
    row.terms.reduce(Interval(row.constant)) { $0 + Interval($1.weight) * ranges[$1.column] }
  }

  private static func error(
    _ row: RationalNetwork.Row, _ other: RationalNetwork.Row, _ ranges: [Interval], _ errors: [Interval]
  ) -> Interval {
    var sum = Interval((other.constant - row.constant).magnitude)
    var changes = Dictionary(uniqueKeysWithValues: row.terms.map { ($0.column, -$0.weight) })
    for term in other.terms {
      sum = sum + Interval(term.weight.magnitude) * errors[term.column]
      changes[term.column, default: .zero] += term.weight
    }
    // In the order of the columns, since rounding depends on it.
    for (column, change) in changes.sorted(by: { $0.key < $1.key }) where change.signum != 0 {
      let largest = max(abs(ranges[column].lower), abs(ranges[column].upper))
      sum = sum + Interval(change.magnitude) * Interval(largest)
    }
    return sum
  }
}
