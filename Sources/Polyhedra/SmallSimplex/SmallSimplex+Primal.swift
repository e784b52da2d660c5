import CKernels

// The primal method: from a feasible point along improving edges.
extension SmallSimplex {
  enum Ascent {
    /// No direction improves the objective.
    case optimal
    /// No row blocks `workspace.direction`.
    case unbounded
    /// The objective passed the target.
    case targetReached
    /// The limit of pivots, or a pivot that cannot be.
    case stuck
  }

  /// Runs until the vertex is optimal. Multipliers, squares and slacks must be those of the vertex.
  ///
  /// - Parameter target: in the scale of the objective in use; +∞ for none.
  mutating func ascend(target: Double, limit: Int) -> Ascent {
    let rows = Workspace.padded(rowCount)
    var step = 0.0
    while true {
      let leaving: Int
      switch improvingDirection() {
      case .none: return .optimal
      case .face: leaving = -1
      case .edge(let slot): leaving = slot
      }
      guard iterations < limit else { return .stuck }
      let reach = pleat_pivot_ratio(
        workspace.groups, workspace.direction, dimension, rows, step, Self.smallestAngle,
        Self.smallestSlack * state.size, workspace.slacks, workspace.rates)
      guard reach < .infinity else { return .unbounded }
      // A limit rounded down must not exclude the row that it comes from.
      let bound = max(reach, 0) * (1 + 0x1p-50)
      let row =
        followsBland
        ? firstBlockingRow()
        : pleat_pivot_choose(workspace.slacks, workspace.rates, rows, bound, Self.smallestAngle)
      guard row >= 0, !isTight(row) else { return .stuck }
      step = max(workspace.slacks[row], 0) / workspace.rates[row]
      formProducts(row)
      let slot = leaving >= 0 ? leaving : freeSlot()
      let product = workspace.products[slot]
      guard product * product > 1e-22 * workspace.squares[slot] else { return .stuck }
      pivot(row: row, slot: slot, step: step)
      if target < .infinity, scaledValue() > target { return .targetReached }
    }
  }

  private enum Improvement {
    case none
    /// Along the gradient in the face of the tight rows.
    case face
    /// Along the edge of a slot, whose row leaves.
    case edge(Int)
  }

  /// Writes a direction of length one along which the objective grows.
  @inline(__always)
  private func improvingDirection() -> Improvement {
    let n = dimension
    let width = workspace.width
    let multipliers = workspace.multipliers
    let squares = workspace.squares
    let direction = workspace.direction
    let threshold = Self.smallestAngle * Self.smallestAngle
    if state.freeCount > 0, freeMultipliersMatter() {
      for j in 0..<n { direction[j] = 0 }
      for k in 0..<n where workspace.tight[k] < 0 {
        for j in 0..<n { direction[j] += multipliers[k] * workspace.edges[j * width + k] }
      }
      var square = 0.0
      for j in 0..<n { square += direction[j] * direction[j] }
      let inverse = 1 / square.squareRoot()
      for j in 0..<n { direction[j] *= inverse }
      return .face
    }
    var best = -1
    if followsBland {
      for k in 0..<n
      where workspace.tight[k] >= 0 && multipliers[k] < 0
        && multipliers[k] * multipliers[k] > threshold * squares[k]
        && (best < 0 || workspace.tight[k] < workspace.tight[best])
      {
        best = k
      }
    } else {
      var rate = threshold
      var size = 1.0
      for k in 0..<n where multipliers[k] < 0 && workspace.tight[k] >= 0 {
        let square = multipliers[k] * multipliers[k]
        if square * size > rate * squares[k] {
          rate = square
          size = squares[k]
          best = k
        }
      }
    }
    if best < 0 { best = faintSlot() }
    guard best >= 0 else { return .none }
    let scale = -1 / squares[best].squareRoot()
    for j in 0..<n { direction[j] = scale * workspace.edges[j * width + best] }
    return .edge(best)
  }

  /// Whether moving within the face of the tight rows changes the objective.
  @inline(__always)
  func freeMultipliersMatter() -> Bool {
    for k in 0..<dimension where workspace.tight[k] < 0 && multiplierMatters(k) { return true }
    return false
  }

  /// Whether a multiplier is other than zero beyond rounding: as an angle between objective and edge or, where the two
  /// have their large coordinates apart, in units of the terms of the product. The noise in an edge's coordinates is no
  /// less than 1e-16 of its length, so the latter counts only well above that.
  @inline(__always)
  func multiplierMatters(_ slot: Int) -> Bool {
    let multiplier = workspace.multipliers[slot]
    let square = multiplier * multiplier
    if square <= 1e-26 * workspace.squares[slot] { return false }
    if square > Self.smallestAngle * Self.smallestAngle * workspace.squares[slot] { return true }
    var size = 0.0
    for j in 0..<dimension { size += abs(workspace.objective[j] * workspace.edges[j * workspace.width + slot]) }
    return abs(multiplier) > Self.smallestAngle * size
  }

  /// A slot whose negative multiplier is small as an angle, but matters; −1 if there is none.
  private func faintSlot() -> Int {
    for k in 0..<dimension where workspace.multipliers[k] < 0 && workspace.tight[k] >= 0 && multiplierMatters(k) {
      return k
    }
    return -1
  }

  /// The free slot whose edge makes the smallest angle with the row whose products are formed.
  @inline(__always)
  func freeSlot() -> Int {
    var best = -1
    for k in 0..<dimension where workspace.tight[k] < 0 {
      if best < 0 {
        best = k
        continue
      }
      let square = workspace.products[k] * workspace.products[k]
      let other = workspace.products[best] * workspace.products[best]
      if square * workspace.squares[best] > other * workspace.squares[k] { best = k }
    }
    return max(best, 0)
  }

  /// The first of the rows that stop a step, to rounding.
  private func firstBlockingRow() -> Int {
    var reach = Double.infinity
    for row in 0..<rowCount where workspace.rates[row] > Self.smallestAngle {
      reach = min(reach, max(workspace.slacks[row], 0) / workspace.rates[row])
    }
    let limit = reach + 1e-14 * state.size
    for row in 0..<rowCount where workspace.rates[row] > Self.smallestAngle {
      if max(workspace.slacks[row], 0) <= limit * workspace.rates[row] { return row }
    }
    return -1
  }
}
