/// Eight columns at a time: four SSE registers, two of AVX, one of AVX-512.
private typealias Block = SIMD8<Double>

extension UnsafeMutablePointer<Double> {
  fileprivate subscript(block offset: Int) -> Block {
    @inline(__always) get { UnsafeRawPointer(self + offset).loadUnaligned(as: Block.self) }
    @inline(__always) nonmutating set {
      UnsafeMutableRawPointer(self + offset).storeBytes(of: newValue, as: Block.self)
    }
  }
}

extension BoundedSimplex {
  /// Computes multipliers, reduced costs and scores afresh, with weights 1, and returns the tolerance on reduced costs.
  func price() -> Double {
    let space = workspace
    let stride = space.stride
    var magnitude = 0.0
    for row in 0..<rows {
      let inverseColumn = space.inverse + row * stride
      var sum = 0.0
      for position in 0..<rows where space.basis[position] >= 0 {
        sum += space.cost[space.basis[position]] * inverseColumn[position]
      }
      space.multipliers[row] = sum
      magnitude += abs(sum) * space.artificialScale[row]
    }
    // Below the second figure a reduced cost is noise: the sum it comes from has terms of that size.
    let tolerance = max(Self.dualTolerance * costScale, 1e-14 * magnitude)
    let capacity = space.capacity
    let entries = space.lane(0)
    let multipliers = space.multipliers
    let (cost, reducedCost, weight, score) = (space.cost, space.reducedCost, space.weight, space.score)
    let (mayRise, mayFall) = (space.mayRise, space.mayFall)
    let one = Block(repeating: 1)
    var j = 0
    while j < count {
      var sum = cost[block: j]
      var lane = entries + j
      for row in 0..<rows {
        sum -= multipliers[row] * lane[block: 0]
        lane += capacity
      }
      reducedCost[block: j] = sum
      weight[block: j] = one
      score[block: j] = Self.score(sum, mayRise[block: j], mayFall[block: j], one, tolerance)
      j += 8
    }
    for position in 0..<rows where space.basis[position] >= 0 { reducedCost[space.basis[position]] = 0 }
    return tolerance
  }

  /// The squared reduced cost over the weight, where the column may move the way that its reduced cost asks for.
  @inline(__always)
  private static func score(
    _ reducedCost: Block, _ mayRise: Block, _ mayFall: Block, _ weight: Block, _ tolerance: Double
  ) -> Block {
    let rise = -reducedCost * mayRise
    let fall = reducedCost * mayFall
    let gain = rise.replacing(with: fall, where: fall .> rise)
    return (gain * gain / weight).replacing(with: 0, where: gain .<= tolerance)
  }

  /// The column of best score, or −1 if none may enter.
  func bestCandidate() -> Int {
    let score = workspace.score
    var best = 0.0
    var candidate = -1
    for j in 0..<count where score[j] > best {
      best = score[j]
      candidate = j
    }
    return candidate
  }

  /// The first column that may enter, for Bland's rule, or −1.
  func firstCandidate() -> Int {
    let score = workspace.score
    for j in 0..<count where score[j] > 0 { return j }
    return -1
  }

  /// Updates reduced costs, weights and scores for a pivot, before the inverse changes: `scratch` must hold the leaving
  /// row of the inverse and `mayRise`, `mayFall` describe the new basis.
  func reprice(entering: Int, pivotElement: Double, tolerance: Double) {
    let space = workspace
    let (reducedCost, weight, score) = (space.reducedCost, space.weight, space.score)
    let (mayRise, mayFall) = (space.mayRise, space.mayFall)
    let dualStep = reducedCost[entering] / pivotElement
    let enteringWeight = weight[entering] / (pivotElement * pivotElement)
    let capacity = space.capacity
    let entries = space.lane(0)
    let inverseRow = space.scratch
    var j = 0
    while j < count {
      var row = Block()
      var lane = entries + j
      for i in 0..<rows {
        row += inverseRow[i] * lane[block: 0]
        lane += capacity
      }
      let newCost = reducedCost[block: j] - dualStep * row
      let reference = enteringWeight * row * row
      let oldWeight = weight[block: j]
      let newWeight = oldWeight.replacing(with: reference, where: reference .> oldWeight)
      reducedCost[block: j] = newCost
      weight[block: j] = newWeight
      score[block: j] = Self.score(newCost, mayRise[block: j], mayFall[block: j], newWeight, tolerance)
      j += 8
    }
    reducedCost[entering] = 0
  }

  /// `scratch := Σ Aⱼ zⱼ` over the nonbasic columns.
  func sumNonbasic() {
    let space = workspace
    let value = space.value
    for row in 0..<rows {
      let lane = space.lane(row)
      var sum = Block()
      var j = 0
      while j < count {
        sum += lane[block: j] * value[block: j]
        j += 8
      }
      space.scratch[row] = sum.sum()
    }
  }

  /// `row := scratch · A`, one number per column, and the list of columns whose reduced cost changes sign as the
  /// multipliers move by `sign · scratch`: their number, and in `order` who they are, in `breakpoint` at which step, in
  /// `gain` what passing each adds to the slope of the objective.
  func collectBreakpoints(sign: Double, tolerance: Double) -> Int {
    let space = workspace
    let (result, breakpoint, gain, order) = (space.row, space.breakpoint, space.gain, space.order)
    let (mayRise, mayFall, reducedCost) = (space.mayRise, space.mayFall, space.reducedCost)
    let (lower, upper) = (space.lower, space.upper)
    let capacity = space.capacity
    let entries = space.lane(0)
    let inverseRow = space.scratch
    var largest = Block()
    var j = 0
    while j < count {
      var sum = Block()
      var lane = entries + j
      for i in 0..<rows {
        sum += inverseRow[i] * lane[block: 0]
        lane += capacity
      }
      result[block: j] = sum
      let size = sum.replacing(with: -sum, where: sum .< 0)
      largest.replace(with: size, where: size .> largest)
      // 1 at a lower bound, where the reduced cost may not fall below zero; −1 at an upper bound; 0 for the others.
      let orientation = mayRise[block: j] - mayFall[block: j]
      let oriented = reducedCost[block: j] * orientation
      let rate = sign * sum * orientation
      let step = oriented / rate
      breakpoint[block: j] = step.replacing(with: 0, where: step .< 0)
        .replacing(with: .infinity, where: (rate .<= 0) .| (oriented .< -tolerance))
      gain[block: j] = size * (upper[block: j] - lower[block: j])
      j += 8
    }
    let smallest = 1e-9 * largest.max()
    var candidates = 0
    for j in 0..<count {
      order[candidates] = j
      // A conjunction without a branch: which columns cross is anybody's guess.
      candidates &+= (breakpoint[j] < .infinity ? 1 : 0) & (abs(result[j]) > smallest ? 1 : 0)
    }
    return candidates
  }

  /// `reducedCost −= factor · row`.
  func subtractRow(times factor: Double) {
    let (reducedCost, row) = (workspace.reducedCost, workspace.row)
    var j = 0
    while j < count {
      reducedCost[block: j] = reducedCost[block: j] - factor * row[block: j]
      j += 8
    }
  }
}
