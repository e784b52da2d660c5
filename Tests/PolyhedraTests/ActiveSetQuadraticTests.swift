import Testing

@testable import Polyhedra

/// The dual active-set method against HiGHS and against the conditions of Karush, Kuhn and Tucker.
@Suite struct ActiveSetQuadraticTests {
  private struct Problem {
    var dimension: Int
    var block: Int
    var hessian: [[Double]]
    var linear: [Double]
    /// Offset, sign, vector.
    var constraints: [(offset: Int, sign: Double, vector: [Double])]

    init(seed: UInt64, grid: Bool) {
      var random = SplitMix(seed: seed)
      block = random.integer(1...4)
      let blocks = random.integer(1...3)
      dimension = block * blocks + random.integer(0...1)
      let n = dimension
      // AᵀA plus a diagonal that makes it well conditioned, or hardly so.
      let rows = (0..<random.integer(1...2 * n)).map { _ in (0..<n).map { _ in random.bell() } }
      let ridge = [1.0, 1e-3][random.integer(0...1)]
      hessian = Array(repeating: Array(repeating: 0, count: n), count: n)
      for i in 0..<n {
        hessian[i][i] = ridge
        for j in 0..<n { for row in rows { hessian[i][j] += row[i] * row[j] } }
      }
      linear = (0..<n).map { _ in random.bell() }
      let size = block
      constraints = (0..<random.integer(0...15)).map { _ in
        var vector = (0..<size).map { _ in grid ? Double(random.integer(-2...2)) : random.bell() }
        if vector.allSatisfy({ $0 == 0 }) { vector[0] = 1 }
        let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return (size * random.integer(0...blocks - 1), random.integer(0...1) == 0 ? -1 : 1, vector.map { $0 / length })
      }
    }

    func slack(_ x: [Double], _ index: Int) -> Double {
      let constraint = constraints[index]
      var sum = 0.0
      for k in 0..<block { sum += constraint.vector[k] * x[constraint.offset + k] }
      return constraint.sign * sum
    }

    func objective(_ x: [Double]) -> Double {
      var sum = 0.0
      for i in 0..<dimension {
        sum += linear[i] * x[i]
        for j in 0..<dimension { sum += 0.5 * x[i] * hessian[i][j] * x[j] }
      }
      return sum
    }

    func solve(threshold: Double = .infinity) -> (outcome: ActiveSetQuadratic.Outcome, solver: ActiveSetQuadratic) {
      let solver = ActiveSetQuadratic(dimension: dimension, blockLength: block)
      return (solve(with: solver, threshold: threshold), solver)
    }

    func solve(with solver: ActiveSetQuadratic, threshold: Double = .infinity) -> ActiveSetQuadratic.Outcome {
      for i in 0..<dimension {
        for j in 0..<dimension { solver.hessian[i * dimension + j] = hessian[i][j] }
        solver.linear[i] = linear[i]
      }
      let storage = constraints.flatMap(\.vector)
      return storage.withUnsafeBufferPointer { vectors in
        let list = constraints.indices.map { index in
          ActiveSetQuadratic.Constraint(
            offset: constraints[index].offset, sign: constraints[index].sign,
            vector: vectors.baseAddress! + index * block)
        }
        return list.withUnsafeBufferPointer { solver.solve(constraints: $0, threshold: threshold) }
      }
    }

    func reference() throws -> LinearProgram.Solution {
      var program = LinearProgram()
      for i in 0..<dimension { program.addColumn(cost: linear[i]) }
      for i in 0..<dimension { for j in 0...i { program.addQuadratic(hessian[i][j], i, j) } }
      for constraint in constraints {
        program.addRow(
          (0..<block).map { (column: constraint.offset + $0, value: constraint.sign * constraint.vector[$0]) }, lower: 0
        )
      }
      return try program.solve()
    }
  }

  @Test(arguments: [false, true]) func agreesWithHiGHS(grid: Bool) throws {
    var compared = 0
    for seed in 0..<200 as Range<UInt64> {
      let problem = Problem(seed: seed, grid: grid)
      let (outcome, solver) = problem.solve()
      #expect(outcome == .optimal, "seed \(seed): \(outcome)")
      let reference = try problem.reference()
      guard reference.status == .optimal else { continue }
      compared += 1
      #expect(
        abs(solver.objective - reference.objective) <= 1e-6 * max(1, abs(reference.objective)),
        "seed \(seed): \(solver.objective), HiGHS \(reference.objective)")
    }
    #expect(compared > 180, "HiGHS solved only \(compared)")
  }

  @Test(arguments: [false, true]) func meetsTheOptimalityConditions(grid: Bool) {
    var held = 0
    for seed in 200..<700 as Range<UInt64> {
      let problem = Problem(seed: seed, grid: grid)
      let (outcome, solver) = problem.solve()
      #expect(outcome == .optimal, "seed \(seed): \(outcome)")
      let n = problem.dimension
      let x = (0..<n).map { solver.x[$0] }
      let size = 1 + (x.map { abs($0) }.max() ?? 0)
      for index in problem.constraints.indices {
        #expect(problem.slack(x, index) >= -1e-9 * size, "seed \(seed), constraint \(index)")
      }
      var gradient = problem.linear
      for i in 0..<n { for j in 0..<n { gradient[i] += problem.hessian[i][j] * x[j] } }
      for position in 0..<solver.activeCount {
        let index = solver.active[position]
        let multiplier = solver.multipliers[position]
        held += 1
        #expect(multiplier >= 0, "seed \(seed)")
        #expect(abs(problem.slack(x, index)) <= 1e-8 * size, "seed \(seed), constraint \(index) is active")
        let constraint = problem.constraints[index]
        for k in 0..<problem.block {
          gradient[constraint.offset + k] -= multiplier * constraint.sign * constraint.vector[k]
        }
      }
      let scale = 1 + (problem.linear.map { abs($0) }.max() ?? 0) * size
      for value in gradient { #expect(abs(value) <= 1e-7 * scale, "seed \(seed): gradient \(value)") }
      #expect(abs(problem.objective(x) - solver.objective) <= 1e-8 * (1 + abs(solver.objective)), "seed \(seed)")
    }
    #expect(held > 500)
  }

  /// What is returned early is a lower bound, and never below the threshold.
  @Test func thresholdsStopEarly() {
    var stopped = 0
    for seed in 700..<900 as Range<UInt64> {
      let problem = Problem(seed: seed, grid: seed % 2 == 0)
      let optimum = problem.solve().solver.objective
      let start = problem.solve(threshold: -.infinity)
      #expect(
        start.outcome == .aboveThreshold && start.solver.objective <= optimum + 1e-9 * (1 + abs(optimum)),
        "seed \(seed)")
      let threshold = 0.5 * (start.solver.objective + optimum)
      let half = problem.solve(threshold: threshold)
      if half.outcome == .aboveThreshold {
        stopped += 1
        #expect(half.solver.objective > threshold, "seed \(seed)")
        #expect(half.solver.objective <= optimum + 1e-8 * (1 + abs(optimum)), "seed \(seed)")
      } else {
        #expect(half.outcome == .optimal && optimum - threshold <= 1e-8 * (1 + abs(optimum)), "seed \(seed)")
      }
    }
    #expect(stopped > 50)
  }

  @Test func theWorkSpaceIsUsedAgain() {
    var solvers: [Int: ActiveSetQuadratic] = [:]
    for seed in 0..<300 as Range<UInt64> {
      let problem = Problem(seed: seed, grid: true)
      let fresh = problem.solve().solver
      let key = problem.dimension * 10 + problem.block
      let solver = solvers[key] ?? ActiveSetQuadratic(dimension: problem.dimension, blockLength: problem.block)
      solvers[key] = solver
      #expect(problem.solve(with: solver) == .optimal, "seed \(seed)")
      #expect(solver.objective == fresh.objective, "seed \(seed): a solve depends on the one before")
    }
  }

  @Test func refusesWhatIsNotConvex() {
    for hessian in [[[0.0]], [[-1.0]], [[Double.nan]], [[1.0, 2], [2, 1]]] {
      let solver = ActiveSetQuadratic(dimension: hessian.count, blockLength: 1)
      for i in hessian.indices {
        for j in hessian.indices { solver.hessian[i * hessian.count + j] = hessian[i][j] }
      }
      #expect(
        solver.solve(constraints: UnsafeBufferPointer(start: nil, count: 0)) == .notPositiveDefinite, "\(hessian)")
    }
  }
}
