import Datasets
import Foundation

/// The next symbol of a text at every step.
///
/// The text is cut into as many lanes as a batch has samples; a batch takes the next `length` symbols of every lane.
public struct TextTask: Sendable {
  public let corpus: TextCorpus
  public let length: Int
  /// Whether a batch begins with the states that the one before it ended with.
  public let carriesState: Bool

  public init(_ corpus: TextCorpus, length: Int, carriesState: Bool) throws {
    guard length > 0, length < corpus.train.count else {
      throw TaskError("sequences of \(length) symbols; the text has \(corpus.train.count)")
    }
    self.corpus = corpus
    self.length = length
    self.carriesState = carriesState
  }

  func symbols(_ set: SampleSet) -> [UInt16] {
    switch set {
    case .train: corpus.train
    case .validation: corpus.validation
    case .test: corpus.test
    }
  }

  /// The lanes of an evaluation are rounded up, so that every symbol but each lane's first is asked for once.
  private func lane(_ count: Int, _ batch: Int, isPadded: Bool) -> Int {
    isPadded ? (count + batch - 1) / batch : count / batch
  }

  func evaluationBatches(_ set: SampleSet, batch: Int) -> Int {
    max(1, (lane(symbols(set).count, batch, isPadded: true) + length - 1) / length)
  }

  func fill<S: Scalar>(
    _ part: Pass<S>, first: Int, batch: Int, batchIndex: Int, symbols: [UInt16], isPadded: Bool
  ) {
    let lane = lane(symbols.count, batch, isPadded: isPadded)
    let size = part.extent.batch
    symbols.withUnsafeBufferPointer { text in
      for sample in 0..<size {
        let start = (first + sample) * lane
        let end = min(text.count, isPadded ? start + lane + 1 : text.count)
        for step in 0..<length {
          let place = start + batchIndex * length + step
          let hasNext = place + 1 < end
          part.symbols[step * size + sample] = place < text.count ? Int32(text[place]) : 0
          part.labels[step * size + sample] = hasNext ? Int32(text[place + 1]) : -1
        }
      }
    }
  }
}
