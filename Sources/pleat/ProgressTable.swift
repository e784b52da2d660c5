import Execution
import Foundation
import Synchronization

/// Draws the news of a search as aligned lines on standard error, the way solvers of integer programs do.
///
/// On a terminal a line comes every half second, in a pipe every ten seconds; short searches print nothing.
final class ProgressTable: ProgressReporter {
  private struct State {
    var lastLine: Double
    var hasHeader = false
  }

  private let state: Mutex<State>
  private let interval: Double

  init() {
    interval = Terminal.errorIsTerminal ? 0.5 : 10
    state = Mutex(State(lastLine: Cancellation.now))
  }

  func report(_ progress: SearchProgress) {
    state.withLock { state in
      let now = Cancellation.now
      guard now - state.lastLine >= interval else { return }
      state.lastLine = now
      if !state.hasHeader {
        state.hasHeader = true
        Terminal.error("       nodes      incumbent          bound       gap   seconds  phase")
      }
      func pad(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
      }
      let gap = progress.incumbent.isFinite ? String(format: "%.2f %%", 100 * progress.gap) : "-"
      let columns = [
        pad(String(progress.nodes), 12), pad(String(format: "%.7g", progress.incumbent), 15),
        pad(String(format: "%.7g", progress.bound), 15), pad(gap, 10),
        pad(String(format: "%.1f", progress.seconds), 10),
      ]
      Terminal.error(columns.joined() + "  " + progress.phase)
    }
  }
}
