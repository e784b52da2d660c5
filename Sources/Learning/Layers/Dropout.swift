/// Each number is kept with a probability and divided by it, or set to 0: in training only.
public struct Dropout: Sendable, Hashable {
  /// The probability that a number is kept.
  public var keep: Double

  public init(keep: Double) { self.keep = keep }
}

extension Dropout: LayerKernel {
  func output(for input: Signal) throws -> Signal {
    if case .symbols = input { throw ModelError("dropout reads numbers, but here comes \(input)") }
    guard keep > 0, keep <= 1 else { throw ModelError("dropout keeps with probability \(keep); it lies in (0, 1]") }
    return input
  }

  func storeCount(for input: Signal, _ extent: Extent) -> Int { extent.rows * input.width }

  func forward<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let count = frame.rows * input.width
    guard let key = frame.key else { return frame.output.update(from: frame.input, count: count) }
    S.dropout(frame.input, frame.store, frame.output, count, key, keep)
  }

  func adjoint<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    guard let result = frame.inputGradient else { return }
    let count = frame.rows * input.width
    guard frame.key != nil else { return result.update(from: frame.outputGradient, count: count) }
    S.dropoutAdjoint(frame.store, frame.outputGradient, result, count)
  }
}

/// Of a sequence, what comes at its last step.
public struct LastStep: Sendable, Hashable {
  public init() {}
}

extension LastStep: LayerKernel {
  func output(for input: Signal) throws -> Signal {
    if case .symbols = input { throw ModelError("the last step of symbols is a symbol; put a layer before it") }
    return input
  }

  func forward<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let count = frame.batch * input.width
    frame.output.update(from: frame.input + (frame.steps - 1) * count, count: count)
  }

  /// Writes the last step only; the layer before is told so.
  func adjoint<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    guard let result = frame.inputGradient else { return }
    let count = frame.batch * input.width
    (result + (frame.steps - 1) * count).update(from: frame.outputGradient, count: count)
  }
}
