import Execution
import Foundation
import Synchronization

/// Shows on standard error how much of the input volume is proved: on a terminal a bar that is drawn anew, in a pipe a line
/// every ten seconds. Short searches show nothing.
final class VerifyProgress: ProgressReporter {
  private struct State {
    var lastTime: Double
    var isDrawn = false
  }

  private static let barWidth = 28
  private let state: Mutex<State>
  private let isTerminal = Terminal.errorIsTerminal

  init() { state = Mutex(State(lastTime: Cancellation.now)) }

  func report(_ progress: SearchProgress) {
    state.withLock { state in
      let now = Cancellation.now
      guard now - state.lastTime >= (isTerminal ? 0.25 : 10) else { return }
      state.lastTime = now
      let share = min(max(progress.bound.isFinite ? progress.bound : 0, 0), 1)
      let filled = Int(share * Double(Self.barWidth))
      let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: Self.barWidth - filled)
      let text =
        "\(bar) \(NumberFormat.percent(share)) proved  \(NumberFormat.grouped(progress.nodes)) nodes  "
        + "\(NumberFormat.seconds(progress.seconds)) s"
        + (progress.phase.isEmpty ? "" : "  \(progress.phase)")
      if isTerminal {
        FileHandle.standardError.write(Data("\r\u{1B}[2K\(text)".utf8))
        state.isDrawn = true
      } else {
        Terminal.error(text)
      }
    }
  }

  /// Takes the bar off the terminal.
  func finish() {
    state.withLock { state in
      if state.isDrawn { FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8)) }
      state.isDrawn = false
    }
  }
}
