import COpenBLAS

extension Matrix {
  /// The product `left · right`, by BLAS `dgemm`; the inner dimensions must agree.
  public static func * (left: Matrix, right: Matrix) -> Matrix {
    precondition(left.columns == right.rows, "inner dimensions \(left.columns) and \(right.rows) differ")
    var result = Matrix(rows: left.rows, columns: right.columns)
    guard left.rows > 0, right.columns > 0, left.columns > 0 else { return result }
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(left.rows), Int32(right.columns), Int32(left.columns), 1,
      left.elements, Int32(left.columns), right.elements, Int32(right.columns), 0, &result.elements,
      Int32(right.columns))
    return result
  }
}

/// A least-squares problem that LAPACK could not solve.
public struct LeastSquaresFailure: Error, CustomStringConvertible {
  public let description: String
}

/// The vector `x` of least norm that minimises ‖A x − b‖₂, by LAPACK `dgelsd` (divide-and-conquer singular values).
///
/// - Parameters:
///   - matrix: A, `m × n`, of any rank.
///   - rightHandSide: b, `m` elements.
///   - reciprocalCondition: singular values below this fraction of the largest count as zero.
/// - Complexity: O(m n min(m, n)).
public func leastSquares(
  _ matrix: Matrix, _ rightHandSide: [Double], reciprocalCondition: Double = 1e-13
) throws -> [Double] {
  precondition(matrix.rows == rightHandSide.count, "one right-hand side element for each row")
  guard matrix.columns > 0 else { return [] }
  guard matrix.rows > 0 else { return Array(repeating: 0, count: matrix.columns) }
  var m = Int32(matrix.rows)
  var n = Int32(matrix.columns)
  var one: Int32 = 1
  var leading = max(m, n)
  var condition = reciprocalCondition
  var rank: Int32 = 0
  var info: Int32 = 0
  var a = matrix.transposed.elements
  var b = rightHandSide + Array(repeating: 0, count: Int(leading - m))
  var singularValues = Array(repeating: 0.0, count: Int(min(m, n)))
  var work = [0.0]
  var workLength: Int32 = -1
  var integerWork: [Int32] = [0]
  // The first call only asks for the size of the work space.
  dgelsd_(
    &m, &n, &one, &a, &m, &b, &leading, &singularValues, &condition, &rank, &work, &workLength, &integerWork, &info)
  workLength = Int32(work[0])
  work = Array(repeating: 0, count: Int(workLength))
  integerWork = Array(repeating: 0, count: max(1, Int(integerWork[0])))
  dgelsd_(
    &m, &n, &one, &a, &m, &b, &leading, &singularValues, &condition, &rank, &work, &workLength, &integerWork, &info)
  guard info == 0 else { throw LeastSquaresFailure(description: "LAPACK dgelsd failed with code \(info)") }
  return Array(b.prefix(matrix.columns))
}
