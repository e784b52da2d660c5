/// An affine change of units, one per column, that gives a sample mean 0 and standard deviation 1.
///
/// `z = (v − mean) / scale`, with the mean and the population standard deviation (division by `n`) of the columns it
/// was made from. A constant column, or an empty one, keeps scale 1.
public struct Standardiser: Sendable, Equatable, Codable {
  /// The mean of each column, in the column's own unit.
  public let means: [Double]
  /// The standard deviation of each column, in the column's own unit; positive.
  public let scales: [Double]

  /// Measures columns of finite numbers; `columns[j][i]` is row `i` of column `j`. O(cells).
  public init(columns: [[Double]]) {
    let moments = columns.map(Self.moments)
    means = moments.map(\.mean)
    scales = moments.map(\.scale)
  }

  /// The columns in standard units: as many columns as the standardiser was made from, of any length. O(cells).
  public func apply(_ columns: [[Double]]) -> [[Double]] {
    precondition(columns.count == means.count, "standardiser of \(means.count) columns given \(columns.count)")
    return columns.indices.map { j in columns[j].map { ($0 - means[j]) / scales[j] } }
  }

  /// The columns back in their own units: the inverse of `apply`, up to rounding. O(cells).
  public func undo(_ columns: [[Double]]) -> [[Double]] {
    precondition(columns.count == means.count, "standardiser of \(means.count) columns given \(columns.count)")
    return columns.indices.map { j in columns[j].map { $0 * scales[j] + means[j] } }
  }

  private static func moments(_ column: [Double]) -> (mean: Double, scale: Double) {
    guard let smallest = column.min(), let largest = column.max() else { return (0, 1) }
    // Decided on the values: a rounded mean would leave a constant column a deviation of one unit in the last place.
    guard smallest < largest else { return (smallest, 1) }
    guard (largest - smallest).isFinite else {
      let quarter = moments(column.map { $0 / 4 })
      return (4 * quarter.mean, 4 * quarter.scale)
    }
    let count = Double(column.count)
    let rough = column.reduce(0) { $0 + $1 / count }
    let refined = column.reduce(rough) { $0 + ($1 - rough) / count }
    let mean = min(max(refined, smallest), largest)
    // Relative to the largest deviation, so that the squares neither overflow nor vanish.
    let reach = max(largest - mean, mean - smallest)
    let square = column.reduce(0) { sum, value in
      let deviation = (value - mean) / reach
      return sum + deviation * deviation
    }
    // Among the smallest doubles the product may round to zero, which cannot divide.
    let scale = reach * (square / count).squareRoot()
    return (mean, scale > 0 ? scale : reach)
  }
}
