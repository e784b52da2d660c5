/// A convolution (cross-correlation) of images: kernels over all planes, zeros beyond the edge.
///
/// Tensors: `weights` `[channels × input planes × kernel × kernel]`, `bias` `[channels]`.
public struct Convolution: Sendable, Hashable {
  public var channels: Int
  public var kernel: Int
  public var stride: Int
  public var padding: Int
  public var nonlinearity: Nonlinearity
  public var hasBias: Bool

  public init(
    _ channels: Int, kernel: Int, stride: Int = 1, padding: Int = 0, _ nonlinearity: Nonlinearity = .relu,
    hasBias: Bool = true
  ) {
    self.channels = channels
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.nonlinearity = nonlinearity
    self.hasBias = hasBias
  }
}

/// The numbers of a convolution on an image of a given size.
struct ConvolutionShape {
  let planes: Int
  let height: Int
  let width: Int
  let outputHeight: Int
  let outputWidth: Int
  let patch: Int

  init(_ layer: Convolution, _ input: Signal) {
    guard case .image(let planes, let height, let width) = input else {
      preconditionFailure("a model checks what its layers read")
    }
    self.planes = planes
    self.height = height
    self.width = width
    outputHeight = (height + 2 * layer.padding - layer.kernel) / layer.stride + 1
    outputWidth = (width + 2 * layer.padding - layer.kernel) / layer.stride + 1
    patch = planes * layer.kernel * layer.kernel
  }

  var positions: Int { outputHeight * outputWidth }
  var imageCount: Int { planes * height * width }
}

extension Convolution: LayerKernel {
  func output(for input: Signal) throws -> Signal {
    guard case .image(_, let height, let width) = input else {
      throw ModelError("a convolution reads images, but here come \(input)")
    }
    guard channels > 0, kernel > 0, stride > 0, padding >= 0, padding < kernel else {
      throw ModelError(
        "a convolution with \(channels) channels, kernel \(kernel), stride \(stride), padding \(padding): all but the "
          + "padding must be positive, and the padding below the kernel")
    }
    guard kernel <= height + 2 * padding, kernel <= width + 2 * padding else {
      throw ModelError("a kernel of \(kernel) does not fit into an image of \(height) × \(width)")
    }
    let shape = ConvolutionShape(self, input)
    return .image(channels: channels, height: shape.outputHeight, width: shape.outputWidth)
  }

  func tensors(for input: Signal) -> [TensorRequest] {
    let shape = ConvolutionShape(self, input)
    return [TensorRequest("weights", [channels, shape.planes, kernel, kernel], .weights)]
      + (hasBias ? [TensorRequest("bias", [channels], .bias)] : [])
  }

  func scratchCount(for input: Signal, _ extent: Extent) -> Int {
    let shape = ConvolutionShape(self, input)
    return (shape.patch + 1) * shape.positions
  }

  func forward<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let shape = ConvolutionShape(self, input)
    let bias = frame.parameters + channels * shape.patch
    let ones = frame.scratch + shape.patch * shape.positions
    ones.update(repeating: 1, count: shape.positions)
    for row in 0..<frame.rows {
      let result = frame.output + row * channels * shape.positions
      S.patches(
        frame.input + row * shape.imageCount, shape.planes, shape.height, shape.width, kernel, stride, padding,
        frame.scratch)
      if hasBias {
        S.gemm(
          transposeA: false, transposeB: false, m: channels, n: shape.positions, k: 1, alpha: 1, a: bias, lda: 1,
          b: ones, ldb: shape.positions, beta: 0, c: result, ldc: shape.positions)
      }
      S.gemm(
        transposeA: false, transposeB: false, m: channels, n: shape.positions, k: shape.patch, alpha: 1,
        a: frame.parameters, lda: shape.patch, b: frame.scratch, ldb: shape.positions, beta: hasBias ? 1 : 0, c: result,
        ldc: shape.positions)
    }
    nonlinearity.apply(frame.output, frame.rows * channels * shape.positions)
  }

  func adjoint<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    let shape = ConvolutionShape(self, input)
    nonlinearity.adjoint(frame.output, frame.outputGradient, frame.rows * channels * shape.positions)
    frame.inputGradient?.clear(frame.rows * shape.imageCount)
    let bias = frame.gradient + channels * shape.patch
    let ones = frame.scratch + shape.patch * shape.positions
    ones.update(repeating: 1, count: shape.positions)
    for row in 0..<frame.rows {
      let delta = frame.outputGradient + row * channels * shape.positions
      // The patches are made again: kept, they would be kernel² times the images.
      S.patches(
        frame.input + row * shape.imageCount, shape.planes, shape.height, shape.width, kernel, stride, padding,
        frame.scratch)
      S.gemm(
        transposeA: false, transposeB: true, m: channels, n: shape.patch, k: shape.positions, alpha: 1, a: delta,
        lda: shape.positions, b: frame.scratch, ldb: shape.positions, beta: 1, c: frame.gradient, ldc: shape.patch)
      if hasBias {
        S.gemm(
          transposeA: false, transposeB: false, m: channels, n: 1, k: shape.positions, alpha: 1, a: delta,
          lda: shape.positions, b: ones, ldb: 1, beta: 1, c: bias, ldc: 1)
      }
      guard let inputGradient = frame.inputGradient else { continue }
      S.gemm(
        transposeA: true, transposeB: false, m: shape.patch, n: shape.positions, k: channels, alpha: 1,
        a: frame.parameters, lda: shape.patch, b: delta, ldb: shape.positions, beta: 0, c: frame.scratch,
        ldc: shape.positions)
      S.patchesAdjoint(
        frame.scratch, shape.planes, shape.height, shape.width, kernel, stride, padding,
        inputGradient + row * shape.imageCount)
    }
  }
}
