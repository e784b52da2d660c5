import Datasets
import Execution
import Foundation

/// A training run in a folder.
///
/// ```swift
/// var configuration = TrainingConfiguration()
/// configuration.task = "adding"
/// let run = TrainingRun(configuration, folder: RunFolder("runs/adding"))
/// let outcome = try run.start(observer: SilentTraining(), cancellation: Cancellation())
/// ```
public struct TrainingRun: Sendable {
  public let configuration: TrainingConfiguration
  public let folder: RunFolder

  public init(_ configuration: TrainingConfiguration, folder: RunFolder) {
    self.configuration = configuration
    self.folder = folder
  }

  /// Trains until the steps are over, the target is reached, patience ends, or someone asks to stop.
  ///
  /// - Parameters:
  ///   - resume: go on from the last checkpoint; parameters and log are those of an uninterrupted run, bit by bit.
  ///   - task: the task where it has been set up already; nil to set it up.
  /// - Throws: errors of the configuration, of its data, and `FileError` when something cannot be written; the last
  ///   checkpoint is whole then.
  public func start(
    resume: Bool = false, task: LearningTask? = nil, observer: some TrainingObserver, cancellation: Cancellation
  ) throws -> TrainingOutcome {
    let task = try task ?? configuration.makeTask()
    switch configuration.precision {
    case .float32:
      return try TrainingSession<Float>(configuration, task, folder, resume: resume)
        .run(observer: observer, cancellation: cancellation)
    case .float64:
      return try TrainingSession<Double>(configuration, task, folder, resume: resume)
        .run(observer: observer, cancellation: cancellation)
    }
  }
}
