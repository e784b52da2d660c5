import Exact
import Networks

/// A hinge network around a point: which side of each unit the point lies on, and the affine map that follows from it, over
/// some of the inputs.
struct LocalMap {
  /// The inputs that vary, in order; the others stay at the point.
  let free: [Int]
  /// For each unit its form, over the free inputs.
  private(set) var forms: [AffineFunction] = []
  /// For each unit whether its form is positive at the point.
  private(set) var isActive: [Bool] = []
  private var values: [AffineFunction]

  /// Substitutes unit after unit in rational arithmetic: O(terms of the active units · free inputs).
  init(_ network: UnitNetwork, at point: [Rational], free: [Int]) {
    self.free = free
    values = point.map { AffineFunction(constant: $0, inputs: free.count) }
    for (position, input) in free.enumerated() {
      values[input].constant = .zero
      values[input].gradient[position] = .one
    }
    let centre = free.map { point[$0] }
    for unit in network.stages.flatMap(\.units) {
      guard case .hinge(let below, let above) = unit.kind else { continue }
      let form = substituted(unit.forms[0])
      let active = form(centre).signum > 0
      forms.append(form)
      isActive.append(active)
      values.append(Self.scaled(form, by: Rational(exactly: active ? above : below)))
    }
  }

  /// A form over the network's values as one over the free inputs.
  func substituted(_ form: AffineForm) -> AffineFunction {
    var sum = AffineFunction(constant: Rational(exactly: form.constant), inputs: free.count)
    for term in form.terms { Self.add(&sum, values[term.value], times: Rational(exactly: term.weight)) }
    return sum
  }

  static func add(_ sum: inout AffineFunction, _ part: AffineFunction, times factor: Rational) {
    if part.constant.signum != 0 { sum.constant += factor * part.constant }
    for (index, slope) in part.gradient.enumerated() where slope.signum != 0 { sum.gradient[index] += factor * slope }
  }

  private static func scaled(_ form: AffineFunction, by factor: Rational) -> AffineFunction {
    if factor == .one { return form }
    guard factor.signum != 0 else { return AffineFunction(constant: .zero, inputs: form.inputs) }
    return AffineFunction(gradient: form.gradient.map { factor * $0 }, constant: factor * form.constant)
  }
}
