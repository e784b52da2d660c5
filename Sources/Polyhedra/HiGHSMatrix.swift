import CHiGHS

/// A sparse matrix by columns, in the index type of HiGHS: the entries of column `j` are at `starts[j] ..< starts[j + 1]`.
struct HiGHSMatrix {
  private(set) var starts: [HighsInt]
  private(set) var rows: [HighsInt]
  private(set) var values: [Double]

  /// Sorts entries by column and row, adds up those that name the same place and leaves out zeros: an explicit zero in the
  /// Hessian makes HiGHS 1.15 solve another program. O(e log e).
  ///
  /// Indices must be inside the matrix and their number below 2³¹.
  init(_ entries: [LinearProgram.Entry], columnCount: Int) {
    let sorted = entries.sorted { ($0.column, $0.row) < ($1.column, $1.row) }
    starts = [HighsInt](repeating: 0, count: columnCount + 1)
    rows = []
    values = []
    rows.reserveCapacity(sorted.count)
    values.reserveCapacity(sorted.count)
    var next = 0
    while next < sorted.count {
      let (row, column) = (sorted[next].row, sorted[next].column)
      var sum = 0.0
      while next < sorted.count, sorted[next].row == row, sorted[next].column == column {
        sum += sorted[next].value
        next += 1
      }
      if sum == 0 { continue }
      rows.append(HighsInt(row))
      values.append(sum)
      starts[column + 1] += 1
    }
    for column in 0..<columnCount { starts[column + 1] += starts[column] }
  }
}
