import Execution
import Foundation
import Learning
import Synchronization

/// Draws the news of a training run on standard error: a line that stays in place on a terminal, lines now and then in a
/// pipe.
final class TrainingScreen: TrainingObserver {
  private struct State {
    var lastLine = -Double.infinity
    var isOpen = false
  }

  private let state = Mutex(State())

  func report(_ progress: TrainingProgress) {
    state.withLock { state in
      let now = Cancellation.now
      guard now - state.lastLine >= (Terminal.errorIsTerminal ? 0.2 : 10) else { return }
      state.lastLine = now
      let text = Self.line(progress)
      guard Terminal.errorIsTerminal else { return Terminal.error(text) }
      FileHandle.standardError.write(Data("\r\u{1B}[K\(text)".utf8))
      state.isOpen = true
    }
  }

  func note(_ text: String) {
    finish()
    Terminal.error(text)
  }

  /// Ends a line that stands open.
  func finish() {
    state.withLock { state in
      if state.isOpen { Terminal.error("") }
      state.isOpen = false
    }
  }

  private static func line(_ progress: TrainingProgress) -> String {
    var parts = [
      "\(bar(Double(progress.step) / Double(max(1, progress.totalSteps)))) \(progress.step)/\(progress.totalSteps)",
      "epoch \(String(format: "%.2f", progress.epoch))", "loss \(number(progress.loss))",
    ]
    if progress.metricName != "loss", progress.metricName != "mse" {
      parts.append("\(progress.metricName) \(number(progress.metric))")
    }
    if let validation = progress.validation { parts.append("valid \(number(validation))") }
    parts.append("|g| \(number(progress.gradientNorm))")
    if let pathNorm = progress.pathNorm {
      parts.append("γ 2^\(String(format: "%.1f", pathNorm / 2))")
    }
    parts.append("\(String(format: "%.1f", progress.stepsPerSecond)) steps/s")
    parts.append("\(duration(progress.secondsLeft)) left")
    return parts.joined(separator: "  ")
  }

  private static func bar(_ part: Double) -> String {
    let full = Int((min(1, max(0, part)) * 12).rounded())
    return String(repeating: "█", count: full) + String(repeating: "░", count: 12 - full)
  }

  private static func number(_ value: Double) -> String { String(format: "%.4g", value) }

  static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds < 1e8 else { return "?" }
    let whole = Int(seconds.rounded())
    if whole >= 3600 {
      return String(format: "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
    }
    return String(format: "%d:%02d", whole / 60, whole % 60)
  }
}
