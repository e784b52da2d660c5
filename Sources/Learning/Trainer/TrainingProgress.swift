/// A moment of a training run.
public struct TrainingProgress: Sendable, Hashable {
  public var step: Int
  public var totalSteps: Int
  public var epoch: Double
  public var loss: Double
  public var metric: Double
  public var metricName: String
  /// The latest validation metric, and the best one.
  public var validation: Double?
  public var best: Double?
  public var learningRate: Double
  public var gradientNorm: Double
  /// log₂ of the squared path norm, where it is computed.
  public var pathNorm: Double?
  public var stepsPerSecond: Double
  public var secondsLeft: Double
}

/// Receives news of a training run, from one thread.
public protocol TrainingObserver: Sendable {
  func report(_ progress: TrainingProgress)
  /// Something that happened once: a divergence, a lowered rate.
  func note(_ text: String)
}

/// Drops all news.
public struct SilentTraining: TrainingObserver {
  public init() {}
  public func report(_ progress: TrainingProgress) {}
  public func note(_ text: String) {}
}

/// How a training run ended.
public struct TrainingOutcome: Sendable, Hashable {
  public enum Ending: String, Sendable, Hashable {
    case finished
    case reachedTarget = "reached target"
    case stoppedEarly = "stopped early"
    case interrupted
    case diverged
  }

  public var ending: Ending
  public var steps: Int
  public var stepsPerEpoch: Int
  public var seconds: Double
  public var metricName: String
  /// The best validation metric, and after how many steps.
  public var best: Double
  public var bestStep: Int
  /// On the test samples, with the best parameters; nil when there are none.
  public var test: LossValue?
  public var testMetric: Double?
  public var parameterCount: Int
}
