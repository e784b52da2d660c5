import Exact
import Queries

/// A query as unsafe sets over boxes of inputs: its cases, gathered by their boxes.
public struct ReachQuestion: Sendable {
  /// One case: a conjunction of linear inequalities.
  public struct Case: Sendable {
    /// As the query says it, in rationals.
    public let exact: QueryCase
    /// What each of its points satisfies, in doubles.
    public let relaxed: RelaxedCase
  }

  /// A box and the cases on it.
  public struct Part: Sendable {
    /// For each input of the network, as narrow as doubles allow around the query's box; bounded.
    public let box: [Interval]
    public internal(set) var cases: [Case]
  }

  public let problem: QueryProblem
  /// In the order in which their boxes first appear; none when the query contradicts itself or its boxes are empty.
  public let parts: [Part]

  /// O(cases · terms).
  ///
  /// - Parameter caseLimit: how many cases are accepted.
  /// - Throws: ``ReachError`` when a case multiplies values of variables, when its box is not bounded, and when there are
  ///   more cases than `caseLimit`.
  public init(_ problem: QueryProblem, caseLimit: Int = 100_000) throws {
    self.problem = problem
    var parts: [Part] = []
    var positions: [[Interval]: Int] = [:]
    let isComplete = try problem.tree?.forEachCase(limit: caseLimit) { item in
      guard let relaxed = problem.relaxed(item) else { return }
      try Self.check(relaxed, problem)
      let added = Case(exact: item, relaxed: relaxed)
      if let position = positions[relaxed.box] {
        parts[position].cases.append(added)
      } else {
        positions[relaxed.box] = parts.count
        parts.append(Part(box: relaxed.box, cases: [added]))
      }
    }
    guard isComplete ?? true else {
      throw ReachError("the query has more than \(caseLimit) cases; reachable sets are computed for fewer")
    }
    self.parts = parts
  }

  private static func check(_ relaxed: RelaxedCase, _ problem: QueryProblem) throws {
    if relaxed.requirements.contains(where: { !$0.products.isEmpty }) {
      throw ReachError("the query multiplies values with each other; reachable sets are for linear constraints")
    }
    guard let open = relaxed.box.firstIndex(where: { !$0.lower.isFinite || !$0.upper.isFinite }) else { return }
    let element = problem.places.firstIndex(of: .input(open))
    let name = element.map { problem.query.name(of: $0) } ?? "input \(open)"
    let side = relaxed.box[open].lower.isFinite ? "upper" : "lower"
    throw ReachError("the query does not give \(name) \(side == "upper" ? "an upper" : "a lower") bound of its own")
  }
}
