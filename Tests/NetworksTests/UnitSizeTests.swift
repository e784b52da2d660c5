import Foundation
import LinearAlgebra
import Testing

@testable import Networks

@Suite struct UnitSizeTests {
  /// Two inputs; stage "a": relu(x₀ + 2), leaky(3 x₁), |x₀ − x₁|; stage "b": max(v₂, v₃, 1), a linear unit of v₄; one
  /// output v₅ − 2 v₆ + x₀.
  private var example: UnitNetwork {
    get throws {
      typealias Unit = UnitNetwork.Unit
      func form(_ constant: Double, _ terms: [(Int, Double)]) -> AffineForm {
        AffineForm(constant: constant, terms: terms.map { AffineForm.Term(value: $0, weight: $1) })
      }
      return try UnitNetwork(
        inputCount: 2,
        stages: [
          UnitNetwork.Stage(
            name: "a",
            units: [
              .relu(form(2, [(0, 1)])), Unit(kind: .hinge(below: -4, above: 1), forms: [form(0, [(1, 3)])]),
              Unit(kind: .hinge(below: -1, above: 1), forms: [form(0, [(0, 1), (1, -1)])]),
            ]),
          UnitNetwork.Stage(
            name: "b",
            units: [
              Unit(kind: .maximum, forms: [form(0, [(2, 1)]), form(0, [(3, 1)]), form(1, [])]),
              .linear(form(0, [(4, 5)])),
            ]),
        ],
        outputs: [form(0, [(0, 1), (5, 1), (6, -2)])])
    }
  }

  @Test func sizesByHand() throws {
    let network = try example
    #expect(
      network.stageSizes == [
        UnitNetwork.StageSize(
          name: "a", units: 3, bendingUnits: 3, names: [.relu: 1, .leaky: 1, .absolute: 1], weights: 4, biases: 1),
        UnitNetwork.StageSize(
          name: "b", units: 2, bendingUnits: 1, names: [.maximum: 1, .linear: 1], weights: 3, biases: 1),
      ])
    #expect(network.size == 4 && network.width == 3 && network.depth == 3)
    #expect(network.parameterCount == 12)
    #expect(network.multiplyAddCount == 11)
    #expect(network.weightBytes == 10 * 16 + 8 * 8)
    #expect(network([1, 2]) == [1 + 6 - 10])
    // A path through the linear unit alone has one unit fewer that bends.
    let short = try UnitNetwork(
      inputCount: network.inputCount, stages: network.stages, outputs: [AffineForm(value: 6)])
    #expect(short.depth == 2)
  }

  @Test func pathNormsByHand() throws {
    // Paths to the units: 1, 4·3, 1 + 1; then 1 + 12, 5·2; output 1 + 13 + 2·10.
    let network = try example
    #expect(network.pathNorm(.one) == 34)
    // With biases: 1 + 2 and 12 and 2; 3 + 12 + 1 and 10; 1 + 16 + 20.
    #expect(network.pathNorm(.one, countingBiases: true) == 37)
    // Squares: 1, 16·9, 2; 145, 50; 1 + 145 + 4·50.
    #expect(network.pathNorm(.two) == 346.0.squareRoot())
  }

  @Test(arguments: [UInt64(51), 52])
  func agreesWithChains(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for depth in 1...4 {
      let chain = try generator.network(depth: depth)
      let network = try UnitNetwork(chain)
      #expect(network.depth == chain.depth && network.size == chain.size, "seed \(seed)")
      #expect(network.parameterCount == chain.parameterCount, "seed \(seed)")
      #expect(network.width == chain.hiddenWidths.max() ?? 0, "seed \(seed)")
      for exponent in PathExponent.allCases {
        for biases in [false, true] {
          let norm = chain.pathNorm(exponent, countingBiases: biases)
          #expect(abs(network.pathNorm(exponent, countingBiases: biases) - norm) <= 1e-12 * norm, "seed \(seed)")
        }
      }
      let norms = network.stageNorms
      #expect(norms.map(\.name) == network.stages.map(\.name) + ["output"])
      #expect(deviation(norms.map(\.frobenius), from: chain.frobeniusNorms) < 1e-13, "seed \(seed)")
      #expect(deviation(norms.map(\.spectral.lowerBound), from: chain.spectralNorms) < 1e-13, "seed \(seed)")
      #expect(norms.allSatisfy { $0.spectral.lowerBound == $0.spectral.upperBound })
    }
  }

  /// A stage too large for a dense matrix: diagonal blocks [[3, 4], [0, 5]], whose largest singular value is √45.
  @Test func spectralNormsOfLargeStagesAreBounded() throws {
    let count = 300
    let units = (0..<count).flatMap { block in
      [
        AffineForm(constant: 0, weights: [3, 4], first: 2 * block),
        AffineForm(constant: 0, weights: [5], first: 2 * block + 1),
      ].map(UnitNetwork.Unit.relu)
    }
    let network = try UnitNetwork(
      inputCount: 2 * count, stages: [UnitNetwork.Stage(name: "blocks", units: units)],
      outputs: [AffineForm(constant: 1)])
    let norms = network.stageNorms
    #expect(abs(norms[0].frobenius - (50.0 * Double(count)).squareRoot()) < 1e-10)
    #expect(norms[0].spectral.contains(45.0.squareRoot()))
    #expect(abs(norms[0].spectral.lowerBound - 45.0.squareRoot()) < 1e-12)
    #expect(abs(norms[0].spectral.upperBound - 63.0.squareRoot()) < 1e-12)
    #expect(norms[1].frobenius == 0 && norms[1].spectral == 0...0)
  }
}
