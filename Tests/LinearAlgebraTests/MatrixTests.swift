import LinearAlgebra
import Probability
import Testing

@Suite struct MatrixTests {
  private static func random(_ rows: Int, _ columns: Int, _ source: inout RandomSource) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: (0..<rows * columns).map { _ in source.normal() })
  }

  @Test func productsAgreeWithTheDefinition() {
    for seed in 0..<50 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let (m, k, n) = (source.index(below: 6), source.index(below: 6), source.index(below: 6))
      let a = Self.random(m, k, &source)
      let b = Self.random(k, n, &source)
      let product = a * b
      #expect(product.rows == m && product.columns == n, "seed \(seed)")
      for i in 0..<m {
        for j in 0..<n {
          let expected = (0..<k).reduce(0) { $0 + a[i, $1] * b[$1, j] }
          #expect(abs(product[i, j] - expected) < 1e-12, "seed \(seed)")
        }
      }
    }
  }

  @Test func transposingTwiceIsNothing() {
    var source = RandomSource(seed: 4)
    let a = Self.random(3, 5, &source)
    #expect(a.transposed.transposed == a)
    #expect(a.transposed[4, 2] == a[2, 4])
    #expect(Array(a.row(1)) == (0..<5).map { a[1, $0] })
  }

  /// The residual is orthogonal to the columns, and the solution to the null space.
  @Test func leastSquaresMeetsTheNormalEquations() throws {
    for seed in 0..<60 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let rows = 1 + source.index(below: 7)
      let columns = 1 + source.index(below: 5)
      var a = Self.random(rows, columns, &source)
      if seed % 3 == 0, columns > 1 {
        // A repeated column: the weight is shared.
        for r in 0..<rows { a[r, 1] = a[r, 0] }
      }
      let b = (0..<rows).map { _ in source.normal() }
      let x = try leastSquares(a, b)
      #expect(x.count == columns, "seed \(seed)")
      let residual = (0..<rows).map { r in (0..<columns).reduce(-b[r]) { $0 + a[r, $1] * x[$1] } }
      for c in 0..<columns {
        #expect(abs((0..<rows).reduce(0) { $0 + a[$1, c] * residual[$1] }) < 1e-9, "seed \(seed)")
      }
      if seed % 3 == 0, columns > 1 { #expect(abs(x[0] - x[1]) < 1e-9, "seed \(seed)") }
    }
  }

  @Test func leastSquaresOfNothing() throws {
    #expect(try leastSquares(Matrix(rows: 3, columns: 0), [1, 2, 3]) == [])
    #expect(try leastSquares(Matrix(rows: 0, columns: 2), []) == [0, 0])
  }
}
