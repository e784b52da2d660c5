import Execution
import Synchronization

/// Counts the nodes of the tasks of one pass, tells when a budget is spent, and passes news on at a human pace.
final class NodeCounter: Sendable {
  private struct State {
    var nodes: Int
    var incumbent: Double
    var lastReport: Double
  }

  private let state: Mutex<State>
  private let limit: Int
  private let bound: Double
  private let began: Double
  private let scale: Double
  private let phase: String
  private let progress: any ProgressReporter

  init(
    start: Int, limit: Int, incumbent: Double, bound: Double, began: Double, scale: Double, phase: String,
    progress: any ProgressReporter
  ) {
    state = Mutex(State(nodes: start, incumbent: incumbent, lastReport: Cancellation.now))
    self.limit = limit
    self.bound = bound
    self.began = began
    self.scale = scale
    self.phase = phase
    self.progress = progress
  }

  /// Counts nodes; true when the budget is spent.
  func add(_ nodes: Int) -> Bool {
    state.withLock { state in
      state.nodes += nodes
      let now = Cancellation.now
      if now - state.lastReport > 0.25 {
        state.lastReport = now
        progress.report(
          SearchProgress(
            nodes: state.nodes, incumbent: state.incumbent * scale, bound: bound * scale, seconds: now - began,
            phase: phase))
      }
      return state.nodes > limit
    }
  }

  func improve(_ loss: Double) {
    state.withLock { $0.incumbent = min($0.incumbent, loss) }
  }
}
