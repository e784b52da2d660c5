import Exact
import Networks

/// A sparse affine form constant + Σ weight · column in rational numbers.
///
/// Columns are numbered by whoever makes the form; in a `HingeGraph` the inputs come first, then the hinges.
struct LinearForm: Hashable, Sendable {
  typealias Term = RationalNetwork.Row.Term

  var constant: Rational
  /// By increasing column, each once, no weight zero.
  private(set) var terms: [Term]

  init(constant: Rational = .zero, terms: [Term] = []) {
    self.constant = constant
    self.terms = terms
  }

  init(column: Int) { self.init(terms: [Term(column: column, weight: .one)]) }

  init(_ function: AffineFunction) {
    self.init(
      constant: function.constant,
      terms: function.gradient.enumerated().compactMap { index, slope in
        slope.signum == 0 ? nil : Term(column: index, weight: slope)
      })
  }

  var isConstant: Bool { terms.isEmpty }

  /// The form as a row of a network whose layer before has these columns.
  var row: RationalNetwork.Row {
    RationalNetwork.Row(terms.lazy.map { (key: $0.column, value: $0.weight) }, constant: constant)
  }

  var linearPart: LinearForm { LinearForm(terms: terms) }

  /// The terms that satisfy a condition, without the constant.
  func filter(_ isIncluded: (Term) -> Bool) -> LinearForm { LinearForm(terms: terms.filter(isIncluded)) }

  /// The weight of a column, 0 when it does not occur. O(log terms).
  subscript(column: Int) -> Rational {
    var (low, high) = (0, terms.count)
    while low < high {
      let middle = (low + high) / 2
      if terms[middle].column < column { low = middle + 1 } else { high = middle }
    }
    return low < terms.count && terms[low].column == column ? terms[low].weight : .zero
  }

  static func + (left: LinearForm, right: LinearForm) -> LinearForm { left.adding(right, times: .one) }

  static func - (left: LinearForm, right: LinearForm) -> LinearForm { left.adding(right, times: -1) }

  static prefix func - (form: LinearForm) -> LinearForm {
    LinearForm(constant: -form.constant, terms: form.terms.map { Term(column: $0.column, weight: -$0.weight) })
  }

  func scaled(by factor: Rational) -> LinearForm {
    if factor == .one { return self }
    if factor.signum == 0 { return LinearForm() }
    return LinearForm(
      constant: factor * constant, terms: terms.map { Term(column: $0.column, weight: factor * $0.weight) })
  }

  /// self + factor · other. O(terms).
  func adding(_ other: LinearForm, times factor: Rational) -> LinearForm {
    let other = other.scaled(by: factor)
    if other.terms.isEmpty { return LinearForm(constant: constant + other.constant, terms: terms) }
    var sum: [Term] = []
    sum.reserveCapacity(terms.count + other.terms.count)
    var (i, j) = (0, 0)
    while i < terms.count, j < other.terms.count {
      let (a, b) = (terms[i], other.terms[j])
      if a.column == b.column {
        let weight = a.weight + b.weight
        if weight.signum != 0 { sum.append(Term(column: a.column, weight: weight)) }
      } else {
        sum.append(a.column < b.column ? a : b)
      }
      i += a.column <= b.column ? 1 : 0
      j += b.column <= a.column ? 1 : 0
    }
    sum += terms[i...]
    sum += other.terms[j...]
    return LinearForm(constant: constant + other.constant, terms: sum)
  }

  /// The form as a multiple of integers without a common divisor, the first weight being positive.
  ///
  /// Forms that are multiples of one another, and not constant, have the same primitive form. O(terms).
  var primitive: (form: LinearForm, factor: Rational) {
    guard let first = terms.first else { return (self, .one) }
    var content = constant.magnitude
    for term in terms { content = Self.greatestCommonDivisor(content, term.weight.magnitude) }
    let factor = first.weight.signum < 0 ? -content : content
    return (factor == .one ? self : scaled(by: .one / factor), factor)
  }

  /// The largest rational number of which both are multiples by integers; neither may be negative, `right` not zero.
  private static func greatestCommonDivisor(_ left: Rational, _ right: Rational) -> Rational {
    left.signum == 0 || left == right ? right : left / (left / right).numerator
  }
}
