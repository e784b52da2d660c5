import Foundation
import Probability

/// Climbs from a point of a grid to points of it where the least slack of the requirements is larger.
///
/// Around a point the network is affine. With few inputs, directions are the solutions of linear programs: the largest
/// common slack of the linearised requirements within a trust region, for regions of several sizes. Otherwise they are
/// gradients: by sign, in proportion, and on random parts of the inputs. Many lengths of each direction are tried at
/// once, rounded to the grid, and the best becomes the next point; when none is better the sizes shrink, down to
/// neighbouring numbers.
struct LocalClimb {
  /// Up to this many free inputs linear programs are solved.
  private static let programLimit = 24
  /// The requirements that a linear program takes up at most.
  private static let rowLimit = 32

  let grid: WitnessGrid
  let box: SearchBox
  let pass: BatchPass

  struct State {
    var point: [Double]
    /// The least scaled slack.
    var least: Double
    /// The largest change that is tried next, as a share of the box's widths.
    var reach = 0.5
  }

  /// One round: at most two forward and two backward passes. False when no point better than the present one was found
  /// and the reach is at its least.
  mutating func step(_ state: inout State, _ slacks: inout SlackBatch, _ source: inout RandomSource) -> Bool {
    let trials =
      box.free.count <= Self.programLimit
      ? programTrials(state, &slacks) : gradientTrials(state, &slacks, &source)
    var best: (least: Double, point: [Double])?
    for start in stride(from: 0, to: trials.count, by: pass.lanes) {
      for lane in 0..<pass.lanes { pass.setInputs(trials[min(start + lane, trials.count - 1)], lane: lane) }
      pass.forward()
      slacks.measure(pass)
      for lane in 0..<min(pass.lanes, trials.count - start)
      where slacks.least[lane] > best?.least ?? state.least {
        best = (slacks.least[lane], trials[start + lane])
      }
    }
    if let best {
      let moved = box.free.reduce(0.0) {
        max($0, abs(best.point[$1] - state.point[$1]) / box.width($1))
      }
      state = State(point: best.point, least: best.least, reach: min(max(4 * moved, 0x1p-24), 0.5))
      return true
    }
    guard state.reach > 0x1p-26 else { return false }
    state.reach *= 0x1p-6
    return true
  }

  /// The sizes of trust regions: down from the reach.
  private func sizes(_ state: State) -> [Double] { (0..<6).map { state.reach / Double(1 << (2 * $0)) } }

  // MARK: Linear programs

  private mutating func programTrials(_ state: State, _ slacks: inout SlackBatch) -> [[Double]] {
    for lane in 0..<pass.lanes { pass.setInputs(state.point, lane: lane) }
    pass.forward()
    slacks.measure(pass)
    let rows = slacks.tightest(Self.rowLimit, lane: 0)
    var gradients: [[Double]] = []
    for start in stride(from: 0, to: rows.count, by: pass.lanes) {
      let part = rows[start..<min(start + pass.lanes, rows.count)]
      pass.clearGradients()
      for (lane, requirement) in part.enumerated() {
        slacks.seed(requirement, 1 / slacks.scales[requirement], pass, lane: lane)
      }
      pass.backward()
      for lane in 0..<part.count { gradients.append(box.free.map { pass.gradients[$0 * pass.lanes + lane] }) }
    }
    let constants = rows.map { slacks.slack($0, lane: 0) / slacks.scales[$0] }
    var trials: [[Double]] = []
    for size in sizes(state) {
      let region = region(around: state.point, size: size)
      var program = NodeProgram(dimension: box.free.count)
      for (gradient, constant) in zip(gradients, constants) {
        var row = NodeProgram.Row(source: .requirement(0), coefficients: [], constant: constant)
        for (position, input) in box.free.enumerated() {
          let (low, high) = region[position]
          row.coefficients.append(gradient[position] * (high - low) / 2)
          row.constant += gradient[position] * ((low + high) / 2 - state.point[input])
        }
        if row.norm > 1e-200 { program.append(row) }
      }
      guard !program.rows.isEmpty, let slack = program.largestSlack(), !slack.point.isEmpty else { continue }
      for share in [1, 0.7, 0.4, 0.15] {
        var trial = state.point
        for (position, input) in box.free.enumerated() {
          let (low, high) = region[position]
          let goal = (low + high) / 2 + slack.point[position] * (high - low) / 2
          trial[input] += share * (goal - trial[input])
        }
        trials.append(grid.rounded(box.clamped(trial)))
      }
    }
    return trials
  }

  /// The ends of the trust region in each free input.
  private func region(around point: [Double], size: Double) -> [(Double, Double)] {
    box.free.map { input in
      let reach = size * box.width(input)
      return (box.clamped(point[input] - reach, input: input), box.clamped(point[input] + reach, input: input))
    }
  }

  // MARK: Gradients

  private mutating func gradientTrials(
    _ state: State, _ slacks: inout SlackBatch, _ source: inout RandomSource
  ) -> [[Double]] {
    for lane in 0..<pass.lanes { pass.setInputs(state.point, lane: lane) }
    pass.forward()
    slacks.measure(pass)
    slacks.seedGradients(pass)
    pass.backward()
    let gradient = box.free.map { pass.gradients[$0 * pass.lanes] * box.width($0) }
    let largest = gradient.reduce(0) { max($0, abs($1)) }
    guard largest > 0, largest.isFinite else { return [] }
    var trials: [[Double]] = []
    for size in sizes(state) {
      for kind in 0..<5 {
        var trial = state.point
        for (position, input) in box.free.enumerated() {
          let slope = gradient[position]
          let length: Double
          switch kind {
          case 0: length = slope > 0 ? 1 : slope < 0 ? -1 : 0
          case 1: length = slope / largest
          case 2: length = source.uniform() < 0.5 ? 0 : slope > 0 ? 1 : -1
          case 3: length = abs(slope) < 0.3 * largest ? 0 : slope > 0 ? 1 : -1
          default: length = source.uniform() < 0.9 ? 0 : slope > 0 ? 1 : -1
          }
          trial[input] = trial[input] + size * length * box.width(input)
        }
        trials.append(grid.rounded(box.clamped(trial)))
      }
    }
    return trials
  }
}
