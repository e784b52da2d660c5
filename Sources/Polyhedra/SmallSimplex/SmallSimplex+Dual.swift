import CKernels

// The dual method: from a vertex whose multipliers have the right signs, violated rows enter.
extension SmallSimplex {
  enum Descent {
    /// The point satisfies all rows.
    case feasible
    /// The row `leastRow`, with the present vertex, proves that there is no feasible point; its products are formed.
    case infeasible
    /// The objective of the vertex, which is no less than the optimum, fell below the target.
    case belowTarget
    /// The limit of pivots, or a pivot that cannot be.
    case stuck
  }

  /// Whether the multipliers prove that the vertex is optimal but for the rows that it violates.
  func isDualFeasible() -> Bool {
    for k in 0..<dimension where workspace.multipliers[k] < 0 || workspace.tight[k] < 0 {
      if multiplierMatters(k) { return false }
    }
    return true
  }

  /// Replaces the multipliers that are wrong by positive ones: those of another objective, for which the vertex is dual
  /// feasible. They are random, so that ties are rare.
  mutating func inventMultipliers() {
    for k in 0..<dimension where workspace.tight[k] < 0 || workspace.multipliers[k] <= 1e-3 {
      workspace.multipliers[k] = workspace.tight[k] < 0 ? 0 : randomMultiplier()
    }
  }

  /// A number in 0.5 ..< 1.5, the same sequence in every run.
  private mutating func randomMultiplier() -> Double {
    state.randomState = state.randomState &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return 0.5 + Double(state.randomState >> 11) * 0x1p-53
  }

  /// Runs until the point is feasible. Multipliers and squares must be those of the vertex.
  ///
  /// - Parameters:
  ///   - target: in the scale of the objective in use; −∞ for none.
  ///   - invented: whether the multipliers are those of ``inventMultipliers()``.
  mutating func descend(target: Double, invented: Bool, limit: Int) -> Descent {
    if !state.hasSlacks { refreshSlacks() }
    while true {
      if isFeasible { return .feasible }
      if target > -.infinity, scaledValue() < target { return .belowTarget }
      guard iterations < limit else { return .stuck }
      let row = followsBland ? firstViolatedRow() : state.leastRow
      guard row < rowCount, !isTight(row) else { return .stuck }
      formProducts(row)
      guard let slot = dualSlot() else {
        state.leastRow = row
        return .infeasible
      }
      let wasFree = workspace.tight[slot] < 0
      let wasDegenerate = state.degeneratePivots
      let ratio = workspace.multipliers[slot] / workspace.products[slot]
      let step = workspace.slacks[row] / workspace.products[slot]
      for j in 0..<dimension { workspace.direction[j] = workspace.edges[j * workspace.width + slot] }
      pivot(row: row, slot: slot, step: step)
      // In the dual method it is a ratio of zero that does not count as progress.
      state.degeneratePivots = wasFree ? wasDegenerate : ratio > 1e-14 ? 0 : wasDegenerate + 1
      if wasFree && invented { workspace.multipliers[slot] = randomMultiplier() }
      refreshSlacks()
    }
  }

  /// The slot whose row leaves for the row whose products are formed; nil when the row cannot enter.
  @inline(__always)
  private func dualSlot() -> Int? {
    let n = dimension
    let products = workspace.products
    let squares = workspace.squares
    let multipliers = workspace.multipliers
    let threshold = Self.smallestAngle * Self.smallestAngle
    if state.freeCount > 0 {
      let slot = freeSlot()
      if products[slot] * products[slot] > threshold * squares[slot] { return slot }
    }
    var reach = Double.infinity
    for k in 0..<n where products[k] > 0 && workspace.tight[k] >= 0 {
      guard products[k] * products[k] > threshold * squares[k] else { continue }
      let slip = followsBland ? 0 : Self.smallestAngle * squares[k].squareRoot()
      reach = min(reach, (max(multipliers[k], 0) + slip) / products[k])
    }
    guard reach < .infinity else { return nil }
    reach *= 1 + 0x1p-50
    var best = -1
    for k in 0..<n where products[k] > 0 && workspace.tight[k] >= 0 {
      guard products[k] * products[k] > threshold * squares[k], max(multipliers[k], 0) <= reach * products[k] else {
        continue
      }
      let isBetter =
        best < 0
        || (followsBland
          ? workspace.tight[k] < workspace.tight[best]
          : products[k] * products[k] * squares[best] > products[best] * products[best] * squares[k])
      if isBetter { best = k }
    }
    return best < 0 ? nil : best
  }

  private func firstViolatedRow() -> Int {
    let limit = -Self.smallestSlack * state.size
    for row in 0..<rowCount where workspace.slacks[row] < limit { return row }
    return state.leastRow
  }
}
