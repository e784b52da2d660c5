extension BoundedSimplex {
  /// `z` after the last solve, one number per column; columns appended since are 0.
  public var values: [Double] { (0..<count).map { workspace.value[$0] } }

  /// `z` of one column.
  public func value(of column: Int) -> Double {
    precondition(0..<count ~= column, "the program has \(count) columns, none with index \(column)")
    return workspace.value[column]
  }

  /// `π ∈ ℝᵖ` after the last solve: at an optimum, `cⱼ − π·Aⱼ` is not negative where `zⱼ = lⱼ`, not positive where
  /// `zⱼ = uⱼ` and zero between, to 1e-9 of the largest cost and of the largest terms `|πᵢ Aᵢⱼ|`.
  ///
  /// In a fit these are the parameters with the opposite sign. Where the rows of `A` depend on each other the multipliers
  /// are not unique and those of a basic solution are given.
  public var multipliers: [Double] { (0..<rows).map { workspace.multipliers[$0] } }

  /// `πᵢ` of one row.
  public func multiplier(of row: Int) -> Double {
    precondition(0..<rows ~= row, "the program has \(rows) rows, none with index \(row)")
    return workspace.multipliers[row]
  }

  /// `cⱼ − π·Aⱼ` of one column, computed afresh. O(rows).
  public func reducedCost(of column: Int) -> Double {
    precondition(0..<count ~= column, "the program has \(count) columns, none with index \(column)")
    var sum = workspace.cost[column]
    for row in 0..<rows { sum -= workspace.multipliers[row] * workspace.lane(row)[column] }
    return sum
  }

  /// The basic columns after the last solve, one per row in no particular order; nil stands for an artificial column,
  /// which stays in the basis where `A` lacks rank or the solve did not need the row.
  public var basis: [Int?] { (0..<rows).map { workspace.basis[$0] >= 0 ? workspace.basis[$0] : nil } }

  /// After `unbounded`, a direction `r` with `A r = 0`, `c·r < 0` that no bound stops from the feasible ``values``: a
  /// Farkas certificate that the program whose dual this is has no solution. Empty after any other status.
  public var ray: [Double] {
    guard 0..<count ~= rayColumn else { return [] }
    var ray = [Double](repeating: 0, count: count)
    ray[rayColumn] = rayDirection
    for position in 0..<rows where workspace.basis[position] >= 0 {
      ray[workspace.basis[position]] = -rayDirection * workspace.direction[position]
    }
    return ray
  }
}
