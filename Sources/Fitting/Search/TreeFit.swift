import Certificates
import Exact
import Execution

/// Searches all choices of signs to the end or to a limit, and returns the best parameters, a bound and the trees.
///
/// First descents from random starts, then a short search on one thread, which settles small problems. Long ones are cut
/// into tasks at a fixed depth and searched by all threads; which thread runs a task does not change its result. When even
/// that does not end within a budget of nodes, the search is run for rising targets — a half, four fifths, … of the
/// incumbent — so that there is a finished tree with a good bound whenever it is stopped.
struct TreeFit: Sendable {
  var problem: FitProblem
  var seed: UInt64
  var threads: Int
  var relativeGap: Double
  /// Descents for each choice of signs.
  var starts: Int
  var cancellation: Cancellation
  var progress: any ProgressReporter

  struct Outcome: Sendable {
    var best: Candidate
    /// Standardised; from floating point, to be confirmed by the checker.
    var lowerBound: Double
    var trees: [FitCertificate.SignTree]
    var nodes: Int
    var isComplete: Bool
  }

  /// Nodes that one thread may search before the work is cut up, and that all may search before targets are lowered.
  private static let serialNodes = 2_000
  private static let firstNodes = 400_000
  /// Shares of the incumbent that rising targets take; the last one is the whole.
  private static let shares = [0.5, 0.8, 0.95, 1.0]

  private var positives: ClosedRange<Int> {
    problem.model.convex ? problem.model.hidden...problem.model.hidden : 0...problem.model.hidden
  }

  private var absoluteGap: Double { 1e-12 * problem.totalVariation }

  func makeProgram(positive: Int) -> NodeProgram {
    switch problem.loss {
    case .squared: SquaredProgram(problem, positive: positive)
    case .absolute, .quantile, .hinge: PolyhedralProgram(problem, positive: positive)
    case .huber, .logistic: SmoothProgram(problem, positive: positive)
    }
  }

  func run() -> Outcome {
    let start = Cancellation.now
    let descent = PatternDescent(problem) { makeProgram(positive: $0) }
    var best = descent.run(positives: positives, starts: starts, seed: seed) { cancellation.shouldStop }
    report(0, best, 0, start, "descents")

    var pass = search(best, share: nil, nodeLimit: Self.serialNodes, splits: false, start: start)
    if pass.isComplete || cancellation.shouldStop { return pass.outcome }
    let serialNodes = pass.nodes
    // The short search has often found better parameters: descend from those before the long one.
    best = descent.polish(pass.best)
    let further = descent.run(positives: positives, starts: 6 * starts, seed: seed &+ 1) { cancellation.shouldStop }
    if further.loss < best.loss { best = further }
    pass = search(best, share: nil, nodeLimit: Self.firstNodes, splits: true, start: start)
    pass.nodes += serialNodes
    if pass.isComplete || cancellation.shouldStop { return pass.outcome }

    var reached = pass
    for share in Self.shares {
      best = descent.polish(pass.best)
      let nodesBefore = pass.nodes
      pass = search(
        best, share: share < 1 ? share : nil, nodeLimit: .max, splits: true, start: start,
        proved: reached.lowerBound)
      pass.nodes += nodesBefore
      if !pass.isComplete {
        // An unfinished pass is worth its best parameters; the bound is that of the last finished one.
        reached.nodes = pass.nodes
        if pass.best.loss < reached.best.loss { reached.best = pass.best }
        if pass.lowerBound > reached.lowerBound {
          reached.lowerBound = pass.lowerBound
          reached.trees = pass.trees
        }
        reached.isComplete = false
        return reached.outcome
      }
      reached = pass
      reached.isComplete = share == 1
      if pass.lowerBound >= PatternSearch.target(for: pass.best.loss, relativeGap, absoluteGap) {
        reached.isComplete = true
        break
      }
    }
    return reached.outcome
  }

  // MARK: One pass

  private struct Pass {
    var best: Candidate
    var lowerBound: Double
    var trees: [FitCertificate.SignTree]
    var nodes: Int
    var isComplete: Bool
    var outcome: Outcome {
      Outcome(best: best, lowerBound: lowerBound, trees: trees, nodes: nodes, isComplete: isComplete)
    }
  }

  /// One search of every sign choice for one target.
  ///
  /// - Parameter proved: the bound of an earlier pass, for the reports.
  private func search(
    _ incumbent: Candidate, share: Double?, nodeLimit: Int, splits: Bool, start: Double, proved: Double = 0
  ) -> Pass {
    var pass = Pass(best: incumbent, lowerBound: .infinity, trees: [], nodes: 0, isComplete: true)
    for positive in positives {
      let target = share.map { $0 * pass.best.loss }
      let limits = SearchLimits(nodes: nodeLimit - pass.nodes, shouldStop: { cancellation.shouldStop })
      let root = makeSearch(positive, pass.best, target, limits)
      root.run(splitLevel: splits ? splitLevel : .max)
      absorb(root, into: &pass)
      var text = root.text.bytes
      if !root.tasks.isEmpty {
        text = runTasks(
          of: root, target: target, nodeLimit: nodeLimit, start: start, share: share, proved: proved, &pass)
      }
      pass.trees.append(.init(positive: positive, text: String(decoding: text, as: UTF8.self)))
      report(pass.nodes, pass.best, proved, start, phase(share))
    }
    pass.lowerBound = min(pass.lowerBound, pass.best.loss)
    return pass
  }

  private func makeSearch(_ positive: Int, _ incumbent: Candidate, _ target: Double?, _ limits: SearchLimits)
    -> PatternSearch
  {
    PatternSearch(
      problem, positive: positive, program: makeProgram(positive: positive), incumbent: incumbent, target: target,
      relativeGap: relativeGap, absoluteGap: absoluteGap, writesProof: true, limits: limits)
  }

  private func absorb(_ search: PatternSearch, into pass: inout Pass) {
    pass.nodes += search.nodes
    pass.lowerBound = min(pass.lowerBound, search.lowerBound)
    if search.stopped { pass.isComplete = false }
    if search.best.loss < pass.best.loss { pass.best = search.best }
  }

  /// What one task of a pass returns; the search object itself stays on its thread.
  private struct TaskResult: Sendable {
    var best: Candidate
    var lowerBound: Double
    var nodes: Int
    var stopped: Bool
    var text: [UInt8]
  }

  /// Branches above the nodes that become tasks: some 2⁸ tasks for any width.
  private var splitLevel: Int { max(2, 8 / max(problem.model.hidden, 1)) }

  private func runTasks(
    of root: PatternSearch, target: Double?, nodeLimit: Int, start: Double, share: Double?, proved: Double,
    _ pass: inout Pass
  ) -> [UInt8] {
    let tasks = root.tasks
    let incumbent = pass.best
    let positive = root.positive
    let counter = NodeCounter(
      start: pass.nodes, limit: nodeLimit, incumbent: incumbent.loss, bound: proved, began: start,
      scale: problem.lossScale, phase: phase(share), progress: progress)
    let results = parallelMap(count: tasks.count, threads: threads) { index in
      let limits = SearchLimits(
        nodes: nodeLimit, shouldStop: { counter.add(SearchLimits.stride) || cancellation.shouldStop })
      let search = makeSearch(positive, incumbent, target, limits)
      search.run(below: tasks[index].path)
      counter.improve(search.best.loss)
      return TaskResult(
        best: search.best, lowerBound: search.lowerBound, nodes: search.nodes, stopped: search.stopped,
        text: search.text.bytes)
    }
    var text: [UInt8] = []
    var position = 0
    for (task, result) in zip(tasks, results) {
      text += root.text.bytes[position..<task.textOffset]
      text += result.text
      position = task.textOffset
      pass.nodes += result.nodes
      pass.lowerBound = min(pass.lowerBound, result.lowerBound)
      if result.stopped { pass.isComplete = false }
      if result.best.loss < pass.best.loss { pass.best = result.best }
    }
    text += root.text.bytes[position...]
    return text
  }

  // MARK: News

  private func phase(_ share: Double?) -> String {
    share.map { "bound \(Int(($0 * 100).rounded())) %" } ?? "search"
  }

  private func report(_ nodes: Int, _ best: Candidate, _ bound: Double, _ start: Double, _ phase: String) {
    progress.report(
      SearchProgress(
        nodes: nodes, incumbent: best.loss * problem.lossScale, bound: bound * problem.lossScale,
        seconds: Cancellation.now - start, phase: phase))
  }
}
