import COpenBLAS

/// A matrix that LAPACK could not decompose.
public struct EigenFailure: Error, CustomStringConvertible {
  public let description: String

  public init(description: String) { self.description = description }
}

/// Eigenvalues and orthonormal eigenvectors of a symmetric matrix.
public struct SymmetricEigen: Sendable {
  /// Ascending.
  public let values: [Double]
  /// `n × n`; row k is the eigenvector of value k.
  public let vectors: Matrix

  /// By LAPACK `dsyevr`. The result is the same on any number of threads, because BLAS is kept on one.
  ///
  /// The matrix is used as work space and is afterwards what it was before: LAPACK overwrites one triangle, which is
  /// copied back from the other. So two n × n matrices are all the memory that is needed, but for O(n).
  ///
  /// - Complexity: O(n³).
  /// - Throws: ``EigenFailure`` when the iteration does not converge, which takes values that are not finite.
  public init(_ matrix: inout Matrix) throws {
    precondition(matrix.rows == matrix.columns, "a square matrix")
    openblas_set_num_threads(1)
    let size = matrix.rows
    guard size > 0 else {
      (values, vectors) = ([], Matrix(rows: 0, columns: 0))
      return
    }
    var n = Int32(size)
    var (vectorsJob, allRange, lower) = (Int8(UInt8(ascii: "V")), Int8(UInt8(ascii: "A")), Int8(UInt8(ascii: "L")))
    var (low, high, tolerance) = (0.0, 0.0, 0.0)
    var (first, last, found, info): (Int32, Int32, Int32, Int32) = (1, n, 0, 0)
    var values = [Double](repeating: 0, count: size)
    var vectors = Matrix(rows: size, columns: size)
    var support = [Int32](repeating: 0, count: 2 * size)
    var work = [0.0]
    var integerWork: [Int32] = [0]
    var (workLength, integerLength): (Int32, Int32) = (-1, -1)
    let diagonal = (0..<size).map { matrix[$0, $0] }
    // The first call only asks for the size of the work space.
    for _ in 0..<2 {
      dsyevr_(
        &vectorsJob, &allRange, &lower, &n, &matrix.elements, &n, &low, &high, &first, &last, &tolerance, &found,
        &values, &vectors.elements, &n, &support, &work, &workLength, &integerWork, &integerLength, &info)
      guard workLength == -1 else { break }
      (workLength, integerLength) = (Int32(work[0]), integerWork[0])
      work = [Double](repeating: 0, count: Int(workLength))
      integerWork = [Int32](repeating: 0, count: Int(integerLength))
    }
    // LAPACK's lower triangle, by columns, is the upper one by rows.
    matrix.elements.withUnsafeMutableBufferPointer { a in
      let block = 64
      for iStart in stride(from: 0, to: size, by: block) {
        for jStart in stride(from: iStart, to: size, by: block) {
          for i in iStart..<min(iStart + block, size) {
            for j in max(jStart, i + 1)..<max(i + 1, min(jStart + block, size)) { a[i * size + j] = a[j * size + i] }
          }
        }
      }
      for i in 0..<size { a[i * size + i] = diagonal[i] }
    }
    guard info == 0, Int(found) == size else {
      throw EigenFailure(
        description: "LAPACK dsyevr failed with code \(info); does the matrix hold only finite numbers?")
    }
    self.values = values
    self.vectors = vectors
  }
}
