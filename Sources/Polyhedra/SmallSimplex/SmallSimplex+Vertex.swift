import CKernels

// The vertex: its point, its edges, its slacks.
extension SmallSimplex {
  /// Makes all slots free, with the coordinate axes as edges.
  mutating func freeAllSlots() {
    let n = dimension
    let width = workspace.width
    workspace.edges.update(repeating: 0, count: n * width)
    for k in 0..<n {
      workspace.edges[k * width + k] = 1
      workspace.tight[k] = -1
    }
    state.freeCount = n
    state.pivotsSinceFactoring = 0
    state.isStarted = true
    state.hasSlacks = false
  }

  /// b − A x for all rows.
  mutating func refreshSlacks() {
    state.leastSlack = pleat_pivot_slacks(
      workspace.groups, workspace.bounds, workspace.point, dimension, Workspace.padded(rowCount),
      workspace.slacks, &state.leastRow)
    state.hasSlacks = true
  }

  /// The largest coordinate of the point and bound of a tight row: rounding errors in slacks are in proportion to it.
  func pointSize() -> Double {
    var size = 0.0
    for j in 0..<dimension {
      size = max(size, abs(workspace.point[j]))
      if workspace.tight[j] >= 0 { size = max(size, abs(workspace.bounds[workspace.tight[j]])) }
    }
    return size
  }

  @inline(__always)
  var isFeasible: Bool { state.leastSlack >= -Self.smallestSlack * state.size }

  /// The multipliers of the objective, and the squares of the edges' lengths.
  mutating func price() {
    pleat_pivot_products(
      workspace.edges, dimension, workspace.width, workspace.objective, workspace.multipliers)
    pleat_pivot_squares(workspace.edges, dimension, workspace.width, workspace.squares)
  }

  /// Objective in use times point.
  @inline(__always)
  func scaledValue() -> Double {
    var value = 0.0
    for j in 0..<dimension { value += workspace.objective[j] * workspace.point[j] }
    return value
  }

  /// Reads a row, and its products with the edges.
  @inline(__always)
  func formProducts(_ row: Int) {
    let entries = workspace.entries(row)
    for j in 0..<dimension { workspace.row[j] = entries[8 * j] }
    pleat_pivot_products(workspace.edges, dimension, workspace.width, workspace.row, workspace.products)
  }

  /// Lets the row whose products are formed take a slot, and moves the point by `step` along what is in `direction`.
  @inline(__always)
  mutating func pivot(row: Int, slot: Int, step: Double) {
    pleat_pivot_exchange(
      workspace.edges, dimension, workspace.width, workspace.products, slot, workspace.multipliers,
      workspace.squares)
    if workspace.tight[slot] < 0 { state.freeCount -= 1 }
    workspace.tight[slot] = row
    var size = state.size
    for j in 0..<dimension {
      workspace.point[j] += step * workspace.direction[j]
      size = max(size, abs(workspace.point[j]))
    }
    let isDegenerate = !(abs(step) > 1e-14 * size)
    state.size = size
    state.degeneratePivots = isDegenerate ? state.degeneratePivots + 1 : 0
    state.pivotsSinceFactoring += 1
    iterations += 1
  }

  /// Bland's rule takes over after a run of pivots that did not move the point.
  @inline(__always)
  var followsBland: Bool { state.degeneratePivots > 2 * dimension + 10 }

  @inline(__always)
  func isTight(_ row: Int) -> Bool {
    for slot in 0..<dimension where workspace.tight[slot] == row { return true }
    return false
  }

  /// The point recomputed from the tight rows: x = E b and one step of iterative refinement. With free slots the second
  /// alone, which keeps the point within the face. O(n²)
  func refinePoint() {
    let n = dimension
    let width = workspace.width
    if state.freeCount == 0 {
      for j in 0..<n {
        var sum = 0.0
        for k in 0..<n { sum += workspace.edges[j * width + k] * workspace.bounds[workspace.tight[k]] }
        workspace.point[j] = sum
      }
    }
    for k in 0..<n { workspace.products[k] = workspace.tight[k] < 0 ? 0 : slack(of: workspace.tight[k]) }
    for j in 0..<n {
      var sum = 0.0
      for k in 0..<n { sum += workspace.edges[j * width + k] * workspace.products[k] }
      workspace.point[j] += sum
    }
  }

  /// Recomputes the edges from the tight rows by Gauss–Jordan elimination with complete pivoting. A row that depends on
  /// the others gives up its slot; free slots take coordinate axes that complete the matrix. O(n³)
  mutating func refactor() {
    let n = dimension
    let width = workspace.width
    let matrix = workspace.elimination
    let inverse = workspace.elimination + n * n
    matrix.update(repeating: 0, count: 2 * n * n)
    for k in 0..<n {
      inverse[k * n + k] = 1
      workspace.pivotColumns[k] = -1
      guard workspace.tight[k] >= 0 else { continue }
      let entries = workspace.entries(workspace.tight[k])
      for j in 0..<n { matrix[k * n + j] = entries[8 * j] }
    }
    for _ in 0..<n {
      var slot = -1
      var column = -1
      var largest = 1e-13
      for k in 0..<n where workspace.tight[k] >= 0 && workspace.pivotColumns[k] < 0 {
        for j in 0..<n where abs(matrix[k * n + j]) > largest {
          largest = abs(matrix[k * n + j])
          slot = k
          column = j
        }
      }
      guard slot >= 0 else { break }
      eliminate(matrix, inverse, slot, column)
    }
    state.freeCount = 0
    for k in 0..<n where workspace.pivotColumns[k] < 0 {
      let column = (0..<n).first { j in (0..<n).allSatisfy { workspace.pivotColumns[$0] != j } } ?? 0
      workspace.tight[k] = -1
      state.freeCount += 1
      matrix.advanced(by: k * n).update(repeating: 0, count: n)
      inverse.advanced(by: k * n).update(repeating: 0, count: n)
      matrix[k * n + column] = 1
      inverse[k * n + k] = 1
      eliminate(matrix, inverse, k, column)
    }
    workspace.edges.update(repeating: 0, count: n * width)
    for k in 0..<n {
      for slot in 0..<n { workspace.edges[workspace.pivotColumns[k] * width + slot] = inverse[k * n + slot] }
    }
    state.pivotsSinceFactoring = 0
  }

  /// Clears a column of the matrix but for one row, which comes to have a 1 there.
  private func eliminate(
    _ matrix: UnsafeMutablePointer<Double>, _ inverse: UnsafeMutablePointer<Double>, _ slot: Int, _ column: Int
  ) {
    let n = dimension
    workspace.pivotColumns[slot] = column
    let scale = 1 / matrix[slot * n + column]
    for j in 0..<n {
      matrix[slot * n + j] *= scale
      inverse[slot * n + j] *= scale
    }
    matrix[slot * n + column] = 1
    for k in 0..<n where k != slot {
      let factor = matrix[k * n + column]
      guard factor != 0 else { continue }
      for j in 0..<n {
        matrix[k * n + j] -= factor * matrix[slot * n + j]
        inverse[k * n + j] -= factor * inverse[slot * n + j]
      }
      matrix[k * n + column] = 0
    }
  }
}
