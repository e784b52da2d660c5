import Exact

/// Which affine forms of the inputs a layer hands on, so that some needed ones are combinations of them.
///
/// A form that is the argument of a unit of the layer costs one more unit, any other two; so arguments are taken first,
/// as long as they are in the span of what is needed, and the number of forms is the dimension of that span.
struct AffineCarry {
  struct Member {
    /// Without constant.
    var form: LinearForm
    /// The unit of the layer whose argument the form is, up to a constant; nil when there is none.
    var argument: Int?
  }

  private(set) var members: [Member] = []
  private let domain: WeightDomain
  /// Rows in echelon form: each has zeros in the pivot columns of the rows before it.
  private var rows: [(pivot: Int, form: LinearForm, combination: LinearForm)] = []

  /// - Parameters:
  ///   - needed: forms over the inputs, without constants.
  ///   - arguments: the units of the layer whose arguments are affine, with these arguments.
  init(needed: [LinearForm], arguments: [(unit: Int, form: LinearForm)], domain: WeightDomain) {
    self.domain = domain
    var span = AffineCarry(domain: .rational)
    for form in needed { span.insert(form, argument: nil) }
    for (unit, form) in arguments {
      if rows.count == span.rows.count { break }
      let linear = form.linearPart
      if span.reduced(linear).isConstant { insert(linear, argument: unit) }
    }
    if rows.count == span.rows.count { return }
    switch domain {
    case .rational: for form in needed { insert(form, argument: nil) }
    case .dyadic: completeOverIntegers(needed)
    }
  }

  private init(domain: WeightDomain) { self.domain = domain }

  /// The coefficients of the members, as a form over their numbers; the form must be in their span.
  func combination(of form: LinearForm) -> LinearForm {
    var rest = form
    var result = LinearForm()
    for row in rows {
      let factor = rest[row.pivot] / row.form[row.pivot]
      if factor.signum == 0 { continue }
      rest = rest.adding(row.form, times: -factor)
      result = result.adding(row.combination, times: factor)
    }
    return result
  }

  private func reduced(_ form: LinearForm) -> LinearForm {
    var rest = form
    for row in rows {
      let weight = rest[row.pivot]
      if weight.signum != 0 { rest = rest.adding(row.form, times: -weight / row.form[row.pivot]) }
    }
    return rest
  }

  /// Makes a form a member unless it is a combination of the members; over the dyadic numbers, only when division by its
  /// pivot keeps them.
  private mutating func insert(_ form: LinearForm, argument: Int?) {
    let rest = reduced(form)
    let pivot = domain == .rational ? rest.terms.first : rest.terms.first { $0.weight.isPowerOfTwo }
    guard let pivot else { return }
    append(form, rest: rest, pivot: pivot.column, argument: argument)
  }

  private mutating func append(_ form: LinearForm, rest: LinearForm, pivot: Int, argument: Int?) {
    let known = combination(of: form.adding(rest, times: -1))
    rows.append((pivot, rest, LinearForm(column: members.count) - known))
    members.append(Member(form: form, argument: argument))
  }

  /// Adds a basis, by Euclid's algorithm on rows, of what is left of the needed forms: integer combinations reach all.
  private mutating func completeOverIntegers(_ needed: [LinearForm]) {
    var basis: [LinearForm] = []
    for form in needed {
      var rest = reduced(form)
      while let pivot = rest.terms.first?.column {
        guard let index = basis.firstIndex(where: { $0.terms[0].column == pivot }) else {
          basis.append(rest.primitive.form)
          break
        }
        while rest[pivot].signum != 0 {
          let quotient = (basis[index][pivot] / rest[pivot]).roundedDown(bits: 0)
          (basis[index], rest) = (rest, basis[index].adding(rest, times: -quotient))
        }
      }
    }
    // Where all of space is needed the inputs themselves will do, whose combinations have the smallest coefficients.
    let columns = Set(basis.flatMap { $0.terms.map(\.column) })
    if columns.count == basis.count { basis = columns.map { LinearForm(column: $0) } }
    basis.sort { $0.terms[0].column < $1.terms[0].column }
    for form in basis { append(form, rest: form, pivot: form.terms[0].column, argument: nil) }
  }
}

extension Rational {
  /// Whether the magnitude is 2 to an integer power, of either sign.
  var isPowerOfTwo: Bool {
    let value = doubleValue.magnitude
    return value.isNormal && value.significand == 1 && Rational(exactly: value) == magnitude
  }
}
