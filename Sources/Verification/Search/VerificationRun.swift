import COpenBLAS
import Certificates
import Exact
import Execution
import Foundation
import Networks
import Queries

/// One run of a `VerificationSearch`.
struct VerificationRun {
  /// A case that its root has not closed.
  fileprivate struct OpenCase {
    let number: Int
    let source: QueryCase
    let item: RelaxedCase
    /// How many points that the doubles accept were refused.
    var refusals = 0
    /// Made when it is first wanted: of many cases few ever are.
    var attack: WitnessSearch??
  }

  private let options: VerificationSearch
  private let problem: QueryProblem
  private let progress: any ProgressReporter
  private let cancellation: Cancellation
  private let program: StageProgram
  private let pool: SolverPool
  private let start = Cancellation.now
  private var lastReport = 0.0
  private(set) var effort = VerificationResult.Effort()
  /// One for each case, in order; nil while it is open.
  private var proofs: [SafetyProof?] = []
  private var witness: Witness?
  private var caseCount = 0
  private var closedCount = 0

  init(
    _ options: VerificationSearch, _ problem: QueryProblem, _ progress: any ProgressReporter,
    _ cancellation: Cancellation
  ) {
    self.options = options
    self.problem = problem
    self.progress = progress
    self.cancellation = cancellation
    // Threads of our own work on nodes; BLAS's would only wait for each other.
    openblas_set_num_threads(1)
    program = StageProgram(problem.network)
    pool = SolverPool(program)
  }

  mutating func verdict() -> Verdict {
    guard let tree = problem.tree else {
      effort.provedShare = 1
      return .unsatisfiable(proofs: options.keepsProof ? [] : nil)
    }
    var open: [OpenCase] = []
    var pending: [OpenCase] = []
    let isComplete = tree.forEachCase(limit: Self.caseLimit) { item in
      guard witness == nil, !cancellation.shouldStop else { return }
      let number = caseCount
      caseCount += 1
      if options.keepsProof { proofs.append(nil) }
      guard let relaxed = problem.relaxed(item) else {
        close(number, SafetyProof(steps: []))
        return
      }
      pending.append(OpenCase(number: number, source: item, item: relaxed))
      if pending.count == Self.chunk {
        open += lookAtRoots(of: pending)
        pending = []
      }
    }
    open += lookAtRoots(of: pending)
    effort.cases = caseCount
    effort.provedShare = Double(closedCount) / Double(max(caseCount, 1))
    if options.attacks { attack(&open, .short(for: program)) }
    let ending = witness == nil && !cancellation.shouldStop ? search(open) : nil
    if let witness { return .satisfiable(witness) }
    if cancellation.shouldStop { return .stopped }
    if let ending { return ending }
    guard isComplete else { return .unknown("the query has more than \(Self.caseLimit) cases") }
    effort.provedShare = 1
    return .unsatisfiable(proofs: options.keepsProof ? proofs.map { $0 ?? SafetyProof(steps: []) } : nil)
  }

  private static let caseLimit = 10_000_000
  /// How many cases are looked at together.
  private static let chunk = 16_384

  private mutating func close(_ number: Int, _ proof: SafetyProof?) {
    closedCount += 1
    if options.keepsProof { proofs[number] = proof }
  }

  // MARK: Roots

  private mutating func lookAtRoots(of cases: [OpenCase]) -> [OpenCase] {
    closeTogether(cases).groupedByBox().flatMap { openRoots(of: $0) }
  }

  /// Closes what it can of many cases with one free input, neighbours together; returns the others.
  private mutating func closeTogether(_ cases: [OpenCase]) -> [OpenCase] {
    guard cases.count > Self.neighbours, let box = cases.first?.item.box,
      let input = box.indices.first(where: { box[$0].lower < box[$0].upper }),
      cases.allSatisfy({ entry in
        entry.item.box.isFinite && box.indices.allSatisfy { $0 == input || entry.item.box[$0] == box[$0] }
      })
    else { return cases }
    let order = cases.indices.sorted {
      let (one, two) = (cases[$0].item.box[input].lower, cases[$1].item.box[input].lower)
      return one == two ? $0 < $1 : one < two
    }
    let runs = stride(from: 0, to: order.count, by: Self.neighbours).map {
      Array(order[$0..<min($0 + Self.neighbours, order.count)])
    }
    let pool = pool
    let items = cases.map(\.item)
    let outcomes = parallelMap(count: runs.count, threads: options.threads) { run in
      pool.with { $0.processTogether(runs[run].map { items[$0] }) }
    }
    var isClosed = Array(repeating: false, count: cases.count)
    for (run, outcomes) in zip(runs, outcomes) {
      for (index, outcome) in zip(run, outcomes) {
        guard let outcome else { continue }
        isClosed[index] = true
        effort.nodes += 1
        close(cases[index].number, SafetyProof(steps: outcome.steps))
        note(outcome.margin, cases[index].item.box)
      }
    }
    return cases.indices.filter { !isClosed[$0] }.map { cases[$0] }
  }

  /// How many neighbouring cases share one computation of ranges.
  private static let neighbours = 64

  /// Looks at the roots of cases that share a box.
  private mutating func openRoots(of group: [OpenCase]) -> [OpenCase] {
    guard let box = group.first?.item.box, witness == nil else { return [] }
    guard box.isFinite, box.count(where: { $0.lower < $0.upper }) <= NodeSolver.programLimit else { return group }
    let outcomes = pool.with { $0.processRoots(of: group.map(\.item)) }
    var open: [OpenCase] = []
    for (entry, outcome) in zip(group, outcomes) {
      effort.nodes += 1
      var entry = entry
      for candidate in outcome.candidates where witness == nil { _ = accepts(candidate, &entry) }
      if case .closed = outcome.ending {
        close(entry.number, SafetyProof(steps: outcome.steps))
        note(outcome.margin, box)
      } else {
        open.append(entry)
      }
    }
    return open
  }

  private mutating func note(_ margin: Double, _ box: [Interval]) {
    guard margin < effort.tightest?.margin ?? .infinity else { return }
    effort.tightest = VerificationResult.Part(margin: margin, lower: box.map(\.lower), upper: box.map(\.upper))
  }

  // MARK: Witnesses

  /// Judges a point that the doubles accept, or one next to it, exactly.
  private mutating func accepts(_ point: [Double], _ entry: inout OpenCase) -> Bool {
    let rounds = entry.refusals < Self.patience ? 20 : 0
    guard
      let found = attack(on: &entry)?.polish(point, rounds: rounds, seed: options.seed, cancellation: cancellation)
    else {
      entry.refusals += 1
      return false
    }
    witness = found
    return true
  }

  /// Climbing takes some milliseconds: after this many refusals a candidate is rounded and judged, no more.
  private static let patience = 16

  private func attack(on entry: inout OpenCase) -> WitnessSearch? {
    if let attack = entry.attack { return attack }
    let attack = WitnessSearch(problem, program, entry.source)
    entry.attack = .some(attack)
    return attack
  }

  private mutating func attack(_ open: inout [OpenCase], _ effort: WitnessSearch.Effort) {
    for index in open.indices where witness == nil && !cancellation.shouldStop {
      witness = attack(on: &open[index])?.run(effort, seed: options.seed, cancellation: cancellation)
    }
  }

  /// Goes on from the points nearest to satisfying a case that the search came upon.
  private mutating func attack(_ entry: inout OpenCase, from starts: [[Double]], turn: UInt64) -> Bool {
    witness = attack(on: &entry)?.run(
      turn == 4 ? .long(for: program) : .short(for: program), starts: starts, seed: options.seed &+ turn,
      cancellation: cancellation)
    return witness != nil
  }

  // MARK: Search

  /// What keeps the query from being decided; nil when all cases are closed or a witness was found.
  private mutating func search(_ open: [OpenCase]) -> Verdict? {
    let (bounded, unbounded) = open.partitioned { $0.item.box.isFinite }
    let (few, many) = bounded.partitioned { $0.item.box.count { $0.lower < $0.upper } <= NodeSolver.programLimit }
    var isStuck = false
    for group in many.groupedByBox() where witness == nil && !cancellation.shouldStop {
      isStuck = searchUnits(group) || isStuck
    }
    if witness == nil, !cancellation.shouldStop { isStuck = searchInputs(few) || isStuck }
    if witness == nil, let box = unbounded.first?.item.box {
      let input = box.firstIndex { !$0.lower.isFinite || !$0.upper.isFinite } ?? 0
      return .unknown(
        "\(problem.name(ofInput: input)) has no finite bounds of its own; a search needs a lower and an upper one")
    }
    return isStuck ? .unknown("parts as narrow as doubles allow are still open") : nil
  }

  /// Splits inputs and units, in turns of growing length. Returns whether some part cannot be decided.
  private mutating func searchInputs(_ open: [OpenCase]) -> Bool {
    var searches = open.map {
      (entry: $0, search: CaseSearch($0.item, unitCount: program.unitCount, keepsProof: options.keepsProof))
    }
    var budget = 512
    var turn: UInt64 = 1
    var isStuck = false
    while !searches.isEmpty {
      var remaining: [(entry: OpenCase, search: CaseSearch)] = []
      for (position, item) in searches.enumerated() {
        var (entry, search) = item
        let before = search.nodeCount
        let others =
          Double(closedCount)
          + searches[(position + 1)...].reduce(0) { $0 + $1.search.provedShare }
          + remaining.reduce(0) { $0 + $1.search.provedShare }
        let ending = search.advance(
          nodes: budget, with: pool, threads: options.threads, accepts: { accepts($0, &entry) },
          report: { report(effort.nodes + $0.nodeCount - before, proved: others + $0.provedShare) },
          cancellation: cancellation)
        effort.nodes += search.nodeCount - before
        if let tightest = search.tightest, tightest.margin < effort.tightest?.margin ?? .infinity {
          effort.tightest = tightest
        }
        switch ending {
        case .found: return false
        case .stuck: isStuck = true
        case .closed(let proof): close(entry.number, proof)
        case nil:
          if options.attacks, attack(&entry, from: search.takeNearest(), turn: turn) { return false }
          remaining.append((entry, search))
        }
        if cancellation.shouldStop {
          effort.resisting = search.resisting
          return isStuck
        }
      }
      searches = remaining
      budget *= 2
      turn += 1
    }
    return isStuck
  }

  /// Splits units, for cases that share a box of many free inputs. Returns whether some part cannot be decided.
  private mutating func searchUnits(_ group: [OpenCase]) -> Bool {
    var entries = group
    let search = DualSearch(program: program, threads: options.threads, keepsProof: options.keepsProof)
    let closed = Double(closedCount)
    let nodes = effort.nodes
    let endings = search.run(
      entries.map(\.item), accepts: { accepts($1, &entries[$0]) },
      report: { count, share in
        effort.nodes = nodes + count
        report(effort.nodes, proved: closed + share * Double(group.count))
      }, cancellation: cancellation)
    var isStuck = false
    for (entry, ending) in zip(entries, endings) {
      switch ending {
      case .closed(let proof): close(entry.number, proof)
      case .stuck: isStuck = true
      case .found, .stopped: break
      }
    }
    return isStuck
  }

  private mutating func report(_ nodes: Int, proved: Double) {
    effort.provedShare = proved / Double(max(caseCount, 1))
    let now = Cancellation.now
    guard now - lastReport > 0.2 else { return }
    lastReport = now
    progress.report(
      SearchProgress(
        nodes: nodes, incumbent: 1, bound: effort.provedShare, seconds: now - start,
        phase: "\(closedCount) of \(caseCount) cases closed"))
  }
}

extension [Interval] {
  fileprivate var isFinite: Bool { allSatisfy { $0.lower.isFinite && $0.upper.isFinite } }
}

extension Array {
  /// The elements for which a condition holds, and the others, each in order.
  fileprivate func partitioned(_ holds: (Element) -> Bool) -> ([Element], [Element]) {
    (filter(holds), filter { !holds($0) })
  }
}

extension [VerificationRun.OpenCase] {
  /// Runs of cases that share a box.
  fileprivate func groupedByBox() -> [[VerificationRun.OpenCase]] {
    reduce(into: []) { groups, entry in
      if let box = groups.last?.first?.item.box, box == entry.item.box {
        groups[groups.count - 1].append(entry)
      } else {
        groups.append([entry])
      }
    }
  }
}
