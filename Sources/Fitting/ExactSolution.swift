import Certificates
import Exact

/// Turns a floating-point solution into a network with rational weights: where the optimum's structure — which sites each
/// unit passes, which lie on a unit's kink, which samples are met exactly — is read off rightly, the optimum itself.
struct ExactSolution {
  let problem: FitProblem

  /// The better of two exact networks near a candidate: the exact optimum of its structure, and its rounded parameters.
  ///
  /// - Returns: the network and its exact loss (an upper bound for the logistic loss).
  func network(for candidate: Candidate) -> (network: ExactNetwork, loss: Rational) {
    let masks = (0..<problem.siteCount).map {
      problem.evaluate(candidate.parameters, at: $0, positive: candidate.positive).mask
    }
    let approximate = integerParameters(candidate)
    var choices = [network(approximate.map { $0.roundedToDouble() }, candidate.positive, masks)]
    if problem.loss != .logistic, isAffordable, let solved = solve(candidate, masks, near: approximate) {
      choices.append(network(solved, candidate.positive, masks))
    }
    let valued = choices.map {
      ($0, CertificateChecker.totalLoss(of: $0, on: problem.exact, loss: problem.loss).upper)
    }
    let best = valued.min { $0.1 < $1.1 } ?? valued[0]
    // An irrational loss is claimed from above, with a denominator that a file can hold.
    return (best.0, problem.loss == .logistic ? best.1.roundedUp(bits: 100) : best.1)
  }

  /// Forming the exact normal equations takes a fraction of a microsecond for each product; beyond some seconds the
  /// rounded parameters, whose loss differs in the sixteenth digit, must do.
  private var isAffordable: Bool {
    Double(problem.sampleCount) * Double(problem.parameterCount * problem.parameterCount) < 1e7
  }

  // MARK: Coordinates

  /// The parameters for the integer coordinates of ``Certificates/ScaledSamples``, from the standardised ones.
  ///
  /// There the constant coordinate is 1 as well, and input c is the user's input times the column's denominator.
  private func integerParameters(_ candidate: Candidate) -> [Rational] {
    let n = problem.model.inputs
    let d = problem.dimension
    let scale = Rational(exactly: problem.targetScale)
    var result: [Rational] = []
    func exact(_ value: Double) -> Rational { Rational(exactly: value.isFinite ? value : 0) }
    for unit in 0..<problem.model.hidden {
      var bias = exact(candidate.parameters[unit * d + n])
      for k in 0..<n {
        let weight = exact(candidate.parameters[unit * d + k]) / Rational(exactly: problem.inputScale[k])
        bias -= weight * Rational(exactly: problem.inputShift[k])
        result.append(weight * scale / problem.scaled.columnScales[k])
      }
      result.append(bias * scale)
    }
    var constant = Rational(exactly: problem.targetShift)
    let affine = problem.model.hidden * d
    if problem.model.skip {
      for k in 0..<n {
        let weight = exact(candidate.parameters[affine + k]) / Rational(exactly: problem.inputScale[k])
        constant -= weight * Rational(exactly: problem.inputShift[k]) * scale
        result.append(weight * scale / problem.scaled.columnScales[k])
      }
    }
    if problem.model.outputBias {
      constant += exact(candidate.parameters[problem.parameterCount - 1]) * scale
      result.append(constant)
    }
    return result
  }

  /// The network in the user's coordinates; units that pass no site are left out.
  private func network(_ parameters: [Rational], _ positive: Int, _ masks: [Int]) -> ExactNetwork {
    let n = problem.model.inputs
    let d = problem.dimension
    let used = masks.reduce(0, |)
    var units: [ExactNetwork.Unit] = []
    for unit in 0..<problem.model.hidden where (used >> unit) & 1 == 1 {
      let weights = (0..<n).map { parameters[unit * d + $0] * problem.scaled.columnScales[$0] }
      units.append(.init(sign: unit < positive ? 1 : -1, weights: weights, bias: parameters[unit * d + n]))
    }
    let affine = problem.model.hidden * d
    return ExactNetwork(
      units: units,
      skip: (0..<n).map { problem.model.skip ? parameters[affine + $0] * problem.scaled.columnScales[$0] : 0 },
      outputBias: problem.model.outputBias ? parameters[problem.parameterCount - 1] : 0)
  }

  // MARK: The optimum of a structure

  /// A linear equation in the parameters: coefficients by column, then the right-hand side.
  private typealias Equation = [Rational]

  /// Solves the optimality conditions of the candidate's structure exactly; nil when they contradict each other.
  private func solve(_ candidate: Candidate, _ masks: [Int], near approximate: [Rational]) -> [Rational]? {
    let p = problem.parameterCount
    var equalities: [Equation] = kinkEquations(candidate)
    var gradient = Array(repeating: Array(repeating: Rational.zero, count: p + 1), count: p)
    var hasCurvature = false
    for sample in 0..<problem.sampleCount {
      let site = problem.site[sample]
      let prediction = problem.evaluate(candidate.parameters, at: site, positive: candidate.positive).value
      let row = exactRow(site, masks[site], candidate.positive)
      let target = problem.exact.targets[sample]
      let weight = problem.exact.weights[sample]
      switch piece(sample, prediction) {
      case .quadratic(let factor):
        hasCurvature = true
        for i in 0..<p where row[i].signum != 0 {
          let scaled = row[i] * weight * factor
          for k in 0..<p where row[k].signum != 0 { gradient[i][k] += scaled * row[k] }
          gradient[i][p] += scaled * target
        }
      case .linear(let slope):
        for i in 0..<p where row[i].signum != 0 { gradient[i][p] -= row[i] * weight * slope }
      case .exact(let value):
        equalities.append(row + [value])
      case .flat:
        break
      }
    }
    guard hasCurvature else { return eliminate(equalities, unknowns: p, near: approximate) }
    // Stationarity H θ + Eᵀ μ = g together with E θ = e.
    let unknowns = p + equalities.count
    var system: [Equation] = []
    for i in 0..<p {
      system.append(Array(gradient[i][0..<p]) + equalities.map { $0[i] } + [gradient[i][p]])
    }
    for equation in equalities {
      system.append(
        Array(equation[0..<p]) + Array(repeating: Rational.zero, count: equalities.count) + [equation[p]])
    }
    let start = approximate + Array(repeating: Rational.zero, count: equalities.count)
    return eliminate(system, unknowns: unknowns, near: start).map { Array($0[0..<p]) }
  }

  private enum Piece {
    /// The derivative is w · factor · (z − y).
    case quadratic(Rational)
    /// The derivative is w · slope.
    case linear(Rational)
    /// The loss has a kink here and the prediction sits on it: it must be this value.
    case exact(Rational)
    case flat
  }

  /// Which piece of the loss a prediction lies on.
  private func piece(_ sample: Int, _ prediction: Double) -> Piece {
    let difference = prediction - problem.targets[sample]
    let target = problem.exact.targets[sample]
    let near = 1e-7 * (1 + abs(problem.targets[sample]))
    switch problem.loss {
    case .squared: return .quadratic(2)
    case .huber(let delta):
      guard abs(difference) > problem.huberDelta else { return .quadratic(1) }
      return .linear(difference < 0 ? -delta : delta)
    case .absolute, .quantile: return abs(difference) < near ? .exact(target) : .flat
    case .hinge:
      return abs(1 - problem.targets[sample] * prediction) < near ? .exact(target) : .flat
    case .logistic: return .flat
    }
  }

  /// aᵢ·x + bᵢ = 0 for the sites that lie on a unit's kink.
  private func kinkEquations(_ candidate: Candidate) -> [Equation] {
    let d = problem.dimension
    var equations: [Equation] = []
    for unit in 0..<problem.model.hidden {
      var length = 0.0
      for k in 0..<d { length += candidate.parameters[unit * d + k] * candidate.parameters[unit * d + k] }
      guard length > 0 else { continue }
      for site in 0..<problem.siteCount {
        var value = 0.0
        for k in 0..<d { value += candidate.parameters[unit * d + k] * problem.directions[site * d + k] }
        guard abs(value) <= 1e-9 * (1 + length.squareRoot()) else { continue }
        var equation = Array(repeating: Rational.zero, count: problem.parameterCount + 1)
        for k in 0..<d { equation[unit * d + k] = problem.scaled.points.rational(site * d + k) }
        equations.append(equation)
      }
    }
    return equations
  }

  private func exactRow(_ site: Int, _ mask: Int, _ positive: Int) -> [Rational] {
    let d = problem.dimension
    let point = (0..<d).map { problem.scaled.points.rational(site * d + $0) }
    var row: [Rational] = []
    for unit in 0..<problem.model.hidden {
      let bit = (mask >> unit) & 1
      row += point.map { bit == 0 ? .zero : unit < positive ? $0 : -$0 }
    }
    return row + point[problem.affineStart..<problem.affineStart + problem.affineCount]
  }

  /// Gauss–Jordan elimination; unknowns that the equations leave open keep their given values.
  private func eliminate(_ equations: [Equation], unknowns: Int, near start: [Rational]) -> [Rational]? {
    var rows = equations
    var pivots: [(row: Int, column: Int)] = []
    for column in 0..<unknowns {
      let first = pivots.count
      guard let row = (first..<max(rows.count, first)).first(where: { rows[$0][column].signum != 0 }) else { continue }
      rows.swapAt(row, first)
      let inverse = 1 / rows[first][column]
      for k in column...unknowns where rows[first][k].signum != 0 { rows[first][k] *= inverse }
      for other in rows.indices where other != first && rows[other][column].signum != 0 {
        let factor = rows[other][column]
        for k in column...unknowns where rows[first][k].signum != 0 { rows[other][k] -= factor * rows[first][k] }
      }
      pivots.append((first, column))
    }
    // A contradiction means that the structure was misread, as when a site lies near a kink but not on it.
    for row in pivots.count..<max(rows.count, pivots.count) where rows[row][unknowns].signum != 0 { return nil }
    var solution = start
    let solved = Set(pivots.map(\.column))
    for (row, column) in pivots {
      var value = rows[row][unknowns]
      for k in 0..<unknowns where !solved.contains(k) && rows[row][k].signum != 0 { value -= rows[row][k] * start[k] }
      solution[column] = value
    }
    return solution
  }
}

extension Rational {
  /// The nearest number that a `Double` holds.
  func roundedToDouble() -> Rational { Rational(exactly: doubleValue) }
}
