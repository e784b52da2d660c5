import Foundation

extension PathNormPass {
  /// κ of the layer's tensors, of which `tensor` is the first, and the adjoint of what enters it.
  func adjoint(_ index: Int, _ parameters: UnsafePointer<S>, _ tensor: Int) {
    switch model.layers[index] {
    case .dense(let layer):
      curvatureOfWeights(index, tensor)
      if layer.hasBias { curvatureOfBias(index, tensor + 1) }
      adjointWeights(parameters, index)
    case .embedding:
      curvatureOfWeights(index, tensor)
      adjointWeights(parameters, index)
    case .recurrent(let layer): adjointRecurrent(layer, index, parameters, tensor)
    case .convolution(let layer): adjointConvolution(layer, index, parameters, tensor)
    case .pooling(let layer): adjointPooling(layer, index)
    case .dropout:
      for row in 0..<adjoints[index].rows {
        adjoints[index].copy(row, from: adjoints[index + 1], min(row, adjoints[index + 1].rows - 1))
      }
    case .lastStep:
      let target = adjoints[index]
      target.clear()
      target.copy(target.rows - 1, from: adjoints[index + 1], 0)
    case .unitary: break
    }
  }

  /// Σ_t δ_t x_tᵀ, as two vectors where one of the two is the same at all steps.
  private func curvatureOfWeights(_ index: Int, _ tensor: Int) {
    let source = signals[index]
    let delta = adjoints[index + 1]
    update(tensor) { result in
      guard result.isRankOne else {
        result.exponent = result.each.withUnsafeMutableBufferPointer { each in
          each.baseAddress.map { operands.outerSum(delta, from: 0, source, from: 0, count: delta.rows, into: $0) } ?? 0
        }
        return
      }
      // A constant input's adjoint is summed already; otherwise the adjoint is constant, and the input is summed.
      let leftExponent: Int
      let rightExponent: Int
      if source.isConstant {
        leftExponent = total(delta, isSummed: signals[index + 1].isConstant, &result.left)
        for place in 0..<source.width { result.right[place] = source[0][place] }
        rightExponent = source.exponents[0]
      } else {
        for place in 0..<delta.width { result.left[place] = delta[0][place] }
        leftExponent = delta.exponents[0]
        rightExponent = total(source, isSummed: false, &result.right)
      }
      result.exponent = leftExponent + rightExponent
    }
  }

  /// The sum over all steps; `isSummed` says that the one row is that.
  private func total(_ signal: PathSignal, isSummed: Bool, _ result: inout [Double]) -> Int {
    guard isSummed else {
      return result.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.map { signal.addSteps(into: $0) } ?? 0
      }
    }
    for place in 0..<signal.width { result[place] = signal[0][place] }
    return signal.exponents[0]
  }

  private func curvatureOfBias(_ index: Int, _ tensor: Int) {
    update(tensor) { result in
      result.exponent = total(adjoints[index + 1], isSummed: signals[index + 1].isConstant, &result.each)
    }
  }

  /// W′ᵀ δ for each row; summed over the steps first where the input is constant.
  private func adjointWeights(_ weights: UnsafePointer<S>, _ index: Int) {
    guard index > 0 else { return }
    let delta = adjoints[index + 1]
    let target = adjoints[index]
    target.clear()
    if signals[index].isConstant, !signals[index + 1].isConstant {
      target.exponents[0] = delta.addSteps(into: operands.row)
      S.powerProductTransposed(weights, delta.width, target.width, power, operands.row, target[0])
      target.normalise(0)
      return
    }
    for row in 0..<target.rows {
      let deltaRow = min(row, delta.rows - 1)
      if row > 0, delta.rows == 1 {
        target.copy(row, from: target, 0)
        continue
      }
      target.exponents[row] = delta.exponents[deltaRow]
      S.powerProductTransposed(weights, delta.width, target.width, power, delta[deltaRow], target[row])
      target.normalise(row)
    }
  }

  private func adjointRecurrent(
    _ layer: Recurrent, _ index: Int, _ parameters: UnsafePointer<S>, _ tensor: Int
  ) {
    let places = RecurrentPlaces(layer, model.signals[index])
    let weights = parameters + places.recurrent
    let states = signals[index + 1]
    loadInitialState(layer, parameters + places.last)
    // An output at every step has an adjoint of one row; here each step gets its own, with what comes from later.
    let incoming = adjoints[index + 1]
    let delta = incoming.rows == states.rows ? incoming : operands.deltas(for: states)
    if delta !== incoming { for row in 0..<delta.rows { delta.copy(row, from: incoming, 0) } }
    // Whether the same is added at every step, as below a readout.
    let isSteady = (1..<max(1, delta.rows)).allSatisfy { delta.isSettled($0, like: $0 - 1) }
    for row in (0..<max(0, states.rows - 1)).reversed() {
      // Once a row repeats the later one, all earlier ones do.
      if isSteady, row + 2 < states.rows, delta.isSettled(row + 1, like: row + 2) {
        delta.copy(row, from: delta, row + 1)
        continue
      }
      let exponent = max(delta.exponents[row], delta.exponents[row + 1])
      delta.raise(row, to: exponent)
      let factor = scalbn(1, Int32(clamping: delta.exponents[row + 1] - exponent))
      for unit in 0..<layer.units { operands.row[unit] = delta[row + 1][unit] * factor }
      S.powerProductTransposed(weights, layer.units, layer.units, power, operands.row, delta[row])
      delta.normalise(row)
    }
    curvatureOfInput(index, tensor, delta)
    let recurrent = tensor + 1
    update(recurrent) { result in
      result.exponent = result.each.withUnsafeMutableBufferPointer { each in
        each.baseAddress.map {
          operands.outerSum(delta, from: 1, states, from: 0, count: states.rows - 1, into: $0)
        } ?? 0
      }
    }
    if layer.learnsInitialState { addInitialState(layer, index, parameters, tensor, delta) }
    if let constant = curvature.options.secondTerm {
      addSecondTerm(layer, weights, delta, states, constant, recurrent)
    }
    if layer.hasBias {
      update(tensor + 2) { result in result.exponent = total(delta, isSummed: states.isConstant, &result.each) }
    }
    guard index > 0 else { return }
    let target = adjoints[index]
    target.clear()
    if signals[index].isConstant {
      target.exponents[0] = delta.addSteps(into: operands.row)
      S.powerProductTransposed(parameters, layer.units, target.width, power, operands.row, target[0])
      target.normalise(0)
    } else {
      for row in 0..<target.rows {
        target.exponents[row] = delta.exponents[row]
        S.powerProductTransposed(parameters, layer.units, target.width, power, delta[row], target[row])
        target.normalise(row)
      }
    }
  }

  private func curvatureOfInput(_ index: Int, _ tensor: Int, _ delta: PathSignal) {
    let source = signals[index]
    update(tensor) { result in
      if result.isRankOne {
        let exponent = total(delta, isSummed: false, &result.left)
        for place in 0..<source.width { result.right[place] = source[0][place] }
        result.exponent = exponent + source.exponents[0]
      } else {
        result.exponent = result.each.withUnsafeMutableBufferPointer { each in
          each.baseAddress.map { operands.outerSum(delta, from: 0, source, from: 0, count: delta.rows, into: $0) } ?? 0
        }
      }
    }
  }

  /// κ of a learned h_0, and what it adds to κ of the recurrent weights.
  private func addInitialState(
    _ layer: Recurrent, _ index: Int, _ parameters: UnsafePointer<S>, _ tensor: Int, _ delta: PathSignal
  ) {
    let places = RecurrentPlaces(layer, model.signals[index])
    let units = layer.units
    let first = ScaledNumber(1, exponent: delta.exponents[0])
    update(tensor + 1) { result in
      let exponent = max(result.exponent, first.exponent)
      let own = scalbn(1, Int32(clamping: result.exponent - exponent))
      let added = scalbn(1, Int32(clamping: first.exponent - exponent))
      for j in 0..<units {
        for k in 0..<units {
          result.each[j * units + k] =
            result.each[j * units + k] * own + delta[0][j] * operands.initial[k] * added
        }
      }
      result.exponent = exponent
    }
    update(tensor + (layer.hasBias ? 3 : 2)) { result in
      for unit in 0..<units { operands.row[unit] = 0 }
      S.powerProductTransposed(
        parameters + places.recurrent, units, units, power, delta[0], operands.row)
      for unit in 0..<units { result.each[unit] = operands.row[unit] }
      result.exponent = first.exponent
    }
  }

  private func adjointConvolution(
    _ layer: Convolution, _ index: Int, _ parameters: UnsafePointer<S>, _ tensor: Int
  ) {
    let shape = ConvolutionShape(layer, model.signals[index])
    let source = signals[index]
    let delta = adjoints[index + 1]
    withKernels(layer, shape, parameters) { kernels, patches in
      Double.patches(
        source[0], shape.planes, shape.height, shape.width, layer.kernel, layer.stride, layer.padding, patches)
      update(tensor) { result in
        result.each.withUnsafeMutableBufferPointer { each in
          guard let each = each.baseAddress else { return }
          Double.gemm(
            transposeA: false, transposeB: true, m: layer.channels, n: shape.patch, k: shape.positions, alpha: 1,
            a: delta[0], lda: shape.positions, b: patches, ldb: shape.positions, beta: 0, c: each, ldc: shape.patch)
        }
        result.exponent = delta.exponents[0] + source.exponents[0]
      }
      if layer.hasBias {
        update(tensor + 1) { result in
          for channel in 0..<layer.channels {
            let places = UnsafeBufferPointer(start: delta[0] + channel * shape.positions, count: shape.positions)
            result.each[channel] = places.reduce(0, +)
          }
          result.exponent = delta.exponents[0]
        }
      }
      guard index > 0 else { return }
      let target = adjoints[index]
      target.clear()
      target.exponents[0] = delta.exponents[0]
      Double.gemm(
        transposeA: true, transposeB: false, m: shape.patch, n: shape.positions, k: layer.channels, alpha: 1,
        a: kernels,
        lda: shape.patch, b: delta[0], ldb: shape.positions, beta: 0, c: patches, ldc: shape.positions)
      Double.patchesAdjoint(
        patches, shape.planes, shape.height, shape.width, layer.kernel, layer.stride, layer.padding, target[0])
      target.normalise(0)
    }
  }

  private func adjointPooling(_ layer: Pooling, _ index: Int) {
    guard index > 0, case .image(let planes, let height, let width) = model.signals[index] else { return }
    let delta = adjoints[index + 1]
    let target = adjoints[index]
    target.clear()
    target.exponents[0] = delta.exponents[0]
    switch layer.kind {
    case .maximum:
      Double.maxPoolAdjoint(
        signals[index][0], signals[index + 1][0], delta[0], planes, height, width, layer.kernel, layer.stride, target[0]
      )
    case .average:
      Double.sumPoolAdjoint(
        delta[0], planes, height, width, layer.kernel, layer.stride, pow(layer.share, Double(power)), target[0])
    }
  }
}
