import Exact

/// Bounding boxes of bounded cells in doubles, rounded outwards: what decides quickly which cells can hold a point.
struct CellBoxes: Sendable {
  private let dimension: Int
  /// For each cell and axis the least and the largest coordinate.
  private let lower: [Double]
  private let upper: [Double]

  /// - Parameters:
  ///   - corners: the vertices of each cell, at least one.
  ///   - slack: by how much the boxes are widened.
  init(_ corners: [[[Rational]]], slack: Rational) {
    dimension = corners[0][0].count
    var (lower, upper): ([Double], [Double]) = ([], [])
    for points in corners {
      for axis in 0..<dimension {
        let values = points.map { $0[axis] }
        lower.append((values.min()! - slack).roundedDown)
        upper.append((values.max()! + slack).roundedUp)
      }
    }
    (self.lower, self.upper) = (lower, upper)
  }

  /// The cells whose box contains a point. O(cells · n).
  func cells(at point: [Rational]) -> [Int] {
    let (low, high) = (point.map(\.roundedDown), point.map(\.roundedUp))
    return (0..<lower.count / dimension).filter { cell in
      (0..<dimension).allSatisfy { axis in
        lower[cell * dimension + axis] <= high[axis] && low[axis] <= upper[cell * dimension + axis]
      }
    }
  }
}
