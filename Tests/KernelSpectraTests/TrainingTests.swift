import Activations
import Foundation
import LinearAlgebra
import Networks
import Probability
import Testing

@testable import KernelSpectra

@Suite struct TrainingTests {
  private static func problem(_ seed: UInt64, _ name: String, width: Int = 60) throws -> (
    TwoLayerNetwork, SampleRows, [Double]
  ) {
    var source = RandomSource(seed: seed)
    let rows = try SampleRows(SyntheticSet.sphere(count: 12, dimension: 4, seed: seed).matrix, normalised: true)
    let setting = KernelSetting(activation: try Activation(named: name))
    let network = TwoLayerNetwork(setting, width: width, inputs: 4, source: &source)
    return (network, rows, (0..<12).map { _ in source.next() & 1 == 0 ? 1 : -1 })
  }

  @Test func outputLayerFollowsThePredictionExactly() throws {
    for name in ["relu", "tanh", "elu"] {
      let (network, rows, labels) = try Self.problem(3, name)
      let run = try TrainingRun(
        network, inputs: rows.directions, labels: labels, trained: .output, recording: [1, 10, 50, 200])
      for moment in run.moments { #expect(abs(moment.loss / moment.predicted - 1) < 1e-10, "\(name), \(moment.step)") }
      #expect(run.drift == 0)
    }
  }

  @Test func gradientsAreThoseOfDifferences() throws {
    // One small step lowers the loss by η |∇|², and the trace of the kernel's quadratic form says how large |∇|² is.
    for part in KernelSetting.TrainedPart.allCases {
      let (network, rows, labels) = try Self.problem(5, "gelu")
      let residual = zip(network.outputs(rows.directions), labels).map { $0 - $1 }
      let gram = network.gram(rows.directions, trained: part)
      var square = 0.0
      for i in 0..<12 { for j in 0..<12 { square += residual[i] * gram[i, j] * residual[j] } }
      let step = 1e-6
      let run = try TrainingRun(
        network, inputs: rows.directions, labels: labels, trained: part, stepSize: step, recording: [1])
      let slope = (run.moments[0].loss - run.moments[1].loss) / step
      #expect(abs(slope / square - 1) < 1e-4, "\(part)")
    }
  }

  @Test func networksFromZero() throws {
    var source = RandomSource(seed: 8)
    let setting = KernelSetting(activation: try Activation(named: "silu"), bias: .random(0.5))
    let network = TwoLayerNetwork(setting, width: 31, inputs: 3, startsAtZero: true, source: &source)
    let rows = SyntheticSet.sphere(count: 5, dimension: 3, seed: 1).matrix
    #expect(network.width == 32)
    #expect(network.outputs(rows).allSatisfy { abs($0) < 1e-14 })
  }

  @Test func wideKernelsGatherAtTheLimit() throws {
    let rows = try SampleRows(SyntheticSet.sphere(count: 20, dimension: 5, seed: 4).matrix, normalised: true)
    let setting = KernelSetting(activation: try Activation(named: "relu"))
    let limit = try GramComputation(setting).run(on: rows)
    func mean(_ width: Int) throws -> Double {
      let samples = try WidthSample.samples(setting, rows: rows, limit: limit, width: width, seeds: [1, 2, 3, 4, 5, 6])
      return samples.reduce(0) { $0 + $1.distance } / 6
    }
    let slope = log(try mean(4096) / mean(256)) / log(16)
    #expect(abs(slope + 0.5) < 0.1)
  }

  @Test func predictions() throws {
    let rows = try SampleRows(SyntheticSet.sphere(count: 15, dimension: 6, seed: 2).matrix, normalised: true)
    let setting = KernelSetting(activation: try Activation(named: "relu"))
    var gram = try GramComputation(setting).run(on: rows)
    let spectrum = try GramSpectrum(&gram)
    let labels = (0..<15).map { $0 % 3 == 0 ? 1.0 : -1 }
    let prediction = RatePrediction(spectrum, residual: labels.map { -$0 })
    // The recursion itself.
    var residual = labels.map { -$0 }
    for _ in 0..<50 {
      let product = gram.matrix * Matrix(rows: 15, columns: 1, elements: residual)
      for i in 0..<15 { residual[i] -= prediction.stepSize * product.elements[i] }
    }
    let loss = 0.5 * residual.reduce(0) { $0 + $1 * $1 }
    #expect(abs(prediction.loss(after: 50) / loss - 1) < 1e-10)
    let steps = prediction.steps(toFraction: 0.01)
    #expect(prediction.remaining(after: steps) <= 0.01 && prediction.remaining(after: steps - 1) > 0.01)
    #expect(prediction.stuckShare(budget: 1) > 0.5 && prediction.stuckShare(budget: 1e12) == 0)
    let heavy = prediction.bestMomentum
    #expect(
      prediction.heavyBallRemaining(after: 40, momentum: heavy.momentum, stepSize: heavy.stepSize)
        < prediction.remaining(after: 40))
    #expect(RatePrediction(spectrum, residual: nil, stepSize: 1e3).steps(toFraction: 0.5) == .infinity)
  }

  @Test func verdicts() throws {
    func verdict(_ set: SyntheticSet, _ name: String) throws -> TrainingVerdict {
      let rows = try SampleRows(set.matrix, normalised: true)
      let setting = KernelSetting(activation: try Activation(named: name))
      var gram = try GramComputation(setting).run(on: rows)
      let diagnosis = DataDiagnosis(rows)
      let bounds = try EigenvalueBounds(setting, rows: rows, gram: gram, diagnosis: diagnosis)
      let spectrum = try GramSpectrum(&gram).refined(setting, rows: rows).bounded(smallestAtMost: bounds.upper)
      return TrainingVerdict(
        setting, spectrum: spectrum, prediction: RatePrediction(spectrum, residual: nil), diagnosis: diagnosis,
        bounds: bounds, fraction: 0.01, budget: 1e4)
    }
    #expect(try verdict(.sphere(count: 20, dimension: 30, seed: 1), "relu").outcome == .trains)
    #expect(try verdict(.arc, "tanh").outcome == .stuck)
    #expect(try verdict(.arc, "tanh").cause == .smoothness)
    #expect(try verdict(.arc, "square").cause == .polynomialRank)
    #expect(try verdict(.circle(count: 20), "relu").cause == .antipodes)
    #expect(try verdict(.arc, "relu").cause == .closePair)
  }

  @Test func regressionAndLeaveOneOut() throws {
    let all = SyntheticSet.sphere(count: 14, dimension: 4, seed: 7).matrix
    let labels = (0..<14).map { sin(Double($0)) }
    let setting = KernelSetting(activation: try Activation(named: "tanh"), trained: .both)
    func fit(_ kept: [Int]) throws -> KernelRegression {
      let rows = try SampleRows(Matrix(kept.map { Array(all.row($0)) }), normalised: true)
      var gram = try GramComputation(setting).run(on: rows)
      let spectrum = try GramSpectrum(&gram)
      return try KernelRegression(
        setting, rows: rows, spectrum: spectrum, labels: kept.map { labels[$0] }, ridge: 1e-2)
    }
    let whole = try fit(Array(0..<14))
    for i in [0, 5, 13] {
      let without = try fit((0..<14).filter { $0 != i })
      let predicted = try without.predict(Matrix([Array(all.row(i))]))[0]
      #expect(abs(whole.leaveOneOutResiduals[i] - (labels[i] - predicted)) < 1e-9)
    }
    #expect(throws: SpectrumError.self) { try whole.predict(Matrix([[1, 2]])) }
  }

  @Test func tangentKernelOfANetwork() throws {
    let weights = [Matrix([[1, 2], [0.5, -1], [-1, 0.3]]), Matrix([[1, -1, 2], [0.3, 0.2, -0.5]])]
    let biases = [[0.1, 0, 0.2], [0.5, -0.1]]
    let rows = Matrix([[1, 2], [0.5, -1], [-1, 0.3], [2, 2]])
    func network(_ weights: [Matrix], _ biases: [[Double]]) throws -> Network {
      try Network([.affine(weights: weights[0], bias: biases[0]), .relu, .affine(weights: weights[1], bias: biases[1])])
    }
    for output in 0..<2 {
      let kernel = try NetworkTangentKernel(network(weights, biases), output: output).matrix(rows).matrix
      // Differences with respect to each parameter.
      var gradients = [[Double]](repeating: [], count: 4)
      let step = 1e-6
      func add(_ change: (Double, inout [Matrix], inout [[Double]]) -> Void) throws {
        var (up, upBiases, down, downBiases) = (weights, biases, weights, biases)
        change(step, &up, &upBiases)
        change(-step, &down, &downBiases)
        let (a, b) = (try network(up, upBiases), try network(down, downBiases))
        for i in 0..<4 {
          gradients[i].append((a(Array(rows.row(i)))[output] - b(Array(rows.row(i)))[output]) / (2 * step))
        }
      }
      for layer in 0..<2 {
        for e in weights[layer].elements.indices { try add { h, w, _ in w[layer].elements[e] += h } }
        for k in biases[layer].indices { try add { h, _, b in b[layer][k] += h } }
      }
      for i in 0..<4 {
        for j in 0..<4 {
          let product = zip(gradients[i], gradients[j]).reduce(0) { $0 + $1.0 * $1.1 }
          #expect(abs(kernel[i, j] - product) < 1e-7)
        }
      }
    }
    #expect(throws: SpectrumError.self) { try NetworkTangentKernel(network(weights, biases), output: 2) }
    #expect(throws: SpectrumError.self) {
      try NetworkTangentKernel(network(weights, biases), output: 0).matrix(Matrix([[1, 2, 3]]))
    }
  }
}
