import Exact
import LinearAlgebra
import Probability
import Testing

@testable import Networks

@Suite struct RationalRoundingTests {
  @Test func affineLayersAreMultipliedExactly() throws {
    // In doubles 0.1 · 3 is rounded; here the product is that of the two doubles.
    let network = try Network([
      .affine(weights: Matrix([[0.1], [1]]), bias: [1, 0]), .affine(weights: Matrix([[3, 0]]), bias: [0.5]), .relu,
    ])
    let exact = try RationalNetwork(network)
    #expect(exact.hidden == [[.init([0: 3 * Rational(exactly: 0.1)], constant: Rational(7, 2))]])
    #expect(exact.outputs == [.init([0: 1])])
    #expect(exact.hiddenWidths == network.hiddenWidths)
    #expect(exact([2]) == [Rational(7, 2) + 6 * Rational(exactly: 0.1)])
    #expect(try !exact.rounded(to: .float64).isExact)
  }

  @Test func dyadicWeightsComeBack() throws {
    let network = try Network.oneHiddenLayer(
      inputWeights: Matrix([[1, -0.25], [0, 3]]), biases: [0.5, 0], outputWeights: Matrix([[1, -2]]), outputBias: [7])
    for type in ONNXFloatingPoint.allCases {
      let rounded = try RationalNetwork(network).rounded(to: type)
      #expect(rounded.isExact)
      #expect(rounded.network == network)
      let units = try RationalNetwork(network).roundedUnits(to: type)
      #expect(units.isExact)
      #expect(units.units.inputCount == 2)
      #expect(units.units.stages.map(\.units.count) == [2])
      #expect(units.units.stages[0].units[1].forms[0].terms == [.init(value: 1, weight: 3)])
      #expect(units.units.outputs == [AffineForm(constant: 7, weights: [1, -2], first: 2)])
    }
  }

  private func single(_ weight: Rational) throws -> RationalNetwork {
    try RationalNetwork.affine([AffineFunction(gradient: [weight], constant: 0)])
  }

  private func rounded(_ weight: Rational, _ type: ONNXFloatingPoint) throws -> (Double, Bool) {
    let result = try single(weight).rounded(to: type)
    guard case .affine(let weights, _) = result.network.layers[0] else { return (.nan, false) }
    return (weights[0, 0], result.isExact)
  }

  @Test func floatsAreNearest() throws {
    #expect(try rounded(Rational(1, 3), .float64) == (1.0 / 3, false))
    #expect(try rounded(Rational(1, 3), .float32) == (Double(Float(1) / 3), false))
    // One and half a unit in the last place of float32, and a little more or less, which a double does not hold.
    let halfway = Rational(1) + Rational(powerOfTwo: -24)
    let little = Rational(powerOfTwo: -80)
    let above = Double(Float(1).nextUp)
    #expect(try rounded(halfway, .float32) == (1, false))
    #expect(try rounded(halfway + little, .float32) == (above, false))
    #expect(try rounded(halfway - little, .float32) == (1, false))
    #expect(try rounded(-halfway - little, .float32) == (-above, false))
    #expect(try rounded(Rational(1) + 3 * Rational(powerOfTwo: -24), .float32) == (1 + 0x1p-22, false))
    #expect(try rounded(Rational(1) + 3 * Rational(powerOfTwo: -24) - little, .float32) == (above, false))
  }

  @Test func randomFloatsAreNearest() throws {
    var source = RandomSource(seed: 77)
    for _ in 0..<300 {
      let value = Rational(Int(source.next() >> 2), 1 + Int(source.next() >> 20))
      let result = Float(try rounded(value, .float32).0)
      let error = (Rational(exactly: Double(result)) - value).magnitude
      for other in [result.nextUp, result.nextDown] {
        #expect((Rational(exactly: Double(other)) - value).magnitude >= error, "seed 77: \(value)")
      }
    }
  }

  @Test func overflowIsAnError() throws {
    let large = Rational(powerOfTwo: 130)
    #expect(try rounded(large, .float64).1)
    let message =
      "row 0 of layer 1 has a weight of magnitude about 2^130, which overflows float32; scale the function down"
    #expect(throws: NetworkError(message)) { try single(large).rounded(to: .float32) }
    #expect(throws: NetworkError(message)) { try single(-large).roundedUnits(to: .float32) }
    #expect(throws: NetworkError.self) { try single(Rational(powerOfTwo: 1024)).rounded(to: .float64) }
    // What is too small becomes zero, and is no longer there.
    let tiny = try single(Rational(powerOfTwo: -2000)).roundedUnits(to: .float64)
    #expect(!tiny.isExact)
    #expect(tiny.units.outputs[0].terms.isEmpty)
  }

  @Test func wideSparseLayersCostLittle() throws {
    let count = 3000
    let rows = (0..<count).map { RationalNetwork.Row([$0: 1, ($0 + 1) % count: -2]) }
    let network = try RationalNetwork(inputs: count, hidden: [rows, rows], outputs: [rows[0]])
    let units = try network.roundedUnits(to: .float32)
    #expect(units.isExact)
    #expect(units.units.stages.map(\.units.count) == [count, count])
    #expect(units.units.stages[1].units[2].forms[0].terms.map(\.value) == [count + 2, count + 3])
  }
}
