import Exact

extension SmallSimplex {
  /// The point at which the last solve ended, `dimension` numbers.
  public var x: [Double] { (0..<dimension).map { coordinate($0) } }

  /// One coordinate of ``x``.
  public func coordinate(_ j: Int) -> Double {
    precondition(0..<dimension ~= j, "the program has \(dimension) variables, none with index \(j)")
    return workspace.columnScale[j] * workspace.point[j]
  }

  /// c · x.
  public var objective: Double {
    var sum = 0.0
    for j in 0..<dimension { sum += workspace.originalObjective[j] * workspace.columnScale[j] * workspace.point[j] }
    return sum
  }

  /// The rows that are tight at the vertex by construction, at most `dimension`, linearly independent.
  public var basis: [Int] { (0..<dimension).map { workspace.tight[$0] }.filter { $0 >= 0 } }

  /// The rows with positive multipliers. After `optimal` and `belowTarget`, c = Σ yᵢ aᵢ, and Σ yᵢ bᵢ bounds the optimum;
  /// after `infeasible`, Σ yᵢ aᵢ = 0 and Σ yᵢ bᵢ < 0; all to rounding. Not meaningful after other answers.
  public var multipliers: [(row: Int, value: Double)] {
    var pairs: [(row: Int, value: Double)] = []
    forEachMultiplier { pairs.append((row: $0, value: $1)) }
    return pairs
  }

  /// After `unbounded`: a direction d with A d ≤ 0 and c · d > 0, to rounding; nil after other answers.
  public var ray: [Double]? {
    guard state.hasRay else { return nil }
    return (0..<dimension).map { workspace.columnScale[$0] * workspace.direction[$0] }
  }

  /// bᵢ − aᵢ · x.
  public func slack(ofRow row: Int) -> Double {
    precondition(0..<rowCount ~= row, "the program has \(rowCount) rows, none with index \(row)")
    let original = workspace.originals + row * (dimension + 1)
    var slack = original[dimension]
    for j in 0..<dimension { slack -= original[j] * workspace.columnScale[j] * workspace.point[j] }
    return slack
  }

  @inline(__always)
  private func forEachMultiplier(_ body: (Int, Double) -> Void) {
    let isFarkas = state.farkasRow >= 0
    let unscale = isFarkas ? 1 : 1 / state.objectiveScale
    for k in 0..<dimension where workspace.tight[k] >= 0 && workspace.multipliers[k] > 0 {
      body(workspace.tight[k], workspace.multipliers[k] * workspace.rowScale[workspace.tight[k]] * unscale)
    }
    if isFarkas { body(state.farkasRow, workspace.rowScale[state.farkasRow]) }
  }

  /// A number that is surely not below c · x for any x that satisfies all rows and |xⱼ| ≤ radiiⱼ; +∞ when the multipliers
  /// say nothing. No feasible point is needed: it is the weak duality
  ///
  ///     c · x = Σ yᵢ aᵢ · x + (c − Σ yᵢ aᵢ) · x ≤ Σ yᵢ bᵢ + Σⱼ |c − Σ yᵢ aᵢ|ⱼ radiiⱼ   (y ≥ 0)
  ///
  /// in interval arithmetic on the rows as they were given, with the multipliers of the last solve. Close to the optimum
  /// after `optimal`, to the value at which the solve stopped after `belowTarget`. O(n²)
  ///
  /// - Parameter radii: `dimension` numbers, not negative. A radius of ∞ makes the bound ∞, unless the objective and all
  ///   rows with multipliers are zero in that coordinate.
  ///
  /// Source: A. Neumaier and O. Shcherbina, Safe bounds in linear and mixed-integer linear programming, 2004.
  public func certifiedUpperBound(radii: [Double]) -> Double {
    precondition(radii.count == dimension, "there are \(radii.count) radii for \(dimension) variables")
    guard state.farkasRow < 0 else { return .infinity }
    return dualBound(radii: radii) { Interval(workspace.originalObjective[$0]) }
  }

  /// Whether the multipliers of the last solve, which was `infeasible`, prove rigorously that no x with |xⱼ| ≤ radiiⱼ
  /// satisfies all rows: Σ yᵢ bᵢ + Σⱼ |Σ yᵢ aᵢ|ⱼ radiiⱼ < 0 in interval arithmetic. O(n²)
  public func certifiesInfeasibility(radii: [Double]) -> Bool {
    precondition(radii.count == dimension, "there are \(radii.count) radii for \(dimension) variables")
    return state.farkasRow >= 0 && dualBound(radii: radii) { _ in .zero } < 0
  }

  private func dualBound(radii: [Double], objective: (Int) -> Interval) -> Double {
    let n = dimension
    var bound = Interval.zero
    forEachMultiplier { row, value in
      bound = bound + Interval(value) * Interval(workspace.originals[row * (n + 1) + n])
    }
    for j in 0..<n {
      var rest = objective(j)
      forEachMultiplier { row, value in
        rest = rest - Interval(value) * Interval(workspace.originals[row * (n + 1) + j])
      }
      let size = max(abs(rest.lower), abs(rest.upper))
      bound = bound + Interval(lower: 0, upper: size) * Interval(lower: 0, upper: max(radii[j], 0))
    }
    return bound.upper
  }
}
