extension LinearProgram {
  /// Whether `Q` is positive semidefinite, to a relative 1e-9: HiGHS takes the answer for granted, and calls points optimal
  /// that are not if it is no.
  ///
  /// Cholesky's factorisation with pivoting on the diagonal, over the `k` columns that `Q` couples with others: O(k³) time
  /// and O(k²) memory, hence the limit. The others need only a diagonal that is not negative.
  ///
  /// - Throws: ``LinearProgramError`` when `Q` couples more than 4000 columns.
  func isConvex() throws -> Bool {
    let occurring = Set(quadraticEntries.flatMap { $0.row == $0.column ? [] : [$0.row, $0.column] }).sorted()
    guard occurring.count <= 4000 else {
      throw LinearProgramError(
        "the quadratic term couples \(occurring.count) columns; up to 4000 can be checked for convexity")
    }
    let position = Dictionary(uniqueKeysWithValues: occurring.enumerated().map { ($0.element, $0.offset) })
    let size = occurring.count
    var matrix = [Double](repeating: 0, count: size * size)
    var separate: [Int: Double] = [:]
    for entry in quadraticEntries {
      guard let i = position[entry.row], let j = position[entry.column] else {
        separate[entry.row, default: 0] += entry.value
        continue
      }
      matrix[i * size + j] += entry.value
      if i != j { matrix[j * size + i] += entry.value }
    }
    let tolerance = 1e-9 * matrix.reduce(0) { max($0, abs($1)) }
    guard separate.values.allSatisfy({ $0 >= 0 }) else { return false }
    var remaining = Array(0..<size)
    while let pivot = remaining.max(by: { matrix[$0 * size + $0] < matrix[$1 * size + $1] }) {
      let diagonal = matrix[pivot * size + pivot]
      guard diagonal > tolerance else {
        // What is left has no positive diagonal, and must be zero.
        return remaining.allSatisfy { i in remaining.allSatisfy { abs(matrix[i * size + $0]) <= tolerance } }
      }
      remaining.removeAll { $0 == pivot }
      for i in remaining {
        let factor = matrix[i * size + pivot] / diagonal
        if factor == 0 { continue }
        for j in remaining { matrix[i * size + j] -= factor * matrix[pivot * size + j] }
      }
    }
    return true
  }
}
