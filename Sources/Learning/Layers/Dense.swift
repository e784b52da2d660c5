/// A layer of units that read all inputs: y = σ(W x + b), at every step.
///
/// Tensors: `weights` `[units × inputs]`, `bias` `[units]`. A symbol at the input looks up a column of W.
public struct Dense: Sendable, Hashable {
  public var units: Int
  public var nonlinearity: Nonlinearity
  public var hasBias: Bool

  public init(_ units: Int, _ nonlinearity: Nonlinearity = .identity, hasBias: Bool = true) {
    self.units = units
    self.nonlinearity = nonlinearity
    self.hasBias = hasBias
  }
}

extension Dense: LayerKernel {
  func output(for input: Signal) throws -> Signal {
    guard units > 0 else { throw ModelError("a dense layer needs at least one unit") }
    return .vector(units)
  }

  private func map(_ input: Signal) -> InputWeights { InputWeights(input: input, outputs: units, hasBias: hasBias) }

  func tensors(for input: Signal) -> [TensorRequest] {
    [TensorRequest("weights", [units, input.inputs], .weights)]
      + (hasBias ? [TensorRequest("bias", [units], .bias)] : [])
  }

  func scratchCount(for input: Signal, _ extent: Extent) -> Int { map(input).scratchCount }

  func forward<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let map = map(input)
    map.forward(
      frame, weights: frame.parameters, bias: frame.parameters + map.weightCount, result: frame.output)
    nonlinearity.apply(frame.output, frame.rows * units)
  }

  func adjoint<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let map = map(input)
    nonlinearity.adjoint(frame.output, frame.outputGradient, frame.rows * units)
    map.adjoint(
      frame, weights: frame.parameters, delta: frame.outputGradient, weightGradient: frame.gradient,
      biasGradient: frame.gradient + map.weightCount)
  }
}

/// A table of a vector for each symbol.
///
/// Tensor: `weights` `[width × symbols]`.
public struct Embedding: Sendable, Hashable {
  public var width: Int

  public init(_ width: Int) { self.width = width }

  var dense: Dense { Dense(width, hasBias: false) }
}

extension Embedding: LayerKernel {
  func output(for input: Signal) throws -> Signal {
    guard case .symbols = input else { throw ModelError("an embedding reads symbols, but here come \(input)") }
    return try dense.output(for: input)
  }

  func tensors(for input: Signal) -> [TensorRequest] { dense.tensors(for: input) }
  func scratchCount(for input: Signal, _ extent: Extent) -> Int { dense.scratchCount(for: input, extent) }
  func forward<S: Scalar>(_ frame: Frame<S>, _ input: Signal) { dense.forward(frame, input) }
  func adjoint<S: Scalar>(_ frame: Frame<S>, _ input: Signal) { dense.adjoint(frame, input) }
}
