/// Where a depth-first search stands in its tree, and which part of the tree is its task.
///
/// A node's children are numbered in the order in which they are visited. A task is an interval of the tree's leaves:
/// what lies below the first `rootLength` choices of `start`, from `start` on. It can be stopped anywhere, and what is
/// left is again made of such intervals, so that a search can be handed on, and shared among threads.
struct DecisionPath {
  struct Task: Sendable, Equatable {
    var start: [Int32]
    var rootLength: Int

    static let everything = Task(start: [], rootLength: 0)
  }

  private let task: Task
  private var choices: [Int32] = []
  private var following = true
  private(set) var isStopped = false
  /// The subtrees that a stopped search did not enter, in the order of the search.
  private var pending: [[Int32]] = []

  init(_ task: Task) { self.task = task }

  /// From now on no subtree is entered.
  mutating func stop() { isStopped = true }

  /// Asks to go from a node to its child; the search must call `leave` when it comes back. O(1).
  @inline(__always)
  mutating func enter(_ choice: Int32) -> Bool {
    let depth = choices.count
    if depth < task.rootLength {
      guard choice == task.start[depth], !isStopped else { return false }
    } else if isStopped {
      pending.append(choices + [choice])
      return false
    } else if following && depth < task.start.count {
      if choice < task.start[depth] { return false }
      if choice > task.start[depth] { following = false }
    }
    choices.append(choice)
    return true
  }

  @inline(__always)
  mutating func leave() { choices.removeLast() }

  /// What a stopped search left, in order: the subtrees nearest to the root, which tend to be the largest, one by one, and
  /// before them all others as one task. There are at most `count` tasks, or as many more as a node has children left.
  func remainder(inAtMost count: Int) -> [Task] {
    var cut = pending.count - min(count, pending.count) + 1
    // Children of one node stay together: the task before them ends with the child that the search was in.
    while cut > 0, cut < pending.count, pending[cut - 1].count == pending[cut].count { cut -= 1 }
    let single = pending.dropFirst(cut).map { Task(start: $0, rootLength: $0.count) }
    guard cut > 0, let first = pending.first else { return single }
    return [Task(start: first, rootLength: single.first?.rootLength ?? task.rootLength)] + single
  }
}
