import Exact
import Networks
import Queries

/// What a claim says is not positive: a sum of affine forms, each times a factor, and a number.
struct ClaimSum {
  var summands: [(form: AffineForm, factor: Double)] = []
  /// An upper bound of what is not affine: errors of coefficients, and products.
  var remainder = 0.0
}

extension Substitution {
  /// Whether a sum is at most 0, or strictly below, at all points of the node, by the lines that are set: in doubles,
  /// and where these cannot tell in rationals.
  mutating func check(_ sum: ClaimSum, isStrict: Bool, _ node: ProofNode) -> (holds: Bool, bound: Double, isExact: Bool)
  {
    let network = network
    let estimate = bound(node, summands: sum.summands.count + 1) { row in
      var total: Sums = (sum.remainder, abs(sum.remainder))
      for (form, factor) in sum.summands {
        total.constant += factor * form.constant
        total.size += abs(factor * form.constant)
        for term in form.terms {
          let coefficient = factor * term.weight
          row[term.value] += coefficient
          let range = network.range(ofValue: term.value, node)
          total.size += abs(coefficient) * max(-range.lower, range.upper)
        }
      }
      return total
    }
    if isStrict ? estimate.upper < 0 : estimate.upper <= 0 { return (true, estimate.upper, false) }
    if estimate.lower > 0 { return (false, estimate.upper, false) }
    guard let exact = exactBound(sum, node) else { return (false, .infinity, true) }
    return (isStrict ? exact.signum < 0 : exact.signum <= 0, exact.doubleValue, true)
  }

  /// The bound of ``bound(_:summands:fill:)`` without rounding; nil when there is none. O(parameters) rational
  /// products.
  private func exactBound(_ sum: ClaimSum, _ node: ProofNode) -> Rational? {
    var coefficients: [Rational?] = Array(repeating: nil, count: network.valueCount)
    guard var bound = Rational(finite: sum.remainder) else { return nil }
    func add(_ form: AffineForm, times factor: Rational) -> Bool {
      guard let constant = Rational(finite: form.constant) else { return false }
      bound += factor * constant
      for term in form.terms {
        guard let weight = Rational(finite: term.weight) else { return false }
        coefficients[term.value] = (coefficients[term.value] ?? .zero) + factor * weight
      }
      return true
    }
    for (form, factor) in sum.summands {
      guard let factor = Rational(finite: factor), add(form, times: factor) else { return nil }
    }
    for unit in (0..<network.unitCount).reversed() {
      guard let coefficient = coefficients[network.inputCount + unit], coefficient.signum != 0 else { continue }
      let line = line(unit, isAbove: coefficient.signum > 0)
      guard let offset = Rational(finite: line.offset), let slope = Rational(finite: line.slope) else { return nil }
      bound += coefficient * offset
      if slope.signum != 0 { _ = add(network.forms[unit], times: coefficient * slope) }
    }
    for input in 0..<network.inputCount {
      guard let coefficient = coefficients[input], coefficient.signum != 0 else { continue }
      guard let end = Rational(finite: coefficient.signum > 0 ? node.upper[input] : node.lower[input]) else {
        return nil
      }
      bound += coefficient * end
    }
    return bound
  }
}

extension Rational {
  fileprivate init?(finite value: Double) {
    guard value.isFinite else { return nil }
    self.init(exactly: value)
  }
}

extension FlatNetwork {
  /// The range of a value at a node.
  func range(ofValue value: Int, _ node: ProofNode) -> Interval {
    let range = node.interval(value)
    guard value >= inputCount else { return range }
    return HingeLines.image(below: below[value - inputCount], above: above[value - inputCount], range)
  }

  /// The range of a form at a node, by interval arithmetic.
  func range(of form: AffineForm, _ node: ProofNode) -> Interval {
    form.terms.reduce(Interval(form.constant)) { $0 + Interval($1.weight) * range(ofValue: $1.value, node) }
  }

  /// An upper bound of Σ eⱼ |vⱼ| + Σ products of a requirement over the node.
  func remainder(of requirement: Requirement, _ node: ProofNode) -> Interval {
    var sum = Interval.zero
    for error in requirement.errors {
      let range = range(ofValue: error.value, node)
      sum = sum + Interval(error.weight) * Interval(max(-range.lower, range.upper))
    }
    for product in requirement.products {
      var value = product.weight
      var index = 0
      // A square is not negative, which the product of two equal ranges does not know.
      while index < product.factors.count {
        let range = range(of: product.factors[index], node)
        let isSquare = index + 1 < product.factors.count && product.factors[index + 1] == product.factors[index]
        value = value * (isSquare ? range.squared : range)
        index += isSquare ? 2 : 1
      }
      sum = sum + value
    }
    return sum
  }
}
