import Execution
import Foundation
import Synchronization

/// Says now and then on standard error how many regions there are so far: on a terminal twice a second, in a pipe every
/// ten seconds; short searches say nothing.
final class RegionProgress: Sendable {
  private struct State {
    var lastLine: Double
    var phase = ""
  }

  private let state: Mutex<State>
  private let start = Cancellation.now
  private let interval: Double

  init() {
    interval = Terminal.errorIsTerminal ? 0.5 : 10
    state = Mutex(State(lastLine: start))
  }

  /// What is being done, in a few words.
  func begin(_ phase: String) { state.withLock { $0.phase = phase } }

  func report(_ regions: Int) {
    state.withLock { state in
      let now = Cancellation.now
      guard now - state.lastLine >= interval else { return }
      state.lastLine = now
      let count = NumberFormat.grouped(regions)
      let padded = String(repeating: " ", count: max(0, 14 - count.count)) + count
      Terminal.error("\(padded) regions \(String(format: "%9.1f", now - start)) s  \(state.phase)")
    }
  }
}
