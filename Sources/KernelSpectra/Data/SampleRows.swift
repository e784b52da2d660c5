import Foundation
import LinearAlgebra

/// Rows of data as points on a sphere: what every kernel of a dense network sees of them.
///
/// Kernels depend on the lengths of the rows and on their angles only. Rows are divided by their lengths and, if their
/// lengths are to count, those are kept.
public struct SampleRows: Sendable {
  /// Directions, `count × dimension`, rows of length 1.
  public let directions: Matrix
  /// The rows as they were given.
  public let original: Matrix
  /// |x_i|², or 1 for all when the rows were normalised.
  public let squaredLengths: [Double]
  /// Whether every row counts as of length 1.
  public let isNormalised: Bool

  public var count: Int { directions.rows }
  public var dimension: Int { directions.columns }

  /// - Parameters:
  ///   - matrix: one sample in each row.
  ///   - normalised: whether the rows are to be divided by their lengths.
  /// - Throws: ``SpectrumError`` for no rows, for values that are not finite and for rows of zeros, with their numbers.
  public init(_ matrix: Matrix, normalised: Bool) throws {
    guard matrix.rows > 0, matrix.columns > 0 else { throw SpectrumError("the data have no rows or no columns") }
    var directions = matrix
    var squares: [Double] = []
    for i in 0..<matrix.rows {
      let row = matrix.row(i)
      if let bad = row.firstIndex(where: { !$0.isFinite }) {
        throw SpectrumError(
          "row \(i + 1) has the value \(row[bad]) in column \(bad - row.startIndex + 1); only finite numbers are accepted"
        )
      }
      let largest = row.reduce(0) { max($0, abs($1)) }
      guard largest > 0 else {
        throw SpectrumError(
          "row \(i + 1) is zero and has no direction; leave it out, or train a bias on data with a constant column")
      }
      // Scaled so that squares neither overflow nor vanish.
      let sum = row.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }
      let length = largest * sum.squareRoot()
      squares.append(length * length)
      for j in 0..<matrix.columns { directions[i, j] = matrix[i, j] / largest / sum.squareRoot() }
    }
    self.directions = directions
    original = matrix
    isNormalised = normalised
    squaredLengths = normalised ? [Double](repeating: 1, count: matrix.rows) : squares
    lengths = squares.map { $0.squareRoot() }
  }

  /// The lengths of the rows as they were given.
  public let lengths: [Double]

  /// |x_i − x_j| and |x_i + x_j| of the directions, without cancellation.
  public func chords(_ i: Int, _ j: Int) -> (difference: Double, sum: Double) {
    var (difference, sum) = (0.0, 0.0)
    directions.elements.withUnsafeBufferPointer { x in
      let (a, b) = (x.baseAddress! + i * dimension, x.baseAddress! + j * dimension)
      for k in 0..<dimension {
        let (d, s) = (a[k] - b[k], a[k] + b[k])
        difference += d * d
        sum += s * s
      }
    }
    return (difference.squareRoot(), sum.squareRoot())
  }

  /// The angle between two rows in [0, π], accurate at both ends: 2 atan2(|x − y|, |x + y|).
  public func angle(_ i: Int, _ j: Int) -> Double {
    let chords = chords(i, j)
    return 2 * atan2(chords.difference, chords.sum)
  }
}
