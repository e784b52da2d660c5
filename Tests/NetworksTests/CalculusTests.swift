import Exact
import LinearAlgebra
import Testing

@testable import Networks

/// The calculus on networks of doubles, which goes by way of the rational one.
@Suite struct CalculusTests {
  /// |x|, one hidden layer
  private func absolute() throws -> Network {
    try Network.oneHiddenLayer(
      inputWeights: Matrix([[1], [-1]]), biases: [0, 0], outputWeights: Matrix([[1, 1]]), outputBias: [0])
  }

  /// 2x + 1, no hidden layer
  private func line() throws -> Network { try Network([.affine(weights: Matrix([[2]]), bias: [1])]) }

  @Test func operationsAreThoseOfTheFunctions() throws {
    let f = try absolute()
    let g = try line()
    for x in [-3.0, -0.5, 0, 0.25, 4] {
      #expect(try f.after(g)([x]) == [abs(2 * x + 1)])
      #expect(try g.after(f)([x]) == [2 * abs(x) + 1])
      #expect(try f.adding(g)([x]) == [abs(x) + 2 * x + 1])
      #expect(try f.beside(g)([x]) == [abs(x), 2 * x + 1])
      #expect(try f.scaled(by: -0.5)([x]) == [-abs(x) / 2])
      #expect(try Network.maximum(of: [f, g])([x]) == [max(abs(x), 2 * x + 1)])
      #expect(try Network.minimum(of: [f, g, f])([x]) == [min(abs(x), 2 * x + 1)])
      #expect(try f.padded(toHiddenLayers: 3)([x]) == [abs(x)])
      #expect(try g.withoutOutputBias()([x]) == [2 * x + 1])
    }
    #expect(try f.after(f).size == 4)
    #expect(try f.after(f).depth == 3)
    #expect(try f.adding(f).hiddenWidths == [4])
    #expect(try f.padded(toHiddenLayers: 3).hiddenWidths == [2, 1, 1])
    #expect(try Network.maximum(of: [f, f]).hiddenWidths == [4, 2])
  }

  @Test func weightsAreRoundedOnce() throws {
    // 0.1 · 3 + 0.3 in one rounding is not what doubles make of it in two.
    let inner = try Network([.affine(weights: Matrix([[0.1]]), bias: [0])])
    let outer = try Network([.affine(weights: Matrix([[3]]), bias: [0])])
    let other = try Network([.affine(weights: Matrix([[0.3]]), bias: [0])])
    guard case .affine(let weights, _) = try outer.after(inner).layers[0],
      case .affine(let sums, _) = try inner.adding(other).layers[0]
    else {
      Issue.record("an affine map expected")
      return
    }
    #expect(weights[0, 0] == (3 * Rational(exactly: 0.1)).doubleValue)
    #expect(sums[0, 0] == (Rational(exactly: 0.1) + Rational(exactly: 0.3)).doubleValue)
  }

  @Test func overflowIsAnError() throws {
    let large = try Network([.affine(weights: Matrix([[1e200]]), bias: [0])])
    #expect(throws: NetworkError.self) { try large.after(large) }
    #expect(throws: NetworkError("a network cannot be scaled by inf: it must be finite")) {
      try large.scaled(by: .infinity)
    }
  }
}
