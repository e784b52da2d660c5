import Exact
import Networks

extension UnitNetwork {
  /// The ranges of the partial derivatives ∂fᵢ/∂xⱼ over all points where they exist, `[outputs][inputs]`.
  ///
  /// With one choice for each unit these are the coefficients of the affine map of that region, up to rounding. Otherwise
  /// the chain rule is taken in two ways, and the ranges are what both allow: in interval arithmetic, where an open unit
  /// has any slope between those of its choices; and about the middle slopes (`MiddleGradients`), which keeps what
  /// cancels between units, unless that needs more than 2³⁰ products.
  ///
  /// - Parameter choices: for each unit the choices that are not ruled out on the domain, `UnitBounds.choices`; nil for
  ///   all of them.
  /// - Complexity: O((outputs + open units) · parameters).
  public func jacobianRanges(choices: [[Int]]? = nil) -> [[Interval]] {
    let choices = choices ?? allChoices
    precondition(choices.count == unitCount, "choices for \(choices.count) units of \(unitCount)")
    let units = stages.flatMap(\.units)
    let wide = intervalGradients(zip(units, choices).map { $0.partials($1) })
    let open = choices.count { $0.count > 1 }
    let size = units.reduce(0) { $0 + $1.forms.reduce(0) { $0 + $1.terms.count } }
    guard open > 0, size + open * inputCount <= (1 << 30) / open else { return wide }
    let gradients = MiddleGradients(inputCount: inputCount, units: units, choices: choices)
    return zip(outputs, wide).map { output, ranges in
      zip(gradients.ranges(of: output.terms.map { ($0.value, Interval($0.weight)) }), ranges).map { narrow, range in
        let low = max(narrow.lower, range.lower)
        let high = min(narrow.upper, range.upper)
        return low <= high ? Interval(lower: low, upper: high) : range
      }
    }
  }

  /// From each output back to the inputs, in interval arithmetic.
  private func intervalGradients(_ partials: [[WeightRange]]) -> [[Interval]] {
    outputs.map { output in
      var adjoints = [Interval](repeating: .zero, count: inputCount + partials.count)
      for term in output.terms { adjoints[term.value] = Interval(term.weight) }
      for (index, terms) in partials.enumerated().reversed() {
        let adjoint = adjoints[inputCount + index]
        guard adjoint != .zero else { continue }
        for (value, range) in terms { adjoints[value] = adjoints[value] + adjoint * range }
      }
      return Array(adjoints.prefix(inputCount))
    }
  }
}

/// A value and the range of its weight.
typealias WeightRange = (value: Int, range: Interval)

extension UnitNetwork.Unit {
  /// The ranges of the partial derivatives with respect to the values that the unit reads.
  fileprivate func partials(_ choices: [Int]) -> [WeightRange] {
    switch kind {
    case .hinge(let below, let above):
      let slopes = bends ? choices.map { $0 == 0 ? below : above } : [above]
      let slope = Interval(lower: slopes.min() ?? above, upper: slopes.max() ?? above)
      return slope == .zero ? [] : forms[0].terms.map { ($0.value, slope * Interval($0.weight)) }
    case .maximum:
      var weights: [Int: [Double]] = [:]
      for choice in choices {
        for term in forms[choice].terms { weights[term.value, default: []].append(term.weight) }
      }
      return weights.sorted { $0.key < $1.key }.map { value, found in
        // A value that some form does not read has the weight 0 there.
        let all = found.count < choices.count ? found + [0] : found
        return (value, Interval(lower: all.min() ?? 0, upper: all.max() ?? 0))
      }
    }
  }
}

/// Gradients by the chain rule about the middle slopes of the open units.
///
/// The gradient of an open unit is that of its middle function plus a vector that is bounded component by component: for
/// a hinge half of the difference of the slopes, times the gradient of its form; for a maximum at most the gradient of
/// the difference of two forms. These bounded vectors enter all later gradients linearly, with coefficients that the
/// middle functions alone decide, so that what cancels there cancels.
private struct MiddleGradients {
  private let inputCount: Int
  /// For each unit the partial derivatives of its middle function.
  private var middles: [[WeightRange]] = []
  /// For each open unit how far its gradient is from that of its middle function, at most, by input; empty for the others.
  private var radii: [[Double]] = []

  init(inputCount: Int, units: [UnitNetwork.Unit], choices: [[Int]]) {
    self.inputCount = inputCount
    for (unit, possible) in zip(units, choices) {
      guard possible.count > 1 else {
        middles.append(unit.partials(possible))
        radii.append([])
        continue
      }
      switch unit.kind {
      case .hinge(let below, let above):
        let middle = below / 2 + above / 2
        let radius = max((Interval(above) - Interval(middle)).magnitude, (Interval(below) - Interval(middle)).magnitude)
        let form: [WeightRange] = unit.forms[0].terms.map { ($0.value, Interval($0.weight)) }
        let reach = ranges(of: form).map { (Interval(radius) * Interval($0.magnitude)).upper }
        middles.append(form.map { ($0.value, Interval(middle) * $0.range) })
        radii.append(reach)
      case .maximum:
        let middle = unit.forms[possible[0]].terms.map { ($0.value, Interval($0.weight)) }
        var reach = [Double](repeating: 0, count: inputCount)
        for choice in possible.dropFirst() {
          let other = unit.forms[choice].terms.map { ($0.value, Interval($0.weight)) }
          let difference = ranges(of: other + middle.map { ($0.0, -$0.1) })
          reach = zip(reach, difference).map { max($0, $1.magnitude) }
        }
        middles.append(middle)
        radii.append(reach)
      }
    }
  }

  /// The ranges of the gradient of a combination of values, by input; a value may occur more than once.
  func ranges(of terms: [WeightRange]) -> [Interval] {
    var adjoints = [Interval](repeating: .zero, count: inputCount + middles.count)
    var reach = [Double](repeating: 0, count: inputCount)
    for (value, range) in terms { adjoints[value] = adjoints[value] + range }
    for index in middles.indices.reversed() {
      let adjoint = adjoints[inputCount + index]
      guard adjoint != .zero else { continue }
      for (value, range) in middles[index] { adjoints[value] = adjoints[value] + adjoint * range }
      let size = adjoint.magnitude
      for (input, radius) in radii[index].enumerated() { reach[input] += size * radius }
    }
    // Sums of non-negative numbers: each product and each sum is off by 2⁻⁵³ of itself, or by underflow.
    let slack = 1 + Double(middles.count + 4) * 0x1p-51
    return zip(adjoints, reach).map { adjoint, reach in
      let bound = reach * slack + 0x1p-1000
      return adjoint + Interval(lower: -bound, upper: bound)
    }
  }
}
