import Certificates
import Execution
import Networks
import Queries

/// Branch and bound over one case of a query, in instalments.
///
/// Nodes are taken from a stack, a fixed number at a time, worked on by all threads, and their children put back in order: what
/// is found does not depend on the number of threads.
struct CaseSearch: Sendable {
  enum Ending: Sendable {
    case closed(SafetyProof?)
    /// A point that satisfies the case, as `accepts` confirmed.
    case found
    /// Some nodes can neither be closed nor split.
    case stuck
  }

  private static let batch = 32

  let item: RelaxedCase
  private var stack: [SearchNode]
  private var proof: ProofRecords
  private(set) var nodeCount = 0
  private(set) var provedShare = 0.0
  private var isStuck = false
  /// The points nearest to satisfying the case that nodes came upon since they were last asked for, best first.
  private var nearest: [NodeOutcome.Near] = []
  private static let nearestCount = 8
  /// The closed node with the smallest margin.
  private(set) var tightest: VerificationResult.Part?

  init(_ item: RelaxedCase, unitCount: Int, keepsProof: Bool) {
    self.item = item
    stack = [SearchNode(box: item.box, unitCount: unitCount)]
    proof = ProofRecords(isKept: keepsProof)
  }

  /// The next node, and how far it was from being closed.
  var resisting: VerificationResult.Part? {
    stack.last.map {
      VerificationResult.Part(margin: -$0.slack, lower: $0.ranges.boxLower, upper: $0.ranges.boxUpper)
    }
  }

  /// Goes on for a number of nodes.
  ///
  /// - Parameters:
  ///   - accepts: judges a candidate exactly.
  ///   - report: called after every batch.
  /// - Returns: nil when the search has not ended, because the nodes are used up or the work was cancelled.
  mutating func advance(
    nodes limit: Int, with pool: SolverPool, threads: Int, accepts: ([Double]) -> Bool, report: (CaseSearch) -> Void,
    cancellation: Cancellation
  ) -> Ending? {
    let end = nodeCount + limit
    while !stack.isEmpty {
      if cancellation.shouldStop || nodeCount >= end { return nil }
      let taken = Array(stack.suffix(Self.batch).reversed())
      stack.removeLast(taken.count)
      let item = item
      let outcomes = parallelMap(count: taken.count, threads: threads) { index in
        pool.with { $0.process(taken[index], of: item) }
      }
      for (node, outcome) in zip(taken, outcomes).reversed() {
        for candidate in outcome.candidates where accepts(candidate) { return .found }
        add(outcome, of: node)
      }
      report(self)
    }
    return isStuck ? .stuck : .closed(proof.proof)
  }

  /// The points nearest to satisfying the case since the last time, best first.
  mutating func takeNearest() -> [[Double]] {
    defer { nearest = [] }
    return nearest.map(\.point)
  }

  private mutating func keep(_ near: NodeOutcome.Near) {
    guard nearest.count < Self.nearestCount || near.least > nearest[nearest.count - 1].least else { return }
    let position = nearest.firstIndex { $0.least < near.least } ?? nearest.count
    nearest.insert(near, at: position)
    if nearest.count > Self.nearestCount { nearest.removeLast() }
  }

  private mutating func add(_ outcome: NodeOutcome, of node: SearchNode) {
    nodeCount += 1
    if let near = outcome.nearest { keep(near) }
    switch outcome.ending {
    case .closed:
      provedShare += node.share
      proof.set(node.record, outcome.steps, children: 0)
      if outcome.margin < tightest?.margin ?? .infinity {
        tightest = VerificationResult.Part(
          margin: outcome.margin, lower: node.ranges.boxLower, upper: node.ranges.boxUpper)
      }
    case .stuck:
      isStuck = true
    case .split(let children):
      let first = proof.set(node.record, outcome.steps, children: children.count)
      for (index, child) in children.enumerated() {
        var child = child
        child.record = first + index
        child.slack = outcome.slack
        stack.append(child)
      }
    }
  }
}
