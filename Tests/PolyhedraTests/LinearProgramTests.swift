import Testing

@testable import Polyhedra

@Suite struct LinearProgramTests {
  @Test func solvesTheExampleOfItsPage() throws {
    var program = LinearProgram()
    let x = program.addColumn(cost: -1, lower: 0, upper: 4)
    let y = program.addColumn(cost: -2, lower: 0)
    program.addRow([(x, 1), (y, 1)], upper: 5)
    let solution = try program.solve()
    #expect(solution.status == .optimal)
    #expect(abs(solution.objective + 10) < 1e-9)
    #expect(abs(solution.x[x]) < 1e-9)
    #expect(abs(solution.x[y] - 5) < 1e-9)
    #expect(abs(solution.rowValues[0] - 5) < 1e-9)
    #expect(abs(solution.rowDuals[0] + 2) < 1e-9)
    #expect(abs(solution.columnDuals[x] - 1) < 1e-9)
    #expect(abs(solution.columnDuals[y]) < 1e-9)
  }

  @Test func rowsColumnsAndEntriesGiveTheSameProgram() throws {
    var byRows = LinearProgram()
    byRows.offset = 3
    for cost in [1.0, 2, -1] { byRows.addColumn(cost: cost, lower: 0, upper: 10) }
    byRows.addRow(dense: [1, 2, 0], lower: 2)
    byRows.addRow([(0, 1), (2, 3)], lower: -1, upper: 8)

    var byColumns = LinearProgram()
    byColumns.offset = 3
    byColumns.addRow(lower: 2)
    byColumns.addRow(lower: -1, upper: 8)
    byColumns.addColumn([(0, 1), (1, 1)], cost: 1, lower: 0, upper: 10)
    byColumns.addColumn([(0, 2)], cost: 2, lower: 0, upper: 10)
    byColumns.addColumn([(1, 1), (1, 2)], cost: -1, lower: 0, upper: 10)

    let first = try byRows.solve()
    let second = try byColumns.solve()
    #expect(first.status == .optimal)
    #expect(first == second)
    // Row 0 at equality costs 2, and x₂ = 8/3 gains as much as it may.
    #expect(abs(first.objective - (3 + 2 - 8.0 / 3)) < 1e-9)
  }

  @Test func tellsInfeasibleFromUnbounded() throws {
    var infeasible = LinearProgram()
    infeasible.addColumn(cost: -1, lower: 0)
    infeasible.addRow([(0, 1)], upper: -1)
    #expect(try infeasible.solve().status == .infeasible)

    var unbounded = LinearProgram()
    unbounded.addColumn(cost: -1, lower: 0)
    unbounded.addColumn(lower: 0)
    unbounded.addRow([(0, 1), (1, -1)], upper: 1)
    let solution = try unbounded.solve()
    #expect(solution.status == .unbounded)
    #expect(solution.objective == -.infinity)
    #expect(solution.x.isEmpty)

    var contradictory = LinearProgram()
    contradictory.addColumn(lower: 1, upper: 0)
    #expect(try contradictory.solve().status == .infeasible)
  }

  @Test func acceptsProgramsWithoutColumnsOrRows() throws {
    var program = LinearProgram()
    program.offset = 2
    #expect(try program.solve().objective == 2)
    program.addRow(lower: -1, upper: 1)
    #expect(try program.solve().status == .optimal)
    program.addRow(lower: 1)
    #expect(try program.solve().status == .infeasible)

    var box = LinearProgram()
    box.addColumn(cost: 1, lower: -2, upper: 3)
    box.addColumn(cost: -1, lower: -2, upper: 3)
    #expect(try box.solve().x == [-2, 3])
  }

  @Test func minimisesConvexQuadratics() throws {
    // ½ (x² + 2 y²) + ½ x y − x − 2 y on x + y ≤ 1, whose minimum is on the line.
    var program = LinearProgram()
    let x = program.addColumn(cost: -1)
    let y = program.addColumn(cost: -2)
    program.addQuadratic(1, x, x)
    program.addQuadratic(2, y, y)
    program.addQuadratic(0.5, x, y)
    let free = try program.solve()
    // x + y/2 = 1, x/2 + 2 y = 2.
    #expect(free.status == .optimal)
    #expect(abs(free.x[x] - 4.0 / 7) < 1e-9)
    #expect(abs(free.x[y] - 6.0 / 7) < 1e-9)

    program.addRow([(x, 1), (y, 1)], upper: 1)
    let bounded = try program.solve()
    // With y = 1 − x the derivative is x + (1 − 2x)/2 − 2(1 − x) + 1 = 2x − ½.
    #expect(abs(bounded.x[x] - 0.25) < 1e-9)
    #expect(abs(bounded.x[y] - 0.75) < 1e-9)
    #expect(abs(bounded.objective - (0.5 * 0.0625 + 0.5625 + 0.5 * 0.1875 - 0.25 - 1.5)) < 1e-9)
  }

  @Test func quadraticsMayBeUnboundedOrInfeasible() throws {
    // (x − y)² − x − y falls along x = y.
    var program = LinearProgram()
    for _ in 0..<2 { program.addColumn(cost: -1) }
    program.addQuadratic(2, 0, 0)
    program.addQuadratic(2, 1, 1)
    program.addQuadratic(-2, 0, 1)
    #expect(try program.solve().status == .unbounded)
    program.addRow([(0, 1), (1, 1)], upper: 3)
    let bounded = try program.solve()
    #expect(abs(bounded.objective + 3) < 1e-8)
    program.addRow([(0, 1), (1, 1)], lower: 4)
    #expect(try program.solve().status == .infeasible)
  }

  /// Least squares under sign constraints, often with more parameters than samples.
  @Test func quadraticOptimaAreStationary() throws {
    var solved = 0
    for seed in 1...200 as ClosedRange<UInt64> {
      var random = SplitMix(seed: seed)
      let count = random.integer(1...6)
      let samples = (0..<random.integer(1...10)).map { _ in
        (x: (0..<count).map { _ in Double(random.integer(-2...2)) }, y: Double(random.integer(-2...2)))
      }
      var program = LinearProgram()
      for k in 0..<count { program.addColumn(cost: -samples.reduce(0) { $0 + $1.x[k] * $1.y }) }
      for i in 0..<count {
        for j in 0...i { program.addQuadratic(samples.reduce(0) { $0 + $1.x[i] * $1.x[j] }, i, j) }
      }
      let rows = (0..<random.integer(0...5)).map { _ in (0..<count).map { _ in Double(random.integer(-2...2)) } }
      for row in rows { program.addRow(dense: row, lower: 0) }
      let solution = try program.solve()
      guard solution.status == .optimal else {
        // A least squares problem has a minimum; if HiGHS misses it, no other answer may be given.
        #expect(solution.x.isEmpty && solution.status != .infeasible && solution.status != .unbounded, "seed \(seed)")
        continue
      }
      solved += 1
      for k in 0..<count {
        var gradient = 0.0
        for (x, y) in samples { gradient += x[k] * (zip(x, solution.x).reduce(-y) { $0 + $1.0 * $1.1 }) }
        for (row, dual) in zip(rows, solution.rowDuals) { gradient -= dual * row[k] }
        #expect(abs(gradient) < 1e-4, "seed \(seed)")
      }
      for (value, dual) in zip(solution.rowValues, solution.rowDuals) {
        #expect(value > -1e-5 && dual > -1e-5 && value * dual < 1e-4, "seed \(seed)")
      }
    }
    #expect(solved >= 180)
  }

  @Test func saysWhatIsWrongWithAProgram() throws {
    func message(_ build: (inout LinearProgram) -> Void) -> String {
      var program = LinearProgram()
      program.addColumn(cost: 1, lower: 0)
      program.addRow([(0, 1)], lower: 1)
      build(&program)
      do {
        _ = try program.solve()
        return "no error"
      } catch {
        return "\(error)"
      }
    }
    #expect(message { $0.addColumn(cost: .nan) } == "linear program: the cost of column 1 is nan; it must be finite")
    #expect(message { $0.add(1, row: 0, column: 7) }.contains("row 0, column 7 in a program of 1 rows and 1 columns"))
    #expect(message { $0.add(1, row: -1, column: 0) }.contains("row -1"))
    #expect(message { $0.add(.infinity, row: 0, column: 0) }.contains("entry at row 0, column 0 is inf"))
    #expect(message { $0.addColumn(lower: .nan) }.contains("lower bound of column 1 is nan"))
    #expect(message { $0.addRow(upper: -.infinity) }.contains("upper bound of row 1 is -inf"))
    #expect(message { $0.addQuadratic(1, 0, 3) }.contains("the columns 3 and 0"))
    #expect(message { $0.addQuadratic(-1, 0, 0) }.contains("positive semidefinite"))
    #expect(
      message {
        let other = $0.addColumn()
        for (value, i, j) in [(1.0, 0, 0), (1, other, other), (1.1, 0, other)] { $0.addQuadratic(value, i, j) }
      }.contains("positive semidefinite"))
    #expect(message { $0.offset = .nan }.contains("offset"))
    #expect(message { _ in } == "no error")
  }

  @Test func solvesOnManyThreadsAtOnce() async throws {
    let objectives = try await withThrowingTaskGroup(of: (Int, Double).self) { group in
      for k in 0..<64 {
        group.addTask {
          var program = LinearProgram()
          for j in 0..<10 { program.addColumn(cost: -1, lower: 0, upper: Double(j)) }
          program.addRow(dense: [Double](repeating: 1, count: 10), upper: Double(k))
          return (k, try program.solve().objective)
        }
      }
      return try await group.reduce(into: [Int: Double]()) { $0[$1.0] = $1.1 }
    }
    for k in 0..<64 { #expect(objectives[k].map { abs($0 + min(45, Double(k))) < 1e-9 } == true, "k = \(k)") }
  }
}
