extension AffineForm {
  var isConstant: Bool { terms.isEmpty }

  /// The value that the form is, with weight 1 and nothing added; nil for any other form.
  var plainValue: Int? {
    terms.count == 1 && terms[0].weight == 1 && constant == 0 ? terms[0].value : nil
  }

  var isFinite: Bool { constant.isFinite && terms.allSatisfy(\.weight.isFinite) }

  func shifted(by offset: Double) -> AffineForm {
    AffineForm(constant: constant + offset, terms: terms)
  }

  /// O(terms), and O(1) for the factor 1. A weight that underflows to zero is dropped.
  func scaled(by factor: Double) -> AffineForm {
    if factor == 1 { return self }
    return AffineForm(
      constant: constant * factor,
      terms: terms.compactMap { term in
        let weight = term.weight * factor
        return weight == 0 ? nil : Term(value: term.value, weight: weight)
      })
  }

  static func + (left: AffineForm, right: AffineForm) -> AffineForm {
    if right.isConstant { return left.shifted(by: right.constant) }
    if left.isConstant { return right.shifted(by: left.constant) }
    var terms: [Term] = []
    terms.reserveCapacity(left.terms.count + right.terms.count)
    var (i, j) = (0, 0)
    while i < left.terms.count, j < right.terms.count {
      let (a, b) = (left.terms[i], right.terms[j])
      if a.value == b.value {
        if a.weight + b.weight != 0 { terms.append(Term(value: a.value, weight: a.weight + b.weight)) }
      } else {
        terms.append(a.value < b.value ? a : b)
      }
      i += a.value <= b.value ? 1 : 0
      j += b.value <= a.value ? 1 : 0
    }
    terms += left.terms[i...]
    terms += right.terms[j...]
    return AffineForm(constant: left.constant + right.constant, terms: terms)
  }

  /// The form after value v has become value `numbers[v]`; different values keep different numbers. O(terms log terms).
  func renumbered(_ numbers: [Int]) -> AffineForm {
    var renumbered = terms.map { Term(value: numbers[$0.value], weight: $0.weight) }
    if zip(renumbered, renumbered.dropFirst()).contains(where: { $0.value > $1.value }) {
      renumbered.sort { $0.value < $1.value }
    }
    return AffineForm(constant: constant, terms: renumbered)
  }
}

/// A sum Σ wₖ fₖ of affine forms, gathered in one dense array, so that n terms cost O(n) whatever their order.
struct AffineSum {
  private var weights: [Double]
  private var occurs: [Bool]
  private var touched: [Int] = []
  private var isSorted = true
  private var constant = 0.0

  /// - Parameter valueCount: one more than the largest value that a form may read.
  init(valueCount: Int) {
    weights = Array(repeating: 0, count: valueCount)
    occurs = Array(repeating: false, count: valueCount)
  }

  mutating func add(_ offset: Double) { constant += offset }

  mutating func add(_ form: AffineForm, times factor: Double) {
    constant += factor * form.constant
    for term in form.terms {
      let value = term.value
      if occurs[value] {
        weights[value] += factor * term.weight
      } else {
        if let last = touched.last, last > value { isSorted = false }
        occurs[value] = true
        touched.append(value)
        weights[value] = factor * term.weight
      }
    }
  }

  /// The sum; the next one starts from zero.
  mutating func take() -> AffineForm {
    if !isSorted { touched.sort() }
    var terms: [AffineForm.Term] = []
    terms.reserveCapacity(touched.count)
    for value in touched {
      if weights[value] != 0 { terms.append(AffineForm.Term(value: value, weight: weights[value])) }
      occurs[value] = false
    }
    let form = AffineForm(constant: constant, terms: terms)
    touched.removeAll(keepingCapacity: true)
    isSorted = true
    constant = 0
    return form
  }
}
