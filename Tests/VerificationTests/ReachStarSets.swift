import Networks
import PiecewiseLinear
import Polyhedra

/// The set of outputs by propagating star sets layer by layer, as it is done in the literature: an oracle that shares
/// nothing with the enumeration but the solver of small linear programs.
///
/// A star is a polytope of inputs with an affine map to the values of the units so far. At each unit, in order, a star is
/// split by the sign of the unit's form when two linear programs say that both signs have room.
struct ReachStarSets {
  struct Star {
    var halfSpaces: [HalfSpace]
    /// For each value its gradient and constant.
    var values: [(gradient: [Double], constant: Double)]
    var phases: [Int] = []
  }

  let network: UnitNetwork
  private(set) var stars: [Star]

  /// - Parameter network: of hinges, with weights so simple that forms are exact and ties do not occur.
  init(_ network: UnitNetwork, lower: [Double], upper: [Double]) throws {
    self.network = network
    let n = network.inputCount
    func unit(_ input: Int, _ sign: Double) -> [Double] { (0..<n).map { $0 == input ? sign : 0 } }
    let box = (0..<n).flatMap {
      [HalfSpace(normal: unit($0, -1), offset: -lower[$0]), HalfSpace(normal: unit($0, 1), offset: upper[$0])]
    }
    stars = [Star(halfSpaces: box, values: (0..<n).map { (unit($0, 1), 0) })]
    for stage in network.stages {
      for unit in stage.units { stars = try stars.flatMap { try Self.split($0, unit) } }
    }
  }

  private static func split(_ star: Star, _ unit: UnitNetwork.Unit) throws -> [Star] {
    guard case .hinge(let below, let above) = unit.kind else { return [] }
    let n = star.values[0].gradient.count
    let form = unit.forms[0].terms.reduce(
      (gradient: Array(repeating: 0.0, count: n), constant: unit.forms[0].constant)
    ) { sum, term in
      let value = star.values[term.value]
      return (
        zip(sum.gradient, value.gradient).map { $0 + term.weight * $1 }, sum.constant + term.weight * value.constant
      )
    }
    func child(_ phase: Int, _ cut: HalfSpace?) -> Star {
      var child = star
      if let cut { child.halfSpaces.append(cut) }
      let slope = phase == 1 ? above : below
      child.values.append((form.gradient.map { slope * $0 }, slope * form.constant))
      if below != above { child.phases.append(phase) }
      return child
    }
    guard below != above else { return [child(1, nil)] }
    let high = try largest(form.gradient, star) + form.constant
    let low = form.constant - (try largest(form.gradient.map { -$0 }, star))
    if high <= 1e-9 { return [child(0, nil)] }
    if low >= -1e-9 { return [child(1, nil)] }
    return [
      child(0, HalfSpace(normal: form.gradient, offset: -form.constant)),
      child(1, HalfSpace(normal: form.gradient.map { -$0 }, offset: form.constant)),
    ]
  }

  private static func largest(_ objective: [Double], _ star: Star) throws -> Double {
    var program = SmallSimplex(dimension: objective.count)
    for halfSpace in star.halfSpaces { try program.append(row: halfSpace.normal, bound: halfSpace.offset) }
    try program.setObjective(objective)
    return program.solve() == .optimal ? program.objective : .infinity
  }

  /// The extent of a combination of outputs over a star.
  func extent(of output: Int, _ star: Star) throws -> ClosedRange<Double> {
    let form = network.outputs[output]
    var gradient = Array(repeating: 0.0, count: network.inputCount)
    var constant = form.constant
    for term in form.terms {
      constant += term.weight * star.values[term.value].constant
      for j in gradient.indices { gradient[j] += term.weight * star.values[term.value].gradient[j] }
    }
    let high = try Self.largest(gradient, star) + constant
    return constant - (try Self.largest(gradient.map { -$0 }, star))...high
  }
}
