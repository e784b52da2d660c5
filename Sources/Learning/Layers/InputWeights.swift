/// The affine map of what comes in, x ↦ W x + b, for all steps at once.
///
/// W is `[outputs × inputs]`. For symbols it is a table: a row of Wᵀ is looked up, never multiplied.
struct InputWeights {
  let input: Signal
  let outputs: Int
  let hasBias: Bool

  var weightCount: Int { outputs * input.inputs }
  var biasCount: Int { hasBias ? outputs : 0 }
  var count: Int { weightCount + biasCount }

  var isTable: Bool {
    if case .symbols = input { return true }
    return false
  }

  /// A table and its transposed.
  var scratchCount: Int { isTable ? 2 * weightCount : 0 }

  /// `result` is `[rows × outputs]`.
  func forward<S: Scalar>(
    _ frame: Frame<S>, weights: UnsafePointer<S>, bias: UnsafePointer<S>, result: UnsafeMutablePointer<S>
  ) {
    if isTable {
      let table = frame.scratch
      S.transpose(weights, outputs, input.inputs, table)
      if hasBias { for symbol in 0..<input.inputs { S.axpy(outputs, 1, bias, table + symbol * outputs) } }
      S.gatherRows(table, frame.symbols, frame.rows, outputs, result)
      return
    }
    if hasBias { S.fillRows(bias, result, frame.rows, outputs) }
    S.gemm(
      transposeA: false, transposeB: true, m: frame.rows, n: outputs, k: input.inputs, alpha: 1, a: frame.input,
      lda: input.inputs, b: weights, ldb: input.inputs, beta: hasBias ? 1 : 0, c: result, ldc: outputs)
  }

  /// `delta` `[rows × outputs]` is the derivative by the result.
  func adjoint<S: Scalar>(
    _ frame: Frame<S>, weights: UnsafePointer<S>, delta: UnsafePointer<S>, weightGradient: UnsafeMutablePointer<S>,
    biasGradient: UnsafeMutablePointer<S>
  ) {
    if isTable {
      let table = frame.scratch
      let transposed = table + weightCount
      table.clear(weightCount)
      S.scatterRows(delta, frame.symbols, frame.rows, outputs, table)
      S.transpose(table, input.inputs, outputs, transposed)
      S.axpy(weightCount, 1, transposed, weightGradient)
      if hasBias { S.addColumnSums(table, input.inputs, outputs, biasGradient) }
      return
    }
    S.gemm(
      transposeA: true, transposeB: false, m: outputs, n: input.inputs, k: frame.rows, alpha: 1, a: delta, lda: outputs,
      b: frame.input, ldb: input.inputs, beta: 1, c: weightGradient, ldc: input.inputs)
    if hasBias { S.addColumnSums(delta, frame.rows, outputs, biasGradient) }
    guard let inputGradient = frame.inputGradient else { return }
    S.gemm(
      transposeA: false, transposeB: false, m: frame.rows, n: input.inputs, k: outputs, alpha: 1, a: delta,
      lda: outputs,
      b: weights, ldb: input.inputs, beta: 0, c: inputGradient, ldc: input.inputs)
  }
}
