extension BoundedSimplex {
  /// Relative to `costScale`: reduced costs of the wrong sign below this are taken for zero.
  static var dualTolerance: Double { 1e-10 }
  /// Relative to `boundScale`: how far Harris' ratio test lets basic variables stray past a bound.
  static var strayTolerance: Double { 1e-11 }
  /// Relative to `boundScale`: how far basic variables may be outside their bounds in an answer, before they are clamped.
  static var feasibilityTolerance: Double { 1e-9 }
  /// Relative to the largest entry of the entering column in terms of the basis: smaller entries are no pivots.
  static var pivotTolerance: Double { 1e-10 }

  /// Solves the program, from where the last solve ended or else from `z = 0`.
  ///
  /// - Parameters:
  ///   - target: stop as soon as `z` is feasible with an objective below this value; a caller who only wants to discard a
  ///     node by the bound that this gives need not wait for the optimum.
  ///   - iterationLimit: bound flips and pivots after which to give up; by default 50 per row and column, and 1000.
  /// - Returns: the status; the answer is in ``objective``, ``values``, ``multipliers``, ``basis``.
  public mutating func solve(stopBelow target: Double = -.infinity, iterationLimit: Int? = nil) -> Status {
    solve(
      stopBelow: target, iterationLimit: iterationLimit ?? 50 * (count + rows) + 1000,
      rounds: Self.rounds)
  }

  // Made once: a literal in `solve` would be an allocation for each solve.
  private static let rounds = [
    Round(descends: true), Round(descends: false), Round(descends: false, refactorInterval: 8),
  ]

  /// How to go about a solve.
  struct Round {
    /// Whether the descent comes before the primal method.
    var descends: Bool
    /// The pivots after which the inverse of the basis is recomputed.
    var refactorInterval = 50
    /// The degenerate pivots in a row after which Bland's rule takes over.
    var degenerateLimit = 60
  }

  /// Solves in rounds: each begins at zero if the one before it failed, by degeneracy or rounding errors.
  mutating func solve(stopBelow target: Double, iterationLimit: Int, rounds: [Round]) -> Status {
    iterations = 0
    pivots = 0
    for round in rounds {
      if let status = run(round, stopBelow: target, iterationLimit: iterationLimit) { return status }
      restart()
      if iterations >= iterationLimit { break }
    }
    load()
    return finish(.undecided)
  }

  /// One round; nil when the descent failed, or when basic variables were found outside their bounds later on.
  private mutating func run(_ round: Round, stopBelow target: Double, iterationLimit: Int) -> Status? {
    load()
    let boundUnit = boundScale > 0 ? boundScale : 1
    var sinceFactor = 0
    if round.descends {
      let outcome = descend(
        boundUnit: boundUnit, iterationLimit: iterationLimit, refactorInterval: round.refactorInterval)
      guard let outcome else { return nil }
      sinceFactor = outcome
    }
    var objective = currentObjective()
    var degenerateRun = 0
    var polishing = 0
    var tolerance = price()

    while true {
      let usesBland = degenerateRun > round.degenerateLimit
      let entering = usesBland ? firstCandidate() : bestCandidate()
      let stop = objective < target || iterations >= iterationLimit
      if entering < 0 || stop || sinceFactor >= round.refactorInterval {
        if sinceFactor > 0 {
          sinceFactor = 0
          guard refactor(boundUnit: boundUnit) else { return nil }
          tolerance = price()
          objective = currentObjective()
          // What was optimal may turn out not to be, by rounding errors; a few rounds of this are enough for all.
          if entering < 0 { polishing += 1 }
          if entering >= 0 || polishing <= 5 { continue }
        }
        if entering < 0 { return finish(.optimal) }
        if objective < target { return finish(.belowTarget) }
        if iterations >= iterationLimit { return finish(.undecided) }
      }

      iterations += 1
      let sign = workspace.reducedCost[entering] < 0 ? 1.0 : -1.0
      computeDirection(entering)
      let range =
        sign > 0
        ? workspace.upper[entering] - workspace.value[entering]
        : workspace.value[entering] - workspace.lower[entering]
      let (position, step) = ratioTest(sign: sign, range: range, boundUnit: boundUnit, usesBland: usesBland)
      guard step < .infinity else {
        if sinceFactor > 0 {
          sinceFactor = 0
          guard refactor(boundUnit: boundUnit) else { return nil }
          tolerance = price()
          objective = currentObjective()
          continue
        }
        rayColumn = entering
        rayDirection = sign
        return finish(.unbounded)
      }

      objective += workspace.reducedCost[entering] * sign * step
      moveBasics(by: sign * step)
      if position < 0 {
        flip(entering, rising: sign > 0)
        degenerateRun = 0
      } else {
        let leaving = workspace.basis[position]
        // Artificial columns leave once and for all, which no cycle can contain.
        degenerateRun = step > 1e-12 * boundUnit ? 0 : leaving < 0 ? degenerateRun : degenerateRun + 1
        pivots += 1
        sinceFactor += 1
        pivot(entering: entering, sign: sign, step: step, position: position, tolerance: tolerance)
      }
    }
  }

  /// Brings values and basis into the form the method works on: basic values and bounds by position.
  private mutating func load() {
    let space = workspace
    rayColumn = -1
    if !isWarm { startBasis() }
    // The last block of eight reads past the last column.
    for j in count..<min(space.capacity, (count + 7) / 8 * 8) {
      space.value[j] = 0
      space.weight[j] = 1
      space.mayRise[j] = 0
      space.mayFall[j] = 0
    }
    for j in 0..<count {
      space.weight[j] = 1
      space.mayRise[j] = space.value[j] < space.upper[j] ? 1 : 0
      space.mayFall[j] = space.value[j] > space.lower[j] ? 1 : 0
    }
    for position in 0..<rows { enterBasis(space.basis[position], at: position) }
    isWarm = true
  }

  /// Copies what the ratio test needs of a column to its position in the basis, and takes it out of pricing.
  func enterBasis(_ column: Int, at position: Int) {
    let space = workspace
    space.basis[position] = column
    guard column >= 0 else {
      space.basicValue[position] = 0
      space.basicLower[position] = 0
      space.basicUpper[position] = 0
      return
    }
    space.basicValue[position] = space.value[column]
    space.basicLower[position] = space.lower[column]
    space.basicUpper[position] = space.upper[column]
    space.value[column] = 0
    space.mayRise[column] = 0
    space.mayFall[column] = 0
  }

  /// The basis of artificial columns, each scaled to its row, and `z = 0`.
  private func startBasis() {
    let space = workspace
    for j in 0..<count { space.value[j] = 0 }
    let stride = space.stride
    for k in 0..<stride * rows { space.inverse[k] = 0 }
    for row in 0..<rows {
      var largest = 0.0
      let lane = space.lane(row)
      for j in 0..<count { largest = max(largest, abs(lane[j])) }
      let scale = largest > 0 ? largest : 1
      space.artificialScale[row] = scale
      space.basis[row] = -1 - row
      space.inverse[row * stride + row] = 1 / scale
    }
  }

  private mutating func finish(_ status: Status) -> Status {
    store()
    return status
  }

  /// Writes the basic values back among the columns, inside their bounds, and sums up the objective.
  private mutating func store() {
    let space = workspace
    for position in 0..<rows where space.basis[position] >= 0 {
      let value = space.basicValue[position]
      space.value[space.basis[position]] = min(max(value, space.basicLower[position]), space.basicUpper[position])
    }
    var sum = 0.0
    for j in 0..<count { sum += space.cost[j] * space.value[j] }
    objective = sum
  }

  private func currentObjective() -> Double {
    let space = workspace
    var sum = 0.0
    for j in 0..<count { sum += space.cost[j] * space.value[j] }
    for position in 0..<rows where space.basis[position] >= 0 {
      sum += space.cost[space.basis[position]] * space.basicValue[position]
    }
    return sum
  }
}
