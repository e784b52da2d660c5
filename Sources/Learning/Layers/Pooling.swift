/// One number for each window of each plane of an image; pixels that fill no window are left out.
public struct Pooling: Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    case maximum
    case average
  }

  public var kind: Kind
  public var kernel: Int
  public var stride: Int

  /// - Parameter stride: nil for windows side by side.
  public init(_ kind: Kind, kernel: Int, stride: Int? = nil) {
    self.kind = kind
    self.kernel = kernel
    self.stride = stride ?? kernel
  }

  /// The weight of a pixel in its window's sum.
  var share: Double { kind == .average ? 1 / Double(kernel * kernel) : 1 }
}

extension Pooling: LayerKernel {
  func output(for input: Signal) throws -> Signal {
    guard case .image(let channels, let height, let width) = input else {
      throw ModelError("pooling reads images, but here come \(input)")
    }
    guard kernel > 0, stride > 0, kernel <= height, kernel <= width else {
      throw ModelError("windows of \(kernel) at a stride of \(stride) do not fit into \(height) × \(width)")
    }
    return .image(channels: channels, height: (height - kernel) / stride + 1, width: (width - kernel) / stride + 1)
  }

  func forward<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    guard case .image(let channels, let height, let width) = input else { return }
    let planes = frame.rows * channels
    switch kind {
    case .maximum: S.maxPool(frame.input, planes, height, width, kernel, stride, frame.output)
    case .average: S.sumPool(frame.input, planes, height, width, kernel, stride, share, frame.output)
    }
  }

  func adjoint<S: Scalar>(_ frame: Frame<S>, _ input: Signal) {
    guard case .image(let channels, let height, let width) = input, let result = frame.inputGradient else { return }
    let planes = frame.rows * channels
    result.clear(frame.rows * input.width)
    switch kind {
    case .maximum:
      S.maxPoolAdjoint(frame.input, frame.output, frame.outputGradient, planes, height, width, kernel, stride, result)
    case .average: S.sumPoolAdjoint(frame.outputGradient, planes, height, width, kernel, stride, share, result)
    }
  }
}
