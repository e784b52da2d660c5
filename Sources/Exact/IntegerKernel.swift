import CGMP

/// Finds the one direction that a set of integer rows leaves free: v ≠ 0 with row · v = 0 for d − 1 independent rows.
///
/// Rows are taken one after another and reduced, without fractions, by those before; a dependent one changes nothing.
/// The work space is made once.
///
/// Source: E. H. Bareiss, Sylvester's identity and multistep integer-preserving Gaussian elimination, 1968.
public final class IntegerKernel {
  public let dimension: Int
  /// The number of independent rows taken so far.
  public private(set) var rank = 0
  private var rows: [IntegerVector]
  /// The column of the leading entry of each independent row.
  public private(set) var pivots: [Int] = []
  private let scratch: IntegerVector

  /// - Parameter dimension: d, the length of the rows.
  public init(dimension: Int) {
    self.dimension = dimension
    rows = (0..<dimension).map { _ in IntegerVector(count: dimension) }
    scratch = IntegerVector(count: 1)
  }

  /// Forgets all rows.
  public func reset() {
    rank = 0
    pivots.removeAll(keepingCapacity: true)
  }

  /// Takes a row; false when it depends on the rows before. O(d · rank) products.
  @discardableResult
  public func insert(_ row: IntegerVector) -> Bool {
    guard rank < dimension else { return false }
    let target = rows[rank]
    for index in 0..<dimension { target.set(index, to: row, index) }
    // Every entry is a minor of the rows so far, so that each step's division by the pivot before leaves no remainder.
    for (position, pivot) in pivots.enumerated() {
      let known = rows[position]
      scratch.set(0, to: target, pivot)
      for index in 0..<dimension {
        target.multiply(index, by: known, pivot)
        target.subtractProduct(index, known, index, scratch, 0)
        if position > 0 { target.divide(index, exactlyBy: rows[position - 1], pivots[position - 1]) }
      }
    }
    guard let pivot = (0..<dimension).first(where: { target.signum($0) != 0 }) else { return false }
    pivots.append(pivot)
    rank += 1
    return true
  }

  /// Writes the free direction, with either sign, once the rank is d − 1.
  ///
  /// - Returns: false, and `vector` is not touched, when the rank is less.
  /// - Complexity: O(d²) products.
  public func kernel(into vector: IntegerVector) -> Bool {
    guard rank == dimension - 1, let free = (0..<dimension).first(where: { !pivots.contains($0) }) else { return false }
    write(free: free, to: vector)
    return true
  }

  /// Writes the direction that all rows leave free and that is 0 in all columns without a pivot but one.
  ///
  /// - Parameter free: that column; not one of `pivots`.
  /// - Complexity: O(d · rank) products.
  public func write(free: Int, to vector: IntegerVector) {
    vector.clear()
    guard rank > 0 else {
      vector.set(free, to: 1)
      return
    }
    // Cramer: scaled by the last pivot, the determinant of the pivots' columns, all entries are integers.
    vector.set(free, to: rows[rank - 1], pivots[rank - 1])
    for position in stride(from: rank - 1, through: 0, by: -1) {
      let row = rows[position]
      let pivot = pivots[position]
      // The row has zeros at the pivots before its own, so that only what is known already is summed.
      for index in 0..<dimension where index != pivot { vector.subtractProduct(pivot, row, index, vector, index) }
      vector.divide(pivot, exactlyBy: row, pivot)
    }
  }
}
