import LinearAlgebra
import Testing

@testable import Networks

@Suite struct UnitSubstitutionTests {
  private let fold = Message.model([
    Message.node("Abs", ["x"], "a"), Message.node("Sub", ["a", "x"], "y"),
  ])

  @Test func restrictionReplacesInputs() throws {
    let network = try UnitNetwork(fold, source: "fold")
    // x = (t₁, 1 + 2 t₀, t₁): the first input is t₁, the third would add its weights to that and so is a unit.
    let line = try network.restricted(toOrigin: [0, 1, 0], directions: [[0, 2, 0], [1, 0, 1]])
    #expect(line.inputCount == 2)
    #expect(line.stages[0].name == "input")
    #expect(
      line.stages[0].units.flatMap(\.forms) == [
        AffineForm(constant: 1, weights: [2], first: 0), AffineForm(value: 1),
      ])
    #expect(line.stages[0].units.allSatisfy { !$0.bends })
    for t in [[0.5, -2], [-3, 1], [0, 0], [-0.5, 4]] {
      #expect(line(t) == network([t[1], 1 + 2 * t[0], t[1]]), "\(t)")
    }
    // Swapped inputs need no unit, but other numbers.
    let swapped = try network.restricted(toOrigin: [0, 0, 0], directions: [[0, 0, 1], [0, 1, 0], [1, 0, 0]])
    #expect(swapped.unitCount == network.unitCount)
    #expect(swapped([1, -2, -3]) == network([-3, -2, 1]))
  }

  @Test(arguments: [UInt64(11), 12])
  func restrictionsAgreeOnRandomNetworks(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for depth in 1...3 {
      let network = try UnitNetwork(generator.network(depth: depth))
      let origin = generator.numbers(network.inputCount)
      let directions = (0..<2).map { _ in generator.numbers(network.inputCount) }
      let plane = try network.restricted(toOrigin: origin, directions: directions)
      for _ in 0..<5 {
        let t = generator.numbers(2)
        let x = origin.indices.map { origin[$0] + t[0] * directions[0][$0] + t[1] * directions[1][$0] }
        #expect(deviation(plane(t), from: network(x)) < 1e-10, "seed \(seed), depth \(depth)")
      }
    }
  }

  @Test func restrictionRefusesWhatDoesNotFit() throws {
    let network = try UnitNetwork(fold, source: "fold")
    #expect(throws: NetworkError.self) { try network.restricted(toOrigin: [0, 0, 0], directions: []) }
    #expect(throws: NetworkError.self) { try network.restricted(toOrigin: [0, 0], directions: [[1, 0, 0]]) }
    #expect(throws: NetworkError.self) { try network.restricted(toOrigin: [0, 0, 0], directions: [[1, 0]]) }
    #expect(throws: NetworkError.self) { try network.restricted(toOrigin: [0, .nan, 0], directions: [[1, 0, 0]]) }
  }

  @Test(arguments: [UInt64(5), 6, 7])
  func differences(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let input = generator.matrix(5, 3)
    let hidden = (generator.matrix(4, 5), generator.numbers(4))
    let biases = generator.numbers(5)
    let networks = try (0..<2).map { _ in
      try UnitNetwork(
        weights: [input, hidden.0, generator.matrix(2, 4)], biases: [biases, hidden.1, generator.numbers(2)])
    }
    let shallow = try UnitNetwork(weights: [input, generator.matrix(2, 5)], biases: [biases, [1, 2]])
    // The hidden layers are alike and so are shared; a difference with itself has no terms left.
    let difference = try UnitNetwork.difference(networks[0], networks[1])
    #expect(difference.stages.prefix(2).map(\.units) == networks[0].stages.map(\.units), "seed \(seed)")
    let zero = try UnitNetwork.difference(networks[0], networks[0])
    #expect(zero.outputs == [AffineForm(constant: 0), AffineForm(constant: 0)], "seed \(seed)")
    for (a, b) in [(networks[0], networks[1]), (networks[0], shallow), (shallow, networks[1])] {
      let difference = try UnitNetwork.difference(a, b)
      for _ in 0..<5 {
        let x = generator.numbers(3)
        #expect(deviation(difference(x), from: zip(a(x), b(x)).map(-)) < 1e-12, "seed \(seed)")
      }
    }
    let other = try UnitNetwork(weights: [generator.matrix(2, 4)], biases: [[0, 0]])
    #expect(throws: NetworkError.self) { try UnitNetwork.difference(networks[0], other) }
  }

  /// 1 + 2⁻⁶⁰ fits no double: the outputs become units, whose weights are as they were given.
  @Test func combinationsDoNotRound() throws {
    let network = try UnitNetwork(weights: [Matrix([[1], [0x1p-60]])], biases: [[0, 0]])
    let sum = try network.combined(outputs: Matrix([[1, 1], [1, 0], [2, 0]]), constants: [0, 3, 0])
    #expect(sum.stages.map(\.name) == ["outputs"])
    #expect(sum.outputs[0].terms.map(\.weight) == [1, 1])
    #expect(sum.outputs[1] == AffineForm(constant: 3, weights: [1], first: 0))
    #expect(sum.outputs[2] == AffineForm(constant: 0, weights: [2], first: 0))
    #expect(sum([4]) == [4, 7, 8])

    let product = try UnitNetwork(weights: [Matrix([[0.1]])], biases: [[0]])
    #expect(try product.combined(outputs: Matrix([[0.1]]), constants: [0]).unitCount == 1)
    #expect(try product.combined(outputs: Matrix([[-0.5]]), constants: [0]).unitCount == 0)
    #expect(throws: NetworkError.self) { try product.combined(outputs: Matrix([[1, 2]]), constants: [0]) }
    #expect(throws: NetworkError.self) { try product.combined(outputs: Matrix([[1]]), constants: [0, 0]) }
    #expect(throws: NetworkError.self) { try product.combined(outputs: Matrix([[1]]), constants: [.infinity]) }
  }

  @Test func perceptronsFromMatrices() throws {
    let network = try UnitNetwork(weights: [Matrix([[1], [-1]]), Matrix([[1, 1]])], biases: [[0, 0], [-1]])
    #expect(network([-3]) == [2] && network([2]) == [1])
    #expect(network.stages.map(\.units.count) == [2])
    #expect(throws: NetworkError.self) { try UnitNetwork(weights: [Matrix([[1]])], biases: []) }
    #expect(throws: NetworkError.self) { try UnitNetwork(weights: [], biases: []) }
    #expect(throws: NetworkError.self) {
      try UnitNetwork(weights: [Matrix([[1, 2]]), Matrix([[1, 2]])], biases: [[0], [0]])
    }
  }
}
