import Foundation

/// A recurrent layer whose complex state is turned and never stretched: h_t = modReLU(W h_{t−1} + V x_t) with
/// W = D₃ R₂ F⁻¹ D₂ Π R₁ F D₁; what goes out are the real parts of h_t and then the imaginary ones, 2 · units numbers.
///
/// D is diagonal with entries e^{iθ}, R = I − 2 v vᴴ / |v|² a reflection, F the discrete Fourier transform over √n (any
/// n; O(n Σ p) for its prime factors p), Π a fixed permutation, modReLU(z) = z max(|z| + b, 0) / (|z| + ε).
///
/// Tensors, n units: `angles` `[3 × n]`, `reflectReal` and `reflectImaginary` `[2 × n]`, `input` `[2 n × inputs]` (real
/// parts, then imaginary ones), `bias` `[n]`, `initial` `[2 n]`.
///
/// Source: M. Arjovsky, A. Shah, Y. Bengio, Unitary evolution recurrent neural networks, ICML 2016.
public struct UnitaryRecurrent: Sendable, Hashable {
  public var units: Int
  /// (Π z)_j = z_{permutation[j]}.
  public var permutation: [Int]
  public var epsilon: Double

  public init(units: Int, permutation: [Int], epsilon: Double = 1e-5) {
    self.units = units
    self.permutation = permutation
    self.epsilon = epsilon
  }
}

/// Offsets of the tensors of a unitary layer among its parameters.
struct UnitaryPlaces {
  let n: Int
  let projection: InputWeights

  init(_ layer: UnitaryRecurrent, _ input: Signal) {
    n = layer.units
    projection = InputWeights(input: input, outputs: 2 * n, hasBias: false)
  }

  var reflectReal: Int { 3 * n }
  var reflectImaginary: Int { 5 * n }
  var input: Int { 7 * n }
  var bias: Int { input + projection.weightCount }
  var initial: Int { bias + n }
}

extension UnitaryRecurrent: LayerKernel {
  func output(for input: Signal) throws -> Signal {
    guard units > 0 else { throw ModelError("a unitary layer needs at least one unit") }
    guard permutation.sorted() == Array(0..<units) else {
      throw ModelError("the permutation of a unitary layer must name each of its \(units) units once")
    }
    return .vector(2 * units)
  }

  func tensors(for input: Signal) -> [TensorRequest] {
    [
      TensorRequest("angles", [3, units], .angles), TensorRequest("reflectReal", [2, units], .reflection),
      TensorRequest("reflectImaginary", [2, units], .reflection),
      TensorRequest("input", [2 * units, input.inputs], .weights), TensorRequest("bias", [units], .bias),
      TensorRequest("initial", [2 * units], .initialState),
    ]
  }

  /// States and sums before modReLU of all steps, each `[2 n × batch]`, and the state before them.
  func storeCount(for input: Signal, _ extent: Extent) -> Int { (2 * extent.steps + 1) * extent.batch * 2 * units }

  func scratchCount(for input: Signal, _ extent: Extent) -> Int {
    let state = 2 * units * extent.batch
    return UnitaryPlaces(self, input).projection.scratchCount + extent.steps * state + UnitaryWork<Double>.stateCount
      * state
      + 4 * extent.batch + 8 * units
  }

  func stateCount(for input: Signal, batch: Int) -> Int { 2 * units * batch }

  func forward<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let places = UnitaryPlaces(self, input)
    let state = 2 * units * frame.batch
    let work = UnitaryWork(self, frame, places)
    let states = frame.store + state
    let sums = states + frame.steps * state
    let projected = work.projected
    places.projection.forward(
      frame, weights: frame.parameters + places.input, bias: frame.parameters, result: projected)
    let first = frame.store
    if let carried = frame.carried {
      first.update(from: carried, count: state)
    } else {
      S.fillRows(frame.parameters + places.initial, work.spare, frame.batch, 2 * units)
      S.transpose(work.spare, frame.batch, 2 * units, first)
    }
    for step in 0..<frame.steps {
      let sum = sums + step * state
      S.transpose(projected + step * state, frame.batch, 2 * units, sum)
      work.now.update(from: states + (step - 1) * state, count: state)
      work.turn()
      S.axpy(state, 1, work.now, sum)
      let next = states + step * state
      S.modrelu(
        sum, sum + state / 2, frame.parameters + places.bias, units, frame.batch, epsilon, next, next + state / 2)
      S.transpose(next, 2 * units, frame.batch, frame.output + step * state)
    }
    frame.carried?.update(from: states + (frame.steps - 1) * state, count: state)
  }

  func adjoint<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let places = UnitaryPlaces(self, input)
    let state = 2 * units * frame.batch
    let work = UnitaryWork(self, frame, places)
    let states = frame.store + state
    let sums = states + frame.steps * state
    let delta = work.delta
    delta.clear(state)
    for step in (0..<frame.steps).reversed() {
      if step == frame.steps - 1 || !frame.isLastStepOnly {
        S.transpose(frame.outputGradient + step * state, frame.batch, 2 * units, work.spare)
        S.axpy(state, 1, work.spare, delta)
      }
      let sum = sums + step * state
      S.modreluAdjoint(
        sum, sum + state / 2, frame.parameters + places.bias, units, frame.batch, epsilon, delta, delta + state / 2,
        frame.gradient + places.bias)
      S.transpose(delta, 2 * units, frame.batch, work.projected + step * state)
      work.now.update(from: states + (step - 1) * state, count: state)
      work.turnAdjoint(gradient: frame.gradient)
    }
    if frame.carried == nil {
      S.transpose(delta, 2 * units, frame.batch, work.spare)
      S.addColumnSums(work.spare, frame.batch, 2 * units, frame.gradient + places.initial)
    }
    places.projection.adjoint(
      frame, weights: frame.parameters + places.input, delta: work.projected,
      weightGradient: frame.gradient + places.input, biasGradient: frame.gradient)
  }
}
