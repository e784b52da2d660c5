import Datasets
import LinearAlgebra
import Networks
import Probability
import Testing

@testable import Learning

@Suite struct RescalingTests {
  private static func models() throws -> [(Model, steps: Int)] {
    [
      (try Model(input: .vector(3), layers: [.dense(Dense(6, .relu)), .dense(Dense(5, .relu)), .dense(Dense(2))]), 1),
      (
        try Model(
          input: .image(channels: 2, height: 5, width: 5),
          layers: [
            .convolution(Convolution(3, kernel: 2)), .pooling(Pooling(.maximum, kernel: 2)),
            .convolution(Convolution(2, kernel: 2)), .dense(Dense(4, .relu)), .dense(Dense(2)),
          ]), 1
      ),
      (
        try Model(
          input: .symbols(4),
          layers: [
            .embedding(Embedding(3)), .recurrent(Recurrent(.simple(.relu), units: 4, learnsInitialState: true)),
            .recurrent(Recurrent(.simple(.identity), units: 3, hasBias: false)), .lastStep, .dense(Dense(2)),
          ]), 6
      ),
    ]
  }

  @Test func theFunctionAndThePathNormStay() throws {
    for (model, steps) in try Self.models() {
      var source = RandomSource(seed: 5)
      let parameters: [Double] = try model.initialParameters(Initialisation(weights: .he), seed: 1)
      let rescaling = try Rescaling.logNormal(model, deviation: 2, &source)
      let rescaled = try rescaling.applied(to: parameters, of: model)
      #expect(parameters != rescaled)
      #expect(
        try model.outputDifference(parameters, rescaled, steps: steps, samples: 20, seed: 3) < 1e-12, "\(model.text)")
      let before = try model.pathCurvature(at: parameters, steps: steps).squaredNorm.value
      let after = try model.pathCurvature(at: rescaled, steps: steps).squaredNorm.value
      #expect(abs(before - after) < 1e-12 * before)
    }
  }

  @Test func powersOfTwoRoundNothing() throws {
    let (model, _) = try Self.models()[0]
    let parameters: [Double] = try model.initialParameters(Initialisation(weights: .he), seed: 2)
    let rescaling = try Rescaling(model) { _, unit in unit % 2 == 0 ? 8 : 0.25 }
    let rescaled = try rescaling.applied(to: parameters, of: model)
    #expect(try model.outputDifference(parameters, rescaled, steps: 1, samples: 50, seed: 3) == 0)
  }

  @Test func balancedUnitsAreAsLongInAsOut() throws {
    for (model, steps) in try Self.models() {
      let parameters: [Double] = try model.initialParameters(
        Initialisation(weights: .balanced, recurrent: .balanced, rescalings: 30), seed: 3)
      let (rescaling, rounds) = try Rescaling.balancing(model, parameters)
      #expect(rounds < 1000, "\(model.text)")
      let balanced = try rescaling.applied(to: parameters, of: model)
      #expect(try model.outputDifference(parameters, balanced, steps: steps, samples: 10, seed: 4) < 1e-12)
      func squares(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } }
      let least = squares(balanced)
      #expect(least <= squares(parameters))
      // A balanced network is a minimum: small random rescalings do not make it smaller.
      var source = RandomSource(seed: 6)
      for _ in 0..<20 {
        let other = try Rescaling.logNormal(model, deviation: 0.05, &source).applied(to: balanced, of: model)
        #expect(squares(other) >= least * (1 - 1e-12), "\(model.text)")
      }
    }
  }

  @Test func networksGoAndComeBack() throws {
    let network = try Network([
      .affine(weights: Matrix([[1, -2], [0.5, 3]]), bias: [0.25, -1]), .relu,
      .affine(weights: Matrix([[2, 1]]), bias: [0.5]),
    ])
    let (model, parameters) = try Model.reading(network)
    #expect(try model.network(parameters) == network)
    let batch = Batch(samples: 1, values: [0.3, -0.7], targets: [0])
    #expect(try model.gradient(at: parameters, of: batch, loss: .squared).outputs == network([0.3, -0.7]))
    let again = try Network(onnx: try model.onnx(parameters, elementType: .float64), source: "test")
    #expect(again == network)
  }

  @Test func convolutionsAreReadFromONNX() throws {
    let (model, _) = try Self.models()[1]
    let parameters: [Double] = try model.initialParameters(Initialisation(weights: .he), seed: 8)
    let units = try UnitNetwork(onnx: try model.onnx(parameters, elementType: .float64), source: "test")
    let batch = try Batch.random(for: model, steps: 1, samples: 1, seed: 2)
    let outputs = try model.gradient(at: parameters, of: batch, loss: .squared).outputs
    let differences = zip(units(batch.values), outputs).map { abs($0 - $1) }
    #expect(differences.allSatisfy { $0 < 1e-12 })
  }

  @Test func modelsAreTheirWords() throws {
    for (model, _) in try Self.models() { #expect(try Model(text: model.text) == model) }
    for sample in try GradientTests.samples() { #expect(try Model(text: sample.model.text) == sample.model) }
    for text in ["", "vector", "vector:3 dense", "vector:0", "vector:2 dense:relu:99999999999", "vector:2 wavelet:3"] {
      #expect(throws: ModelError.self, "\(text)") { try Model(text: text) }
    }
  }

  @Test func initialisersHaveTheirMoments() throws {
    let model = try Model(
      input: .vector(50), layers: [.recurrent(Recurrent(.simple(.relu), units: 40)), .lastStep, .dense(Dense(3))])
    func values(_ start: Initialisation, _ tensor: String) throws -> [Double] {
      let all: [Double] = try model.initialParameters(start, seed: 12)
      return Array(all[try #require(model.tensor(named: tensor)).range])
    }
    func variance(_ values: [Double]) -> Double { values.reduce(0) { $0 + $1 * $1 } / Double(values.count) }
    let he = variance(try values(Initialisation(weights: .he), "recurrent1.input"))
    #expect(abs(he - 0.04) < 0.006)
    let glorot = variance(try values(Initialisation(weights: .glorot), "recurrent1.input"))
    #expect(abs(glorot - 2.0 / 90) < 0.003)
    let identity = try values(Initialisation(recurrent: .identity(0.5)), "recurrent1.recurrent")
    let wanted = identity.indices.map { $0 % 41 == 0 ? 0.5 : 0 }
    #expect(identity == wanted)
    let orthogonal = try values(Initialisation(recurrent: .orthogonal), "recurrent1.recurrent")
    for (row, other) in [(0, 0), (3, 3), (0, 1), (5, 39)] {
      let product = (0..<40).reduce(0) { $0 + orthogonal[row * 40 + $1] * orthogonal[other * 40 + $1] }
      #expect(abs(product - (row == other ? 1 : 0)) < 1e-12)
    }
    // The np initialiser is symmetric with largest eigenvalue 1.
    let positive = try values(Initialisation(recurrent: .positive), "recurrent1.recurrent")
    var vector = [Double](repeating: 1, count: 40)
    var norm = 0.0
    for _ in 0..<3000 {
      let image = (0..<40).map { row in (0..<40).reduce(0) { $0 + positive[row * 40 + $1] * vector[$1] } }
      norm = image.reduce(0) { $0 + $1 * $1 }.squareRoot()
      vector = image.map { $0 / norm }
    }
    #expect(abs(norm - 1) < 1e-9)
    #expect(positive[1] == positive[40])
    let lstm = try Model(input: .vector(2), layers: [.recurrent(Recurrent(.lstm, units: 3))])
    let start: [Double] = try lstm.initialParameters(Initialisation(forgetBias: 2), seed: 1)
    #expect(Array(start[try #require(lstm.tensor(named: "lstm1.bias")).range]) == [0, 0, 0, 2, 2, 2, 0, 0, 0, 0, 0, 0])
  }
}
