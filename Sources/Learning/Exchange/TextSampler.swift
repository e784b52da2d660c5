import Datasets
import Foundation
import Probability

/// Text from a model of the next symbol, one symbol at a time.
public struct TextSampler {
  private let pass: Pass<Double>
  private let parameters: [Double]
  private let alphabet: [Character]

  /// - Throws: `ModelError` when the model does not read and yield as many symbols as the alphabet has.
  public init(model: Model, parameters: [Double], alphabet: [Character]) throws {
    guard model.input == .symbols(alphabet.count), model.output == .vector(alphabet.count), !model.readsLastStep else {
      throw ModelError(
        "the model reads \(model.input) and yields \(model.output); a text of \(alphabet.count) symbols is wanted")
    }
    guard parameters.count == model.parameterCount else {
      throw ModelError("\(parameters.count) parameters are given, the model has \(model.parameterCount)")
    }
    pass = Pass(model: model, extent: Extent(steps: 1, batch: 1), loss: .crossEntropy, carriesState: true)
    self.parameters = parameters
    self.alphabet = alphabet
  }

  /// `count` symbols that go on after `start`.
  ///
  /// - Parameters:
  ///   - start: symbols of the alphabet, at least one.
  ///   - temperature: divides the logits; 0 takes the likeliest symbol.
  public func sample(after start: [UInt16], count: Int, temperature: Double, _ source: inout RandomSource) -> String {
    pass.resetState()
    var text = ""
    for symbol in start.dropLast() { advance(symbol) }
    var symbol = start.last ?? 0
    for _ in 0..<count {
      advance(symbol)
      let logits = UnsafeBufferPointer(start: pass.output, count: alphabet.count)
      symbol = UInt16(choose(logits, temperature, &source))
      text.append(alphabet[Int(symbol)])
    }
    return text
  }

  private func advance(_ symbol: UInt16) {
    pass.symbols[0] = Int32(symbol)
    parameters.withUnsafeBufferPointer { if let base = $0.baseAddress { pass.forward(base) } }
  }

  private func choose(
    _ logits: UnsafeBufferPointer<Double>, _ temperature: Double, _ source: inout RandomSource
  ) -> Int {
    let largest = logits.max() ?? 0
    guard temperature > 0 else { return logits.firstIndex(of: largest) ?? 0 }
    let weights = logits.map { exp(($0 - largest) / temperature) }
    var rest = source.uniform() * weights.reduce(0, +)
    for (index, weight) in weights.enumerated() {
      rest -= weight
      if rest < 0 { return index }
    }
    return weights.count - 1
  }
}
