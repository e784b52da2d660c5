import Foundation
import Probability

/// The adding problem: of a sequence of numbers uniform in [0, 1), two are marked, one in each half; their sum is asked for at
/// the end. Always answering 1 gives a squared error of 1/6.
///
/// Source: S. Hochreiter, J. Schmidhuber, Long short-term memory, 1997; in the form of Arjovsky, Shah and Bengio 2016.
public struct AddingTask: Sendable, Hashable {
  public let length: Int
  public let seed: UInt64

  /// Throws `TaskError` for fewer than two steps.
  public init(length: Int, seed: UInt64) throws {
    guard (2...100_000).contains(length) else {
      throw TaskError("the adding problem with \(length) steps; accepted are 2 to 100000")
    }
    self.length = length
    self.seed = seed
  }

  func fill<S: Scalar>(_ part: Pass<S>, firstSample: Int, set: SampleSet) {
    let batch = part.extent.batch
    for sample in 0..<batch {
      var source = SyntheticSamples.source(seed, set, firstSample + sample)
      let first = source.index(below: length / 2)
      let second = length / 2 + source.index(below: length - length / 2)
      var sum = 0.0
      for step in 0..<length {
        let value = source.uniform()
        let place = 2 * (step * batch + sample)
        let isMarked = step == first || step == second
        part.values[place] = S(value)
        part.values[place + 1] = isMarked ? 1 : 0
        if isMarked { sum += value }
      }
      part.targets[sample] = S(sum)
    }
  }
}

/// The copying problem: ten symbols of eight, then `length` − 1 blanks, a mark, ten blanks; asked for are `length` + 10 blanks
/// and then the ten symbols. Without memory the loss is 10 ln 8 / (length + 20).
///
/// Source: as above.
public struct CopyingTask: Sendable, Hashable {
  /// Eight symbols, the blank and the mark.
  public static let symbols = 10
  private static let blank: Int32 = 8
  private static let mark: Int32 = 9

  public let length: Int
  public let seed: UInt64

  public init(length: Int, seed: UInt64) throws {
    guard (1...100_000).contains(length) else {
      throw TaskError("the copying problem with a delay of \(length); accepted are 1 to 100000")
    }
    self.length = length
    self.seed = seed
  }

  func fill<S: Scalar>(_ part: Pass<S>, firstSample: Int, set: SampleSet) {
    let batch = part.extent.batch
    for sample in 0..<batch {
      var source = SyntheticSamples.source(seed, set, firstSample + sample)
      for step in 0..<length + 20 {
        part.symbols[step * batch + sample] = step == length + 9 ? Self.mark : Self.blank
        part.labels[step * batch + sample] = Self.blank
      }
      for step in 0..<10 {
        let symbol = Int32(source.index(below: 8))
        part.symbols[step * batch + sample] = symbol
        part.labels[(length + 10 + step) * batch + sample] = symbol
      }
    }
  }
}

/// A task that cannot be set up.
public struct TaskError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

enum SyntheticSamples {
  /// The random numbers of one sample; the sets have different seeds.
  static func source(_ seed: UInt64, _ set: SampleSet, _ index: Int) -> RandomSource {
    let salt: UInt64 =
      switch set {
      case .train: 0
      case .validation: 0x7661_6c69_6461_7465
      case .test: 0x7465_7374_7465_7374
      }
    // Evaluations are of the same samples whatever the run's seed.
    return RandomSource(seed: (set == .train ? seed : 0) ^ salt, index: index)
  }
}
