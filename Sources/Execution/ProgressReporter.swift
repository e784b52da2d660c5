/// A moment of a long search, in the terms of integer programming.
public struct SearchProgress: Sendable {
  /// Nodes of the search tree, or labels of the dynamic programme, seen so far.
  public var nodes: Int
  /// The best objective found.
  public var incumbent: Double
  /// The proved bound.
  public var bound: Double
  public var seconds: Double
  /// What is being done, in a few words.
  public var phase: String

  public init(nodes: Int, incumbent: Double, bound: Double, seconds: Double, phase: String) {
    self.nodes = nodes
    self.incumbent = incumbent
    self.bound = bound
    self.seconds = seconds
    self.phase = phase
  }

  /// (incumbent − bound) / incumbent, 0 for an incumbent of 0.
  public var gap: Double { incumbent > 0 ? max(0, (incumbent - bound) / incumbent) : 0 }
}

/// Receives news of long work. Called from one thread at a time, a few times a second at most.
public protocol ProgressReporter: Sendable {
  func report(_ progress: SearchProgress)
}

/// Drops all news.
public struct SilentProgress: ProgressReporter {
  public init() {}
  public func report(_ progress: SearchProgress) {}
}
