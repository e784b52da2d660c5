import Exact
import Networks

/// Asks for networks with one hidden layer, one for each output.
struct OneHiddenLayerSearch {
  let problem: SynthesisProblem
  let outputBias: Bool

  /// So many cells are compared facet by facet.
  private static let largestComplex = 5_000

  /// The verdict on an output, and its network when there is one.
  func answer(output: Int) throws -> (verdict: OneHiddenLayerVerdict, network: RationalNetwork?) {
    guard let function = problem.function else { return (.undecided("the cells were not listed"), nil) }
    guard problem.isExactlyContinuous else {
      return (.undecided("the cells fit together up to the tolerance only"), nil)
    }
    if function.isLineOfReals {
      let minimal = try BrokenLine(function, output: output).minimalTwoLayerNetwork(outputBias: outputBias)
      return (.possible(units: minimal.units, least: minimal.leastUnits), minimal.network)
    }
    guard function.cells.count <= Self.largestComplex else {
      return (.undecided("there are more than \(Self.largestComplex) cells"), nil)
    }
    do {
      switch try function.oneHiddenLayer(output: output) {
      case .notRepresentable(let crease): return (.impossible(crease), nil)
      case .representable(let found):
        let network = outputBias ? found.network : try found.network.withoutOutputBias()
        return (.possible(units: network.size, least: found.leastUnits), network)
      }
    } catch let error as RepresentationError {
      return (.undecided(error.description), nil)
    }
  }

  /// For one input, the units that the theorem's closed form has, added over the outputs: p for p ≥ 2 pieces and one more
  /// without output bias; two for a slope alone.
  func theoremUnits() throws -> Int? {
    guard problem.inputs == 1, let function = problem.function, problem.isExactlyContinuous else { return nil }
    return try (0..<problem.outputs).reduce(0) { sum, output in
      let line = try BrokenLine(function, output: output)
      if line.pieces > 1 { return sum + line.pieces + (outputBias ? 0 : 1) }
      return sum + (line.leftSlope.signum != 0 ? 2 : 0)
    }
  }

  /// The outputs of networks with at most one hidden layer, units with the same hinge being shared.
  static func sideBySide(_ networks: [RationalNetwork]) throws -> RationalNetwork {
    guard networks.count > 1, let inputs = networks.first?.inputs else { return networks[0] }
    var units: [RationalNetwork.Row] = []
    var places: [RationalNetwork.Row: (unit: Int, size: Rational)] = [:]
    var outputs: [RationalNetwork.Row] = []
    for network in networks {
      let rows = network.hidden.first ?? []
      let readings = rows.map { row -> (unit: Int, size: Rational) in
        let size = row.terms.first?.weight.magnitude ?? row.constant.magnitude
        guard size.signum != 0 else { return (-1, .zero) }
        let direction = RationalNetwork.Row(
          row.terms.map { (key: $0.column, value: $0.weight / size) }, constant: row.constant / size)
        if let place = places[direction] { return (place.unit, size / place.size) }
        places[direction] = (units.count, size)
        units.append(row)
        return (units.count - 1, .one)
      }
      for row in network.outputs {
        // Without units an output is a constant, so that terms read units.
        let weights = row.terms.compactMap { term -> (key: Int, value: Rational)? in
          let (unit, size) = readings[term.column]
          return unit < 0 ? nil : (key: unit, value: term.weight * size)
        }
        outputs.append(RationalNetwork.Row(weights, constant: row.constant))
      }
    }
    return try RationalNetwork(inputs: inputs, hidden: units.isEmpty ? [] : [units], outputs: outputs)
  }
}
