import Dispatch
import Execution
import Foundation
import Synchronization

/// Ctrl-C: the first one asks the work to stop and keep its best answer, the second one ends the program.
///
/// While there is nothing to keep yet, the first one ends the program, and so does a time limit.
final class Interrupt {
  private final class Answer: Sendable {
    let isThere: Atomic<Bool>
    init(isThere: Bool) { self.isThere = Atomic(isThere) }
  }

  private let answer: Answer
  private let signals: any DispatchSourceSignal
  private let timer: (any DispatchSourceTimer)?

  /// - Parameters:
  ///   - kept: what is kept, in words.
  ///   - timeLimit: in seconds; of use only to work that begins without an answer.
  ///   - hasAnswer: whether there is something to keep from the beginning; else ``keep()`` says when.
  init(_ cancellation: Cancellation, keeping kept: String, timeLimit: Double? = nil, hasAnswer: Bool = true) {
    let answer = Answer(isThere: hasAnswer)
    signal(SIGINT, SIG_IGN)
    // A queue of its own gets a thread even while the search keeps all the pool's threads busy.
    let queue = DispatchQueue(label: "interrupt", qos: .userInteractive)
    let signals = DispatchSource.makeSignalSource(signal: SIGINT, queue: queue)
    signals.setEventHandler {
      if cancellation.isRequested { Foundation.exit(130) }
      guard answer.isThere.load(ordering: .acquiring) else {
        Terminal.error("\ninterrupted before there was an answer")
        Foundation.exit(130)
      }
      Terminal.error("\nstopping: \(kept) is kept (again to quit at once)")
      cancellation.cancel()
    }
    signals.resume()
    var timer: (any DispatchSourceTimer)?
    if let timeLimit, !hasAnswer {
      let source = DispatchSource.makeTimerSource(queue: queue)
      source.schedule(deadline: .now() + timeLimit)
      source.setEventHandler {
        guard !answer.isThere.load(ordering: .acquiring) else { return }
        let limit = NumberFormat.short(timeLimit)
        Terminal.error("pleat: the time limit of \(limit) s was over before there was an answer")
        Foundation.exit(3)
      }
      source.resume()
      timer = source
    }
    self.answer = answer
    self.signals = signals
    self.timer = timer
  }

  /// From now on there is an answer, and the work looks at its cancellation.
  func keep() { answer.isThere.store(true, ordering: .releasing) }
}
