import Exact
import LinearAlgebra
import Probability
import Testing

@testable import Networks

@Suite struct RationalCalculusTests {
  static func network(
    _ source: inout RandomSource, inputs: Int, outputs: Int, hiddenLayers: Int
  ) throws -> RationalNetwork {
    var width = inputs
    func rows(_ count: Int) -> [RationalNetwork.Row] {
      (0..<count).map { _ in
        RationalNetwork.Row(
          (0..<width).map { (key: $0, value: Rational(source.index(below: 9) - 4, 1 + source.index(below: 4))) },
          constant: Rational(source.index(below: 9) - 4, 2))
      }
    }
    var hidden: [[RationalNetwork.Row]] = []
    for _ in 0..<hiddenLayers {
      hidden.append(rows(1 + source.index(below: 4)))
      width = hidden[hidden.count - 1].count
    }
    return try RationalNetwork(inputs: inputs, hidden: hidden, outputs: rows(outputs))
  }

  static func points(_ source: inout RandomSource, _ inputs: Int, count: Int = 8) -> [[Rational]] {
    (0..<count).map { _ in
      (0..<inputs).map { _ in Rational(source.index(below: 41) - 20, 1 + source.index(below: 6)) }
    }
  }

  @Test(arguments: [UInt64(1), 2, 3, 4, 5])
  func operationsAreThoseOfTheFunctions(seed: UInt64) throws {
    var source = RandomSource(seed: seed)
    for _ in 0..<12 {
      let inputs = 1 + source.index(below: 3)
      let outputs = 1 + source.index(below: 3)
      let f = try Self.network(&source, inputs: inputs, outputs: outputs, hiddenLayers: source.index(below: 4))
      let g = try Self.network(&source, inputs: inputs, outputs: outputs, hiddenLayers: source.index(below: 4))
      let outer = try Self.network(&source, inputs: outputs, outputs: 2, hiddenLayers: source.index(below: 3))
      let composed = try outer.after(f)
      let sum = try f.adding(g)
      let both = try f.beside(g)
      let scaled = try f.scaled(by: Rational(-3, 7))
      let padded = try f.padded(toHiddenLayers: f.hidden.count + 2)
      let unbiased = try f.withoutOutputBias()
      for x in Self.points(&source, inputs) {
        #expect(composed(x) == outer(f(x)), "seed \(seed)")
        #expect(sum(x) == zip(f(x), g(x)).map(+), "seed \(seed)")
        #expect(both(x) == f(x) + g(x), "seed \(seed)")
        #expect(scaled(x) == f(x).map { Rational(-3, 7) * $0 }, "seed \(seed)")
        #expect(padded(x) == f(x), "seed \(seed)")
        #expect(unbiased(x) == f(x), "seed \(seed)")
      }
      #expect(composed.size == outer.size + f.size)
      #expect(composed.depth == outer.depth + f.depth - 1)
      let difference = abs(f.hidden.count - g.hidden.count)
      #expect(sum.hidden.count == max(f.hidden.count, g.hidden.count))
      #expect(sum.size <= f.size + g.size + 2 * outputs * difference, "seed \(seed)")
      #expect(both.size == sum.size)
      #expect(padded.hidden.count == f.hidden.count + 2)
      #expect(padded.size <= f.size + 4 * outputs)
      #expect(unbiased.outputs.allSatisfy { $0.constant.signum == 0 })
      if !f.hidden.isEmpty { #expect(unbiased.size <= f.size + 1) }
    }
  }

  @Test(arguments: [UInt64(11), 12, 13])
  func maximaKeepTheBoundsOfTheLemma(seed: UInt64) throws {
    var source = RandomSource(seed: seed)
    for count in 1...9 {
      for isEqual in [true, false] {
        let networks = try (0..<count).map { _ in
          try Self.network(&source, inputs: 2, outputs: 1, hiddenLayers: isEqual ? 1 : source.index(below: 4))
        }
        let maximum = try RationalNetwork.maximum(of: networks)
        let minimum = try RationalNetwork.minimum(of: networks)
        for x in Self.points(&source, 2, count: 6) {
          let values = networks.map { $0(x)[0] }
          #expect(maximum(x) == [values.max() ?? .zero], "seed \(seed), \(count) networks")
          #expect(minimum(x) == [values.min() ?? .zero], "seed \(seed), \(count) networks")
        }
        let deepest = networks.map(\.hidden.count).max() ?? 0
        let rounds = (0...9).first { 1 << $0 >= count } ?? 0
        #expect(maximum.depth <= deepest + rounds + 1)
        let sizes = networks.reduce(0) { $0 + $1.size }
        let padding = networks.reduce(0) { $0 + 2 * (deepest - $1.hidden.count) }
        #expect(maximum.size <= sizes + padding + 4 * (2 * count - 1), "seed \(seed), \(count) networks")
        #expect(minimum.size <= sizes + padding + 4 * (2 * count - 1), "seed \(seed), \(count) networks")
      }
    }
  }

  @Test func maximaOfSeveralOutputsAreTakenOneByOne() throws {
    let pair = try RationalNetwork.affine([
      AffineFunction(gradient: [1, 0], constant: 0), AffineFunction(gradient: [0, 1], constant: 0),
    ])
    let swapped = try RationalNetwork.affine([
      AffineFunction(gradient: [0, 1], constant: 1), AffineFunction(gradient: [1, 0], constant: -1),
    ])
    let maximum = try RationalNetwork.maximum(of: [pair, swapped])
    #expect(maximum([2, 5]) == [6, 5])
    #expect(maximum([-3, Rational(-9, 2)]) == [-3, -4])
    #expect(maximum.hiddenWidths == [6])
  }

  @Test func affineMapsTakeTwoUnitsForEachOutput() throws {
    let map = [
      AffineFunction(gradient: [2, -1], constant: Rational(1, 3)), AffineFunction(constant: -5, inputs: 2),
      AffineFunction(gradient: [0, 7], constant: 0),
    ]
    let plain = try RationalNetwork.affine(map)
    let hidden = try RationalNetwork.affine(map, hiddenLayer: true)
    #expect(plain.hidden.isEmpty)
    #expect(hidden.hiddenWidths == [6])
    #expect(hidden.outputs.allSatisfy { $0.constant.signum == 0 })
    for x: [Rational] in [[0, 0], [1, 2], [Rational(-7, 5), 3]] {
      #expect(plain(x) == map.map { $0(x) })
      #expect(hidden(x) == plain(x))
    }
  }

  @Test func signsThatAreKnownSaveUnits() throws {
    // |x| and −|x| and the constant 3: one unit carries both, none the constant.
    let absolute = RationalNetwork.Row([0: 1, 1: 1])
    let network = try RationalNetwork(
      inputs: 1, hidden: [[RationalNetwork.Row([0: 1]), RationalNetwork.Row([0: -1])]],
      outputs: [absolute, RationalNetwork.Row([0: -1, 1: -1]), RationalNetwork.Row([:], constant: 3)])
    let padded = try network.padded(toHiddenLayers: 3)
    #expect(padded.hiddenWidths == [2, 1, 1])
    #expect(padded([-4]) == [4, -4, 3])
    // A constant alone still has the layers that were asked for.
    let constant = try RationalNetwork.affine([AffineFunction(constant: 2, inputs: 1)]).padded(toHiddenLayers: 2)
    #expect(constant.hidden.count == 2)
    #expect(constant([9]) == [2])
    // Three differences of two units: the units are fewer than the outputs' six.
    let differences = try RationalNetwork(
      inputs: 1, hidden: network.hidden,
      outputs: (1...3).map { RationalNetwork.Row([0: 1, 1: Rational(-$0)]) })
    #expect(try differences.padded(toHiddenLayers: 2).hiddenWidths == [2, 2])
    #expect(try differences.padded(toHiddenLayers: 2)([-4]) == differences([-4]))
  }

  @Test func biasesTakeOneUnitOnlyWhenThereAreAny() throws {
    let network = try RationalNetwork(
      inputs: 1, hidden: [[RationalNetwork.Row([0: 1])]], outputs: [RationalNetwork.Row([0: 2], constant: 5)])
    #expect(try network.withoutOutputBias().hiddenWidths == [2])
    #expect(try network.withoutOutputBias()([-1]) == [5])
    let linear = try RationalNetwork(
      inputs: 1, hidden: [[RationalNetwork.Row([0: 1])]], outputs: [RationalNetwork.Row([0: 2])])
    #expect(try linear.withoutOutputBias() == linear)
    let affine = try RationalNetwork.affine([AffineFunction(gradient: [3], constant: 1)])
    #expect(try affine.withoutOutputBias().hiddenWidths == [2])
    #expect(try affine.withoutOutputBias()([-1]) == [-2])
  }

  @Test func misfitsAreNamed() throws {
    let one = try RationalNetwork.affine([AffineFunction(gradient: [1], constant: 0)])
    let two = try RationalNetwork.affine([
      AffineFunction(gradient: [1, 0], constant: 0), AffineFunction(gradient: [0, 1], constant: 0),
    ])
    func message(_ body: () throws -> RationalNetwork) -> String? {
      do {
        _ = try body()
        return nil
      } catch { return "\(error)" }
    }
    #expect(message { try one.after(two) } == "a network with 1 inputs cannot follow one with 2 outputs")
    #expect(
      message { try one.beside(two) }
        == "network 1 has 2 inputs, but network 0 has 1; they must read the same inputs")
    #expect(message { try one.adding(two.after(two)) } != nil)
    #expect(message { try RationalNetwork.maximum(of: []) } == "the maximum of no network is not defined")
    #expect(
      message { try one.after(one).padded(toHiddenLayers: -1) }
        == "the network has 0 hidden layers; padding to -1 would take some away")
    #expect(message { try RationalNetwork.affine([]) } == "a network needs at least one output")
    #expect(
      message {
        try RationalNetwork.affine([
          AffineFunction(gradient: [1], constant: 0), AffineFunction(gradient: [1, 2], constant: 0),
        ])
      } == "output 1 of the affine map has 2 inputs, but output 0 has 1")
  }
}
