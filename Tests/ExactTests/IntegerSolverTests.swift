import Exact
import Probability
import Testing

@Suite struct IntegerSolverTests {
  /// Rational Gaussian elimination: the truth. Nil when the columns are dependent or the system contradicts itself.
  private static func reference(_ matrix: [[Int]], columns: Int) -> [Rational]? {
    var rows = matrix.map { $0.map { Rational($0) } }
    for pivot in 0..<columns {
      guard let row = (pivot..<max(pivot, rows.count)).first(where: { rows[$0][pivot].signum != 0 }) else { return nil }
      rows.swapAt(row, pivot)
      for other in rows.indices where other != pivot && rows[other][pivot].signum != 0 {
        let factor = rows[other][pivot] / rows[pivot][pivot]
        for column in rows[other].indices { rows[other][column] -= factor * rows[pivot][column] }
      }
    }
    guard rows.dropFirst(columns).allSatisfy({ $0[columns].signum == 0 }) else { return nil }
    return (0..<columns).map { rows[$0][columns] / rows[$0][$0] }
  }

  /// Writes the first `columns` columns and the right-hand side into the solver's larger matrix.
  private static func fill(_ solver: IntegerSolver, _ matrix: [[Int]], columns: Int) {
    for (r, row) in matrix.enumerated() {
      for c in 0..<columns { solver.matrix.set(r * (solver.columns + 1) + c, to: row[c]) }
      solver.matrix.set(r * (solver.columns + 1) + solver.columns, to: row[columns])
    }
  }

  @Test func agreesWithRationalElimination() {
    var solved = 0
    var refused = 0
    for seed in 0..<2000 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let size = Int.random(in: 1...6, using: &source)
      let columns = Int.random(in: 0...size, using: &source)
      let range = [1, 3, 1000, 1 << 40].randomElement(using: &source)!
      var matrix = (0..<size).map { _ in (0...columns).map { _ in Int.random(in: -range...range, using: &source) } }
      switch seed % 4 {
      case 0 where columns >= 2 && range < 1 << 40:
        // A dependent column.
        for r in 0..<size { matrix[r][1] = 2 * matrix[r][0] }
      case 1 where range < 1 << 40:
        // A consistent system: the right-hand side is a combination of the columns.
        let x = (0..<columns).map { _ in Int.random(in: -5...5, using: &source) }
        for r in 0..<size { matrix[r][columns] = (0..<columns).reduce(0) { $0 + matrix[r][$1] * x[$1] } }
      default: break
      }
      let solver = IntegerSolver(rows: size, columns: size)
      Self.fill(solver, matrix, columns: columns)
      let expected = Self.reference(matrix, columns: columns)
      let found = solver.solve(columns: columns)
      #expect(found == (expected != nil), "seed \(seed): \(matrix)")
      guard found, let expected else {
        refused += 1
        continue
      }
      solved += 1
      #expect(solver.denominator.signum(0) > 0, "seed \(seed)")
      let x = (0..<columns).map { solver.solution.rational($0) / solver.denominator.rational(0) }
      #expect(x == expected, "seed \(seed): \(matrix)")
    }
    #expect(solved > 500 && refused > 200)
  }

  @Test func theWorkSpaceIsUsedAgain() {
    let solver = IntegerSolver(rows: 3, columns: 3)
    for seed in 0..<200 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let columns = Int.random(in: 1...3, using: &source)
      let matrix = (0..<3).map { _ in (0...columns).map { _ in Int.random(in: -2...2, using: &source) } }
      Self.fill(solver, matrix, columns: columns)
      let expected = Self.reference(matrix, columns: columns)
      let found = solver.solve(columns: columns)
      #expect(found == (expected != nil), "seed \(seed): \(matrix)")
      guard found, let expected else { continue }
      let x = (0..<columns).map { solver.solution.rational($0) / solver.denominator.rational(0) }
      #expect(x == expected, "seed \(seed): \(matrix)")
    }
  }

  @Test func vectorsKeepIntegersOfAnySize() {
    let vector = IntegerVector(count: 3)
    #expect(vector.set(0, hexadecimal: Array("-ffffffffffffffffffffffff".utf8)))
    var text: [UInt8] = []
    vector.appendHexadecimal(0, to: &text)
    #expect(String(decoding: text, as: UTF8.self) == "-ffffffffffffffffffffffff")
    for nonsense in ["12g4", "", "-", "0x1", "1.5"] {
      #expect(!vector.set(1, hexadecimal: Array(nonsense.utf8)), "\(nonsense)")
    }
    vector.set(1, to: Int.min)
    vector.set(2, to: 0)
    vector.addProduct(2, vector, 1, times: Int.min)
    #expect(vector.rational(2) == Rational(powerOfTwo: 126))
    vector.addProduct(2, vector, 1, vector, 1)
    #expect(vector.rational(2) == Rational(powerOfTwo: 127))
    vector.subtractProduct(2, vector, 1, vector, 1)
    vector.negate(2)
    #expect(vector.signum(2) == -1 && vector.rational(2) == -Rational(powerOfTwo: 126))
    #expect(vector.quotient(2, vector, 1) == 0x1p63)
    vector.set(0, to: 3)
    vector.multiply(0, by: vector, 1)
    #expect(vector.rational(0) == Rational(Int.min) * 3)
  }
}
