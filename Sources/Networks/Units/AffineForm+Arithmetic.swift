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
    var isExact = true
    return sum(left, right, isExact: &isExact)
  }

  /// left + right; clears `isExact` when double precision rounds a coefficient of it. O(terms).
  static func sum(_ left: AffineForm, _ right: AffineForm, isExact: inout Bool) -> AffineForm {
    let constant = exactly(left.constant, plus: right.constant, &isExact)
    if right.isConstant { return AffineForm(constant: constant, terms: left.terms) }
    if left.isConstant { return AffineForm(constant: constant, terms: right.terms) }
    var terms: [Term] = []
    terms.reserveCapacity(left.terms.count + right.terms.count)
    var (i, j) = (0, 0)
    while i < left.terms.count, j < right.terms.count {
      let (a, b) = (left.terms[i], right.terms[j])
      if a.value == b.value {
        let weight = exactly(a.weight, plus: b.weight, &isExact)
        if weight != 0 { terms.append(Term(value: a.value, weight: weight)) }
      } else {
        terms.append(a.value < b.value ? a : b)
      }
      i += a.value <= b.value ? 1 : 0
      j += b.value <= a.value ? 1 : 0
    }
    terms += left.terms[i...]
    terms += right.terms[j...]
    return AffineForm(constant: constant, terms: terms)
  }

  /// The form times a factor; clears `isExact` when double precision rounds a coefficient of it. O(terms).
  func scaled(by factor: Double, isExact: inout Bool) -> AffineForm {
    if factor != 1, factor != -1 {
      _ = Self.exactly(constant, times: factor, &isExact)
      for term in terms where isExact { _ = Self.exactly(term.weight, times: factor, &isExact) }
    }
    return scaled(by: factor)
  }

  /// a + b; clears `isExact` when that is rounded (Knuth's TwoSum).
  @inline(__always)
  static func exactly(_ a: Double, plus b: Double, _ isExact: inout Bool) -> Double {
    let sum = a + b
    let rest = sum - a
    if !sum.isFinite || (a - (sum - rest)) + (b - rest) != 0 { isExact = false }
    return sum
  }

  /// a · b; clears `isExact` when that is rounded, or may be (Dekker 1971).
  @inline(__always)
  static func exactly(_ a: Double, times b: Double, _ isExact: inout Bool) -> Double {
    let product = a * b
    // Below this the error of a product may itself be lost.
    let isSafe = product.isFinite && (abs(product) > 0x1p-960 || a == 0 || b == 0)
    if !isSafe || (-product).addingProduct(a, b) != 0 { isExact = false }
    return product
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
