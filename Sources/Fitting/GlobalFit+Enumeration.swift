import Certificates
import Exact
import Execution
import Polyhedra

/// Algorithm 1 of Arora et al.: for every choice of signs and of hyperplane dichotomies of the points, one convex program.
///
/// Kept as the slow reference that the fast methods are tested against: it enumerates all strict dichotomies and hands each
/// program to HiGHS. Two units with the same sign and dichotomy are one, so programs run over sets of distinct pairs (sign,
/// dichotomy); dead units are the empty dichotomy. Its optimum is as good as HiGHS' tolerances and not certified.
///
/// Source: Arora, Basu, Mianjy, Mukherjee, Understanding deep neural networks with rectified linear units, ICLR 2018,
/// Algorithm 1 and Theorem 4.1, without the error in the number of dichotomies.
extension GlobalFit {
  func enumerate(
    _ samples: ExactSamples, _ progress: any ProgressReporter, _ cancellation: Cancellation
  ) throws -> FitSearch {
    if loss == .logistic {
      throw FitError.unsupported("--method enumerate has no solver for the logistic loss; leave --method out")
    }
    let problem = FitProblem(model: model, loss: loss, samples: samples)
    let points = (0..<problem.siteCount).map { site in
      (0..<model.inputs).map { samples.inputs[problem.samplesAtSite[site][0]][$0].doubleValue }
    }
    let sides = try Dichotomies.enumerate(points: points)
    let start = Cancellation.now
    var bound = Double.infinity
    var programs = 0
    let positives = model.convex ? model.hidden...model.hidden : 0...model.hidden
    var best = problem.candidate(Array(repeating: 0, count: problem.parameterCount), positive: positives.lowerBound)
    search: for positive in positives {
      // Distinct dichotomies in ascending order among the units of one sign; units beyond their number stay dead.
      let first = min(positive, sides.count)
      let second = min(model.hidden - positive, sides.count)
      var chosen = Array(0..<first) + Array(0..<second)
      while true {
        if cancellation.shouldStop { break search }
        let masks = (0..<problem.siteCount).map { site in
          chosen.enumerated().reduce(0) { mask, choice in
            let unit = choice.offset < first ? choice.offset : positive + choice.offset - first
            return sides[choice.element][site] ? mask | 1 << unit : mask
          }
        }
        let solved = try ReferenceProgram(problem: problem, positive: positive, masks: masks).solve()
        programs += 1
        bound = min(bound, solved.bound)
        if let candidate = solved.candidate, candidate.loss < best.loss { best = candidate }
        if programs % 500 == 0 {
          progress.report(
            SearchProgress(
              nodes: programs, incumbent: best.loss * problem.lossScale, bound: 0, seconds: Cancellation.now - start,
              phase: "enumerate"))
        }
        guard advance(&chosen, positive: first, count: sides.count) else { break }
      }
    }
    let isComplete = !cancellation.shouldStop
    let (network, exactLoss) = ExactSolution(problem: problem).network(for: best)
    return FitSearch(
      network: network, loss: exactLoss, lowerBound: isComplete ? bound * problem.lossScale : 0, parts: nil,
      nodes: programs, programs: programs, isComplete: isComplete)
  }

  /// The next choice of ascending dichotomies in each group; false after the last one.
  private func advance(_ chosen: inout [Int], positive: Int, count: Int) -> Bool {
    for position in chosen.indices.reversed() {
      let group = position < positive ? 0..<positive : positive..<chosen.count
      guard chosen[position] < count - (group.upperBound - position) else { continue }
      chosen[position] += 1
      for next in position + 1..<max(chosen.count, position + 1) {
        let start = next < positive ? 0 : positive
        chosen[next] = next == start ? 0 : chosen[next - 1] + 1
      }
      return true
    }
    return false
  }
}

/// The convex program of one guess, for HiGHS: parameters, and for each sample what its loss needs.
struct ReferenceProgram {
  let problem: FitProblem
  let positive: Int
  /// The activation mask of each site.
  let masks: [Int]

  /// What the ridge of a second attempt weighs: too little to be seen at the tolerances of the solver.
  private static let ridge = 1e-7
  /// Seconds for one program, far more than any that ends takes.
  private static let patience = 0.2

  /// The optimum over the guess's closed cell, and the candidate it gives.
  func solve() throws -> (bound: Double, candidate: Candidate?) {
    var solution = try program(ridge: 0).solve(timeLimit: Self.patience)
    // HiGHS finds no answer to some singular quadratic programs, or cycles; with a ridge they are definite.
    if solution.status != .optimal { solution = try program(ridge: Self.ridge).solve(timeLimit: Self.patience) }
    let parameters = Array(solution.x.prefix(problem.parameterCount))
    guard solution.status == .optimal, parameters.count == problem.parameterCount else { return (0, nil) }
    return (solution.objective, problem.candidate(parameters, positive: positive))
  }

  private func program(ridge: Double) -> LinearProgram {
    var program = LinearProgram()
    for _ in 0..<problem.parameterCount { program.addColumn() }
    if ridge > 0 { for column in 0..<problem.parameterCount { program.addQuadratic(ridge, column, column) } }
    var row = Array(repeating: 0.0, count: max(problem.parameterCount, 1))
    for site in 0..<problem.siteCount {
      row.withUnsafeMutableBufferPointer {
        problem.row(site, mask: masks[site], positive: positive, into: $0.baseAddress!)
      }
      let phi = row.prefix(problem.parameterCount).enumerated().filter { $0.element != 0 }.map {
        (column: $0.offset, value: $0.element)
      }
      for sample in problem.samplesAtSite[site] { addLoss(sample, phi, to: &program) }
      for unit in 0..<problem.model.hidden {
        let isActive = (masks[site] >> unit) & 1 == 1
        let condition = (0..<problem.dimension).map {
          (column: unit * problem.dimension + $0, value: problem.points[site * problem.dimension + $0])
        }
        program.addRow(condition, lower: isActive ? 0 : -.infinity, upper: isActive ? .infinity : 0)
      }
    }
    return program
  }

  private func addLoss(_ sample: Int, _ phi: [(column: Int, value: Double)], to program: inout LinearProgram) {
    let weight = problem.weights[sample]
    let target = problem.targets[sample]
    /// φθ − parts = y, where the parts' columns carry the cost.
    func residual(_ parts: [(column: Int, value: Double)]) {
      program.addRow(phi + parts, lower: target, upper: target)
    }
    switch problem.loss {
    case .squared:
      let r = program.addColumn()
      program.addQuadratic(2 * weight, r, r)
      residual([(r, -1)])
    case .absolute, .quantile:
      let (lower, upper) = problem.multiplierRange(sample)
      let above = program.addColumn(cost: upper, lower: 0)
      let below = program.addColumn(cost: -lower, lower: 0)
      residual([(above, -1), (below, 1)])
    case .huber:
      let slope = weight * problem.huberDelta
      let core = program.addColumn()
      let above = program.addColumn(cost: slope, lower: 0)
      let below = program.addColumn(cost: slope, lower: 0)
      program.addQuadratic(weight, core, core)
      residual([(core, -1), (above, -1), (below, 1)])
    case .hinge, .logistic:
      let excess = program.addColumn(cost: weight, lower: 0)
      program.addRow(phi.map { ($0.column, $0.value * target) } + [(excess, 1)], lower: 1)
    }
  }
}

extension FitProblem {
  /// Parameters with their loss.
  func candidate(_ parameters: [Double], positive: Int) -> Candidate {
    var total = 0.0
    for site in 0..<siteCount {
      let value = evaluate(parameters, at: site, positive: positive).value
      for sample in samplesAtSite[site] { total += sampleLoss(sample, value) }
    }
    return Candidate(positive: positive, parameters: parameters, loss: total)
  }
}
