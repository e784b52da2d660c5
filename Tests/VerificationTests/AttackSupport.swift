import Exact
import Networks
import Probability

@testable import Queries
@testable import Verification

/// Networks and queries for the tests of the attack.
enum AttackCases {
  /// Hinges of all kinds in two stages; the second also reads a few inputs, so that both dense and sparse blocks occur.
  static func network(_ inputs: Int, width: Int, outputs: Int, _ random: inout RandomSource) throws -> UnitNetwork {
    func weight() -> Double { Double(Float(random.normal())) }
    let slopes: [(Double, Double)] = [(0, 1), (0.125, 1), (-1, 1), (1, 1)]
    func unit(_ form: AffineForm) -> UnitNetwork.Unit {
      let (below, above) = slopes[random.index(below: slopes.count)]
      return UnitNetwork.Unit(kind: .hinge(below: below, above: above), forms: [form])
    }
    let first = (0..<width).map { _ in
      unit(AffineForm(constant: weight(), weights: (0..<inputs).map { _ in weight() }, first: 0))
    }
    let second = (0..<width).map { k in
      let skip = k % 8 == 0 ? [AffineForm.Term(value: k % inputs, weight: weight())] : []
      let terms = (0..<width).map { AffineForm.Term(value: inputs + $0, weight: weight()) }
      return unit(AffineForm(constant: weight(), terms: skip + terms))
    }
    let forms = (0..<outputs).map { _ in
      AffineForm(constant: weight(), weights: (0..<width).map { _ in weight() }, first: inputs + width)
    }
    return try UnitNetwork(
      inputCount: inputs,
      stages: [UnitNetwork.Stage(name: "first", units: first), UnitNetwork.Stage(name: "second", units: second)],
      outputs: forms)
  }

  /// A query of one network with the variables X and Y; version 1.0 when `type` is nil.
  static func problem(_ network: UnitNetwork, type: String? = "float32", _ assertions: String) throws -> QueryProblem {
    let inputs = network.inputCount
    let outputs = network.outputs.count
    var text = ""
    if let type {
      text = "(vnnlib-version <2.0>)\n(declare-network N (declare-input X \(type) [\(inputs)])"
      text += " (declare-output Y \(type) [\(outputs)]))\n"
    } else {
      for input in 0..<inputs { text += "(declare-const X_\(input) Real)\n" }
      for output in 0..<outputs { text += "(declare-const Y_\(output) Real)\n" }
    }
    let query = try VNNLIBQuery(text + assertions, file: "test")
    let places = (0..<inputs).map { QueryProblem.Place.input($0) } + (0..<outputs).map { .output($0) }
    return QueryProblem(query: query, tree: try query.normalForm(), network: network, places: places)
  }

  /// y = relu(x)
  static func identity() throws -> UnitNetwork {
    try UnitNetwork(
      inputCount: 1,
      stages: [UnitNetwork.Stage(name: "relu", units: [.relu(AffineForm(value: 0))])],
      outputs: [AffineForm(value: 1)])
  }

  /// What a search finds in the first case that holds anything.
  static func witness(
    _ problem: QueryProblem, seed: UInt64 = 1, effort: WitnessSearch.Effort? = nil
  ) -> Witness? {
    let program = StageProgram(problem.network)
    var found: Witness?
    _ = problem.tree?.forEachCase(limit: 100) { item in
      guard found == nil, let search = WitnessSearch(problem, program, item) else { return }
      found = search.run(effort ?? .short(for: program), seed: seed)
    }
    return found
  }
}
