import Exact
import Execution
import Networks
import Probability
import Queries

/// Turns a point near which a case's requirements hold into a witness that stands exactly.
///
/// The point is rounded into the box to numbers of the declared element types; where that loses the requirements, and
/// where single precision may, it climbs among such numbers to a larger slack. What it returns was decided in exact
/// arithmetic.
struct WitnessPolish {
  /// So many rounds that hardly gain anything end a climb.
  private static let patience = 3

  let grid: WitnessGrid
  let box: SearchBox
  let pass: BatchPass
  let judge: WitnessJudge

  /// - Parameters:
  ///   - candidate: doubles, in the box or near it.
  ///   - rounds: of climbing, at most.
  /// - Returns: the best witness found; nil when no point that was met satisfies the case.
  /// - Complexity: O(parameters · lanes) a round.
  func witness(
    near candidate: [Double], _ slacks: inout SlackBatch, rounds: Int, seed: UInt64, cancellation: Cancellation
  ) -> Witness? {
    var source = RandomSource(seed: seed)
    var climb = LocalClimb(grid: grid, box: box, pass: pass)
    let start = grid.rounded(candidate)
    pass.setInputs(start, lane: 0)
    pass.forward()
    slacks.measure(pass)
    var state = LocalClimb.State(point: start, least: slacks.least[0])
    var best: Witness?
    var judged = -Double.infinity
    var stalls = 0
    for round in 0...rounds {
      // A slack that has hardly grown since the last verdict would get the same one.
      let isWorthJudging =
        state.least > 2 * abs(judged) || judged == -.infinity || round == rounds && state.least > judged
      if state.least >= -1e-9, isWorthJudging {
        judged = state.least
        if let found = witness(at: state.point), found.rank > best?.rank ?? -1 { best = found }
        if let best, best.isStrict || !best.isRepresentable && best.singlePrecision == .always { return best }
      }
      if round == rounds || cancellation.shouldStop || box.free.isEmpty { break }
      let least = state.least
      if !climb.step(&state, &slacks, &source) { break }
      // Far below 0 and hardly rising: there is no witness here.
      stalls = state.least < -1e-6 && state.least - least < 0.02 * abs(least) ? stalls + 1 : 0
      if stalls == Self.patience { break }
    }
    return best
  }

  /// The verdict on a point of the grid; nil when it does not satisfy the case.
  private func witness(at point: [Double]) -> Witness? {
    let exact = grid.exact(point)
    guard judge.holds(at: exact) else { return nil }
    return Witness(
      point: exact, isRepresentable: grid.isRepresentable(exact), singlePrecision: judge.singlePrecision(at: exact))
  }
}
