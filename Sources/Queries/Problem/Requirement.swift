import Exact
import Networks

/// What every point of a case satisfies, in doubles: form(v) + Σ eⱼ |vⱼ| + Σ products(v) ≥ 0.
///
/// The inequality of the query is rational; the form is its rounding to doubles, the constant upwards, and the eⱼ bound what
/// rounding the other coefficients has changed. Strict inequalities are closed. So whatever contradicts the requirements of a
/// case proves that no point satisfies the case.
public struct Requirement: Sendable, Hashable {
  /// weight · Π factors
  public struct Product: Sendable, Hashable {
    /// The rational weight lies within.
    public var weight: Interval
    /// Two or more forms over the network's values, each exact.
    public var factors: [AffineForm]
  }

  /// Over the values of the network.
  public var form: AffineForm
  /// The errors eⱼ of the coefficients, none negative; empty when all are exact.
  public var errors: [AffineForm.Term]
  /// Empty for a linear requirement.
  public var products: [Product]
}

/// A case of a query as a box and requirements in doubles: the question that a search answers and a proof closes.
public struct RelaxedCase: Sendable {
  /// For each input of the network an interval that contains all its values in the case, as narrow as doubles allow; an end is
  /// infinite where the query bounds the input on its own nowhere.
  public var box: [Interval]
  public var requirements: [Requirement]

  public init(box: [Interval], requirements: [Requirement]) {
    self.box = box
    self.requirements = requirements
  }
}

extension QueryProblem {
  /// A case in doubles; nil when its box is empty. O(terms of the case · terms of an output).
  ///
  /// The requirements come in the order of the case's constraints, the lower bound of each before its upper bound. A bound of
  /// one input is part of the box.
  public func relaxed(_ item: QueryCase) -> RelaxedCase? {
    var exact = Array(repeating: ValueRange(), count: network.inputCount)
    for bound in item.box {
      guard case .input(let input) = places[bound.element] else { continue }
      exact[input] = exact[input].intersection(bound.range)
      if exact[input].isEmpty { return nil }
    }
    let box = exact.map { range in
      Interval(
        lower: range.lower.map { $0.value.roundedDown } ?? -.infinity,
        upper: range.upper.map { $0.value.roundedUp } ?? .infinity)
    }
    var requirements: [Requirement] = []
    for constraint in item.constraints {
      if let lower = constraint.range.lower {
        requirements.append(requirement(constraint.polynomial, sign: .one, bound: -lower.value))
      }
      if let upper = constraint.range.upper {
        requirements.append(requirement(constraint.polynomial, sign: Rational(-1), bound: upper.value))
      }
    }
    return RelaxedCase(box: box, requirements: requirements)
  }

  /// sign · element + bound ≥ 0, which most requirements are: nothing is multiplied, and the constant alone rounds.
  private func requirement(onElement element: Int, sign: Rational, bound: Rational) -> Requirement {
    let form = form(of: element)
    let isNegated = sign.signum < 0
    let constant = Rational(exactly: isNegated ? -form.constant : form.constant) + bound
    let terms =
      isNegated ? form.terms.map { AffineForm.Term(value: $0.value, weight: -$0.weight) } : form.terms
    return Requirement(form: AffineForm(constant: constant.roundedUp, terms: terms), errors: [], products: [])
  }

  /// sign · polynomial + bound ≥ 0
  private func requirement(_ polynomial: Polynomial, sign: Rational, bound: Rational) -> Requirement {
    if let element = polynomial.singleElement { return requirement(onElement: element, sign: sign, bound: bound) }
    var constant = sign * polynomial.constant + bound
    var coefficients: [Int: Rational] = [:]
    for term in polynomial.linear {
      let factor = sign * term.coefficient
      let form = form(of: term.element)
      constant += factor * Rational(exactly: form.constant)
      for part in form.terms { coefficients[part.value, default: .zero] += factor * Rational(exactly: part.weight) }
    }
    var terms: [AffineForm.Term] = []
    var errors: [AffineForm.Term] = []
    for (value, coefficient) in coefficients.sorted(by: { $0.key < $1.key }) where coefficient.signum != 0 {
      // Beyond the range of doubles the error becomes infinite: such a requirement proves nothing.
      let largest = Double.greatestFiniteMagnitude
      let rounded = min(max(coefficient.nearbyDouble, -largest), largest)
      let error = (coefficient - Rational(exactly: rounded)).magnitude
      if rounded != 0 { terms.append(AffineForm.Term(value: value, weight: rounded)) }
      if error.signum != 0 { errors.append(AffineForm.Term(value: value, weight: error.roundedUp)) }
    }
    let products = polynomial.products.map { product in
      let weight = sign * product.coefficient
      return Requirement.Product(
        weight: Interval(lower: weight.roundedDown, upper: weight.roundedUp), factors: product.elements.map(form(of:)))
    }
    return Requirement(
      form: AffineForm(constant: constant.roundedUp, terms: terms), errors: errors, products: products)
  }
}
