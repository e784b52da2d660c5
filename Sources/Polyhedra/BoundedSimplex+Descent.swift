extension BoundedSimplex {
  /// The first half of a solve: descent on the multipliers with exact line searches, which is the dual simplex method with
  /// long steps and, for least absolute deviations, the algorithm of Barrodale and Roberts (1973).
  ///
  /// Every nonbasic column rests on the bound that its reduced cost asks for. While some basic variable is outside its
  /// bounds, the multipliers move along its row of the inverse, past the breakpoints at which columns change bounds, to
  /// the minimum of the piecewise-linear primal objective on that line. A column whose reduced cost asks for an infinite
  /// bound is kept at zero, and left to the primal method that follows; once it agrees with its finite bound, it limits
  /// the steps. With those columns at zero `z = 0` is still feasible, so that the descent has a minimum to find.
  ///
  /// - Returns: the number of pivots since the inverse was computed afresh; nil if the descent came to no end (by
  ///   degeneracy or rounding), in which case the values are of no use.
  mutating func descend(boundUnit: Double, iterationLimit: Int, refactorInterval: Int) -> Int? {
    let tolerance = price()
    settle(tolerance: tolerance)
    computeBasicValues()
    let slack = 0.1 * Self.feasibilityTolerance * boundUnit
    let stepLimit = 20 * rows + count + 100
    var steps = 0
    var sinceFactor = 0
    var degenerateRun = 0
    while true {
      let (position, excess) = worstBasic(slack: slack)
      if position < 0 { return sinceFactor }
      guard steps < stepLimit, iterations < iterationLimit else { return nil }
      steps += 1
      iterations += 1
      let space = workspace
      for row in 0..<rows { space.scratch[row] = space.inverse[row * space.stride + position] }
      let candidates = collectBreakpoints(sign: excess > 0 ? 1 : -1, tolerance: tolerance)
      let (passed, entering) = lineSearch(slope: abs(excess), candidates: candidates)
      guard entering >= 0 else { return nil }
      computeDirection(entering)
      let pivotElement = space.direction[position]
      guard abs(pivotElement - space.row[entering]) <= 1e-6 * abs(pivotElement) else {
        // The inverse has lost its accuracy; if it is fresh there is nothing to gain by another.
        if sinceFactor == 0 { return nil }
        sinceFactor = 0
        renew(tolerance: tolerance)
        continue
      }
      degenerateRun = space.breakpoint[entering] * abs(pivotElement) > tolerance ? 0 : degenerateRun + 1
      if degenerateRun > 5 {
        shiftCosts(tolerance: tolerance)
        degenerateRun = 0
      }
      exchange(position: position, entering: entering, excess: excess, passed: passed)
      pivots += 1
      sinceFactor += 1
      if sinceFactor >= refactorInterval {
        sinceFactor = 0
        renew(tolerance: tolerance)
      }
    }
  }

  /// Puts every nonbasic column where its reduced cost asks for, or at zero if that is an infinite bound.
  private func settle(tolerance: Double) {
    let space = workspace
    let (value, lower, upper) = (space.value, space.lower, space.upper)
    // Columns that may neither rise nor fall are basic or fixed.
    for j in 0..<count where space.mayRise[j] != 0 || space.mayFall[j] != 0 {
      let reducedCost = space.reducedCost[j]
      let wanted =
        reducedCost > tolerance
        ? lower[j] : reducedCost < -tolerance ? upper[j] : lower[j] > -.infinity ? lower[j] : upper[j]
      value[j] = wanted.isFinite ? wanted : 0
      space.mayRise[j] = value[j] < upper[j] ? 1 : 0
      space.mayFall[j] = value[j] > lower[j] ? 1 : 0
    }
  }

  private func renew(tolerance: Double) {
    invertBasis()
    _ = price()
    settle(tolerance: tolerance)
    computeBasicValues()
  }

  /// Moves the reduced costs that are zero off it, to the side on which their columns rest, by unequal amounts, so that a
  /// run of degenerate steps comes to an end. The next renewal, or the primal method after the descent, goes back to the
  /// true costs.
  private func shiftCosts(tolerance: Double) {
    let space = workspace
    var state: UInt64 = 0x9E37_79B9_7F4A_7C15
    for j in 0..<count {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      guard space.mayRise[j] != space.mayFall[j], abs(space.reducedCost[j]) <= tolerance else { continue }
      let shift = tolerance * (100 + Double(state >> 54))
      space.reducedCost[j] += space.mayRise[j] > space.mayFall[j] ? shift : -shift
    }
  }

  /// The basic variable farthest outside its bounds, measured along its row of the inverse, and by how much: positive
  /// above, negative below. Position −1 if all are inside.
  private func worstBasic(slack: Double) -> (position: Int, excess: Double) {
    let space = workspace
    let stride = space.stride
    let (value, lower, upper) = (space.basicValue, space.basicLower, space.basicUpper)
    var worst = (position: -1, excess: 0.0)
    var best = 0.0
    for position in 0..<rows {
      let above = value[position] - upper[position]
      let below = lower[position] - value[position]
      let excess = max(above, below)
      guard excess > slack else { continue }
      var norm = 0.0
      for row in 0..<rows {
        let entry = space.inverse[row * stride + position] * space.artificialScale[row]
        norm += entry * entry
      }
      if excess * excess > best * norm {
        best = excess * excess / norm
        worst = (position, above > below ? above : -below)
      }
    }
    return worst
  }

  /// Finds the breakpoint at which the objective stops to fall, by quickselect: `order[..<passed]` come before it.
  private func lineSearch(slope: Double, candidates: Int) -> (passed: Int, entering: Int) {
    let (step, order) = (workspace.breakpoint, workspace.order)
    if candidates == 0 { return (0, -1) }
    var remaining = slope
    var total = 0.0
    for k in 0..<candidates { total += workspace.gain[order[k]] }
    var low = 0
    var high = candidates
    while high - low > 1 {
      let middle = sample(
        step[order[low]], step[order[(low + high) / 2]], step[order[high - 1]], fraction: remaining / total)
      let (below, gainBelow) = partition(from: low, to: high, below: middle)
      if gainBelow >= remaining {
        high = below
        total = gainBelow
        continue
      }
      // A step below the next number above `middle` is `middle`.
      let (above, gainAt) = partition(from: below, to: high, below: middle.nextUp)
      if gainBelow + gainAt >= remaining || above == high {
        return settleTie(from: below, to: above, remaining: remaining - gainBelow)
      }
      remaining -= gainBelow + gainAt
      total -= gainBelow + gainAt
      low = above
    }
    return (low, order[low])
  }

  /// The least, middle or largest of three numbers, whichever is likely to split off the given fraction.
  private func sample(_ a: Double, _ b: Double, _ c: Double, fraction: Double) -> Double {
    if fraction < 0.3 { return min(a, b, c) }
    if fraction > 0.7 { return max(a, b, c) }
    return max(min(a, b), min(max(a, b), c))
  }

  /// Moves the columns with a breakpoint below `limit` to the front of `order[start..<end]`; returns where they end and
  /// what passing them adds to the slope. Without branches on the data, which no processor could foresee.
  private func partition(from start: Int, to end: Int, below limit: Double) -> (end: Int, gain: Double) {
    let space = workspace
    let (step, order, gain) = (space.breakpoint, space.order, space.gain)
    var boundary = start
    var sum = 0.0
    for k in start..<end {
      let j = order[k]
      let isBelow = step[j] < limit
      order[k] = order[boundary]
      order[boundary] = j
      boundary &+= isBelow ? 1 : 0
      sum += isBelow ? gain[j] : 0
    }
    return (boundary, sum)
  }

  /// Of columns with the same breakpoint the one with the largest pivot element enters, behind as many of the others as it
  /// needs to end the descent: to flip these too costs nothing, and leaves fewer degenerate steps.
  private func settleTie(from start: Int, to end: Int, remaining: Double) -> (passed: Int, entering: Int) {
    let space = workspace
    let (row, order, gain) = (space.row, space.order, space.gain)
    var largest = start
    for k in start..<end where abs(row[order[k]]) > abs(row[order[largest]]) { largest = k }
    let entering = order[largest]
    order[largest] = order[end - 1]
    order[end - 1] = entering
    var slope = remaining - gain[entering]
    var passed = start
    while slope > 0, passed < end - 1 {
      let j = order[passed]
      slope -= gain[j]
      // A column without an opposite bound to flip to stays where it is.
      if slope == -.infinity { return (passed, j) }
      passed += 1
    }
    return (passed, entering)
  }

  /// Flips the columns that were passed and exchanges the basic variable at `position` with the entering column.
  private func exchange(position: Int, entering: Int, excess: Double, passed: Int) {
    let space = workspace
    let stride = space.stride
    let (basicValue, direction) = (space.basicValue, space.direction)
    let pivotElement = direction[position]

    let shift = space.scratch
    for row in 0..<rows { shift[row] = 0 }
    for k in 0..<passed {
      let j = space.order[k]
      let previous = space.value[j]
      flip(j, rising: space.mayRise[j] != 0)
      let change = space.value[j] - previous
      for row in 0..<rows { shift[row] += change * space.lane(row)[j] }
    }
    if passed > 0 {
      for row in 0..<rows {
        let column = space.inverse + row * stride
        for other in 0..<stride { basicValue[other] -= shift[row] * column[other] }
      }
    }

    let bound = excess > 0 ? space.basicUpper[position] : space.basicLower[position]
    let step = (basicValue[position] - bound) / pivotElement
    moveBasics(by: step)

    let leaving = space.basis[position]
    if leaving >= 0 {
      space.value[leaving] = bound
      rest(leaving)
    }
    subtractRow(times: space.reducedCost[entering] / pivotElement)
    space.reducedCost[entering] = 0
    let value = space.value[entering] + step
    enterBasis(entering, at: position)
    basicValue[position] = value
    updateInverse(position: position)
  }
}
