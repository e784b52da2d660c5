import Execution
import Foundation
import SolutionSpace
import Synchronization

/// Says now and then on standard error where a solver stands: on a terminal twice a second, in a pipe every ten
/// seconds.
final class StorageProgress: Sendable {
  private let last: Mutex<Double>
  private let start = Cancellation.now
  private let interval: Double

  init() {
    interval = Terminal.errorIsTerminal ? 0.5 : 10
    last = Mutex(start)
  }

  /// Whether it is time for news.
  private func isDue() -> Bool {
    last.withLock { last in
      let now = Cancellation.now
      guard now - last >= interval else { return false }
      last = now
      return true
    }
  }

  func report(_ progress: SolverProgress, of patterns: Int) {
    guard isDue() else { return }
    let text = String(
      format: "%8d sweeps %9d of %d wrong  parameter %.4f %9.1f s", progress.sweeps, progress.errors, patterns,
      progress.parameter, Cancellation.now - start)
    Terminal.error(text)
  }

  func report(instances done: Int, of count: Int) {
    guard isDue() else { return }
    Terminal.error(String(format: "%8d of %d instances %9.1f s", done, count, Cancellation.now - start))
  }
}
