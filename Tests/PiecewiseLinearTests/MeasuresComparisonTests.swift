import Exact
import LinearAlgebra
import Networks
import PiecewiseLinear
import Probability
import Testing

/// Equality of networks, and where they differ.
@Suite struct MeasuresComparisonTests {
  /// Two hidden layers as rows [bias, weights], and the row of the output.
  private struct Layers {
    var hidden: [[[Double]]]
    var output: [Double]

    static func random(_ inputs: Int, _ width: Int, _ source: inout RandomSource) -> Layers {
      func row(_ count: Int) -> [Double] { (0...count).map { _ in source.normal() } }
      return Layers(
        hidden: [(0..<width).map { _ in row(inputs) }, (0..<width).map { _ in row(width) }], output: row(width))
    }

    func network() throws -> UnitNetwork {
      let rows = hidden + [[output]]
      return try UnitNetwork(
        weights: rows.map { Matrix($0.map { Array($0.dropFirst()) }) }, biases: rows.map { $0.map { $0[0] } })
    }

    /// The units of the first layer in another order.
    func permuted() -> Layers {
      var copy = self
      copy.hidden[0].reverse()
      copy.hidden[1] = hidden[1].map { [$0[0]] + $0.dropFirst().reversed() }
      return copy
    }

    /// Each unit of the second layer multiplied by a power of two, its outgoing weight divided by it.
    func rescaled() -> Layers {
      var copy = self
      for unit in hidden[1].indices {
        let factor = Double(sign: .plus, exponent: unit % 5 - 2, significand: 1)
        copy.hidden[1][unit] = hidden[1][unit].map { $0 * factor }
        copy.output[unit + 1] /= factor
      }
      return copy
    }

    /// The first unit of the first layer as two, with ¾ and ¼ of its outgoing weights.
    func split() -> Layers {
      var copy = self
      copy.hidden[0].append(hidden[0][0])
      copy.hidden[1] = hidden[1].map { row in
        var row = row + [row[1] * 0.25]
        row[1] *= 0.75
        return row
      }
      return copy
    }

    /// All weights with their last bits cleared, so that ¾ of them are exact.
    func shortened() -> Layers {
      func short(_ value: Double) -> Double { Double(Float(value)) }
      return Layers(hidden: hidden.map { $0.map { $0.map(short) } }, output: output.map(short))
    }
  }

  private static let square = Measured.box(2)

  @Test func equalCopies() throws {
    let seed: UInt64 = 51
    for round in 0..<4 {
      var source = RandomSource(seed: seed, index: round)
      let layers = Layers.random(2, 6, &source).shortened()
      let network = try layers.network()
      for (name, copy) in [
        ("same", layers), ("permuted", layers.permuted()), ("rescaled", layers.rescaled()), ("split", layers.split()),
        ("all", layers.permuted().rescaled().split()),
      ] {
        for domain in [Self.square, .space] {
          let comparison = try NetworkComparison(network, copy.network(), in: domain)
          let context: Comment = "seed \(seed), round \(round), \(name), \(domain.name)"
          #expect(try comparison.decide().verdict == .equal, context)
          let result = try comparison.run()
          #expect(result.verdict == .equal && result.summary.isComplete, context)
          #expect(result.differences.map(\.magnitude) == [0], context)
        }
      }
    }
  }

  /// One weight changed by one unit in the last place is found, in its exact size.
  @Test func oneUnitInTheLastPlace() throws {
    let seed: UInt64 = 53
    for round in 0..<6 {
      var source = RandomSource(seed: seed, index: round)
      let layers = Layers.random(2, 6, &source)
      var changed = layers.permuted().rescaled()
      changed.output[0] = changed.output[0].nextUp
      let shift = Rational(exactly: layers.output[0]) - Rational(exactly: changed.output[0])
      let context: Comment = "seed \(seed), round \(round)"
      let comparison = try NetworkComparison(layers.network(), changed.network(), in: Self.square)
      let result = try comparison.run()
      #expect(result.verdict == .different, context)
      #expect(result.differences[0].largest.value == shift, context)
      #expect(result.differences[0].firstValue - result.differences[0].secondValue == shift, context)
      #expect(try comparison.decide().verdict == .different, context)

      var steeper = layers.permuted()
      steeper.hidden[1][2][3] = steeper.hidden[1][2][3].nextUp
      let (first, second) = (try layers.network(), try steeper.network())
      let inside = try NetworkComparison(first, second, in: Self.square)
      let found = try inside.run()
      // A unit that is dead in the square changes nothing there.
      let decision = try inside.decide()
      #expect(found.verdict == decision.verdict && found.summary.isComplete, context)
      let largest = found.differences[0]
      #expect(largest.firstValue - largest.secondValue == largest.largest.value, context)
      if let witness = decision.witness {
        let values = [first, second].map { $0.outputs[0].exactValue($0.exactValues(witness)) }
        #expect(values[0] != values[1], context)
        #expect((values[0] - values[1]).magnitude <= largest.largest.value?.magnitude ?? 0, context)
      }
    }
  }

  @Test func differenceOutsideTheBox() throws {
    // relu(x − 2) is 0 in the box, and grows beyond it.
    let zero = try Measured.network(2, [[.relu(Measured.form(-2, [1, 0]))]], [AffineForm(constant: 0)])
    let late = try Measured.network(2, [[.relu(Measured.form(-2, [1, 0]))]], [AffineForm(value: 2)])
    #expect(try NetworkComparison(zero, late, in: Self.square).run().verdict == .equal)
    #expect(try NetworkComparison(zero, late, in: Self.square).decide().verdict == .equal)
    let beyond = try NetworkComparison(zero, late, in: .space).run()
    #expect(beyond.verdict == .different)
    let largest = beyond.differences[0].largest
    #expect(largest.isUnbounded && largest.direction[0].signum > 0 && beyond.differences[0].magnitude == .infinity)
    #expect(try NetworkComparison(zero, late, in: .space).decide(seed: 1).verdict == .different)
    let half = try NetworkComparison(zero, late, in: .polyhedron([.init(normal: [1, 0], offset: 3)]))
    #expect(try half.run().differences[0].largest.value == -1)
    let decision = try half.decide()
    #expect(decision.verdict == .different && (decision.witness?[0] ?? 0) > 2)
  }

  @Test func severalOutputs() throws {
    let first = try Measured.taxicab(2)
    let two = try Measured.network(
      2, [[Measured.absolute(AffineForm(value: 0)), Measured.absolute(AffineForm(value: 1))]],
      [Measured.form(0, [1, 1], first: 2), Measured.form(0, [1, 1], first: 2)])
    let other = try Measured.network(
      2, [[Measured.absolute(AffineForm(value: 0)), .relu(AffineForm(value: 1)), .relu(Measured.form(0, [0, -1]))]],
      [Measured.form(0, [1, 1, 1], first: 2), Measured.form(0, [1, 1, 0.5], first: 2)])
    let result = try NetworkComparison(two, other, in: Self.square).run()
    #expect(result.verdict == .different)
    #expect(result.differences.map(\.magnitude) == [0, 0.5])
    #expect(result.differences[1].largest.point[1] == -1)
    #expect(throws: NetworkError.self) { try NetworkComparison(first, two, in: Self.square) }
    #expect(throws: RegionError.self) { try NetworkComparison(two, other, in: Measured.box(3)) }
  }

  @Test func cutShortItSaysSo() throws {
    var source = RandomSource(seed: 57)
    let layers = Layers.random(2, 6, &source).shortened()
    var comparison = try NetworkComparison(layers.network(), layers.split().network(), in: Self.square)
    comparison.enumeration.limit = 4
    let result = try comparison.run()
    #expect(result.verdict == .unknown && result.differences[0].magnitude == 0)
    #expect(try comparison.decide().verdict == .unknown)
    var changed = layers
    changed.output[0] += 1
    var shifted = try NetworkComparison(layers.network(), changed.network(), in: Self.square)
    shifted.enumeration.limit = 1
    #expect(try shifted.run().verdict == .different)
  }
}
