import Datasets
import Foundation
import Probability

/// Images to be classified, read at once.
public struct ImageTask: Sendable {
  public let training: LabelledImages
  public let testing: LabelledImages
  /// How many of the last training images are held out.
  public let heldOut: Int
  /// Whether layers read planes rather than a vector of pixels.
  public let isImage: Bool

  /// Throws `TaskError` when nothing is left to train with, or the sets do not fit together.
  public init(training: LabelledImages, testing: LabelledImages, heldOut: Int, isImage: Bool) throws {
    guard heldOut >= 0, heldOut < training.count else {
      throw TaskError("\(heldOut) of \(training.count) images are to be held out; some must be left to train with")
    }
    guard training.height == testing.height, training.width == testing.width else {
      throw TaskError("the training and the test images differ in size")
    }
    guard testing.classes <= training.classes else {
      throw TaskError("the test images have the label \(testing.classes - 1), which no training image has")
    }
    self.training = training
    self.testing = testing
    self.heldOut = heldOut
    self.isImage = isImage
  }

  var input: Signal {
    isImage
      ? .image(channels: 1, height: training.height, width: training.width)
      : .vector(training.height * training.width)
  }

  var trainingCount: Int { training.count - heldOut }

  /// Where the samples of a set lie: without held-out images the test images stand in for them.
  func range(_ set: SampleSet) -> Range<Int> {
    switch set {
    case .train: 0..<trainingCount
    case .validation: heldOut > 0 ? trainingCount..<training.count : 0..<testing.count
    case .test: 0..<testing.count
    }
  }

  /// Which images a set's samples are of.
  func images(_ set: SampleSet) -> LabelledImages {
    set == .test || (set == .validation && heldOut == 0) ? testing : training
  }

  func fill<S: Scalar>(_ part: Pass<S>, _ set: SampleSet = .train, _ index: (Int) -> Int?) {
    let images = images(set)
    let pixels = images.height * images.width
    images.pixels.withUnsafeBufferPointer { bytes in
      for sample in 0..<part.extent.batch {
        guard let image = index(sample) else {
          part.labels[sample] = -1
          continue
        }
        part.labels[sample] = Int32(images.labels[image])
        let target = part.values + sample * pixels
        for pixel in 0..<pixels { target[pixel] = S(Float(bytes[image * pixels + pixel]) * (1 / 255)) }
      }
    }
  }
}

/// The same images read pixel by pixel: a sequence as long as the image has pixels.
///
/// Source: Q. V. Le, N. Jaitly, G. E. Hinton, A simple way to initialize recurrent networks of rectified linear units, 2015.
public struct PixelTask: Sendable {
  public let images: ImageTask
  /// The pixel of each step.
  public let order: [Int]

  /// - Parameter permutationSeed: for pixels in a fixed random order; nil for row after row.
  public init(_ images: ImageTask, permutationSeed: UInt64? = nil) {
    self.images = images
    let pixels = images.training.height * images.training.width
    if let permutationSeed {
      var source = RandomSource(seed: permutationSeed)
      order = (0..<pixels).shuffled(using: &source)
    } else {
      order = Array(0..<pixels)
    }
  }

  var training: LabelledImages { images.training }
  var trainingCount: Int { images.trainingCount }
  var steps: Int { order.count }
  func range(_ set: SampleSet) -> Range<Int> { images.range(set) }

  func fill<S: Scalar>(_ part: Pass<S>, _ set: SampleSet = .train, _ index: (Int) -> Int?) {
    let source = images.images(set)
    let batch = part.extent.batch
    source.pixels.withUnsafeBufferPointer { bytes in
      for sample in 0..<batch {
        guard let image = index(sample) else {
          part.labels[sample] = -1
          continue
        }
        part.labels[sample] = Int32(source.labels[image])
        for (step, pixel) in order.enumerated() {
          part.values[step * batch + sample] = S(Float(bytes[image * order.count + pixel]) * (1 / 255))
        }
      }
    }
  }
}
