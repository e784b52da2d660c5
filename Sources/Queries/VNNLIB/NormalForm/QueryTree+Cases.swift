import Exact

extension QueryTree {
  /// Multiplies the disjunctions out, one case after another, and gives each to `body`; contradictory ones are left
  /// out.
  ///
  /// The cases cover the tree together; they may overlap. Disjunctions with few alternatives come first, so that
  /// contradictions show early. Returns false when more than `limit` cases exist, or when the search for them took more
  /// steps than `limit` cases may: `body` has then seen some of them only. Memory is proportional to the tree, whatever
  /// the number of cases; a step costs as much as the alternative that it takes, a case as much as its box.
  public func forEachCase(limit: Int, _ body: (QueryCase) throws -> Void) rethrows -> Bool {
    var search = CaseSearch(self, limit: limit)
    while let found = search.next() { try body(found) }
    return !search.isLimited
  }

  /// The cases gathered by their boxes: for each box, in the order of their first appearance, the constraints of the
  /// cases that share it. Nil when there are more than `limit` cases, as ``forEachCase(limit:_:)`` counts them.
  public func casesByBox(limit: Int) -> [(box: [QueryCase.ElementRange], alternatives: [[QueryCase.Constraint]])]? {
    var groups: [(box: [QueryCase.ElementRange], alternatives: [[QueryCase.Constraint]])] = []
    var positions: [[QueryCase.ElementRange]: Int] = [:]
    let isComplete = forEachCase(limit: limit) { item in
      if let position = positions[item.box] {
        groups[position].alternatives.append(item.constraints)
      } else {
        positions[item.box] = groups.count
        groups.append((item.box, [item.constraints]))
      }
    }
    return isComplete ? groups : nil
  }
}

/// Depth-first search for the cases of a tree, with everything undone on the way back.
private struct CaseSearch {
  /// A disjunction that is still to be decided, and the one to decide after it.
  private struct Pending {
    var alternatives: [QueryTree]
    var next: Int?
  }

  /// A disjunction that is being decided.
  private struct Level {
    var pending: Int
    var nextAlternative = 0
    /// The state of the constraints and the length of the agenda to which the search returns.
    var mark: Int
    var agendaCount: Int
  }

  private var constraints = ConstraintStore()
  private var agenda: [Pending] = []
  private var levels: [Level] = []
  private var casesLeft: Int
  private var stepsLeft: Int
  private var isStarted = false
  private(set) var isLimited = false
  private let tree: QueryTree

  init(_ tree: QueryTree, limit: Int) {
    self.tree = tree
    casesLeft = max(0, limit)
    let size = tree.size
    let (steps, overflow) = casesLeft.multipliedReportingOverflow(by: size.disjunctions + 1)
    let (all, isHuge) = steps.addingReportingOverflow(size.alternatives)
    stepsLeft = overflow || isHuge ? Int.max : all
  }

  /// The next case; nil at the end, or when a limit is reached.
  mutating func next() -> QueryCase? {
    if !isStarted {
      isStarted = true
      guard let first = enter(tree, then: nil) else { return nil }
      if let found = descend(to: first) { return found }
    }
    while let level = levels.last {
      undo(to: level)
      let alternatives = agenda[level.pending].alternatives
      if level.nextAlternative == alternatives.count {
        levels.removeLast()
        continue
      }
      guard stepsLeft > 0 else { return stop() }
      stepsLeft -= 1
      levels[levels.count - 1].nextAlternative += 1
      let following = agenda[level.pending].next
      guard let first = enter(alternatives[level.nextAlternative], then: following) else { continue }
      if let found = descend(to: first) { return found }
      if isLimited { return nil }
    }
    return nil
  }

  private mutating func stop() -> QueryCase? {
    isLimited = true
    levels.removeAll()
    return nil
  }

  /// Begins with the disjunction at an index of the agenda, or with none left delivers the case.
  private mutating func descend(to pending: Int?) -> QueryCase? {
    if let pending {
      levels.append(Level(pending: pending, mark: constraints.mark, agendaCount: agenda.count))
      return nil
    }
    guard casesLeft > 0 else { return stop() }
    casesLeft -= 1
    return constraints.all
  }

  /// Adds what holds in a tree; nil for a contradiction, or else the first disjunction to decide, itself nil if there
  /// is none.
  private mutating func enter(_ tree: QueryTree, then following: Int?) -> Int?? {
    guard constraints.add(tree.common) else { return nil }
    var first = following
    // The last one put on the agenda is decided first.
    for alternatives in tree.disjunctions.reversed().sorted(by: { $0.count > $1.count }) {
      agenda.append(Pending(alternatives: alternatives, next: first))
      first = agenda.count - 1
    }
    return .some(first)
  }

  private mutating func undo(to level: Level) {
    constraints.undo(to: level.mark)
    agenda.removeSubrange(level.agendaCount...)
  }
}
