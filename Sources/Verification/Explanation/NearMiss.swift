import Exact
import Execution
import Networks
import Probability
import Queries

/// The point found, by a short local search in doubles, that comes nearest to satisfying a query: how tight a proof is and
/// where, or where a search that did not end might go on.
public struct NearMiss: Sendable, Hashable {
  /// One number for each input of the problem's network.
  public var point: [Double]
  /// How much the worst requirement of the best case is short of holding there, in the units of the query; about, since it
  /// is computed in doubles.
  public var shortfall: Double
  /// The names of the inputs, as in ``QueryProblem/inputNames``.
  public var names: [[String]]
  /// How many points were looked at.
  public var evaluations: Int

  /// Random points of each case's box and steps along the gradient of the worst requirement from the best of them.
  ///
  /// Boxes with infinite ends have no random points: their cases are left out. Nil when no case is left.
  ///
  /// - Parameter budget: about how many weights may be multiplied.
  public init?(
    _ problem: QueryProblem, seed: UInt64, budget: Int = 400_000_000, cancellation: Cancellation = Cancellation()
  ) {
    guard let tree = problem.tree else { return nil }
    var cases: [RelaxedCase] = []
    _ = tree.forEachCase(limit: Self.caseLimit) { item in
      guard let relaxed = problem.relaxed(item), relaxed.box.allSatisfy({ $0.width.isFinite }) else { return }
      if !relaxed.requirements.isEmpty { cases.append(relaxed) }
    }
    guard !cases.isEmpty else { return nil }
    let network = GradientPass(problem.network)
    let points = min(4000, max(40, budget / max(1, network.termCount)))
    let share = max(20, points / cases.count)
    var random = RandomSource(seed: seed)
    var best: (point: [Double], value: Double)?
    evaluations = 0
    for item in cases {
      if cancellation.shouldStop || evaluations >= points { break }
      let found = Self.search(item, network, points: share, &random)
      evaluations += share
      if found.value > best?.value ?? -.infinity { best = found }
    }
    guard let best else { return nil }
    point = best.point
    shortfall = -best.value
    names = problem.inputNames
  }

  private static let caseLimit = 1000

  /// The best point of a case, half of the points random and half along gradients.
  private static func search(
    _ item: RelaxedCase, _ network: GradientPass, points: Int, _ random: inout RandomSource
  ) -> (point: [Double], value: Double) {
    func value(_ point: [Double]) -> (value: Double, gradient: [Double]) { network.worst(item.requirements, at: point) }
    var best = item.box.map(\.midpoint)
    var state = value(best)
    for _ in 0..<points / 2 {
      let candidate = item.box.map { $0.lower + random.uniform() * ($0.upper - $0.lower) }
      let found = value(candidate)
      if found.value > state.value { (best, state) = (candidate, found) }
    }
    var length = 0.25
    for _ in 0..<points - points / 2 where length > 1e-9 {
      let candidate = best.indices.map { input in
        let range = item.box[input]
        // Steps in units of the range: inputs of all scales move alike.
        let width = range.upper - range.lower
        let slope = state.gradient[input] * width
        let step = slope == 0 ? 0 : slope > 0 ? length : -length
        return min(max(best[input] + step * width, range.lower), range.upper)
      }
      let found = value(candidate)
      if found.value > state.value {
        (best, state) = (candidate, found)
        length = min(0.25, 2 * length)
      } else {
        length /= 2
      }
    }
    return (best, state.value)
  }
}

/// Values and gradients of a hinge network in doubles.
private struct GradientPass {
  let network: UnitNetwork
  let units: [UnitNetwork.Unit]
  let termCount: Int

  init(_ network: UnitNetwork) {
    self.network = network
    units = network.stages.flatMap(\.units)
    termCount = units.reduce(0) { $0 + $1.forms[0].terms.count }
  }

  /// The least of the requirements' left sides at a point, and its gradient by the inputs.
  func worst(_ requirements: [Requirement], at point: [Double]) -> (value: Double, gradient: [Double]) {
    let values = network.allValues(point)
    var least = (value: Double.infinity, index: 0)
    for (index, requirement) in requirements.enumerated() {
      let value = evaluate(requirement, values)
      if value < least.value { least = (value, index) }
    }
    guard requirements.indices.contains(least.index) else { return (0, Array(repeating: 0, count: point.count)) }
    return (least.value, gradient(of: requirements[least.index], values))
  }

  private func evaluate(_ form: AffineForm, _ values: [Double]) -> Double {
    form.terms.reduce(form.constant) { $0 + $1.weight * values[$1.value] }
  }

  private func evaluate(_ requirement: Requirement, _ values: [Double]) -> Double {
    requirement.products.reduce(evaluate(requirement.form, values)) { sum, product in
      sum + product.factors.reduce(product.weight.midpoint) { $0 * evaluate($1, values) }
    }
  }

  private func gradient(of requirement: Requirement, _ values: [Double]) -> [Double] {
    var adjoints = Array(repeating: 0.0, count: values.count)
    for term in requirement.form.terms { adjoints[term.value] += term.weight }
    for product in requirement.products {
      let factors = product.factors.map { evaluate($0, values) }
      for (index, factor) in product.factors.enumerated() {
        var others = product.weight.midpoint
        for (other, value) in factors.enumerated() where other != index { others *= value }
        for term in factor.terms { adjoints[term.value] += others * term.weight }
      }
    }
    for (index, unit) in units.enumerated().reversed() {
      let adjoint = adjoints[network.inputCount + index]
      guard adjoint != 0, case .hinge(let below, let above) = unit.kind else { continue }
      let slope = adjoint * (evaluate(unit.forms[0], values) > 0 ? above : below)
      guard slope != 0 else { continue }
      for term in unit.forms[0].terms { adjoints[term.value] += slope * term.weight }
    }
    return Array(adjoints[..<network.inputCount])
  }
}
