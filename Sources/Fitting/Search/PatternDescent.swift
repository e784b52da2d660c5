import Certificates
import Polyhedra
import Probability

/// Local search for good parameters: fix each site's activation mask, solve the convex program of that pattern, read the
/// masks off the solution again, until nothing changes; from many random starts.
///
/// Finds upper bounds only; the exact searches prove or improve them.
final class PatternDescent {
  private let problem: FitProblem
  private let makeProgram: (Int) -> NodeProgram
  private let losses: UnsafeMutablePointer<Double>
  private let masks: UnsafeMutablePointer<Int>

  init(_ problem: FitProblem, makeProgram: @escaping (Int) -> NodeProgram) {
    self.problem = problem
    self.makeProgram = makeProgram
    losses = .allocate(capacity: problem.siteCount)
    masks = .allocate(capacity: problem.siteCount)
    losses.initialize(repeating: 0, count: problem.siteCount)
    masks.initialize(repeating: 0, count: problem.siteCount)
  }

  deinit {
    losses.deallocate()
    masks.deallocate()
  }

  /// Descents that are polished too.
  private static let finalists = 12

  /// The best of `starts` descents for each choice of signs in `positives`.
  func run(
    positives: ClosedRange<Int>, starts: Int, seed: UInt64, shouldStop: () -> Bool
  ) -> Candidate {
    var found: [Candidate] = []
    for positive in positives {
      let program = makeProgram(positive)
      for start in 0..<starts where found.isEmpty || !shouldStop() {
        var source = RandomSource(seed: seed, index: start * (problem.model.hidden + 1) + positive)
        let pattern = start == 0 ? Array(repeating: 0, count: problem.siteCount) : randomPattern(&source)
        let candidate = descend(program, from: pattern, positive: positive)
        if !found.contains(where: { abs($0.loss - candidate.loss) <= 1e-12 * candidate.loss }) {
          found.append(candidate)
        }
      }
    }
    found.sort { $0.loss < $1.loss }
    var best = found.first ?? Candidate(positive: 0, parameters: [], loss: .infinity)
    for candidate in found.prefix(Self.finalists) where !shouldStop() {
      let polished = polish(candidate)
      if polished.loss < best.loss { best = polished }
    }
    return best
  }

  /// Each unit's hyperplane passes through as many random sites as it can, and shows a random side.
  private func randomPattern(_ source: inout RandomSource) -> [Int] {
    let d = problem.dimension
    var pattern = Array(repeating: 0, count: problem.siteCount)
    for unit in 0..<problem.model.hidden {
      var normal = (0..<d).map { _ in source.normal() }
      let anchor = problem.points + source.index(below: problem.siteCount) * d
      var sum = 0.0
      for k in 0..<d - 1 { sum += normal[k] * anchor[k] }
      normal[d - 1] = -sum
      for site in 0..<problem.siteCount {
        var value = 0.0
        for k in 0..<d { value += normal[k] * problem.points[site * d + k] }
        if value > 0 { pattern[site] |= 1 << unit }
      }
    }
    return pattern
  }

  private func descend(_ program: NodeProgram, from start: [Int], positive: Int) -> Candidate {
    var pattern = start
    var best = Candidate(positive: positive, parameters: [], loss: .infinity)
    var idle = 0
    for _ in 0..<60 {
      program.enter()
      for site in 0..<problem.siteCount { program.add(site: site, mask: pattern[site]) }
      _ = program.solve(threshold: .infinity)
      let total = program.evaluate(into: losses, masks: masks)
      program.leave()
      if total < best.loss * (1 - 1e-12) {
        best.loss = total
        best.parameters = Array(UnsafeBufferPointer(start: program.parameters, count: problem.parameterCount))
        idle = 0
      } else {
        idle += 1
      }
      var changed = false
      for site in 0..<problem.siteCount where pattern[site] != masks[site] {
        pattern[site] = masks[site]
        changed = true
      }
      if !changed || idle == 3 { break }
    }
    return best
  }

  /// Descends on from given parameters, within closed patterns: solve over the pattern's own half-spaces, flip the
  /// bits of the active ones, repeat while the loss falls.
  func polish(_ candidate: Candidate) -> Candidate {
    guard !candidate.parameters.isEmpty else { return candidate }
    let program = makeProgram(candidate.positive)
    var best = candidate
    var pattern = (0..<problem.siteCount).map {
      problem.evaluate(candidate.parameters, at: $0, positive: candidate.positive).mask
    }
    for _ in 0..<100 {
      program.enter()
      for site in 0..<problem.siteCount {
        program.add(site: site, mask: pattern[site])
        for unit in 0..<problem.model.hidden {
          program.add(NodeProgram.HalfSpace(unit: unit, site: site, bit: (pattern[site] >> unit) & 1))
        }
      }
      _ = program.solve(threshold: .infinity)
      let total = program.evaluate(into: losses, masks: masks)
      var flips: [(site: Int, unit: Int)] = []
      program.halfSpaceMultipliers { halfSpace, _ in flips.append((halfSpace.site, halfSpace.unit)) }
      program.leave()
      guard total < best.loss * (1 - 1e-13) || best.parameters == candidate.parameters else { break }
      if total < best.loss {
        best.loss = total
        best.parameters = Array(UnsafeBufferPointer(start: program.parameters, count: problem.parameterCount))
      } else if best.loss < candidate.loss {
        break
      }
      guard !flips.isEmpty else { break }
      for flip in flips { pattern[flip.site] ^= 1 << flip.unit }
    }
    return best
  }
}
