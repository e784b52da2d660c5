import Foundation
import LinearAlgebra
import Testing

@testable import Networks

@Suite struct NormTests {
  private func spectralNorm(_ matrix: Matrix) throws -> Double {
    try Network([.affine(weights: matrix, bias: Array(repeating: 0, count: matrix.rows))]).spectralNorms[0]
  }

  @Test func frobeniusByHand() throws {
    let network = try Network.oneHiddenLayer(
      inputWeights: Matrix([[3], [-4]]), biases: [9, 9], outputWeights: Matrix([[1e200, -1e200]]), outputBias: [0])
    #expect(network.frobeniusNorms[0] == 5)
    #expect(abs(network.frobeniusNorms[1] / 1e200 - 2.0.squareRoot()) < 1e-15)
    #expect(try Network([.affine(weights: Matrix([[0, 0]]), bias: [1])]).frobeniusNorms == [0])
  }

  @Test func spectralNormInClosedForm() throws {
    #expect(try spectralNorm(Matrix([[0, 0], [0, 0]])) == 0)
    #expect(abs(try spectralNorm(Matrix([[3, 0, 0], [0, -7, 0]])) - 7) < 1e-13)
    // Rank one: the product of the lengths of its factors.
    #expect(abs(try spectralNorm(Matrix([[2, 4, 4], [4, 8, 8]])) - 5.0.squareRoot() * 6) < 1e-12)
    // A rotation: both singular values are 1.
    #expect(abs(try spectralNorm(Matrix([[cos(1), -sin(1)], [sin(1), cos(1)]])) - 1) < 1e-14)
    // The shear [[1, 1], [0, 1]]: the golden ratio.
    #expect(abs(try spectralNorm(Matrix([[1, 1], [0, 1]])) - (1 + 5.0.squareRoot()) / 2) < 1e-14)
    #expect(abs(try spectralNorm(Matrix([[1e-200, 1e-200]])) / 1e-200 - 2.0.squareRoot()) < 1e-14)
    #expect(abs(try spectralNorm(Matrix([[1e200], [1e200]])) / 1e200 - 2.0.squareRoot()) < 1e-14)
  }

  /// Where plain power iteration is slow, and where a fixed starting vector could miss the largest one.
  @Test(arguments: [1e-2, 1e-5, 1e-8, 1e-11])
  func spectralNormOfCloseSingularValues(gap: Double) throws {
    let (c, s) = (cos(0.7), sin(0.7))
    let matrix = Matrix([[c * (1 + gap), -s], [s * (1 + gap), c]]) * Matrix([[c, s], [-s, c]])
    #expect(abs(try spectralNorm(matrix) - (1 + gap)) < 4e-14)
  }

  @Test(arguments: [UInt64(21), 22, 23])
  func spectralNormBoundsEveryImage(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<20 {
      let matrix = generator.matrix(.random(in: 1...8, using: &generator), .random(in: 1...8, using: &generator))
      let norm = try spectralNorm(matrix)
      // Plain power iteration from several starts: no image is longer, and the longest comes close.
      var best = 0.0
      for _ in 0..<5 {
        var vector = generator.matrix(matrix.columns, 1)
        for _ in 0..<400 {
          vector = matrix.transposed * (matrix * vector)
          let length = vector.elements.reduce(0) { $0 + $1 * $1 }.squareRoot()
          for index in vector.elements.indices { vector.elements[index] /= length }
        }
        best = max(best, (matrix * vector).elements.reduce(0) { $0 + $1 * $1 }.squareRoot())
      }
      #expect(best <= norm * (1 + 1e-13), "seed \(seed)")
      #expect(best >= norm * (1 - 1e-3), "seed \(seed)")
      #expect(abs(try spectralNorm(matrix.transposed) - norm) < 1e-13 * norm, "seed \(seed)")
    }
  }

  /// All paths one by one, in place of the dynamic programme.
  private func pathSum(_ network: Network, power: Double, countingBiases: Bool) -> Double {
    let layers = network.layers.compactMap { layer -> (Matrix, [Double])? in
      if case .affine(let weights, let bias) = layer { (weights, bias) } else { nil }
    }
    func from(_ layer: Int, _ unit: Int) -> Double {
      guard layer < layers.count else { return 1 }
      return (0..<layers[layer].0.rows).reduce(0) { sum, row in
        sum + pow(abs(layers[layer].0[row, unit]), power) * from(layer + 1, row)
      }
    }
    var sum = (0..<network.inputs).reduce(0) { $0 + from(0, $1) }
    if countingBiases {
      for (layer, (_, bias)) in layers.enumerated() {
        for (row, value) in bias.enumerated() { sum += pow(abs(value), power) * from(layer + 1, row) }
      }
    }
    return pow(sum, 1 / power)
  }

  @Test(arguments: [UInt64(31), 32, 33])
  func pathNormAgreesWithEnumeration(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for depth in 1...4 {
      let network = try generator.network(depth: depth)
      for exponent in PathExponent.allCases {
        for biases in [false, true] {
          let expected = pathSum(network, power: Double(exponent.rawValue), countingBiases: biases)
          let norm = network.pathNorm(exponent, countingBiases: biases)
          #expect(abs(norm - expected) < 1e-12 * expected, "seed \(seed), depth \(depth), \(exponent), \(biases)")
        }
      }
    }
  }

  @Test(arguments: [UInt64(41), 42, 43])
  func pathNormIsInvariantToRescalingUnits(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    var (input, bias, output) = (generator.matrix(4, 3), generator.numbers(4), generator.matrix(2, 4))
    let last = generator.numbers(2)
    let before = try Network.oneHiddenLayer(
      inputWeights: input, biases: bias, outputWeights: output, outputBias: last)
    for unit in 0..<4 {
      let factor = Double.random(in: 0.1...10, using: &generator)
      for column in 0..<3 { input[unit, column] *= factor }
      bias[unit] *= factor
      for row in 0..<2 { output[row, unit] /= factor }
    }
    let after = try Network.oneHiddenLayer(
      inputWeights: input, biases: bias, outputWeights: output, outputBias: last)
    for exponent in PathExponent.allCases {
      for biases in [false, true] {
        let norms = (
          before.pathNorm(exponent, countingBiases: biases), after.pathNorm(exponent, countingBiases: biases)
        )
        #expect(abs(norms.0 - norms.1) < 1e-12 * norms.0, "seed \(seed)")
      }
    }
    #expect(deviation(after([1, -2, 0.5]), from: before([1, -2, 0.5])) < 1e-12, "seed \(seed)")
  }

  @Test func pathNormBeyondTheRangeOfDouble() throws {
    let weights = Matrix([[1e200, 1e200], [0, 0]])
    let network = try Network.oneHiddenLayer(
      inputWeights: weights, biases: [0, 0], outputWeights: Matrix([[0, 1]]), outputBias: [0])
    #expect(network.pathNorm(.two) == 0)
    let faint = try Network.oneHiddenLayer(
      inputWeights: weights, biases: [0, 1], outputWeights: Matrix([[1e-200, 1]]), outputBias: [0])
    #expect(faint.pathNorm(.two, countingBiases: true) == 1)
    let dead = try Network.oneHiddenLayer(
      inputWeights: Matrix([[0]]), biases: [0], outputWeights: Matrix([[1e200]]), outputBias: [0])
    #expect(dead.pathNorm(.two) == 0)
    let steep = try Network.oneHiddenLayer(
      inputWeights: weights, biases: [0, 0], outputWeights: Matrix([[1, 1]]), outputBias: [0])
    #expect(steep.pathNorm(.two) == .infinity)
  }
}
