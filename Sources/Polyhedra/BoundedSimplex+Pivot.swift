extension BoundedSimplex {
  /// `direction := B⁻¹ A` of the entering column.
  func computeDirection(_ entering: Int) {
    let space = workspace
    let stride = space.stride
    let direction = space.direction
    for position in 0..<stride { direction[position] = 0 }
    for row in 0..<rows {
      let factor = space.lane(row)[entering]
      if factor == 0 { continue }
      let column = space.inverse + row * stride
      for position in 0..<stride { direction[position] += factor * column[position] }
    }
  }

  /// How far the entering variable can go, and the position of the basic variable that stops it (−1: its own bound does).
  ///
  /// Harris' two passes: the longest step that keeps all basic variables within a stray tolerance of their bounds, then
  /// among the variables that would stop earlier the one of largest pivot element. Bland's rule takes the column of least
  /// index among the first to stop instead.
  func ratioTest(
    sign: Double, range: Double, boundUnit: Double, usesBland: Bool
  ) -> (position: Int, step: Double) {
    let space = workspace
    let (direction, value) = (space.direction, space.basicValue)
    let (lower, upper) = (space.basicLower, space.basicUpper)
    let stray = usesBland ? 0 : Self.strayTolerance * boundUnit
    var largest = 0.0
    for position in 0..<rows { largest = max(largest, abs(direction[position])) }
    let smallest = Self.pivotTolerance * largest

    var longest = Double.infinity
    for position in 0..<rows {
      // As the entering variable goes by t, this one goes by −rate · t.
      let rate = sign * direction[position]
      if rate > smallest {
        longest = min(longest, (max(0, value[position] - lower[position]) + stray) / rate)
      } else if rate < -smallest {
        longest = min(longest, (max(0, upper[position] - value[position]) + stray) / -rate)
      }
    }
    if range <= longest { return (-1, range) }
    guard longest < .infinity else { return (-1, .infinity) }

    var chosen = -1
    var chosenStep = 0.0
    for position in 0..<rows {
      let rate = sign * direction[position]
      let room: Double
      if rate > smallest {
        room = value[position] - lower[position]
      } else if rate < -smallest {
        room = upper[position] - value[position]
      } else {
        continue
      }
      let step = max(0, room) / abs(rate)
      guard step <= longest else { continue }
      let better =
        chosen < 0
        || (usesBland
          ? space.basis[position] < space.basis[chosen] : abs(rate) > abs(direction[chosen]))
      if better {
        chosen = position
        chosenStep = step
      }
    }
    return (chosen, min(chosenStep, range))
  }

  /// Moves the basic variables as the entering one goes by `step`.
  func moveBasics(by step: Double) {
    let space = workspace
    let (value, direction) = (space.basicValue, space.direction)
    for position in 0..<rows { value[position] -= step * direction[position] }
  }

  /// Puts a nonbasic column on its other bound.
  func flip(_ column: Int, rising: Bool) {
    let space = workspace
    space.value[column] = rising ? space.upper[column] : space.lower[column]
    rest(column)
  }

  /// Marks which way a nonbasic column on a bound may leave it.
  func rest(_ column: Int) {
    let space = workspace
    space.mayRise[column] = space.value[column] < space.upper[column] ? 1 : 0
    space.mayFall[column] = space.value[column] > space.lower[column] ? 1 : 0
    space.score[column] = 0
  }

  /// Exchanges the entering column with the basic one at `position`, and updates inverse and reduced costs.
  func pivot(entering: Int, sign: Double, step: Double, position: Int, tolerance: Double) {
    let space = workspace
    let stride = space.stride
    let direction = space.direction
    let pivotElement = direction[position]
    let enteringWeight = space.weight[entering]

    let leaving = space.basis[position]
    if leaving >= 0 {
      // The bound it was heading for, whatever the rounding errors say.
      let falls = sign * pivotElement > 0
      space.value[leaving] = falls ? space.basicLower[position] : space.basicUpper[position]
      rest(leaving)
    }
    space.value[entering] += sign * step
    enterBasis(entering, at: position)

    for row in 0..<rows { space.scratch[row] = space.inverse[row * stride + position] }
    reprice(entering: entering, pivotElement: pivotElement, tolerance: tolerance)
    if leaving >= 0 { space.weight[leaving] = max(1, enteringWeight / (pivotElement * pivotElement)) }

    updateInverse(position: position)
  }

  /// Updates the inverse for the column described by `direction` having come in at `position`.
  func updateInverse(position: Int) {
    let space = workspace
    let stride = space.stride
    let direction = space.direction
    let pivotElement = direction[position]
    for row in 0..<rows {
      let column = space.inverse + row * stride
      let factor = column[position] / pivotElement
      if factor == 0 { continue }
      for other in 0..<stride { column[other] -= factor * direction[other] }
      column[position] = factor
    }
  }
}
