extension SmallSimplex {
  /// Solves the program, beginning at the present vertex.
  ///
  /// - Parameter target: stop as soon as the optimum is known to lie above or below this value: at a feasible point with
  ///   a larger objective, or multipliers that prove a smaller optimum. `optimal`, `unbounded` and `infeasible` may be
  ///   the answer all the same.
  /// - Complexity: O(m n + n²) for each of ``iterations``, of which there are at most 500 + 50 n.
  @discardableResult
  public mutating func solve(target: Double? = nil) -> Status {
    iterations = 0
    state.degeneratePivots = 0
    state.farkasRow = -1
    state.hasRay = false
    if !state.isStarted { startCold() } else if state.wantsScaling { equilibrate() }
    let limit = 500 + 50 * dimension
    let upperTarget = target.map { $0 * state.objectiveScale } ?? .infinity
    let lowerTarget = target.map { $0 * state.objectiveScale } ?? -.infinity
    // Each round but the first follows a check that failed. The vertex may have seen better scaled rows: begin anew, once.
    for round in 0..<5 {
      if round == 3 { startCold() } else if round > 1 { refactor() }
      price()
      state.size = pointSize()
      if !state.hasSlacks { refreshSlacks() }
      if !isFeasible {
        let invented = !isDualFeasible()
        if invented { inventMultipliers() }
        switch descend(target: invented ? -.infinity : lowerTarget, invented: invented, limit: limit) {
        case .feasible: if invented { price() }
        case .infeasible:
          if !beganAnewForScaling(), confirmInfeasible() { return .infeasible }
          continue
        case .belowTarget: if confirmBelow(lowerTarget) { return .belowTarget } else { continue }
        case .stuck: if iterations < limit { continue } else { return .iterationLimit }
        }
      }
      switch ascend(target: upperTarget, limit: limit) {
      case .optimal: if confirmOptimal() { return .optimal }
      case .unbounded:
        if !beganAnewForScaling(), confirmFeasible() {
          state.hasRay = true
          return .unbounded
        }
      case .targetReached: if confirmFeasible(), scaledValue() > upperTarget { return .targetReached }
      case .stuck:
        refreshSlacks()
        if iterations >= limit { return .iterationLimit }
      }
    }
    return .iterationLimit
  }

  private mutating func startCold() {
    equilibrate()
    workspace.point.update(repeating: 0, count: dimension)
    freeAllSlots()
  }

  /// That nothing blocks, or nothing is left, is said of badly scaled rows only after scaling them together.
  private mutating func beganAnewForScaling() -> Bool {
    guard hasDoubtfulScaling else { return false }
    startCold()
    return true
  }

  /// Recomputes point, slacks and multipliers and looks whether they prove optimality.
  private mutating func confirmOptimal() -> Bool {
    if state.pivotsSinceFactoring > 50 { refactor() }
    refinePoint()
    refreshSlacks()
    state.size = pointSize()
    guard isFeasible, violationsAreSlight(), tightRowsAreTight() else { return false }
    price()
    guard isDualFeasible() else { return false }
    return multipliersBalance()
  }

  private mutating func confirmFeasible() -> Bool {
    refreshSlacks()
    state.size = pointSize()
    return isFeasible && violationsAreSlight()
  }

  /// Whether every row holds in proportion to its own terms too: one coordinate that is far larger than the others must
  /// not excuse rows that do not even contain it.
  private func violationsAreSlight() -> Bool {
    guard state.leastSlack < -Self.smallestSlack else { return true }
    for row in 0..<rowCount where workspace.slacks[row] < -Self.smallestSlack {
      let entries = workspace.entries(row)
      var size = abs(workspace.bounds[row])
      for j in 0..<dimension { size += abs(entries[8 * j] * workspace.point[j]) }
      if workspace.slacks[row] < -Self.slightViolation * size { return false }
    }
    return true
  }

  private mutating func confirmBelow(_ target: Double) -> Bool {
    price()
    guard isDualFeasible(), multipliersBalance() else { return false }
    var bound = 0.0
    for k in 0..<dimension where workspace.tight[k] >= 0 {
      bound += max(workspace.multipliers[k], 0) * workspace.bounds[workspace.tight[k]]
    }
    return bound < target
  }

  private func tightRowsAreTight() -> Bool {
    let limit = Self.smallestSlack * state.size
    for k in 0..<dimension where workspace.tight[k] >= 0 {
      guard workspace.slacks[workspace.tight[k]] <= limit else { return false }
    }
    return true
  }

  /// Whether the objective in use is the combination of the tight rows, to rounding.
  private func multipliersBalance() -> Bool {
    var size = 1.0
    for k in 0..<dimension where workspace.tight[k] >= 0 { size = max(size, abs(workspace.multipliers[k])) }
    for j in 0..<dimension {
      var rest = workspace.objective[j]
      for k in 0..<dimension where workspace.tight[k] >= 0 {
        rest -= workspace.multipliers[k] * workspace.entries(workspace.tight[k])[8 * j]
      }
      guard abs(rest) <= 1e-9 * size else { return false }
    }
    return true
  }

  /// Turns the products of the violated row into multipliers and checks that they are a Farkas proof for all points of
  /// the size of the present one.
  private mutating func confirmInfeasible() -> Bool {
    let row = state.leastRow
    var bound = workspace.bounds[row]
    var size = 1.0
    for k in 0..<dimension {
      workspace.multipliers[k] = workspace.tight[k] < 0 ? 0 : max(-workspace.products[k], 0)
      if workspace.tight[k] >= 0 {
        bound += workspace.multipliers[k] * workspace.bounds[workspace.tight[k]]
        size += workspace.multipliers[k]
      }
    }
    var rest = 0.0
    for j in 0..<dimension {
      var sum = workspace.entries(row)[8 * j]
      for k in 0..<dimension where workspace.tight[k] >= 0 {
        sum += workspace.multipliers[k] * workspace.entries(workspace.tight[k])[8 * j]
      }
      rest += abs(sum)
    }
    guard rest <= 1e-9 * size, bound + rest * pointSize() < 0 else { return false }
    state.farkasRow = row
    return true
  }
}
