import COpenBLAS
import Execution
import Foundation

/// The loss of a batch and its gradient: the batch is cut into parts, whose gradients are added in a fixed order.
///
/// The parts do not depend on the number of threads, so neither do the bits of the result. Nothing is allocated after
/// the initialiser.
final class BatchGradient<S: Scalar>: @unchecked Sendable {
  let model: Model
  let steps: Int
  let batch: Int
  /// The passes over the parts; the samples of the batch lie in them one after the other.
  let parts: [Pass<S>]
  /// The sum of the parts' gradients.
  var gradient: UnsafeMutablePointer<S> { gradients }
  private let gradients: UnsafeMutablePointer<S>
  private let stride: Int
  private let threads: Int

  /// - Parameters:
  ///   - parts: into how many the batch is cut, at most one for each sample.
  ///   - threads: how many are worked on at a time.
  init(
    model: Model, steps: Int, batch: Int, loss: Loss, parts: Int, threads: Int, carriesState: Bool = false,
    hasGradient: Bool = true
  ) {
    // The parts are the threads; a BLAS with threads of its own would also round differently with each number.
    openblas_set_num_threads(1)
    let count = max(1, min(parts, batch))
    self.model = model
    self.steps = steps
    self.batch = batch
    self.parts = (0..<count).map { index in
      let size = batch * (index + 1) / count - batch * index / count
      return Pass(
        model: model, extent: Extent(steps: steps, batch: size), loss: loss, carriesState: carriesState)
    }
    self.threads = max(1, min(threads, count))
    stride = hasGradient ? (model.parameterCount + 15) / 16 * 16 : 0
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: max(1, stride * count) * MemoryLayout<S>.stride, alignment: 64)
    gradients = raw.bindMemory(to: S.self, capacity: max(1, stride * count))
    gradients.clear(stride * count)
  }

  deinit { UnsafeMutableRawPointer(gradients).deallocate() }

  /// Rows of the output of the whole batch.
  var rows: Int { parts.reduce(0) { $0 + $1.outputRows } }

  /// Runs `body` for each part, on the threads.
  private func forEachPart(_ body: @Sendable (Int) -> Void) {
    guard threads > 1 else { return parts.indices.forEach(body) }
    if threads >= parts.count {
      DispatchQueue.concurrentPerform(iterations: parts.count, execute: body)
    } else {
      _ = parallelMap(count: parts.count, threads: threads, body)
    }
  }

  /// Loss and gradient of the batch that lies in the parts.
  ///
  /// - Parameters:
  ///   - key: randomness for dropout; nil for none.
  ///   - fill: puts the samples into a part, given the place of its first one in the batch; on the part's thread.
  func differentiate(
    _ parameters: UnsafePointer<S>, key: UInt64?, fill: @Sendable (Pass<S>, Int) -> Void = { _, _ in }
  ) -> LossValue {
    let rows = rows
    let loss = sum(parameters) { pass, index, parameters in
      let own = key.map { $0 &+ UInt64(index) &* 0x9e37_79b9_7f4a_7c15 }
      let target = self.gradients + index * self.stride
      target.clear(self.model.parameterCount)
      fill(pass, self.batch * index / self.parts.count)
      pass.forward(parameters, key: own)
      let loss = pass.evaluateLoss(rows: rows)
      pass.adjoint(parameters, gradient: target, key: own)
      return loss
    }
    for index in parts.indices.dropFirst() {
      S.axpy(model.parameterCount, 1, gradients + index * stride, gradients)
    }
    return loss
  }

  /// The loss alone, nothing random.
  func evaluate(
    _ parameters: UnsafePointer<S>, fill: @Sendable (Pass<S>, Int) -> Void = { _, _ in }
  ) -> LossValue {
    let rows = rows
    return sum(parameters) { pass, index, parameters in
      fill(pass, self.batch * index / self.parts.count)
      pass.forward(parameters)
      return pass.evaluateLoss(rows: rows)
    }
  }

  /// The sum over the parts, in their order, of what is computed on their threads.
  private func sum(
    _ parameters: UnsafePointer<S>, _ body: @Sendable (Pass<S>, Int, UnsafePointer<S>) -> LossValue
  ) -> LossValue {
    let place = Address(parameters)
    let nothing = LossValue(loss: 0, wrong: 0, asked: 0)
    var results = [LossValue](repeating: nothing, count: parts.count)
    results.withUnsafeMutableBufferPointer { buffer in
      let output = Address(buffer.baseAddress)
      forEachPart { index in
        guard let parameters = place.pointer, let output = output.mutable else { return }
        output[index] = body(self.parts[index], index, parameters)
      }
    }
    return results.reduce(nothing) {
      LossValue(loss: $0.loss + $1.loss, wrong: $0.wrong + $1.wrong, asked: $0.asked + $1.asked)
    }
  }
}

/// An address that crosses threads; those who use it write to different places.
struct Address<Element>: @unchecked Sendable {
  let pointer: UnsafePointer<Element>?
  var mutable: UnsafeMutablePointer<Element>? { UnsafeMutablePointer(mutating: pointer) }

  init(_ pointer: UnsafePointer<Element>?) { self.pointer = pointer }
  init(_ pointer: UnsafeMutablePointer<Element>?) { self.pointer = UnsafePointer(pointer) }
}
