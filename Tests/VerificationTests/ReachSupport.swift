import Exact
import LinearAlgebra
import Networks
import Probability

@testable import Queries

/// Networks and questions for the tests of reachable sets.
enum ReachCases {
  /// A chain of ReLU layers with weights of a few bits.
  static func network(_ sizes: [Int], _ random: inout RandomSource) throws -> UnitNetwork {
    func weight() -> Double { Double(random.index(below: 4097) - 2048) / 1024 }
    let layers = zip(sizes, sizes.dropFirst()).map { inputs, outputs in
      Layer.affine(
        weights: Matrix(rows: outputs, columns: inputs, elements: (0..<inputs * outputs).map { _ in weight() }),
        bias: (0..<outputs).map { _ in weight() / 2 })
    }
    return try UnitNetwork(Network(Array(layers.map { [$0] }.joined(separator: [.relu]))))
  }

  /// Units of all kinds, reading each other in any order: ReLU, leaky, absolute value, concave, maxima.
  static func mixedNetwork(inputs: Int, stages: Int, _ random: inout RandomSource) throws -> UnitNetwork {
    var known = inputs
    func form() -> AffineForm {
      let terms = (0..<known).compactMap { value in
        random.uniform() < 0.7 ? AffineForm.Term(value: value, weight: 3 * random.uniform() - 1.5) : nil
      }
      return AffineForm(constant: random.uniform() - 0.5, terms: terms)
    }
    let kinds: [UnitNetwork.Unit.Kind] = [
      .hinge(below: 0, above: 1), .hinge(below: 0.1, above: 1), .hinge(below: -1, above: 1),
      .hinge(below: 1, above: -0.5), .hinge(below: 1, above: 1), .maximum,
    ]
    let all = (0..<stages).map { stage in
      let units = kinds.map { kind in
        UnitNetwork.Unit(kind: kind, forms: (0..<(kind == .maximum ? 3 : 1)).map { _ in form() })
      }
      known += units.count
      return UnitNetwork.Stage(name: "stage \(stage)", units: units)
    }
    return try UnitNetwork(inputCount: inputs, stages: all, outputs: [form(), form()])
  }

  /// The query of a text of version 1.0 about a network.
  static func problem(_ assertions: String, _ network: UnitNetwork) throws -> QueryProblem {
    let inputs = (0..<network.inputCount).map { "(declare-const X_\($0) Real)\n" }.joined()
    let outputs = network.outputs.indices.map { "(declare-const Y_\($0) Real)\n" }.joined()
    let query = try VNNLIBQuery(inputs + outputs + assertions, file: "test.vnnlib")
    let places = (0..<query.elementCount).map { element -> QueryProblem.Place in
      element < network.inputCount ? .input(element) : .output(element - network.inputCount)
    }
    return QueryProblem(query: query, tree: try query.normalForm(), network: network, places: places)
  }

  static func point(in box: [Interval], _ random: inout RandomSource) -> [Double] {
    box.map { min(max($0.lower + random.uniform() * ($0.upper - $0.lower), $0.lower), $0.upper) }
  }
}
