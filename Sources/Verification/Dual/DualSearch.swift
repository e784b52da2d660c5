import Certificates
import Execution
import Queries

/// Branch and bound over the phases of units, for cases with many inputs that share one box.
///
/// The ranges of all units are computed over the box, and narrowed at every node that stays open. A node is a set of phases; its
/// bound is that of the linear relaxation's dual, improved by descent (``DualBatch``). Nodes are taken from a stack, a fixed number at a time, worked on by
/// all threads, and their children put back in order: what is found does not depend on the number of threads. A node in which
/// every unit is linear is a linear program, so that the search is complete but for ties within rounding.
///
/// Sources: S. Wang et al., *Beta-CROWN: efficient bound propagation with per-neuron split constraints*, NeurIPS 2021; R. Bunel
/// et al., *Branch and bound for piecewise linear neural network verification*, JMLR 2020; A. De Palma et al., *Improved branch
/// and bound for neural network verification via Lagrangian decomposition* (filtered smart branching), 2021.
struct DualSearch: Sendable {
  enum Ending: Sendable {
    case closed(SafetyProof?)
    /// A point that satisfies the case, as `accepts` confirmed.
    case found([Double])
    /// Some nodes can neither be closed nor split.
    case stuck(String)
    case stopped
  }

  let program: StageProgram
  let threads: Int
  let keepsProof: Bool

  /// Decides cases that share one box with finite ends.
  ///
  /// - Parameters:
  ///   - accepts: judges a candidate for a case, given by its position, exactly.
  ///   - report: told after every batch how many nodes were seen, and the share that is proved.
  /// - Returns: for each case how it ended; a point found ends the others as well.
  func run(
    _ items: [RelaxedCase], accepts: (Int, [Double]) -> Bool, report: (Int, Double) -> Void, cancellation: Cancellation
  ) -> [Ending] {
    guard let box = items.first?.box else { return [] }
    let ranges = UnitRanges(boxLower: box.map(\.lower), boxUpper: box.map(\.upper), unitCount: program.unitCount)
    var run = DualRun(self, items, ranges)
    return run.endings(accepts: accepts, report: report, cancellation: cancellation)
  }
}

/// One run of a `DualSearch`.
private struct DualRun {
  private struct OpenCase {
    let item: Int
    var stack: [DualNode]
    var proof: ProofRecords
    var provedShare = 0.0
    var stuck: String?
  }

  private static let groupSize = DualBatch.laneCount / 2
  private static let groupCount = 4

  private let search: DualSearch
  private let items: [RelaxedCase]
  private var ranges: UnitRanges
  private var endings: [DualSearch.Ending]
  private var nodeCount = 0
  private var closedCount = 0

  init(_ search: DualSearch, _ items: [RelaxedCase], _ ranges: UnitRanges) {
    self.search = search
    self.items = items
    self.ranges = ranges
    endings = items.map { _ in .stopped }
  }

  mutating func endings(
    accepts: (Int, [Double]) -> Bool, report: (Int, Double) -> Void, cancellation: Cancellation
  ) -> [DualSearch.Ending] {
    let refiner = RangeRefiner(search.program)
    guard refiner.compute(&ranges) else { return empty(refiner.steps) }
    guard var state = roots(Array(items.indices), refiner, accepts, cancellation) else { return endings }
    report(nodeCount, Double(closedCount) / Double(items.count))
    if !state.open.isEmpty, search.program.stages.count > 1 {
      guard refiner.refine(&ranges, threads: search.threads, cancellation: cancellation) else {
        return empty(refiner.steps)
      }
      let open = state.open.map(\.item)
      guard let second = roots(open, refiner, accepts, cancellation) else { return endings }
      state = second
      report(nodeCount, Double(closedCount) / Double(items.count))
    }
    let pool = state.pool
    var open = state.open
    let count = Double(items.count)
    var budget = 256
    while !open.isEmpty, !cancellation.shouldStop {
      var remaining: [OpenCase] = []
      for (index, entry) in open.enumerated() {
        var entry = entry
        let others = (remaining + open[(index + 1)...]).reduce(Double(closedCount)) { $0 + $1.provedShare }
        let isFound = advance(&entry, nodes: budget, pool, accepts, cancellation) {
          report($0, (others + $1) / count)
        }
        if isFound { return endings }
        if entry.stack.isEmpty { end(entry) } else { remaining.append(entry) }
      }
      open = remaining
      budget *= 4
    }
    return endings
  }

  /// The endings when no point of the box is left.
  private func empty(_ steps: [SafetyProof.Step]) -> [DualSearch.Ending] {
    let proof = SafetyProof(steps: steps + [.claim(SafetyProof.Claim(.nothing, []))])
    return items.map { _ in .closed(search.keepsProof ? proof : nil) }
  }

  private mutating func end(_ entry: OpenCase) {
    if let stuck = entry.stuck {
      endings[entry.item] = .stuck(stuck)
    } else {
      endings[entry.item] = .closed(entry.proof.proof)
      closedCount += 1
    }
  }

  /// Works on the roots of some cases over the present ranges; nil when a point was found or the work was cancelled.
  private mutating func roots(
    _ numbers: [Int], _ refiner: RangeRefiner, _ accepts: (Int, [Double]) -> Bool, _ cancellation: Cancellation
  ) -> (open: [OpenCase], pool: DualPool<DualSolver>)? {
    let task = DualTask(search.program, items, ranges)
    let pool = DualPool { [keepsProof = search.keepsProof] in DualSolver(task, keepsProof: keepsProof) }
    rootSteps = refiner.steps
    let lanes = DualBatch.laneCount
    let groups = stride(from: 0, to: numbers.count, by: lanes).map {
      Array(numbers[$0..<min($0 + lanes, numbers.count)])
    }
    let outcomes = parallelMap(count: groups.count, threads: search.threads) { group in
      guard !cancellation.shouldStop else { return [DualSolver.Outcome]() }
      return pool.with { $0.work(on: groups[group].map(task.root), items: groups[group], effort: .root) }
    }.flatMap(\.self)
    guard outcomes.count == numbers.count else { return nil }
    var open: [(bound: Float, entry: OpenCase)] = []
    for (item, outcome) in zip(numbers, outcomes) {
      nodeCount += 1
      if find(outcome.candidates, item, accepts) { return nil }
      var entry = OpenCase(item: item, stack: [], proof: ProofRecords(isKept: search.keepsProof))
      switch outcome.ending {
      case .closed(let claim):
        entry.proof.set(0, rootSteps + claim, children: 0)
        end(entry)
      case .stuck(let reason):
        entry.stuck = reason
        end(entry)
      case .open(let node):
        entry.stack = [node]
        open.append((node.bound, entry))
      }
    }
    return (open.sorted { $0.bound < $1.bound }.map(\.entry), pool)
  }

  /// The steps that every proof begins with.
  private var rootSteps: [SafetyProof.Step] = []

  private mutating func find(_ candidates: [[Double]], _ item: Int, _ accepts: (Int, [Double]) -> Bool) -> Bool {
    for candidate in candidates where accepts(item, candidate) {
      endings[item] = .found(candidate)
      return true
    }
    return false
  }

  /// Goes on with a case for a number of nodes; true when a point was found.
  private mutating func advance(
    _ entry: inout OpenCase, nodes budget: Int, _ pool: DualPool<DualSolver>, _ accepts: (Int, [Double]) -> Bool,
    _ cancellation: Cancellation, report: (Int, Double) -> Void
  ) -> Bool {
    let end = nodeCount + budget
    let item = entry.item
    while !entry.stack.isEmpty, nodeCount < end, !cancellation.shouldStop {
      let taken = Array(entry.stack.suffix(Self.groupSize * Self.groupCount))
      entry.stack.removeLast(taken.count)
      let groups = stride(from: 0, to: taken.count, by: Self.groupSize).map {
        Array(taken[$0..<min($0 + Self.groupSize, taken.count)])
      }
      let outcomes = parallelMap(count: groups.count, threads: search.threads) { group in
        pool.with { $0.divide(groups[group], item: item, effort: .node) }
      }
      for (node, outcome) in zip(taken, outcomes.joined()) {
        let steps = (node.record == 0 ? rootSteps : []) + node.claims + [.splitUnit(outcome.unit)]
        let first = entry.proof.set(node.record, steps, children: 2)
        for (index, child) in [outcome.below, outcome.above].enumerated() {
          nodeCount += 1
          if find(child.candidates, item, accepts) { return true }
          switch child.ending {
          case .closed(let claim):
            entry.proof.set(first + index, claim, children: 0)
            entry.provedShare += node.share / 2
          case .stuck(let reason):
            entry.stuck = reason
          case .open(var child):
            child.record = first + index
            entry.stack.append(child)
          }
        }
      }
      report(nodeCount, entry.provedShare)
    }
    return false
  }
}
