import LinearAlgebra
import Testing

@testable import Networks

@Suite struct NetworkTests {
  @Test func absoluteValue() throws {
    let network = try Network.oneHiddenLayer(
      inputWeights: Matrix([[1], [-1]]), biases: [0, 0], outputWeights: Matrix([[1, 1]]), outputBias: [0.5])
    for x in [-3.0, -0.25, 0, 1, 1e6] { #expect(network([x]) == [abs(x) + 0.5]) }
    #expect(network.inputs == 1)
    #expect(network.outputs == 1)
    #expect(network.hiddenWidths == [2])
    #expect(network.depth == 2)
    #expect(network.size == 2)
    #expect(network.parameterCount == 7)
  }

  @Test func sizesOfDeepAndDegenerateChains() throws {
    var generator = SeededGenerator(seed: 1)
    let widths = [3, 5, 4, 2]
    var layers: [Layer] = []
    for (inputs, outputs) in zip(widths, widths.dropFirst()) {
      layers += [.affine(weights: generator.matrix(outputs, inputs), bias: generator.numbers(outputs)), .relu]
    }
    let endingInReLU = try Network(layers)
    #expect(endingInReLU.hiddenWidths == [5, 4, 2])
    #expect(endingInReLU.depth == 4)
    #expect(endingInReLU.size == 11)
    #expect(endingInReLU.parameterCount == 20 + 24 + 10)
    #expect(endingInReLU.inputs == 3)
    #expect(endingInReLU.outputs == 2)

    let affine = try Network([
      .affine(weights: Matrix([[1, 2]]), bias: [1]), .affine(weights: Matrix([[3], [-1]]), bias: [0, 1]),
    ])
    #expect(affine.hiddenWidths == [])
    #expect(affine.depth == 1)
    #expect(affine([1, 1]) == [12, -3])
  }

  @Test(arguments: [UInt64(11), 12, 13, 14, 15])
  func batchAgreesWithSingleCalls(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for depth in 1...4 {
      let network = try generator.network(depth: depth)
      let inputs = generator.matrix(9, network.inputs)
      let outputs = network.evaluate(inputs)
      #expect(outputs.rows == 9 && outputs.columns == network.outputs, "seed \(seed)")
      for row in 0..<9 {
        let difference = deviation(Array(outputs.row(row)), from: network(Array(inputs.row(row))))
        #expect(difference < 1e-12, "seed \(seed), depth \(depth), row \(row)")
      }
    }
  }

  @Test func emptyBatch() throws {
    let network = try Network([.affine(weights: Matrix([[1, 2]]), bias: [1])])
    #expect(network.evaluate(Matrix(rows: 0, columns: 2)) == Matrix(rows: 0, columns: 1))
  }

  @Test func refusesWhatIsNoNetwork() {
    let fine = Layer.affine(weights: Matrix([[1, 2], [3, 4]]), bias: [0, 0])
    var torn = Matrix([[1, 2], [3, 4]])
    torn.elements.removeLast()
    let cases: [([Layer], [String])] = [
      ([], ["at least one layer"]),
      ([.relu], ["layer 0", "affine"]),
      ([fine, .relu, .relu], ["layer 2", "ReLU"]),
      ([fine, .relu, .affine(weights: Matrix([[1, 2, 3]]), bias: [0])], ["layer 2", "1 × 3", "2 outputs"]),
      ([.affine(weights: Matrix([[1, 2]]), bias: [0, 0])], ["layer 0", "2 biases instead of 1"]),
      ([.affine(weights: Matrix(rows: 0, columns: 2), bias: [])], ["layer 0", "empty"]),
      ([.affine(weights: Matrix(rows: 2, columns: 0), bias: [0, 0])], ["layer 0", "empty"]),
      ([.affine(weights: torn, bias: [0, 0])], ["layer 0", "3 elements"]),
      (
        [fine, .affine(weights: Matrix([[1, 2], [.nan, 4]]), bias: [0, 0])], ["layer 1", "nan", "row 1, column 0"]
      ),
      ([.affine(weights: Matrix([[1, 2]]), bias: [-.infinity])], ["layer 0", "bias", "-inf", "row 0"]),
    ]
    for (layers, words) in cases {
      let error = #expect(throws: NetworkError.self) { try Network(layers) }
      for word in words { #expect(error?.description.contains(word) == true, "\(word)") }
    }
    #expect(throws: NetworkError.self) {
      try Network.oneHiddenLayer(
        inputWeights: Matrix([[1], [2]]), biases: [0, 0], outputWeights: Matrix([[1, 1, 1]]), outputBias: [0])
    }
  }
}
