import Probability
import Testing

@testable import Learning

@Suite struct GradientTests {
  /// A model with what it needs to be asked about.
  struct Sample: CustomStringConvertible {
    let model: Model
    let steps: Int
    let loss: Loss

    init(_ input: Signal, steps: Int = 1, _ loss: Loss, _ layers: [Layer]) throws {
      model = try Model(input: input, layers: layers)
      self.steps = steps
      self.loss = loss
    }

    var description: String { model.text }

    func batch(_ samples: Int, _ source: inout RandomSource) -> Batch {
      let rows = steps * samples
      let outputRows = model.readsLastStep ? samples : rows
      let isSymbolic = model.input.width == 0
      return Batch(
        steps: steps, samples: samples,
        values: isSymbolic ? [] : (0..<rows * model.input.width).map { _ in source.normal() },
        symbols: isSymbolic ? (0..<rows).map { _ in source.index(below: model.input.inputs) } : [],
        targets: loss == .squared ? (0..<outputRows * model.output.width).map { _ in source.normal() } : [],
        labels: loss == .crossEntropy
          ? (0..<outputRows).map { _ in source.index(below: model.output.width + 1) - 1 } : [])
    }
  }

  static func samples() throws -> [Sample] {
    let dense = Layer.dense(Dense(3))
    func recurrent(_ cell: Recurrent.Cell, learned: Bool = false, bias: Bool = true) -> Layer {
      .recurrent(Recurrent(cell, units: 4, hasBias: bias, learnsInitialState: learned))
    }
    return [
      try Sample(.vector(3), .squared, [.dense(Dense(5, .relu)), .dense(Dense(4, .tanh, hasBias: false)), dense]),
      try Sample(.vector(3), .crossEntropy, [.dense(Dense(6, .relu)), .dropout(Dropout(keep: 0.6)), dense]),
      try Sample(
        .image(channels: 2, height: 6, width: 5), .crossEntropy,
        [
          .convolution(Convolution(3, kernel: 3, padding: 1)), .pooling(Pooling(.maximum, kernel: 2)),
          .convolution(Convolution(2, kernel: 2, stride: 1, .tanh, hasBias: false)), dense,
        ]),
      try Sample(
        .image(channels: 1, height: 5, width: 6), .squared,
        [
          .convolution(Convolution(2, kernel: 2, stride: 2, padding: 1, .relu)),
          .pooling(Pooling(.average, kernel: 2, stride: 1)), dense,
        ]),
      try Sample(.vector(2), steps: 4, .squared, [recurrent(.simple(.relu), learned: true), dense]),
      try Sample(.vector(2), steps: 4, .crossEntropy, [recurrent(.simple(.tanh), bias: false), .lastStep, dense]),
      try Sample(
        .vector(2), steps: 4, .crossEntropy, [recurrent(.simple(.identity)), recurrent(.simple(.tanh)), dense]),
      try Sample(.symbols(5), steps: 5, .crossEntropy, [recurrent(.lstm), recurrent(.gru), dense]),
      try Sample(.vector(2), steps: 3, .squared, [recurrent(.gru), .lastStep, dense]),
      try Sample(.vector(2), steps: 3, .squared, [recurrent(.lstm, bias: false), .lastStep, dense]),
      try Sample(.symbols(4), steps: 4, .crossEntropy, [.embedding(Embedding(3)), recurrent(.simple(.relu)), dense]),
      try Sample(
        .vector(2), steps: 4, .squared, [.unitary(UnitaryRecurrent(units: 4, permutation: [2, 0, 3, 1])), dense]),
      try Sample(
        .symbols(3), steps: 3, .crossEntropy,
        [.unitary(UnitaryRecurrent(units: 6, permutation: [5, 4, 0, 1, 3, 2], epsilon: 0)), .lastStep, dense]),
      try Sample(
        .vector(1), steps: 3, .squared, [.unitary(UnitaryRecurrent(units: 5, permutation: [1, 2, 3, 4, 0])), dense]),
    ]
  }

  @Test(arguments: try samples()) func adjointsAreDerivatives(_ sample: Sample) throws {
    let seed: UInt64 = 11
    var source = RandomSource(seed: seed)
    let model = sample.model
    var parameters = (0..<model.parameterCount).map { _ in 0.7 * source.normal() }
    let batch = sample.batch(3, &source)
    func loss(_ parameters: [Double]) throws -> Double {
      try model.gradient(at: parameters, of: batch, loss: sample.loss, dropoutKey: 5).value.loss
    }
    let gradient = try model.gradient(at: parameters, of: batch, loss: sample.loss, dropoutKey: 5).gradient
    let size = gradient.reduce(1e-3) { max($0, abs($1)) }
    let step = 1e-6
    var misses = 0
    for index in parameters.indices {
      let kept = parameters[index]
      parameters[index] = kept + step
      let above = try loss(parameters)
      parameters[index] = kept - step
      let below = try loss(parameters)
      parameters[index] = kept
      let numeric = (above - below) / (2 * step)
      if abs(numeric - gradient[index]) > 1e-7 * size { misses += 1 }
    }
    // A kink within a step may spoil one quotient, never several.
    #expect(misses <= 1, "\(misses) of \(gradient.count) derivatives differ, seed \(seed), \(model.text)")
  }

  @Test(arguments: try samples()) func partsAddUpAndThreadsChangeNoBit(_ sample: Sample) throws {
    var source = RandomSource(seed: 23)
    let parameters = (0..<sample.model.parameterCount).map { _ in 0.5 * source.normal() }
    let batch = sample.batch(7, &source)
    let whole = try sample.model.gradient(at: parameters, of: batch, loss: sample.loss)
    let one = try sample.model.gradient(at: parameters, of: batch, loss: sample.loss, parts: 3, threads: 1)
    let three = try sample.model.gradient(at: parameters, of: batch, loss: sample.loss, parts: 3, threads: 3)
    let two = try sample.model.gradient(at: parameters, of: batch, loss: sample.loss, parts: 3, threads: 2)
    #expect(one.gradient == three.gradient && one.gradient == two.gradient)
    #expect(one.value == three.value)
    let size = whole.gradient.reduce(1e-3) { max($0, abs($1)) }
    let differences = zip(whole.gradient, one.gradient).map { abs($0 - $1) }
    #expect(differences.allSatisfy { $0 <= 1e-13 * size })
  }

  @Test(arguments: try samples()) func singlePrecisionIsNear(_ sample: Sample) throws {
    var source = RandomSource(seed: 31)
    let parameters = (0..<sample.model.parameterCount).map { _ in 0.5 * source.normal() }
    let batch = sample.batch(4, &source)
    let exact = try sample.model.gradient(at: parameters, of: batch, loss: sample.loss)
    let rounded = try sample.model.gradient(at: parameters.map { Float($0) }, of: batch, loss: sample.loss)
    let size = exact.gradient.reduce(1e-3) { max($0, abs($1)) }
    #expect(abs(exact.value.loss - rounded.value.loss) < 1e-5 * max(1, exact.value.loss))
    let differences = zip(exact.gradient, rounded.gradient).map { abs($0 - Double($1)) }
    #expect(differences.allSatisfy { $0 <= 3e-5 * size })
  }

  @Test func unitaryStatesKeepTheirLength() throws {
    for units in [4, 6, 7, 8, 12] {
      var source = RandomSource(seed: UInt64(units))
      let layer = UnitaryRecurrent(units: units, permutation: (0..<units).shuffled(using: &source), epsilon: 0)
      let model = try Model(input: .vector(1), layers: [.unitary(layer)])
      var parameters: [Double] = try model.initialParameters(Initialisation(), seed: 3)
      let range = try #require(model.tensor(named: "unitary1.initial")).range
      for index in range { parameters[index] = source.normal() }
      let square = parameters[range].reduce(0) { $0 + $1 * $1 }
      let steps = 50
      let batch = Batch(
        steps: steps, samples: 1, values: Array(repeating: 0, count: steps),
        targets: Array(repeating: 0, count: steps * 2 * units))
      let outputs = try model.gradient(at: parameters, of: batch, loss: .squared).outputs
      let last = outputs.suffix(2 * units).reduce(0) { $0 + $1 * $1 }
      #expect(abs(last / square - 1) < 1e-12, "\(units) units")
    }
  }

  @Test func anLSTMIsTheReferences() throws {
    // One unit, two steps, worked out by hand in double precision.
    let model = try Model(input: .vector(1), layers: [.recurrent(Recurrent(.lstm, units: 1))])
    let parameters = [0.5, -0.3, 0.8, 0.2, 0.1, 0.4, -0.6, 0.7, 0.05, 0.1, -0.2, 0.3]
    let batch = Batch(steps: 2, samples: 1, values: [1, -2], targets: [0, 0])
    let outputs = try model.gradient(at: parameters, of: batch, loss: .squared).outputs
    var (h, c) = (0.0, 0.0)
    for (step, x) in [1.0, -2].enumerated() {
      let sums = (0..<4).map { parameters[$0] * x + parameters[4 + $0] * h + parameters[8 + $0] }
      func logistic(_ z: Double) -> Double { 1 / (1 + Exponential.value(-z)) }
      func tangent(_ z: Double) -> Double { 1 - 2 / (1 + Exponential.value(2 * z)) }
      c = logistic(sums[1]) * c + logistic(sums[0]) * tangent(sums[2])
      h = logistic(sums[3]) * tangent(c)
      #expect(abs(outputs[step] - h) < 1e-14)
    }
  }

  @Test func badBatchesAreRefused() throws {
    let model = try Model(input: .symbols(3), layers: [.dense(Dense(2))])
    let parameters = [Double](repeating: 0, count: model.parameterCount)
    #expect(throws: ModelError.self) {
      try model.gradient(at: parameters, of: Batch(samples: 1, symbols: [3], labels: [0]), loss: .crossEntropy)
    }
    #expect(throws: ModelError.self) {
      try model.gradient(at: parameters, of: Batch(samples: 1, symbols: [0], labels: [2]), loss: .crossEntropy)
    }
    #expect(throws: ModelError.self) {
      try model.gradient(at: [0.0], of: Batch(samples: 1, symbols: [0], labels: [0]), loss: .crossEntropy)
    }
    #expect(throws: ModelError.self) { try Model(input: .vector(3), layers: [.convolution(Convolution(2, kernel: 2))]) }
    #expect(throws: ModelError.self) {
      try Model(input: .vector(3), layers: [.lastStep, .recurrent(Recurrent(.gru, units: 2))])
    }
  }
}

/// exp by its series: an oracle that shares no code with the kernels.
enum Exponential {
  static func value(_ x: Double) -> Double {
    var (term, sum) = (1.0, 1.0)
    for k in 1...60 {
      term *= x / Double(k)
      sum += term
    }
    return sum
  }
}
