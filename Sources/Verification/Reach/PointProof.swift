import Exact
import Networks
import Queries

/// Proves in interval arithmetic, where it can, that a point satisfies a case.
struct PointProof: Sendable {
  let problem: QueryProblem

  /// Whether the point surely satisfies the case; false says nothing. O(parameters).
  func holds(at point: [Double], _ item: ReachQuestion.Case) -> Bool {
    for bound in item.exact.box {
      guard case .input(let input) = problem.places[bound.element],
        bound.range.contains(Rational(exactly: point[input]))
      else { return false }
    }
    var values = point.map { Interval($0) }
    values.reserveCapacity(values.count + problem.network.unitCount)
    for unit in problem.network.stages.flatMap(\.units) {
      guard case .hinge(let below, let above) = unit.kind else { preconditionFailure("a maximum among hinges") }
      values.append(unit.forms[0].range(over: values).bent(below: below, above: above))
    }
    return item.relaxed.requirements.allSatisfy { requirement in
      // The constant was rounded upwards, and the other coefficients by no more than the errors.
      let rounding = Interval(requirement.form.constant.nextDown) - Interval(requirement.form.constant)
      let sum = requirement.form.range(over: values) + rounding - requirement.errorBound(over: values)
      return sum.lower > 0
    }
  }
}

extension AffineForm {
  /// The range of the form, by interval arithmetic from the ranges of the values. O(terms).
  func range(over values: [Interval]) -> Interval {
    terms.reduce(Interval(constant)) { $0 + Interval($1.weight) * values[$1.value] }
  }
}

extension Requirement {
  /// Σ eⱼ |vⱼ| is at most the upper end of this.
  func errorBound(over values: [Interval]) -> Interval {
    errors.reduce(.zero) { sum, error in
      let value = values[error.value]
      return sum + Interval(error.weight) * Interval(lower: 0, upper: max(-value.lower, value.upper))
    }
  }
}

extension Interval {
  /// The range of a hinge whose form has this range.
  func bent(below: Double, above: Double) -> Interval {
    if lower >= 0 { return Interval(above) * self }
    if upper <= 0 { return Interval(below) * self }
    return (Interval(above) * Interval(lower: 0, upper: upper)).hull(Interval(below) * Interval(lower: lower, upper: 0))
  }
}
