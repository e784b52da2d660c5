extension Recurrent {
  func forwardSimple<S: Scalar>(_ nonlinearity: Nonlinearity, _ frame: Frame<S>, _ input: Signal) {
    let places = RecurrentPlaces(self, input)
    let state = frame.batch * units
    places.projection.forward(
      frame, weights: frame.parameters, bias: frame.parameters + places.bias, result: frame.output)
    let transposed = transposedWeights(frame, places)
    for step in 0..<frame.steps {
      let now = frame.output + step * state
      if step > 0 || hasInitialState(frame) {
        S.gemm(
          transposeA: false, transposeB: false, m: frame.batch, n: units, k: units, alpha: 1, a: now - state,
          lda: units,
          b: transposed, ldb: units, beta: 1, c: now, ldc: units)
      }
      nonlinearity.apply(now, state)
    }
  }

  func adjointSimple<S: Scalar>(_ nonlinearity: Nonlinearity, _ frame: Frame<S>, _ input: Signal) {
    let places = RecurrentPlaces(self, input)
    let weights = frame.parameters + places.recurrent
    let state = frame.batch * units
    let delta = frame.outputGradient
    for step in (0..<frame.steps).reversed() {
      let now = delta + step * state
      nonlinearity.adjoint(frame.output + step * state, now, state)
      guard step > 0 else { break }
      S.gemm(
        transposeA: false, transposeB: false, m: frame.batch, n: units, k: units, alpha: 1, a: now, lda: units,
        b: weights,
        ldb: units, beta: frame.isLastStepOnly ? 0 : 1, c: now - state, ldc: units)
    }
    addRecurrentGradient(frame, delta: delta, sums: units, to: frame.gradient + places.recurrent)
    if learnsInitialState, frame.carried == nil {
      let former = frame.scratch + places.projection.scratchCount
      S.gemm(
        transposeA: false, transposeB: false, m: frame.batch, n: units, k: units, alpha: 1, a: delta, lda: units,
        b: weights, ldb: units, beta: 0, c: former, ldc: units)
      S.addColumnSums(former, frame.batch, units, frame.gradient + places.last)
    }
    places.projection.adjoint(
      frame, weights: frame.parameters, delta: delta, weightGradient: frame.gradient,
      biasGradient: frame.gradient + places.bias)
  }
}
