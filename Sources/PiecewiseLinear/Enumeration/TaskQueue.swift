import Foundation

/// The tasks of a search in the order of its leaves, shared by threads, and their outputs until these can be given out.
///
/// A thread takes the first task that nobody has, works on it for a while, and gives back its output and what is left,
/// which takes the task's place. Outputs leave in order. As all threads work near the front, few outputs wait.
final class TaskQueue<Output>: @unchecked Sendable {
  // All state is touched under `condition` only.

  fileprivate final class Segment {
    enum State {
      case pending(DecisionPath.Task)
      case running
      case done(Output)
    }

    var state: State
    var next: Segment?

    init(_ state: State) { self.state = state }
  }

  private let condition = NSCondition()
  private var head: Segment?
  private var isFlushing = false
  private var isStopped = false
  /// Outputs that wait for earlier ones.
  private var waiting = 0
  private let waitingLimit: Int

  init(_ task: DecisionPath.Task, waitingLimit: Int) {
    head = Segment(.pending(task))
    self.waitingLimit = waitingLimit
  }

  /// A place in the queue that a thread works on.
  struct Ticket {
    fileprivate let segment: Segment
    let task: DecisionPath.Task
  }

  /// Whether so few tasks are waiting that a thread should split what it leaves.
  var isShort: Bool {
    condition.lock()
    defer { condition.unlock() }
    var pending = 0
    var segment = head
    while let current = segment, pending < 8 {
      if case .pending = current.state { pending += 1 }
      segment = current.next
    }
    return pending < 8
  }

  /// The first task that nobody has; waits for one; nil when there will be none.
  func take() -> Ticket? {
    condition.lock()
    defer { condition.unlock() }
    while true {
      if isStopped { return nil }
      var segment = head
      var isFirst = true
      var isAnyRunning = false
      while let current = segment {
        switch current.state {
        case .pending(let task):
          if isFirst || waiting < waitingLimit {
            current.state = .running
            return Ticket(segment: current, task: task)
          }
        case .running: isAnyRunning = true
        case .done: break
        }
        if case .done = current.state {} else { isFirst = false }
        segment = current.next
      }
      if !isAnyRunning { return nil }
      condition.wait()
    }
  }

  /// Gives back a task's output and what is left of it; hands out, in order, the outputs that have become the first.
  func finish(_ ticket: Ticket, _ output: Output, rest: [DecisionPath.Task], flush: (Output) -> Void) {
    condition.lock()
    ticket.segment.state = .done(output)
    waiting += 1
    for task in rest.reversed() {
      let segment = Segment(.pending(task))
      segment.next = ticket.segment.next
      ticket.segment.next = segment
    }
    condition.broadcast()
    guard !isFlushing else {
      condition.unlock()
      return
    }
    isFlushing = true
    while let first = head, case .done(let output) = first.state {
      head = first.next
      waiting -= 1
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
    return head == nil
  }
}
