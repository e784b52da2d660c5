extension QueryTree {
  /// The tree without what decides itself; nil when it contradicts itself.
  ///
  /// Going down, constraints that hold further up are left out, alternatives that contradict them are dropped, and the
  /// last alternative of a disjunction becomes a constraint. That is unit propagation, in a few passes and not to the
  /// end.
  func simplified() -> QueryTree? {
    var simplifier = Simplifier(stepsLeft: 8 * size.alternatives)
    return simplifier.simplify(self)
  }
}

private struct Simplifier {
  /// How often a conjunction is gone through.
  private static let passLimit = 4

  /// What holds around the tree that is looked at.
  private var facts = ConstraintStore()
  /// How many alternatives are looked at: new constraints let others be looked at again, and this keeps the whole
  /// linear.
  private var stepsLeft: Int

  init(stepsLeft: Int) { self.stepsLeft = stepsLeft }

  mutating func simplify(_ tree: QueryTree) -> QueryTree? {
    guard let common = facts.reduced(tree.common) else { return nil }
    if tree.disjunctions.isEmpty { return QueryTree(common: common, disjunctions: []) }
    let mark = facts.mark
    defer { facts.undo(to: mark) }
    guard facts.add(common) else { return nil }
    var content = QueryTreeBuilder.Content()
    content.add(QueryTree(common: common, disjunctions: []))
    var open = tree.disjunctions
    for _ in 0..<Self.passLimit {
      var hasLearned = false
      var kept: [[QueryTree]] = []
      for alternatives in open {
        guard stepsLeft > 0 else {
          kept.append(alternatives)
          continue
        }
        stepsLeft -= alternatives.count
        let left = alternatives.compactMap { simplify($0) }
        if left.isEmpty { return nil }
        if left.contains(where: \.isEverything) { continue }
        if left.count > 1 {
          kept.append(left)
          continue
        }
        guard facts.add(left[0].common) else { return nil }
        content.add(QueryTree(common: left[0].common, disjunctions: []))
        kept += left[0].disjunctions
        hasLearned = true
      }
      open = kept
      if !hasLearned { break }
    }
    content.disjunctions = open
    return content.tree()
  }
}
