import Datasets
import Foundation
import Probability

/// Which samples.
public enum SampleSet: String, Sendable, Hashable, CaseIterable {
  case train
  case validation
  case test
}

/// Something to learn: it knows what comes in, what is asked for, and fills batches.
///
/// The samples of a training step depend on the seed and on the step's number only, so that a run that is resumed draws what
/// an uninterrupted one draws.
public enum LearningTask: Sendable {
  case adding(AddingTask)
  case copying(CopyingTask)
  case pixels(PixelTask)
  case images(ImageTask)
  case text(TextTask)

  public var name: String {
    switch self {
    case .adding: "adding"
    case .copying: "copying"
    case .pixels: "smnist"
    case .images: "images"
    case .text: "text"
    }
  }

  /// What comes in at each step.
  public var input: Signal {
    switch self {
    case .adding: .vector(2)
    case .copying: .symbols(CopyingTask.symbols)
    case .pixels: .vector(1)
    case .images(let task): task.input
    case .text(let task): .symbols(task.corpus.alphabet.count)
    }
  }

  /// The width of what is asked for.
  public var outputs: Int {
    switch self {
    case .adding: 1
    case .copying: CopyingTask.symbols
    case .pixels(let task): task.training.classes
    case .images(let task): task.training.classes
    case .text(let task): task.corpus.alphabet.count
    }
  }

  public var steps: Int {
    switch self {
    case .adding(let task): task.length
    case .copying(let task): task.length + 20
    case .pixels(let task): task.steps
    case .images: 1
    case .text(let task): task.length
    }
  }

  public var loss: Loss {
    if case .adding = self { return .squared }
    return .crossEntropy
  }

  /// Whether the output of the last step alone is asked for.
  public var readsLastStep: Bool {
    switch self {
    case .adding, .pixels: true
    case .copying, .images, .text: false
    }
  }

  /// The number that is to become small, by name.
  public var metricName: String {
    switch self {
    case .adding: "mse"
    case .copying: "loss"
    case .pixels, .images: "error"
    case .text: "bpc"
    }
  }

  public func metric(_ value: LossValue) -> Double {
    switch self {
    case .adding, .copying: value.loss
    case .pixels, .images: value.error
    case .text: value.bits
    }
  }

  /// What knowing nothing gives: a mean, or a uniform guess.
  public var baseline: Double {
    switch self {
    case .adding: 1.0 / 6
    case .copying(let task): 10 * log(8) / Double(task.length + 20)
    case .pixels, .images: 1 - 1 / Double(outputs)
    case .text: log2(Double(outputs))
    }
  }

  /// Training steps of an epoch.
  public func stepsPerEpoch(batch: Int) -> Int {
    switch self {
    // Samples are made as they are needed; an epoch is as long as the usual fixed set.
    case .adding, .copying: max(1, 100_000 / batch)
    case .pixels(let task): max(1, task.trainingCount / batch)
    case .images(let task): max(1, task.trainingCount / batch)
    case .text(let task): max(1, (task.corpus.train.count / batch - 1) / task.length)
    }
  }

  /// Whether a training step goes on where the one before it ended.
  public var isContinuous: Bool {
    if case .text(let task) = self { return task.carriesState }
    return false
  }

  /// Batches of an evaluation.
  func evaluationBatches(_ set: SampleSet, batch: Int) -> Int {
    switch self {
    case .adding, .copying: (10_000 + batch - 1) / batch
    case .pixels(let task): (task.range(set).count + batch - 1) / batch
    case .images(let task): (task.range(set).count + batch - 1) / batch
    case .text(let task): task.evaluationBatches(set, batch: batch)
    }
  }

  /// Fills one part of the batch of a training step; `first` is the place of its first sample in the batch.
  func fill<S: Scalar>(_ part: Pass<S>, first: Int, batch: Int, step: Int, order: EpochOrder) {
    switch self {
    case .adding(let task): task.fill(part, firstSample: step * batch + first, set: .train)
    case .copying(let task): task.fill(part, firstSample: step * batch + first, set: .train)
    case .pixels(let task):
      task.fill(part) { order.index((step % self.stepsPerEpoch(batch: batch)) * batch + first + $0) }
    case .images(let task):
      task.fill(part) { order.index((step % self.stepsPerEpoch(batch: batch)) * batch + first + $0) }
    case .text(let task):
      task.fill(
        part, first: first, batch: batch, batchIndex: step % stepsPerEpoch(batch: batch), symbols: task.corpus.train,
        isPadded: false)
    }
  }

  /// Fills one part of a batch of an evaluation; places without a sample get a label that asks nothing.
  func fill<S: Scalar>(_ part: Pass<S>, first: Int, batch: Int, evaluation index: Int, of set: SampleSet) {
    switch self {
    case .adding(let task): task.fill(part, firstSample: index * batch + first, set: set)
    case .copying(let task): task.fill(part, firstSample: index * batch + first, set: set)
    case .pixels(let task):
      let range = task.range(set)
      task.fill(part, set) { sample in
        let place = range.lowerBound + index * batch + first + sample
        return range.contains(place) ? place : nil
      }
    case .images(let task):
      let range = task.range(set)
      task.fill(part, set) { sample in
        let place = range.lowerBound + index * batch + first + sample
        return range.contains(place) ? place : nil
      }
    case .text(let task):
      task.fill(
        part, first: first, batch: batch, batchIndex: index, symbols: task.symbols(set), isPadded: true)
    }
  }

  /// Samples of the training set that are visited in a random order; 0 where none is stored.
  var storedSamples: Int {
    switch self {
    case .pixels(let task): task.trainingCount
    case .images(let task): task.trainingCount
    default: 0
    }
  }
}

/// The order in which an epoch visits the stored samples: a permutation of its own for each epoch.
struct EpochOrder: Sendable {
  let epoch: Int
  private let permutation: [Int32]

  init(count: Int, seed: UInt64, epoch: Int) {
    self.epoch = epoch
    var source = RandomSource(seed: seed ^ 0x6f72_6465_7273, index: epoch)
    permutation = (0..<Int32(clamping: count)).shuffled(using: &source)
  }

  func index(_ place: Int) -> Int { permutation.isEmpty ? 0 : Int(permutation[place % permutation.count]) }
}
