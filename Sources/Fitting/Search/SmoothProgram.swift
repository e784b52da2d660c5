import Certificates

/// The node program of the Huber and the logistic loss, by a primal–dual interior-point method.
///
/// With slacks s = C θ of the half-spaces and their multipliers λ it follows s λ = μ → 0. The derivative of the loss at
/// the solution is in the range of the conjugate at every step, so any iterate gives a bound; stationarity is restored
/// exactly when the bound is written down (``DualRounding``).
///
/// Complexity: O(p³ + m p²) for each of some tens of steps, m samples and half-spaces.
///
/// Source: S. Wright, Primal-Dual Interior-Point Methods, 1997.
final class SmoothProgram: NodeProgram {
  private let p: Int
  private var matrix: [Double]
  private var right: [Double]
  private var step: [Double]
  private let row: UnsafeMutablePointer<Double>
  private var slacks: [Double] = []
  private var multipliers: [Double] = []
  private var slackSteps: [Double] = []
  private var multiplierSteps: [Double] = []

  private static let ridge = 1e-10
  private static let iterationLimit = 120

  override init(_ problem: FitProblem, positive: Int) {
    p = problem.parameterCount
    matrix = Array(repeating: 0, count: p * p)
    right = Array(repeating: 0, count: p)
    step = Array(repeating: 0, count: p)
    row = .allocate(capacity: max(p, 1))
    row.initialize(repeating: 0, count: max(p, 1))
    super.init(problem, positive: positive)
  }

  deinit { row.deallocate() }

  override func siteLoss(_ site: Int, _ prediction: Double) -> Double {
    problem.samplesAtSite[site].reduce(0) { $0 + problem.sampleLoss($1, prediction) }
  }

  override func solve(threshold: Double) -> Double {
    for k in 0..<p { parameters[k] = 0 }
    let weight = max(problem.weights.max() ?? 1, 1e-300)
    slacks = Array(repeating: 1, count: activeHalfSpaces.count)
    multipliers = Array(repeating: weight * 0.1, count: activeHalfSpaces.count)
    slackSteps = slacks
    multiplierSteps = slacks
    let tolerance = 1e-10 * weight * Double(max(decidedSites.count, 1))
    for _ in 0..<Self.iterationLimit {
      let complementarity = activeHalfSpaces.indices.reduce(0) { $0 + slacks[$1] * multipliers[$1] }
      let barrier = activeHalfSpaces.isEmpty ? 0 : 0.1 * complementarity / Double(activeHalfSpaces.count)
      let residual = assemble(barrier: barrier, weight: weight)
      if residual < tolerance, complementarity < tolerance { break }
      guard solveForStep() else { break }
      advance(barrier: barrier)
    }
    return dualValue()
  }

  /// Builds the reduced Newton system; returns the size of what is left of the optimality conditions.
  private func assemble(barrier: Double, weight: Double) -> Double {
    for index in matrix.indices { matrix[index] = 0 }
    for k in 0..<p {
      matrix[k * p + k] = Self.ridge * weight
      right[k] = -Self.ridge * weight * parameters[k]
    }
    for site in decidedSites {
      problem.row(site, mask: masks[site], positive: positive, into: row)
      var prediction = 0.0
      for k in 0..<p { prediction += row[k] * parameters[k] }
      var slope = 0.0, curvature = 0.0
      for sample in problem.samplesAtSite[site] {
        let derivative = problem.derivatives(sample, prediction)
        slope += derivative.slope
        curvature += derivative.curvature
      }
      for i in 0..<p where row[i] != 0 {
        right[i] -= slope * row[i]
        for k in 0...i { matrix[i * p + k] += curvature * row[i] * row[k] }
      }
    }
    var dual = right
    var primal = 0.0
    let d = problem.dimension
    for (index, halfSpace) in activeHalfSpaces.enumerated() {
      let sign = halfSpace.bit == 1 ? 1.0 : -1.0
      let direction = problem.directions + halfSpace.site * d
      let block = halfSpace.unit * d
      let gap = value(halfSpace) - slacks[index]
      primal = max(primal, abs(gap))
      let ratio = multipliers[index] / slacks[index]
      // −λ gap/s + (μ − s λ)/s, and λ itself from the dual residual.
      let pull = barrier / slacks[index] - ratio * gap
      for i in 0..<d {
        dual[block + i] += multipliers[index] * sign * direction[i]
        right[block + i] += pull * sign * direction[i]
        for k in 0...i { matrix[(block + i) * p + block + k] += ratio * direction[i] * direction[k] }
      }
    }
    return max(dual.reduce(0) { max($0, abs($1)) }, primal * weight)
  }

  private func value(_ halfSpace: HalfSpace) -> Double {
    let direction = problem.directions + halfSpace.site * problem.dimension
    var sum = 0.0
    for k in 0..<problem.dimension { sum += direction[k] * parameters[halfSpace.unit * problem.dimension + k] }
    return halfSpace.bit == 1 ? sum : -sum
  }

  /// Cholesky in place, then two substitutions.
  private func solveForStep() -> Bool {
    for column in 0..<p {
      var pivot = matrix[column * p + column]
      for k in 0..<column { pivot -= matrix[column * p + k] * matrix[column * p + k] }
      guard pivot > 0, pivot.isFinite else { return false }
      let root = pivot.squareRoot()
      matrix[column * p + column] = root
      for i in column + 1..<max(p, column + 1) {
        var value = matrix[i * p + column]
        for k in 0..<column { value -= matrix[i * p + k] * matrix[column * p + k] }
        matrix[i * p + column] = value / root
      }
    }
    for i in 0..<p {
      var value = right[i]
      for k in 0..<i { value -= matrix[i * p + k] * step[k] }
      step[i] = value / matrix[i * p + i]
    }
    for i in stride(from: p - 1, through: 0, by: -1) {
      var value = step[i]
      for k in i + 1..<max(p, i + 1) { value -= matrix[k * p + i] * step[k] }
      step[i] = value / matrix[i * p + i]
    }
    return step.allSatisfy(\.isFinite)
  }

  private func advance(barrier: Double) {
    let d = problem.dimension
    var primalLength = 1.0, dualLength = 1.0
    for (index, halfSpace) in activeHalfSpaces.enumerated() {
      let direction = problem.directions + halfSpace.site * d
      var change = 0.0
      for k in 0..<d { change += direction[k] * step[halfSpace.unit * d + k] }
      if halfSpace.bit == 0 { change = -change }
      let slackStep = change + value(halfSpace) - slacks[index]
      let multiplierStep = (barrier - multipliers[index] * slackStep) / slacks[index] - multipliers[index]
      slackSteps[index] = slackStep
      multiplierSteps[index] = multiplierStep
      if slackStep < 0 { primalLength = min(primalLength, -0.99 * slacks[index] / slackStep) }
      if multiplierStep < 0 { dualLength = min(dualLength, -0.99 * multipliers[index] / multiplierStep) }
    }
    // The logistic loss is nearly linear far out, where a Newton step overshoots.
    if problem.loss == .logistic {
      let longest = step.reduce(0) { max($0, abs($1)) }
      if longest > 4 { primalLength = min(primalLength, 4 / longest) }
    }
    for k in 0..<p { parameters[k] += primalLength * step[k] }
    for index in activeHalfSpaces.indices {
      slacks[index] += primalLength * slackSteps[index]
      multipliers[index] += dualLength * multiplierSteps[index]
    }
  }

  /// −Σ w ℓ*(ν / w) at the current multipliers, less what their imbalance could be worth.
  private func dualValue() -> Double {
    var value = 0.0
    var imbalance = Array(repeating: 0.0, count: p)
    sampleMultipliers { sample, multiplier, _ in
      value -= problem.conjugate(multiplier, sample) ?? .infinity
      problem.row(problem.site[sample], mask: masks[problem.site[sample]], positive: positive, into: row)
      for k in 0..<p { imbalance[k] += multiplier * row[k] }
    }
    halfSpaceMultipliers { halfSpace, multiplier in
      let sign = halfSpace.bit == 1 ? 1.0 : -1.0
      for k in 0..<problem.dimension {
        imbalance[halfSpace.unit * problem.dimension + k] -=
          multiplier * sign * problem.directions[halfSpace.site * problem.dimension + k]
      }
    }
    let doubt = (0..<p).reduce(0.0) { $0 + abs(imbalance[$1] * parameters[$1]) }
    return max(0, value - doubt)
  }

  override func sampleMultipliers(_ body: (_ sample: Int, _ value: Double, _ isFree: Bool) -> Void) {
    for site in decidedSites {
      problem.row(site, mask: masks[site], positive: positive, into: row)
      var prediction = 0.0
      for k in 0..<p { prediction += row[k] * parameters[k] }
      for sample in problem.samplesAtSite[site] {
        let (lower, upper) = problem.multiplierRange(sample)
        let value = min(max(problem.derivatives(sample, prediction).slope, lower), upper)
        let margin = 1e-4 * (upper - lower)
        body(sample, value, value > lower + margin && value < upper - margin)
      }
    }
  }

  override func halfSpaceMultipliers(_ body: (HalfSpace, Double) -> Void) {
    let least = 1e-7 * (multipliers.max() ?? 0)
    for (index, halfSpace) in activeHalfSpaces.enumerated() where multipliers[index] > least {
      body(halfSpace, multipliers[index])
    }
  }
}
