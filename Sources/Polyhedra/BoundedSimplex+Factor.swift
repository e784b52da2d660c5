extension BoundedSimplex {
  /// Recomputes the inverse of the basis and the basic values. False when these turn out not to be feasible.
  func refactor(boundUnit: Double) -> Bool {
    invertBasis()
    computeBasicValues()
    let space = workspace
    let value = space.basicValue
    let slack = Self.feasibilityTolerance * boundUnit
    // Said of all that is inside, so that a NaN is not.
    return (0..<rows).allSatisfy { position in
      value[position] >= space.basicLower[position] - slack && value[position] <= space.basicUpper[position] + slack
    }
  }

  /// The basic values for which `A z = 0`, given the nonbasic ones.
  func computeBasicValues() {
    let space = workspace
    let stride = space.stride
    let value = space.basicValue
    sumNonbasic()
    for position in 0..<stride { value[position] = 0 }
    for row in 0..<rows {
      let factor = space.scratch[row]
      let column = space.inverse + row * stride
      for position in 0..<stride { value[position] -= factor * column[position] }
    }
  }

  /// `inverse := B⁻¹` by Gauss–Jordan elimination with partial pivoting, on rows scaled to size 1.
  ///
  /// A column that depends on those before it leaves the basis, keeping its value, and the artificial column that is
  /// most independent of the others takes its place.
  func invertBasis() {
    let space = workspace
    let width = 2 * rows
    let tableau = space.elimination
    for row in 0..<rows {
      let line = tableau + row * width
      let unit = 1 / space.artificialScale[row]
      for position in 0..<rows {
        let column = space.basis[position]
        line[position] = column >= 0 ? space.lane(row)[column] * unit : column == -1 - row ? 1 : 0
        line[rows + position] = position == row ? unit : 0
      }
      space.pivotRow[row] = -1
    }
    // `scratch[row]` is 1 while no position has taken the row.
    for row in 0..<rows { space.scratch[row] = 1 }

    var dependent = false
    for position in 0..<rows {
      // What rounding leaves of a dependent column is small compared with the column that it was.
      var size = 0.0
      let column = space.basis[position]
      if column >= 0 {
        for row in 0..<rows { size = max(size, abs(space.lane(row)[column]) / space.artificialScale[row]) }
      } else {
        size = 1
      }
      if !eliminate(tableauColumn: position, position: position, threshold: 1e-12 * size) { dependent = true }
    }
    if dependent { repairBasis() }

    let stride = space.stride
    for position in 0..<rows {
      let line = tableau + space.pivotRow[position] * width + rows
      for row in 0..<rows { space.inverse[row * stride + position] = line[row] }
    }
  }

  /// Pivots on the largest entry of a tableau column among the rows not taken; false if none exceeds the threshold.
  private func eliminate(tableauColumn: Int, position: Int, threshold: Double) -> Bool {
    let space = workspace
    let width = 2 * rows
    let tableau = space.elimination
    var chosen = -1
    var largest = threshold
    for row in 0..<rows where space.scratch[row] == 1 && abs(tableau[row * width + tableauColumn]) > largest {
      largest = abs(tableau[row * width + tableauColumn])
      chosen = row
    }
    guard chosen >= 0 else { return false }
    space.scratch[chosen] = 0
    space.pivotRow[position] = chosen
    let pivotLine = tableau + chosen * width
    let unit = 1 / pivotLine[tableauColumn]
    for k in 0..<width { pivotLine[k] *= unit }
    for row in 0..<rows where row != chosen {
      let line = tableau + row * width
      let factor = line[tableauColumn]
      if factor == 0 { continue }
      for k in 0..<width { line[k] -= factor * pivotLine[k] }
    }
    return true
  }

  /// Gives the positions without a pivot row to artificial columns.
  private func repairBasis() {
    let space = workspace
    let width = 2 * rows
    for position in 0..<rows where space.pivotRow[position] < 0 {
      let removed = space.basis[position]
      if removed >= 0 {
        let value = space.basicValue[position]
        space.value[removed] = min(max(value, space.lower[removed]), space.upper[removed])
        rest(removed)
      }
      // The right half of the tableau holds the artificial columns in terms of the rows, up to their scale.
      var best = 0
      var largest = -1.0
      for artificial in 0..<rows where !(0..<rows).contains(where: { space.basis[$0] == -1 - artificial }) {
        for row in 0..<rows where space.scratch[row] == 1 {
          let entry = abs(space.elimination[row * width + rows + artificial]) * space.artificialScale[artificial]
          if entry > largest {
            largest = entry
            best = artificial
          }
        }
      }
      enterBasis(-1 - best, at: position)
      // In the tableau the column stands for scale⁻¹ times the artificial one; the pivot row is rescaled to match.
      _ = eliminate(tableauColumn: rows + best, position: position, threshold: -1)
      let line = space.elimination + space.pivotRow[position] * width
      for k in 0..<width { line[k] /= space.artificialScale[best] }
    }
  }
}
