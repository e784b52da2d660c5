/// A recurrent layer: h_t = cell(x_t, h_{t−1}) at every step; what goes out is h_1 … h_T.
///
/// Tensors: `input` `[gates · units × inputs]`, `recurrent` `[gates · units × units]`, `bias` `[gates · units]`, and as the
/// cell asks `initial` `[units]` (a learned h_0, else it is 0) or `recurrentBias` `[units]`. Layers are stacked by putting
/// one after the other.
public struct Recurrent: Sendable, Hashable {
  public enum Cell: Sendable, Hashable {
    /// h = σ(W_in x + W_rec h + b).
    case simple(Nonlinearity)
    /// Long short-term memory; the gates are i, f, g, o: c = f c + i g, h = o tanh c.
    case lstm
    /// Gated recurrent unit; the gates are r, z, n: n = tanh(W x + b + r (U h + b′)), h = (1 − z) n + z h.
    case gru

    var gates: Int {
      switch self {
      case .simple: 1
      case .lstm: 4
      case .gru: 3
      }
    }
  }

  public var cell: Cell
  public var units: Int
  public var hasBias: Bool
  /// Whether h_0 is learned; for simple cells only.
  public var learnsInitialState: Bool

  public init(_ cell: Cell, units: Int, hasBias: Bool = true, learnsInitialState: Bool = false) {
    self.cell = cell
    self.units = units
    self.hasBias = hasBias
    self.learnsInitialState = learnsInitialState
  }
}

/// Where the tensors of a recurrent layer are among its parameters, and its arrays in the memory of a pass.
struct RecurrentPlaces {
  let projection: InputWeights
  let width: Int
  let sums: Int

  init(_ layer: Recurrent, _ input: Signal) {
    width = layer.units
    sums = layer.cell.gates * layer.units
    projection = InputWeights(input: input, outputs: sums, hasBias: layer.hasBias)
  }

  var recurrent: Int { projection.weightCount }
  var bias: Int { recurrent + sums * width }
  var last: Int { bias + projection.biasCount }
}

extension Recurrent: LayerKernel {
  func output(for input: Signal) throws -> Signal {
    guard units > 0 else { throw ModelError("a recurrent layer needs at least one unit") }
    if learnsInitialState {
      guard case .simple = cell else {
        throw ModelError("an LSTM or GRU begins with a state of 0; only simple cells learn theirs")
      }
    }
    return .vector(units)
  }

  func tensors(for input: Signal) -> [TensorRequest] {
    let sums = cell.gates * units
    var tensors = [
      TensorRequest("input", [sums, input.inputs], .weights),
      TensorRequest("recurrent", [sums, units], .recurrentWeights),
    ]
    if hasBias { tensors.append(TensorRequest("bias", [sums], .bias)) }
    if learnsInitialState { tensors.append(TensorRequest("initial", [units], .initialState)) }
    if cell == .gru, hasBias { tensors.append(TensorRequest("recurrentBias", [units], .bias)) }
    return tensors
  }

  /// The state before the first step stands before the outputs, so that all former states are one matrix.
  func prefixCount(for input: Signal, _ extent: Extent) -> Int { extent.batch * units }

  func storeCount(for input: Signal, _ extent: Extent) -> Int {
    let states = extent.rows * units
    return switch cell {
    case .simple: 0
    case .lstm: 4 * states + states + extent.batch * units + states
    case .gru: 3 * states + 3 * states
    }
  }

  func scratchCount(for input: Signal, _ extent: Extent) -> Int {
    let places = RecurrentPlaces(self, input)
    return places.projection.scratchCount + max(extent.batch, 3) * units + places.sums * units
  }

  func stateCount(for input: Signal, batch: Int) -> Int { (cell == .lstm ? 2 : 1) * batch * units }

  func forward<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let state = frame.batch * units
    let first = frame.output - state
    if let carried = frame.carried {
      first.update(from: carried, count: state)
    } else if learnsInitialState {
      S.fillRows(frame.parameters + RecurrentPlaces(self, input).last, first, frame.batch, units)
    } else {
      first.clear(state)
    }
    switch cell {
    case .simple(let nonlinearity): forwardSimple(nonlinearity, frame, input)
    case .lstm: forwardLSTM(frame, input)
    case .gru: forwardGRU(frame, input)
    }
    frame.carried?.update(from: frame.output + (frame.steps - 1) * state, count: state)
  }

  func adjoint<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    switch cell {
    case .simple(let nonlinearity): adjointSimple(nonlinearity, frame, input)
    case .lstm: adjointLSTM(frame, input)
    case .gru: adjointGRU(frame, input)
    }
  }

  /// Whether the state before the first step can be other than 0.
  func hasInitialState<S>(_ frame: Frame<S>) -> Bool { learnsInitialState || frame.carried != nil }

  /// The recurrent weights `[units × sums]`: BLAS would pack a transposed operand anew at every step, and small products of
  /// plain ones need no packing.
  func transposedWeights<S: Scalar>(_ frame: Frame<S>, _ places: RecurrentPlaces) -> UnsafePointer<S> {
    let result = frame.scratch + places.projection.scratchCount + max(frame.batch, 3) * units
    S.transpose(frame.parameters + places.recurrent, places.sums, units, result)
    return UnsafePointer(result)
  }

  /// Adds Σ_t δ_t h_{t−1}ᵀ for `delta` `[rows × sums]`: one product over all steps.
  func addRecurrentGradient<S: Scalar>(
    _ frame: Frame<S>, delta: UnsafePointer<S>, sums: Int, to gradient: UnsafeMutablePointer<S>
  ) {
    let skipped = hasInitialState(frame) ? 0 : frame.batch
    guard frame.rows > skipped else { return }
    S.gemm(
      transposeA: true, transposeB: false, m: sums, n: units, k: frame.rows - skipped, alpha: 1,
      a: delta + skipped * sums,
      lda: sums, b: frame.output - frame.batch * units + skipped * units, ldb: units, beta: 1, c: gradient, ldc: units)
  }
}
