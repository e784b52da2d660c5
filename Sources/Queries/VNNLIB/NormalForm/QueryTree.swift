import Exact

/// The assertions of a query as a tree of cases: constraints that hold together, and disjunctions, one alternative of
/// each of which holds too.
///
/// It is as large as the assertions, however many cases they stand for: disjunctions are multiplied out by
/// ``forEachCase(limit:_:)`` alone, one case after another.
public struct QueryTree: Sendable, Hashable {
  /// What holds in every case.
  public internal(set) var common: QueryCase
  /// Of each, one alternative must hold; each has two alternatives at least.
  public internal(set) var disjunctions: [[QueryTree]]

  var isEverything: Bool { common.isEverything && disjunctions.isEmpty }

  /// Whether the constraints hold when the elements have the given values, decided exactly.
  public func contains(_ element: (Int) -> Rational) -> Bool {
    common.contains(element)
      && disjunctions.allSatisfy { alternatives in alternatives.contains { $0.contains(element) } }
  }

  /// How many disjunctions and how many alternatives there are in all.
  var size: (disjunctions: Int, alternatives: Int) {
    var size = (disjunctions: disjunctions.count, alternatives: 0)
    for alternatives in disjunctions {
      size.alternatives += alternatives.count
      for alternative in alternatives {
        let inner = alternative.size
        size = (size.disjunctions + inner.disjunctions, size.alternatives + inner.alternatives)
      }
    }
    return size
  }
}
