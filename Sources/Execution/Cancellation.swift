import Foundation
import Synchronization

/// Tells long work to stop: asked from any thread, set once, by a person or by the clock.
public final class Cancellation: Sendable {
  private let requested = Atomic<Bool>(false)
  private let deadline: Double?

  /// - Parameter timeLimit: seconds from now after which the work is to stop; nil for none.
  public init(timeLimit: Double? = nil) {
    deadline = timeLimit.map { Self.now + $0 }
  }

  /// Asks the work to stop. Safe to call from a signal handler.
  public func cancel() { requested.store(true, ordering: .relaxed) }

  /// Whether a person asked the work to stop.
  public var isRequested: Bool { requested.load(ordering: .relaxed) }

  /// Whether the time limit has passed.
  public var isPastDeadline: Bool { deadline.map { Self.now > $0 } ?? false }

  /// Whether the work should stop, for either reason.
  public var shouldStop: Bool { isRequested || isPastDeadline }

  /// Seconds until the time limit; nil without one.
  public var remaining: Double? { deadline.map { max(0, $0 - Self.now) } }

  /// Monotonic seconds.
  public static var now: Double { ProcessInfo.processInfo.systemUptime }
}
