extension Recurrent {
  /// The arrays of an LSTM: gates `[rows × 4 units]`, cells with those before the first step, tanh of the cells.
  private func lstmArrays<S>(_ frame: Frame<S>) -> (
    gates: UnsafeMutablePointer<S>, cells: UnsafeMutablePointer<S>, squashed: UnsafeMutablePointer<S>
  ) {
    let cells = frame.store + 4 * frame.rows * units + frame.batch * units
    return (frame.store, cells, cells + frame.rows * units)
  }

  func forwardLSTM<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let places = RecurrentPlaces(self, input)
    let weights = transposedWeights(frame, places)
    let state = frame.batch * units
    let (gates, cells, squashed) = lstmArrays(frame)
    if let carried = frame.carried {
      (cells - state).update(from: carried + state, count: state)
    } else {
      (cells - state).clear(state)
    }
    places.projection.forward(frame, weights: frame.parameters, bias: frame.parameters + places.bias, result: gates)
    for step in 0..<frame.steps {
      let place = step * state
      if step > 0 || hasInitialState(frame) {
        S.gemm(
          transposeA: false, transposeB: false, m: frame.batch, n: 4 * units, k: units, alpha: 1,
          a: frame.output + place - state, lda: units, b: weights, ldb: 4 * units, beta: 1, c: gates + 4 * place,
          ldc: 4 * units)
      }
      S.lstm(
        gates + 4 * place, cells + place - state, cells + place, squashed + place, frame.output + place, frame.batch,
        units)
    }
    if let carried = frame.carried {
      (carried + state).update(from: cells + (frame.steps - 1) * state, count: state)
    }
  }

  func adjointLSTM<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let places = RecurrentPlaces(self, input)
    let weights = frame.parameters + places.recurrent
    let state = frame.batch * units
    let (gates, cells, squashed) = lstmArrays(frame)
    let cellGradient = frame.scratch + places.projection.scratchCount
    cellGradient.clear(state)
    for step in (0..<frame.steps).reversed() {
      let place = step * state
      let delta = frame.outputGradient + place
      S.lstmAdjoint(
        gates + 4 * place, cells + place - state, squashed + place, delta, cellGradient, frame.batch, units)
      guard step > 0 else { break }
      S.gemm(
        transposeA: false, transposeB: false, m: frame.batch, n: units, k: 4 * units, alpha: 1, a: gates + 4 * place,
        lda: 4 * units, b: weights, ldb: units, beta: frame.isLastStepOnly ? 0 : 1, c: delta - state, ldc: units)
    }
    addRecurrentGradient(frame, delta: gates, sums: 4 * units, to: frame.gradient + places.recurrent)
    places.projection.adjoint(
      frame, weights: frame.parameters, delta: gates, weightGradient: frame.gradient,
      biasGradient: frame.gradient + places.bias)
  }

  func forwardGRU<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let places = RecurrentPlaces(self, input)
    let weights = transposedWeights(frame, places)
    let state = frame.batch * units
    let gates = frame.store
    let recurrent = gates + 3 * frame.rows * units
    places.projection.forward(frame, weights: frame.parameters, bias: frame.parameters + places.bias, result: gates)
    let row = frame.scratch + places.projection.scratchCount
    for step in 0..<frame.steps {
      let place = step * state
      let sums = recurrent + 3 * place
      if hasBias {
        // Only the candidate has a bias of its own on the state's side.
        row.clear(2 * units)
        (row + 2 * units).update(from: frame.parameters + places.last, count: units)
        S.fillRows(row, sums, frame.batch, 3 * units)
      }
      S.gemm(
        transposeA: false, transposeB: false, m: frame.batch, n: 3 * units, k: units, alpha: 1,
        a: frame.output + place - state, lda: units, b: weights, ldb: 3 * units, beta: hasBias ? 1 : 0, c: sums,
        ldc: 3 * units)
      S.gru(gates + 3 * place, sums, frame.output + place - state, frame.output + place, frame.batch, units)
    }
  }

  func adjointGRU<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let places = RecurrentPlaces(self, input)
    let weights = frame.parameters + places.recurrent
    let state = frame.batch * units
    let gates = frame.store
    let recurrent = gates + 3 * frame.rows * units
    let past = frame.scratch + places.projection.scratchCount
    for step in (0..<frame.steps).reversed() {
      let place = step * state
      let delta = frame.outputGradient + place
      S.gruAdjoint(
        gates + 3 * place, recurrent + 3 * place, frame.output + place - state, delta, past, frame.batch, units)
      guard step > 0 else { break }
      S.gemm(
        transposeA: false, transposeB: false, m: frame.batch, n: units, k: 3 * units, alpha: 1,
        a: recurrent + 3 * place,
        lda: 3 * units, b: weights, ldb: units, beta: frame.isLastStepOnly ? 0 : 1, c: delta - state, ldc: units)
      S.axpy(state, 1, past, delta - state)
    }
    addRecurrentGradient(frame, delta: recurrent, sums: 3 * units, to: frame.gradient + places.recurrent)
    if hasBias {
      let sums = frame.scratch + places.projection.scratchCount
      sums.clear(3 * units)
      S.addColumnSums(recurrent, frame.rows, 3 * units, sums)
      S.axpy(units, 1, sums + 2 * units, frame.gradient + places.last)
    }
    places.projection.adjoint(
      frame, weights: frame.parameters, delta: gates, weightGradient: frame.gradient,
      biasGradient: frame.gradient + places.bias)
  }
}
