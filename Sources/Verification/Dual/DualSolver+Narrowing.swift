import Certificates

extension DualSolver {
  /// The least gain that is kept, as a share of a range's width.
  private static let leastGain: Float = 0.02

  /// Narrows the ranges of those open units whose chords cost the node's bound most, by what every point of the node that
  /// satisfies the case fits: the phases of the units that were split, and the requirements themselves.
  ///
  /// The largest value of ±z over such points is bounded as the node itself is, with the forms ±z in place of nothing and a
  /// multiplier for the requirements' sum that is optimised with the rest. Sixteen such bounds are improved at a time, and each
  /// that gains something is established rigorously.
  ///
  /// - Returns: false when the ranges leave no point.
  ///
  /// Source of the idea: in mixed-integer programming, optimality-based bound tightening; here by dual descent.
  func narrow(_ node: inout DualNode, item: Int, _ effort: DualEffort.Narrowing) -> Bool {
    let units = node.candidates.prefix(effort.units).map(\.open)
    guard !units.isEmpty else { return true }
    var ranges = task.ranges(of: node)
    workspace.prepare(ranges, fractions: task.fractions(of: node))
    let half = DualBatch.laneCount / 2
    for start in stride(from: 0, to: units.count, by: half) {
      let chunk = units[start..<min(start + half, units.count)].filter(node.isOpen)
      if !chunk.isEmpty, !narrow(&node, &ranges, item: item, chunk, effort) { return false }
    }
    return true
  }

  private func narrow(
    _ node: inout DualNode, _ ranges: inout UnitRanges, item: Int, _ units: [Int],
    _ effort: DualEffort.Narrowing
  ) -> Bool {
    let trial = NarrowingTrial(node, units)
    let shares = improve(trial, of: node, item: item, effort)
    for (position, open) in units.enumerated() {
      for (lane, sign) in [(2 * position, 1.0), (2 * position + 1, -1.0)] {
        let width = node.upper[open] - node.lower[open]
        let present = sign > 0 ? node.upper[open] : -node.lower[open]
        guard batch.bestBounds[lane] < present - Self.leastGain * width else { continue }
        let own = trial.node(node, lane: lane, share: shares[lane], batch)
        let (bound, claim) = bound(open, sign: sign, in: own, item, ranges)
        let value = Float(roundedUp: bound)
        guard value < present - Self.leastGain * width else { continue }
        let unit = task.dual.open[open].unit
        if sign > 0 {
          node.upper[open] = value
          ranges.upper[unit] = min(ranges.upper[unit], Double(value))
        } else {
          node.lower[open] = -value
          ranges.lower[unit] = max(ranges.lower[unit], Double(-value))
        }
        if keepsProof {
          let goal: SafetyProof.Goal = sign > 0 ? .unitAtMost(unit, Double(value)) : .unitAtLeast(unit, Double(-value))
          node.claims.append(.claim(SafetyProof.Claim(goal, claim.multipliers, slopes: claim.slopes)))
        }
        if node.lower[open] > node.upper[open] { return false }
      }
    }
    return true
  }

  /// Improves the bounds of all lanes. Returns for each lane its best multiplier of the requirements' sum.
  private func improve(
    _ trial: NarrowingTrial, of node: DualNode, item: Int, _ effort: DualEffort.Narrowing
  ) -> DualBatch.Lanes {
    typealias Lanes = DualBatch.Lanes
    load(Array(repeating: node, count: DualBatch.laneCount))
    for split in node.splits {
      for lane in 0..<DualBatch.laneCount {
        batch.split(
          split.open, lane: lane, sign: split.sign, scale: split.scale * trial.scales[lane],
          multiplier: split.multiplier * NarrowingTrial.start)
      }
    }
    batch.setUnitForms(trial.forms)
    let forms = zip(task.forms[item], node.weights).compactMap { form, weight in form.map { ($0, weight) } }
    var share = Lanes(repeating: NarrowingTrial.start)
    var best = share
    var mean = Lanes.zero
    var square = Lanes.zero
    var rate = effort.rate
    for iteration in 1...effort.iterations {
      batch.removeForms()
      for (form, weight) in forms { batch.add(form, factors: weight * share * trial.scales) }
      let before = batch.bestBounds
      batch.carryBack()
      best.replace(with: share, where: batch.bestBounds .< before)
      guard iteration < effort.iterations else { break }
      batch.carryForth()
      let value = forms.reduce(Lanes.zero) { $0 + $1.1 * batch.value($1.0) }
      batch.step(rate: rate)
      let slope = value * trial.scales
      mean = 0.9 * mean + 0.1 * slope
      square = 0.999 * square + 0.001 * slope * slope
      let correction = AdamCorrection(step: iteration)
      share -= rate * correction.mean * mean / ((square * correction.square).squareRoot() + 1e-12)
      share.replace(with: 0, where: share .< 0)
      rate *= effort.decay
    }
    return best
  }

  /// A rigorous upper bound of ±z over what is left of a node, by the multipliers and slopes of a trial.
  private func bound(
    _ open: Int, sign: Double, in trial: DualNode, _ item: Int, _ ranges: UnitRanges
  ) -> (bound: Double, claim: SafetyProof.Claim) {
    let fractions = task.fractions(of: trial)
    workspace.makeLines(ranges, fractions: fractions)
    workspace.beginRows(1)
    workspace.addForm(ofUnit: task.dual.open[open].unit, factor: sign, toRow: 0)
    let multipliers = addMultipliers(of: trial, item: item)
    let constant = workspace.substitute(rows: 1, stageCount: task.program.stages.count)[0]
    let bound = workspace.largestValue(ofRow: 0, constant: constant, ranges)
    return (
      bound + workspace.doubt(ofRow: 0) * (1 + abs(bound)),
      SafetyProof.Claim(.nothing, multipliers, slopes: SafetyProof.Slopes(fractions))
    )
  }
}

/// The lanes of a narrowing: the units' forms from above and from below.
private struct NarrowingTrial {
  /// The first multiplier of the requirements' sum, in `scales`.
  static let start: Float = 0.3

  let forms: [(open: Int, factors: DualBatch.Lanes)]
  /// In what the multiplier of the requirements' sum is measured: the unit's width for the node's bound.
  let scales: DualBatch.Lanes

  init(_ node: DualNode, _ units: [Int]) {
    var scales = DualBatch.Lanes(repeating: 1)
    forms = units.enumerated().map { position, open in
      let scale = (node.upper[open] - node.lower[open]) / max(node.bound, 1e-6)
      scales[2 * position] = scale
      scales[2 * position + 1] = scale
      var factors = DualBatch.Lanes.zero
      factors[2 * position] = 1
      factors[2 * position + 1] = -1
      return (open, factors)
    }
    self.scales = scales
  }

  /// The node with the multipliers and slopes that a lane found.
  func node(_ node: DualNode, lane: Int, share: Float, _ batch: DualBatch) -> DualNode {
    var trial = node
    trial.weights = node.weights.map { $0 * share * scales[lane] }
    trial.takeParameters(of: lane, batch)
    for index in trial.splits.indices { trial.splits[index].scale *= scales[lane] }
    return trial
  }
}
