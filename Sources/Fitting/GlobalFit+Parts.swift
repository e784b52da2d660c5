import Certificates
import Exact
import Execution
import Probability

/// Fits too large for an exact search.
///
/// The samples are divided at random into parts, each small enough to be solved to the end. The sum of the parts' optima
/// is a lower bound on the optimum of the whole, since one network for all cannot be better on any part than the part's
/// own. With noise of equal size everywhere it reaches about a share 1 − p/m of the loss, p parameters and m samples to a
/// part.
extension GlobalFit {
  /// Distinct inputs beyond which a node of the search tree takes too long for a search to end.
  static let largestTree = 4_000
  /// The same for the dynamic programme, whose time grows with the square.
  static let largestKnotProblem = 12_000

  public func isTooLarge(_ samples: ExactSamples) -> Bool {
    samples.targets.count > (isKnotProblem ? Self.largestKnotProblem : Self.largestTree)
  }

  /// Samples to a part: enough for a good bound, few enough for a search to end in a fraction of a second.
  private var partSize: Int { isKnotProblem ? 1_000 : max(40, 6 * model.parameterCount) }

  func fitInParts(
    _ samples: ExactSamples, _ progress: any ProgressReporter, _ cancellation: Cancellation
  ) -> FitSearch {
    let start = Cancellation.now
    let limit = Cancellation(timeLimit: min(cancellation.remaining ?? Self.patience, Self.patience))
    let shouldStop = { @Sendable in cancellation.shouldStop || limit.shouldStop }
    // The incumbent: descents on the whole, for at most a third of the time.
    let problem = FitProblem(model: model, loss: loss, samples: samples)
    let descentLimit = Cancellation(timeLimit: (limit.remaining ?? 0) / 3)
    let tree = TreeFit(
      problem: problem, seed: seed, threads: threads, relativeGap: relativeGap, starts: 20, cancellation: cancellation,
      progress: progress)
    let descent = PatternDescent(problem) { tree.makeProgram(positive: $0) }
    let positives = model.convex ? model.hidden...model.hidden : 0...model.hidden
    let best = descent.run(positives: positives, starts: 20, seed: seed) { shouldStop() || descentLimit.shouldStop }
    let (network, exactLoss) = ExactSolution(problem: problem).network(for: best)

    var source = RandomSource(seed: seed)
    let order = Array(samples.targets.indices).shuffled(using: &source)
    let size = partSize
    let groups = stride(from: 0, to: order.count, by: size).map {
      Array(order[$0..<min($0 + size, order.count)]).sorted()
    }
    var parts: [FitCertificate.Part] = []
    var bound = 0.0
    var nodes = 0
    // A batch at a time, so that news arrive and the clock is looked at.
    for first in stride(from: 0, to: groups.count, by: 8 * threads) where !shouldStop() {
      let batch = Array(groups[first..<min(first + 8 * threads, groups.count)])
      let solved = parallelMap(count: batch.count, threads: threads) { index in
        solvePart(samples, batch[index], shouldStop: shouldStop)
      }
      for part in solved {
        guard let part else { continue }
        parts.append(part.part)
        bound += part.bound
        nodes += part.nodes
      }
      progress.report(
        SearchProgress(
          nodes: nodes, incumbent: exactLoss.doubleValue, bound: bound, seconds: Cancellation.now - start,
          phase: "part \(min(first + batch.count, groups.count)) of \(groups.count)"))
    }
    return FitSearch(
      network: network, loss: exactLoss, lowerBound: bound, parts: parts, nodes: nodes, programs: nodes,
      isComplete: false)
  }

  private func solvePart(
    _ samples: ExactSamples, _ indices: [Int], shouldStop: @escaping @Sendable () -> Bool
  ) -> (part: FitCertificate.Part, bound: Double, nodes: Int)? {
    guard !shouldStop() else { return nil }
    let subset = samples.subset(indices)
    if isKnotProblem {
      let search = fitKnots(subset, SilentProgress(), Cancellation(timeLimit: 5))
      guard let bound = knotBounds(search).first else { return nil }
      return (.init(samples: indices, lowerBound: Rational(exactly: bound), proof: .knots), bound, search.nodes)
    }
    let problem = FitProblem(model: model, loss: loss, samples: subset)
    let outcome = TreeFit(
      problem: problem, seed: seed, threads: 1, relativeGap: 1e-6, starts: 10, cancellation: Cancellation(timeLimit: 2),
      progress: SilentProgress()
    ).run()
    return (
      .init(samples: indices, lowerBound: 0, proof: .trees(outcome.trees)), outcome.lowerBound * problem.lossScale,
      outcome.nodes
    )
  }
}
