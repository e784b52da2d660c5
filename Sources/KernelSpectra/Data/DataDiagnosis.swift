import COpenBLAS
import Foundation
import LinearAlgebra

/// What in the geometry of the rows decides the smallest eigenvalue.
public struct DataDiagnosis: Sendable {
  public struct Pair: Sendable, Equatable {
    /// Rows, from 0.
    public let first: Int
    public let second: Int
  }

  /// δ = min over pairs of |x_i − x_j| and |x_i + x_j|, of the directions.
  public let separation: Double
  public let closestPair: Pair?
  /// Pairs of the same direction to within rounding.
  public let duplicates: [Pair]
  /// Pairs of opposite directions to within rounding.
  public let antipodes: [Pair]
  /// How many of the pairs there are in all; the lists above hold the first ones.
  public let duplicateCount: Int
  public let antipodeCount: Int
  /// The dimension of the span of the rows: squared singular values above 10⁻¹³ of the largest.
  public let rank: Int
  /// The lengths of the shortest and the longest row as given.
  public let shortest: Double
  public let longest: Double
  /// ‖X Xᵀ‖ of the directions.
  public let gramNorm: Double

  private static let longestList = 20

  /// O(n²d).
  public init(_ rows: SampleRows) {
    let (n, d) = (rows.count, rows.dimension)
    let rounding = 0x1p-48 * Double(d).squareRoot()
    var separation = Double.infinity
    var closest: Pair?
    var lists = (duplicates: [Pair](), antipodes: [Pair]())
    var counts = (duplicates: 0, antipodes: 0)
    openblas_set_num_threads(1)
    var products = [Double](repeating: 0, count: n)
    for i in 1..<max(n, 1) where i < n {
      rows.directions.elements.withUnsafeBufferPointer { x in
        cblas_dgemv(
          CblasRowMajor, CblasNoTrans, Int32(i), Int32(d), 1, x.baseAddress, Int32(d), x.baseAddress! + i * d, 1, 0,
          &products, 1)
      }
      // 2 − 2|ρ| = δ²: only pairs that could be the closest are measured by their chords.
      for j in 0..<i where 2 - 2 * abs(products[j]) < separation * separation + 1e-12 {
        let chords = rows.chords(i, j)
        let pair = Pair(first: j, second: i)
        let distance = min(chords.difference, chords.sum)
        if chords.difference <= rounding {
          counts.duplicates += 1
          if lists.duplicates.count < Self.longestList { lists.duplicates.append(pair) }
        }
        if chords.sum <= rounding {
          counts.antipodes += 1
          if lists.antipodes.count < Self.longestList { lists.antipodes.append(pair) }
        }
        if distance < separation {
          separation = distance
          closest = pair
        }
      }
    }
    self.separation = separation
    closestPair = closest
    (duplicates, antipodes) = (lists.duplicates, lists.antipodes)
    (duplicateCount, antipodeCount) = (counts.duplicates, counts.antipodes)
    shortest = rows.lengths.min() ?? 0
    longest = rows.lengths.max() ?? 0
    let values = Self.squaredSingularValues(rows.directions)
    let norm = values.last ?? 0
    gramNorm = norm
    rank = values.count { $0 > 1e-13 * norm }
  }

  /// Eigenvalues of the smaller of XᵀX and XXᵀ, ascending.
  private static func squaredSingularValues(_ x: Matrix) -> [Double] {
    let (n, d) = (x.rows, x.columns)
    let size = min(n, d)
    var gram = Matrix(rows: size, columns: size)
    let byRows = n <= d
    cblas_dsyrk(
      CblasRowMajor, CblasLower, byRows ? CblasNoTrans : CblasTrans, Int32(size), Int32(byRows ? d : n), 1, x.elements,
      Int32(d), 0, &gram.elements, Int32(size))
    for i in 0..<size { for j in 0..<i { gram[j, i] = gram[i, j] } }
    return (try? SymmetricEigen(&gram))?.values ?? []
  }
}
