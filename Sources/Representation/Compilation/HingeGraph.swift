import Exact

/// A piecewise-linear expression: hinges σ(t), whose arguments t are affine forms of the inputs and of earlier hinges.
///
/// A graph is not yet layered: a form may read any hinge. Arguments that are multiples of one another, of either sign,
/// share one hinge: σ(λt) = λσ(t) for λ > 0, and σ(−t) = σ(t) − t.
///
/// Columns 0 ..< inputs are the inputs, column inputs + h is hinge h.
struct HingeGraph {
  let inputs: Int
  /// Integers without a common divisor, but for a power of two that keeps the size of the first form asked for.
  private(set) var arguments: [LinearForm] = []
  /// For each hinge, one more than the largest level of the hinges that it reads: the first hidden layer it may be in.
  private(set) var levels: [Int] = []
  private var indices: [LinearForm: Int] = [:]

  init(inputs: Int) { self.inputs = inputs }

  func isHinge(_ column: Int) -> Bool { column >= inputs }

  /// The largest level of the hinges that a form reads; 0 for an affine form of the inputs.
  func level(of form: LinearForm) -> Int {
    form.terms.reduce(0) { isHinge($1.column) ? max($0, levels[$1.column - inputs]) : $0 }
  }

  /// +1 or −1 when the weights alone show that the form is never negative, or never positive; 0 otherwise.
  func evidentSign(of form: LinearForm) -> Int {
    guard let first = form.terms.first else { return form.constant.signum }
    guard isHinge(first.column) else { return 0 }
    let sign = first.weight.signum
    return form.constant.signum != -sign && form.terms.allSatisfy { $0.weight.signum == sign } ? sign : 0
  }

  /// σ(form) = max(form, 0), as a form. Expected O(terms).
  mutating func positivePart(of form: LinearForm) -> LinearForm {
    if form.isConstant { return LinearForm(constant: max(form.constant, .zero)) }
    let sign = evidentSign(of: form)
    if sign != 0 { return sign > 0 ? form : LinearForm() }
    let (primitive, factor) = form.primitive
    if let index = indices[primitive] {
      let argument = arguments[index]
      let ratio = form.terms[0].weight / argument.terms[0].weight
      let hinge = LinearForm(column: inputs + index).scaled(by: ratio.magnitude)
      return ratio.signum > 0 ? hinge : hinge + form
    }
    let size = factor.magnitude.doubleValue
    let unit = Rational(powerOfTwo: size.isNormal ? Int(size.exponent) : 0)
    indices[primitive] = arguments.count
    let hinge = LinearForm(column: inputs + arguments.count).scaled(by: factor.magnitude / unit)
    levels.append(level(of: form) + 1)
    arguments.append(primitive.scaled(by: factor.signum < 0 ? -unit : unit))
    return hinge
  }

  /// max(u, v) = u + σ(v − u), the other way round when v has the lower level and so is easier to carry.
  mutating func maximum(_ u: LinearForm, _ v: LinearForm) -> LinearForm {
    level(of: v) < level(of: u) ? v + positivePart(of: u - v) : u + positivePart(of: v - u)
  }

  mutating func minimum(_ u: LinearForm, _ v: LinearForm) -> LinearForm { -maximum(-u, -v) }

  /// The larger of two forms, or the smaller.
  mutating func extremum(_ u: LinearForm, _ v: LinearForm, isMaximum: Bool) -> LinearForm {
    isMaximum ? maximum(u, v) : minimum(u, v)
  }
}
