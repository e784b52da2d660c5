import Foundation

/// The tasks of a search in the order of its leaves, shared by threads, and their outputs until these can be given out.
///
/// A thread takes the first task that nobody has, works on it for a while, and gives back its output and what is left,
/// which takes the task's place. Outputs leave in order, or, where the order means nothing, at once. As all threads work
/// near the front, few outputs wait.
final class TaskQueue<Output>: @unchecked Sendable {
  // All state is touched under `condition` only.

  fileprivate final class Segment {
    enum State {
      case pending(DecisionPath.Task)
      case running
      case done(Output)
      case gone
    }

    var state: State
    var next: Segment?

    init(_ state: State) { self.state = state }
  }

  private let condition = NSCondition()
  private var head: Segment?
  private var isFlushing = false
  /// Held while an output is handed out whose order means nothing.
  private let flushing = NSLock()
  private var isStopped = false
  /// Outputs that wait for earlier ones.
  private var waiting = 0
  private let waitingLimit: Int
  private let isOrdered: Bool

  /// - Parameters:
  ///   - waitingLimit: when so many outputs wait, only tasks in front of all of these are given out.
  ///   - isOrdered: whether outputs leave in the order of the tasks.
  init(_ task: DecisionPath.Task, waitingLimit: Int, isOrdered: Bool) {
    head = Segment(.pending(task))
    self.waitingLimit = waitingLimit
    self.isOrdered = isOrdered
  }

  /// A place in the queue that a thread works on.
  struct Ticket {
    fileprivate let segment: Segment
    let task: DecisionPath.Task
  }

  /// The first task that nobody has; waits for one; nil when there will be none.
  func take() -> Ticket? {
    condition.lock()
    defer { condition.unlock() }
    while !isStopped {
      dropGone()
      var isAnyRunning = false
      var isBehindOutputs = false
      var segment = head
      while let current = segment {
        switch current.state {
        case .pending(let task):
          if !isBehindOutputs || waiting < waitingLimit {
            current.state = .running
            return Ticket(segment: current, task: task)
          }
        case .running: isAnyRunning = true
        case .done: isBehindOutputs = true
        case .gone: break
        }
        segment = current.next
      }
      // While outputs are handed out, tasks behind them may become free.
      if !isAnyRunning && !isFlushing { return nil }
      condition.wait()
    }
    return nil
  }

  /// Takes finished segments out of the list.
  private func dropGone() {
    while let first = head, case .gone = first.state { head = first.next }
    var segment = head
    while let current = segment {
      while let next = current.next, case .gone = next.state { current.next = next.next }
      segment = current.next
    }
  }

  /// Gives back a task's output and what is left of it; hands out, one at a time, the outputs whose turn has come.
  func finish(_ ticket: Ticket, _ output: Output, rest: [DecisionPath.Task], flush: (Output) -> Void) {
    condition.lock()
    for task in rest.reversed() {
      let segment = Segment(.pending(task))
      segment.next = ticket.segment.next
      ticket.segment.next = segment
    }
    guard isOrdered else {
      ticket.segment.state = .gone
      condition.broadcast()
      condition.unlock()
      flushing.withLock { flush(output) }
      return
    }
    ticket.segment.state = .done(output)
    waiting += 1
    condition.broadcast()
    guard !isFlushing else {
      condition.unlock()
      return
    }
    isFlushing = true
    while let first = head, case .done(let output) = first.state {
      head = first.next
      waiting -= 1
      condition.broadcast()
      condition.unlock()
      flush(output)
      condition.lock()
    }
    isFlushing = false
    condition.broadcast()
    condition.unlock()
  }

  /// No more tasks are given out.
  func stop() {
    condition.lock()
    isStopped = true
    condition.broadcast()
    condition.unlock()
  }

  /// Whether every task was finished and flushed.
  var isEmpty: Bool {
    condition.lock()
    defer { condition.unlock() }
    dropGone()
    return head == nil
  }
}
