import CGMP

/// Solves square or tall integer systems exactly by fraction-free elimination.
///
/// The work space is made once and used for many systems of at most the given size.
///
/// Source: E. H. Bareiss, Sylvester's identity and multistep integer-preserving Gaussian elimination, 1968.
public final class IntegerSolver {
  public let rows: Int
  public let columns: Int
  /// The augmented matrix, `rows × (columns + 1)`; the caller fills it before ``solve(rank:)``.
  public let matrix: IntegerVector
  /// The numerators of the solution, `columns` of them.
  public let solution: IntegerVector
  /// One element: the common denominator, positive.
  public let denominator = IntegerVector(count: 1)
  private let scratch = IntegerVector(count: 1)

  public init(rows: Int, columns: Int) {
    self.rows = rows
    self.columns = columns
    matrix = IntegerVector(count: rows * (columns + 1))
    solution = IntegerVector(count: columns)
  }

  @inline(__always)
  private func entry(_ row: Int, _ column: Int) -> UnsafeMutablePointer<__mpz_struct> {
    matrix.base + row * (columns + 1) + column
  }

  /// Solves the first `count` columns against the last one: Σ_c matrix[r, c] · x_c = matrix[r, columns] for all rows.
  ///
  /// - Returns: false when the columns are linearly dependent or the system has no solution; otherwise `solution[c] /
  ///   denominator` is x_c.
  /// - Complexity: O(rows · count²) products of integers whose size grows linearly with `count`.
  public func solve(columns count: Int) -> Bool {
    __gmpz_set_ui(denominator.base, 1)
    let right = columns
    for pivot in 0..<count {
      guard let row = (pivot..<rows).first(where: { pleat_mpz_sgn(entry($0, pivot)) != 0 }) else { return false }
      if row != pivot {
        for column in pivot..<count { __gmpz_swap(entry(row, column), entry(pivot, column)) }
        __gmpz_swap(entry(row, right), entry(pivot, right))
      }
      for row in pivot + 1..<max(rows, pivot + 1) {
        for column in pivot + 1..<max(count, pivot + 1) { eliminate(row, column, pivot) }
        eliminate(row, right, pivot)
        __gmpz_set_ui(entry(row, pivot), 0)
      }
      __gmpz_set(denominator.base, entry(pivot, pivot))
    }
    for row in count..<max(rows, count) where pleat_mpz_sgn(entry(row, right)) != 0 { return false }
    // Cramer: every x_c times the determinant is an integer, so back substitution stays in the integers.
    for pivot in stride(from: count - 1, through: 0, by: -1) {
      let x = solution.base + pivot
      __gmpz_mul(x, entry(pivot, right), denominator.base)
      for column in pivot + 1..<max(count, pivot + 1) {
        __gmpz_submul(x, entry(pivot, column), solution.base + column)
      }
      __gmpz_divexact(x, x, entry(pivot, pivot))
    }
    if pleat_mpz_sgn(denominator.base) < 0 {
      denominator.negate(0)
      for column in 0..<count { solution.negate(column) }
    }
    return true
  }

  @inline(__always)
  private func eliminate(_ row: Int, _ column: Int, _ pivot: Int) {
    let target = entry(row, column)
    __gmpz_mul(target, target, entry(pivot, pivot))
    __gmpz_submul(target, entry(row, pivot), entry(pivot, column))
    __gmpz_divexact(target, target, denominator.base)
  }
}
