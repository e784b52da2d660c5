import Execution
import Foundation

/// Several runs that differ in their seed, or in their learning rate.
public struct TrainingStudy: Sendable {
  public struct Member: Sendable {
    /// `seed 3`, `rate 0.001`.
    public let label: String
    public let run: TrainingRun
  }

  public let members: [Member]

  /// The same run with `count` seeds from the configuration's on, each in a folder of its own.
  public static func seeds(_ configuration: TrainingConfiguration, count: Int, folder: RunFolder) -> TrainingStudy {
    TrainingStudy(
      members: (0..<count).map { index in
        var variant = configuration
        variant.seed = configuration.seed &+ index
        return Member(
          label: "seed \(variant.seed)",
          run: TrainingRun(variant, folder: RunFolder("\(folder.path)/seed-\(variant.seed)")))
      })
  }

  /// The same run with several learning rates.
  public static func rates(
    _ configuration: TrainingConfiguration, _ rates: [Double], folder: RunFolder
  ) -> TrainingStudy {
    TrainingStudy(
      members: rates.map { rate in
        var variant = configuration
        variant.learningRate = rate
        return Member(
          label: "rate \(rate)", run: TrainingRun(variant, folder: RunFolder("\(folder.path)/rate-\(rate)")))
      })
  }

  /// Runs all, one after the other; a member whose run was finished before is not run again when resuming.
  ///
  /// - Returns: the outcomes of those that were begun, in order.
  /// - Throws: what a run throws.
  public func start(
    resume: Bool = false, observer: some TrainingObserver, cancellation: Cancellation
  ) throws -> [TrainingOutcome] {
    // The data are the same for all of them, and read once; the samples of a synthetic task differ with the seed.
    let shared = try members.first.flatMap { member -> LearningTask? in
      let isStored = !["adding", "copying"].contains(member.run.configuration.task)
      return isStored ? try member.run.configuration.makeTask() : nil
    }
    var outcomes: [TrainingOutcome] = []
    for member in members {
      observer.note("\(member.label) in \(member.run.folder.path)")
      let canResume = resume && member.run.folder.lastCheckpoint != nil
      outcomes.append(
        try member.run.start(resume: canResume, task: shared, observer: observer, cancellation: cancellation))
      if cancellation.shouldStop { break }
    }
    return outcomes
  }

  /// What several runs have in common.
  public struct Summary: Sendable, Hashable {
    public var mean: Double
    /// The sample standard deviation; 0 for one run.
    public var deviation: Double
    public var diverged: Int
    public var count: Int
  }

  /// Mean and deviation of a number over the runs that did not diverge.
  public static func summary(_ outcomes: [TrainingOutcome], of value: (TrainingOutcome) -> Double?) -> Summary {
    let values = outcomes.filter { $0.ending != .diverged }.compactMap(value).filter(\.isFinite)
    let mean = values.isEmpty ? .nan : values.reduce(0, +) / Double(values.count)
    let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return Summary(
      mean: mean, deviation: values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0,
      diverged: outcomes.count { $0.ending == .diverged }, count: outcomes.count)
  }

  /// The run of the least validation metric, and among equals the one that reached it first (the rule of Neyshabur,
  /// Salakhutdinov and Srebro 2015); nil when all diverged before an evaluation.
  public static func best(_ outcomes: [TrainingOutcome]) -> Int? {
    outcomes.indices.filter { outcomes[$0].best.isFinite }
      .min { (outcomes[$0].best, outcomes[$0].bestStep) < (outcomes[$1].best, outcomes[$1].bestStep) }
  }
}
