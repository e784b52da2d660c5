/// The memory of a model for batches of one extent, and the passes over it: forward, and its adjoint.
///
/// Everything is allocated at the start. An instance is used by one thread at a time.
final class Pass<S: Scalar>: @unchecked Sendable {
  let model: Model
  let extent: Extent
  let loss: Loss
  /// What comes in `[steps · batch × width]`, symbols `[steps · batch]`; the one the model reads is used.
  let values: UnsafeMutablePointer<S>
  let symbols: UnsafeMutablePointer<Int32>
  /// What is asked for: numbers like the output, or labels.
  let targets: UnsafeMutablePointer<S>
  let labels: UnsafeMutablePointer<Int32>
  /// States that are carried from one batch to the next, all layers one after the other.
  let state: UnsafeMutablePointer<S>
  let stateCount: Int
  private let arena: UnsafeMutablePointer<S>
  private let integers: UnsafeMutablePointer<Int32>
  private let frames: [Frame<S>]
  private let kernels: [any LayerKernel]
  /// Rows of the output: samples, or samples at all steps.
  let outputRows: Int

  init(model: Model, extent: Extent, loss: Loss, carriesState: Bool = false) {
    self.model = model
    self.extent = extent
    self.loss = loss
    let kernels = model.layers.map(\.kernel)
    self.kernels = kernels
    var extents: [Extent] = [extent]
    for layer in model.layers {
      var next = extents[extents.count - 1]
      if layer == .lastStep { next.steps = 1 }
      extents.append(next)
    }
    outputRows = extents[model.layers.count].rows

    // Offsets first, then one allocation; every array begins at a multiple of 64 bytes.
    var size = 0
    func place(_ count: Int) -> Int {
      defer { size += (count + 15) / 16 * 16 }
      return size
    }
    let valuePlace = place(extent.rows * model.input.width)
    let targetPlace = place(outputRows * model.output.width)
    var outputs: [Int] = []
    var gradients: [Int] = []
    var stores: [Int] = []
    var states: [Int] = []
    var scratchCount = 0
    var carriedCount = 0
    for (index, kernel) in kernels.enumerated() {
      let input = model.signals[index]
      let prefix = kernel.prefixCount(for: input, extents[index])
      let count = extents[index + 1].rows * model.signals[index + 1].width
      let aligned = (prefix + 15) / 16 * 16
      outputs.append(place(aligned + count) + aligned)
      gradients.append(place(count))
      stores.append(place(kernel.storeCount(for: input, extents[index])))
      scratchCount = max(scratchCount, kernel.scratchCount(for: input, extents[index]))
      states.append(carriedCount)
      carriedCount += carriesState ? kernel.stateCount(for: input, batch: extent.batch) : 0
    }
    let scratch = place(scratchCount)
    let statePlace = place(carriedCount)
    let raw = UnsafeMutableRawPointer.allocate(byteCount: max(size, 1) * MemoryLayout<S>.stride, alignment: 64)
    let memory = raw.bindMemory(to: S.self, capacity: max(size, 1))
    memory.clear(size)
    arena = memory
    let symbolCount = extent.rows
    let integers = UnsafeMutablePointer<Int32>.allocate(capacity: symbolCount + outputRows)
    integers.initialize(repeating: 0, count: symbolCount + outputRows)
    self.integers = integers
    symbols = integers
    labels = integers + symbolCount
    values = memory + valuePlace
    targets = memory + targetPlace
    state = memory + statePlace
    stateCount = carriedCount

    frames = kernels.indices.map { index in
      let isFirst = index == 0
      let next = index + 1 < model.layers.count ? model.layers[index + 1] : nil
      let carried = carriesState && kernels[index].stateCount(for: model.signals[index], batch: extent.batch) > 0
      return Frame(
        parameters: UnsafePointer(memory), gradient: memory,
        input: UnsafePointer(isFirst ? memory + valuePlace : memory + outputs[index - 1]),
        symbols: UnsafePointer(integers), inputGradient: isFirst ? nil : memory + gradients[index - 1],
        output: memory + outputs[index], outputGradient: memory + gradients[index], store: memory + stores[index],
        scratch: memory + scratch, carried: carried ? memory + statePlace + states[index] : nil,
        steps: extents[index].steps, batch: extents[index].batch, isLastStepOnly: next == .lastStep, key: nil)
    }
  }

  deinit {
    UnsafeMutableRawPointer(arena).deallocate()
    integers.deallocate()
  }

  /// The outputs of the last forward pass, `[outputRows × width]`.
  var output: UnsafeMutablePointer<S> { frames[frames.count - 1].output }

  /// The outputs of a layer, for analysis: `[rows × width]`.
  func output(ofLayer index: Int) -> UnsafePointer<S> { UnsafePointer(frames[index].output) }

  /// The derivatives by the sums of a simple recurrent layer after the adjoint, `[rows × units]`.
  func delta(ofLayer index: Int) -> UnsafePointer<S> { UnsafePointer(frames[index].outputGradient) }

  /// Begins the next batch with states of 0.
  func resetState() { state.clear(stateCount) }

  /// - Parameter key: randomness for dropout; nil for none.
  func forward(_ parameters: UnsafePointer<S>, key: UInt64? = nil) {
    for index in frames.indices {
      var frame = frames[index]
      frame.parameters = parameters + model.layerRanges[index].lowerBound
      frame.key = key.map { $0 &+ UInt64(index) &* 0x2545_f491_4f6c_dd1d }
      kernels[index].forward(frame, model.signals[index])
    }
  }

  /// The loss of the outputs, each row weighed by 1 / `rows`, and its derivatives by them.
  ///
  /// - Parameter rows: of the whole batch, of which this may be a part.
  func evaluateLoss(rows: Int) -> LossValue {
    let last = frames[frames.count - 1]
    let width = model.output.width
    last.outputGradient.update(from: last.output, count: outputRows * width)
    var total = 0.0
    switch loss {
    case .squared:
      S.squaredError(last.outputGradient, targets, outputRows * width, 1 / Double(rows * width), &total)
      return LossValue(loss: total, wrong: 0, asked: outputRows)
    case .crossEntropy:
      let wrong = S.crossEntropy(last.outputGradient, labels, outputRows, width, 1 / Double(rows), &total)
      let asked = UnsafeBufferPointer(start: labels, count: outputRows).count { $0 >= 0 }
      return LossValue(loss: total, wrong: wrong, asked: asked)
    }
  }

  /// Adds the derivatives by the parameters to `gradient`, after `evaluateLoss`.
  func adjoint(_ parameters: UnsafePointer<S>, gradient: UnsafeMutablePointer<S>, key: UInt64? = nil) {
    for index in frames.indices.reversed() {
      var frame = frames[index]
      frame.parameters = parameters + model.layerRanges[index].lowerBound
      frame.gradient = gradient + model.layerRanges[index].lowerBound
      frame.key = key
      kernels[index].adjoint(frame, model.signals[index])
    }
  }
}
