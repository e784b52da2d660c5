/// The memory of one layer in one pass over a batch: everything is allocated before.
///
/// Numbers are stored step by step, a step sample by sample: `[steps · batch × width]`.
struct Frame<S: Scalar> {
  /// The layer's own parameters, one tensor after the other, and the places of their derivatives, which grow.
  var parameters: UnsafePointer<S>
  var gradient: UnsafeMutablePointer<S>
  /// What comes in: numbers, or symbols.
  var input: UnsafePointer<S>
  var symbols: UnsafePointer<Int32>
  /// The derivative by the input, to be overwritten; nil where nobody asks for it.
  var inputGradient: UnsafeMutablePointer<S>?
  /// What goes out; `prefix` numbers before it belong to the layer.
  var output: UnsafeMutablePointer<S>
  /// The derivative by the output, which the adjoint may spoil.
  var outputGradient: UnsafeMutablePointer<S>
  /// Kept from the forward pass to its adjoint.
  var store: UnsafeMutablePointer<S>
  /// For the time of one call.
  var scratch: UnsafeMutablePointer<S>
  /// The state that a pass begins with and leaves behind; nil when it begins with the layer's own.
  var carried: UnsafeMutablePointer<S>?
  var steps: Int
  var batch: Int
  /// Whether the derivative by the output is zero, and not written, before the last step.
  var isLastStepOnly: Bool
  /// Randomness of a training pass; nil when nothing is to be random.
  var key: UInt64?

  /// Rows of the input: steps · batch.
  var rows: Int { steps * batch }
}

/// The extent of a pass.
struct Extent {
  var steps: Int
  var batch: Int

  var rows: Int { steps * batch }
}

/// A layer as the executor sees it. The generic calls are many kernels long; nothing in them is dispatched by element.
protocol LayerKernel {
  /// What goes out for what comes in. Throws `ModelError` when the layer cannot take it.
  func output(for input: Signal) throws -> Signal
  func tensors(for input: Signal) -> [TensorRequest]
  /// Numbers before the output that belong to the layer.
  func prefixCount(for input: Signal, _ extent: Extent) -> Int
  /// Numbers kept from the forward pass to its adjoint.
  func storeCount(for input: Signal, _ extent: Extent) -> Int
  func scratchCount(for input: Signal, _ extent: Extent) -> Int
  /// Numbers of the state that can be carried from one pass to the next.
  func stateCount(for input: Signal, batch: Int) -> Int
  func forward<S: Scalar>(_ frame: Frame<S>, _ input: Signal)
  func adjoint<S: Scalar>(_ frame: Frame<S>, _ input: Signal)
}

extension LayerKernel {
  func tensors(for input: Signal) -> [TensorRequest] { [] }
  func prefixCount(for input: Signal, _ extent: Extent) -> Int { 0 }
  func storeCount(for input: Signal, _ extent: Extent) -> Int { 0 }
  func scratchCount(for input: Signal, _ extent: Extent) -> Int { 0 }
  func stateCount(for input: Signal, batch: Int) -> Int { 0 }
}
