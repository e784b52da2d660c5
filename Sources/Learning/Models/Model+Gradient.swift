/// A batch as plain arrays, for whoever has one at hand; trainers fill theirs in place.
public struct Batch: Sendable, Hashable {
  public var steps: Int
  public var samples: Int
  /// Numbers `[steps × samples × width]`, or empty where symbols come in.
  public var values: [Double]
  /// Symbols `[steps × samples]`, or empty.
  public var symbols: [Int]
  /// What is asked for, for the squared loss: numbers like the output, `[(steps ×) samples × width]`.
  public var targets: [Double]
  /// For the cross-entropy: labels `[(steps ×) samples]`.
  public var labels: [Int]

  public init(
    steps: Int = 1, samples: Int, values: [Double] = [], symbols: [Int] = [], targets: [Double] = [], labels: [Int] = []
  ) {
    self.steps = steps
    self.samples = samples
    self.values = values
    self.symbols = symbols
    self.targets = targets
    self.labels = labels
  }

  func check(for model: Model, loss: Loss) throws {
    func require(_ name: String, _ count: Int, _ wanted: Int) throws {
      guard count == wanted else { throw ModelError("the batch has \(count) \(name), the model reads \(wanted)") }
    }
    guard steps > 0, samples > 0 else { throw ModelError("a batch needs at least one step and one sample") }
    let rows = steps * samples
    let outputRows = model.readsLastStep ? samples : rows
    if case .symbols(let count) = model.input {
      try require("symbols", symbols.count, rows)
      guard symbols.allSatisfy({ (0..<count).contains($0) }) else {
        throw ModelError("the batch has a symbol outside 0 … \(count - 1)")
      }
    } else {
      try require("values", values.count, rows * model.input.width)
    }
    switch loss {
    case .squared: try require("targets", targets.count, outputRows * model.output.width)
    case .crossEntropy:
      try require("labels", labels.count, outputRows)
      guard labels.allSatisfy({ $0 < model.output.width }) else {
        throw ModelError("the batch has a label that is not below \(model.output.width)")
      }
    }
  }
}

extension Model {
  /// Loss, gradient and outputs of a batch.
  ///
  /// - Parameters:
  ///   - parameters: all numbers of the model, in the order of `tensors`.
  ///   - dropoutKey: what decides what dropout leaves out; nil to leave out nothing.
  ///   - parts: into how many pieces the batch is cut; their gradients are added in order.
  ///   - threads: how many pieces are worked on at a time; it changes no bit of the result.
  /// - Returns: the mean loss, its derivatives by the parameters, and the outputs `[(steps ×) samples × width]`, piece by
  ///   piece.
  /// - Throws: `ModelError` when a count does not fit.
  public func gradient<S: Scalar>(
    at parameters: [S], of batch: Batch, loss: Loss, dropoutKey: UInt64? = nil, parts: Int = 1, threads: Int = 1
  ) throws -> (value: LossValue, gradient: [S], outputs: [S]) {
    guard parameters.count == parameterCount else {
      throw ModelError("\(parameters.count) parameters are given, the model has \(parameterCount)")
    }
    try batch.check(for: self, loss: loss)
    let engine = BatchGradient<S>(
      model: self, steps: batch.steps, batch: batch.samples, loss: loss, parts: parts, threads: threads)
    engine.load(batch)
    let value = parameters.withUnsafeBufferPointer { buffer in
      buffer.baseAddress.map { engine.differentiate($0, key: dropoutKey) }
    }
    guard let value else { throw ModelError("the model has no parameters, so there is no gradient") }
    let gradient = Array(UnsafeBufferPointer(start: engine.gradient, count: parameterCount))
    let outputs = engine.parts.flatMap {
      UnsafeBufferPointer(start: $0.output, count: $0.outputRows * output.width)
    }
    return (value, gradient, outputs)
  }
}

extension BatchGradient {
  /// Cuts a batch, which has been checked, into the parts.
  func load(_ batch: Batch) {
    var first = 0
    let outputSteps = model.readsLastStep ? 1 : steps
    for part in parts {
      let size = part.extent.batch
      func copy<Source, Target>(
        _ source: [Source], _ target: UnsafeMutablePointer<Target>, steps: Int, width: Int,
        _ convert: (Source) -> Target
      ) {
        guard !source.isEmpty else { return }
        for step in 0..<steps {
          for index in 0..<size * width {
            target[step * size * width + index] = convert(source[(step * self.batch + first) * width + index])
          }
        }
      }
      copy(batch.values, part.values, steps: steps, width: model.input.width) { S($0) }
      copy(batch.symbols, part.symbols, steps: steps, width: 1) { Int32(clamping: $0) }
      copy(batch.targets, part.targets, steps: outputSteps, width: model.output.width) { S($0) }
      copy(batch.labels, part.labels, steps: outputSteps, width: 1) { Int32(clamping: $0) }
      first += size
    }
  }
}
