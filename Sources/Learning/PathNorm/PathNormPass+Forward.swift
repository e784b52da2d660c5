import Foundation

extension PathNormPass {
  func forward(_ index: Int, _ parameters: UnsafePointer<S>) {
    let source = signals[index]
    let target = signals[index + 1]
    switch model.layers[index] {
    case .dense(let layer):
      let bias = layer.hasBias ? parameters + source.width * target.width : nil
      for row in 0..<source.rows { forwardWeights(parameters, bias, source, row, target, row) }
    case .embedding: for row in 0..<source.rows { forwardWeights(parameters, nil, source, row, target, row) }
    case .recurrent(let layer): forwardRecurrent(layer, index, parameters)
    case .convolution(let layer): forwardConvolution(layer, index, parameters)
    case .pooling(let layer): forwardPooling(layer, index)
    case .dropout: for row in 0..<source.rows { target.copy(row, from: source, row) }
    case .lastStep: target.copy(0, from: source, source.rows - 1)
    case .unitary: break
    }
  }

  /// A row becomes W′ x + b′, with the power of two of x.
  private func forwardWeights(
    _ weights: UnsafePointer<S>, _ bias: UnsafePointer<S>?, _ source: PathSignal, _ sourceRow: Int,
    _ target: PathSignal,
    _ row: Int
  ) {
    let exponent = source.exponents[sourceRow]
    let factor = scalbn(1, Int32(clamping: -exponent))
    target.exponents[row] = exponent
    for unit in 0..<target.width { target[row][unit] = bias.map { powered($0[unit]) * factor } ?? 0 }
    S.powerProduct(weights, target.width, source.width, power, source[sourceRow], target[row])
    target.normalise(row)
  }

  private func forwardRecurrent(_ layer: Recurrent, _ index: Int, _ parameters: UnsafePointer<S>) {
    let places = RecurrentPlaces(layer, model.signals[index])
    let source = signals[index]
    let target = signals[index + 1]
    let bias = layer.hasBias ? parameters + places.bias : nil
    let weights = parameters + places.recurrent
    let spare = operands.row
    loadInitialState(layer, parameters + places.last)
    for row in 0..<target.rows {
      if source.isConstant, row > 1, target.isSettled(row - 1, like: row - 2) {
        target.copy(row, from: target, row - 1)
        continue
      }
      if source.isConstant, row > 0 {
        target.copy(row, from: operands.constant, 0)
      } else {
        forwardWeights(parameters, bias, source, row, target, row)
        operands.constant.copy(0, from: target, row)
      }
      // h_0 = 1 would not survive rescaling: a state begins with 0, or with what is learned.
      guard row > 0 || layer.learnsInitialState else { continue }
      let former = row > 0 ? target[row - 1] : operands.initial
      let formerExponent = row > 0 ? target.exponents[row - 1] : 0
      target.raise(row, to: formerExponent)
      let factor = scalbn(1, Int32(clamping: formerExponent - target.exponents[row]))
      if factor == 1 {
        S.powerProduct(weights, layer.units, layer.units, power, former, target[row])
      } else {
        for unit in 0..<layer.units { spare[unit] = former[unit] * factor }
        S.powerProduct(weights, layer.units, layer.units, power, spare, target[row])
      }
      target.normalise(row)
    }
  }

  /// The powers of a learned first state, for the layer that is worked on.
  func loadInitialState(_ layer: Recurrent, _ values: UnsafePointer<S>) {
    guard layer.learnsInitialState else { return }
    for unit in 0..<layer.units { operands.initial[unit] = powered(values[unit]) }
  }

  private func forwardConvolution(_ layer: Convolution, _ index: Int, _ parameters: UnsafePointer<S>) {
    let shape = ConvolutionShape(layer, model.signals[index])
    let source = signals[index]
    let target = signals[index + 1]
    let exponent = source.exponents[0]
    let factor = scalbn(1, Int32(clamping: -exponent))
    target.exponents[0] = exponent
    for channel in 0..<layer.channels {
      let bias = layer.hasBias ? powered(parameters[layer.channels * shape.patch + channel]) * factor : 0
      (target[0] + channel * shape.positions).update(repeating: bias, count: shape.positions)
    }
    withKernels(layer, shape, parameters) { kernels, patches in
      Double.patches(
        source[0], shape.planes, shape.height, shape.width, layer.kernel, layer.stride, layer.padding, patches)
      Double.gemm(
        transposeA: false, transposeB: false, m: layer.channels, n: shape.positions, k: shape.patch, alpha: 1,
        a: kernels,
        lda: shape.patch, b: patches, ldb: shape.positions, beta: 1, c: target[0], ldc: shape.positions)
    }
    target.normalise(0)
  }

  /// The powers of the kernels, and room for the patches.
  func withKernels(
    _ layer: Convolution, _ shape: ConvolutionShape, _ parameters: UnsafePointer<S>,
    _ body: (_ kernels: UnsafeMutablePointer<Double>, _ patches: UnsafeMutablePointer<Double>) -> Void
  ) {
    let count = layer.channels * shape.patch
    withUnsafeTemporaryAllocation(of: Double.self, capacity: count + shape.patch * shape.positions) { buffer in
      guard let base = buffer.baseAddress else { return }
      S.power(parameters, count, power, base)
      body(base, base + count)
    }
  }

  private func forwardPooling(_ layer: Pooling, _ index: Int) {
    guard case .image(let planes, let height, let width) = model.signals[index] else { return }
    let source = signals[index]
    let target = signals[index + 1]
    target.exponents[0] = source.exponents[0]
    switch layer.kind {
    case .maximum: Double.maxPool(source[0], planes, height, width, layer.kernel, layer.stride, target[0])
    case .average:
      Double.sumPool(
        source[0], planes, height, width, layer.kernel, layer.stride, pow(layer.share, Double(power)), target[0])
    }
    target.normalise(0)
  }
}
