/// A sum Σ wₖ fₖ of affine forms, gathered in one dense array, so that n terms cost O(n) whatever their order.
struct AffineSum {
  private var weights: [Double]
  private var occurs: [Bool]
  private var touched: [Int] = []
  private var isSorted = true
  private var constant = 0.0
  /// Whether double precision holds every coefficient of the sum, as far as it is watched.
  private(set) var isExact = true
  /// Whether roundings are watched for.
  private let watches: Bool

  /// - Parameters:
  ///   - valueCount: one more than the largest value that a form may read.
  ///   - watches: whether `isExact` is kept; a sum that is not watched counts as exact.
  init(valueCount: Int, watches: Bool = false) {
    weights = Array(repeating: 0, count: valueCount)
    occurs = Array(repeating: false, count: valueCount)
    self.watches = watches
  }

  /// Makes room for more values.
  mutating func grow(to valueCount: Int) {
    guard valueCount > weights.count else { return }
    weights += repeatElement(0, count: valueCount - weights.count)
    occurs += repeatElement(false, count: valueCount - occurs.count)
  }

  mutating func add(_ offset: Double) { constant = watched(constant, plus: offset) }

  mutating func add(_ form: AffineForm, times factor: Double) {
    if form.constant != 0 { constant = watched(constant, plus: watched(form.constant, times: factor)) }
    for term in form.terms {
      let value = term.value
      let product = watched(term.weight, times: factor)
      if occurs[value] {
        weights[value] = watched(weights[value], plus: product)
      } else {
        if let last = touched.last, last > value { isSorted = false }
        occurs[value] = true
        touched.append(value)
        weights[value] = product
      }
    }
  }

  @inline(__always)
  private mutating func watched(_ a: Double, plus b: Double) -> Double {
    guard watches, isExact else { return a + b }
    return AffineForm.exactly(a, plus: b, &isExact)
  }

  @inline(__always)
  private mutating func watched(_ a: Double, times b: Double) -> Double {
    guard watches, isExact, a != 1, b != 1 else { return a * b }
    return AffineForm.exactly(a, times: b, &isExact)
  }

  /// The sum; the next one starts from zero.
  mutating func take() -> AffineForm {
    if !isSorted { touched.sort() }
    var terms: [AffineForm.Term] = []
    terms.reserveCapacity(touched.count)
    for value in touched where weights[value] != 0 {
      terms.append(AffineForm.Term(value: value, weight: weights[value]))
    }
    let form = AffineForm(constant: constant, terms: terms)
    clear()
    return form
  }

  /// Starts from zero.
  mutating func clear() {
    for value in touched { occurs[value] = false }
    touched.removeAll(keepingCapacity: true)
    isSorted = true
    constant = 0
    isExact = true
  }
}
