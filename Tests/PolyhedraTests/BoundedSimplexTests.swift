import Testing

@testable import Polyhedra

@Suite struct BoundedSimplexTests {
  @Test(arguments: Family.allCases)
  func agreesWithHiGHS(_ family: Family) throws {
    var simplex = BoundedSimplex(rows: 1, capacity: 8)
    var unbounded = 0
    for seed in 1...700 as ClosedRange<UInt64> {
      var random = SplitMix(seed: seed)
      let program = family.program(&random)
      try program.load(&simplex)
      let status = simplex.solve()
      let reference = try program.reference.solve()
      let place: Comment = "\(family), seed \(seed)"
      switch status {
      case .optimal:
        try #require(reference.status == .optimal, place)
        let size = zip(program.cost, reference.x).reduce(0.0) { $0 + abs($1.0 * $1.1) }
        let unit = program.cost.reduce(0) { max($0, abs($1)) } * simplex.boundScale
        #expect(abs(simplex.objective - reference.objective) <= 1e-8 * (size + unit), place)
        #expect(program.dualInfeasibility(simplex) == nil, place)
      case .unbounded:
        unbounded += 1
        #expect(reference.status == .unbounded, place)
        #expect(program.rayDefect(simplex) == nil, place)
      case .belowTarget, .undecided:
        Issue.record("\(status) for \(family), seed \(seed)")
      }
      #expect(program.infeasibility(simplex) == nil, place)
    }
    #expect(family != .mixed || unbounded > 50)
  }

  /// The descent finds nearly every optimum; what takes over when it does not is put to work here.
  @Test(arguments: Family.allCases)
  func primalMethodAloneAgrees(_ family: Family) throws {
    var simplex = BoundedSimplex(rows: 1)
    for seed in 1...300 as ClosedRange<UInt64> {
      var random = SplitMix(seed: seed)
      let program = family.program(&random)
      try program.load(&simplex)
      let status = simplex.solve()
      let objective = simplex.objective
      simplex.restart()
      let primal = simplex.solve(stopBelow: -.infinity, iterationLimit: 100_000, rounds: [.init(descends: false)])
      let place: Comment = "\(family), seed \(seed)"
      #expect(primal == status, place)
      #expect(program.infeasibility(simplex) == nil, place)
      guard status == .optimal else { continue }
      let unit = simplex.costScale * simplex.boundScale
      #expect(abs(simplex.objective - objective) <= 1e-8 * (abs(objective) + unit), place)
      #expect(program.dualInfeasibility(simplex) == nil, place)
      simplex.restart()
      let blandOnly = BoundedSimplex.Round(descends: false, refactorInterval: 5, degenerateLimit: -1)
      #expect(simplex.solve(stopBelow: -.infinity, iterationLimit: 100_000, rounds: [blandOnly]) == .optimal, place)
      #expect(abs(simplex.objective - objective) <= 1e-8 * (abs(objective) + unit), place)
      #expect(program.dualInfeasibility(simplex) == nil, place)
    }
  }

  @Test func fitsLeastAbsoluteDeviations() throws {
    var simplex = BoundedSimplex(rows: 1)
    for seed in 1...300 as ClosedRange<UInt64> {
      var random = SplitMix(seed: seed)
      let parameters = random.integer(1...6)
      let samples = (0..<random.integer(1...50)).map { _ in
        (x: (0..<parameters).map { _ in random.bell() }, y: Double(random.integer(-4...4)))
      }
      simplex.reset(rows: parameters)
      var primal = LinearProgram()
      for _ in 0..<parameters { primal.addColumn() }
      for (x, y) in samples {
        try simplex.append(column: x, cost: -y, lower: -1, upper: 1)
        let residual = primal.addColumn(cost: 1, lower: 0)
        primal.addRow(x.enumerated().map { ($0.offset, $0.element) } + [(residual, 1)], lower: y)
        primal.addRow(x.enumerated().map { ($0.offset, $0.element) } + [(residual, -1)], upper: y)
      }
      #expect(simplex.solve() == .optimal, "seed \(seed)")
      let theta = simplex.multipliers.map { -$0 }
      let loss = samples.reduce(0.0) { sum, sample in
        sum + abs(sample.y - zip(sample.x, theta).reduce(0.0) { $0 + $1.0 * $1.1 })
      }
      let best = try primal.solve().objective
      #expect(abs(loss - best) <= 1e-8 * (1 + best), "seed \(seed)")
      #expect(abs(loss + simplex.objective) <= 1e-8 * (1 + best), "seed \(seed)")
    }
  }

  @Test func appendingGoesOnFromWhereTheLastSolveEnded() throws {
    var simplex = BoundedSimplex(rows: 1)
    var fresh = BoundedSimplex(rows: 1)
    var warmPivots = 0
    var coldPivots = 0
    for family in Family.allCases {
      for seed in 1...60 as ClosedRange<UInt64> {
        var random = SplitMix(seed: seed)
        let whole = family.program(&random)
        var part = DualProgram(rows: whole.rows)
        simplex.reset(rows: whole.rows)
        for j in whole.columns.indices {
          part.add(whole.columns[j], whole.cost[j], whole.lower[j], whole.upper[j])
          try part.load(&simplex, from: j)
          let warm = simplex.solve()
          warmPivots += simplex.pivots
          try part.load(&fresh)
          let cold = fresh.solve()
          coldPivots += fresh.pivots
          let place: Comment = "\(family), seed \(seed), column \(j)"
          #expect(warm == cold, place)
          #expect(part.infeasibility(simplex) == nil, place)
          guard warm == .optimal, cold == .optimal else { continue }
          let unit = simplex.costScale * simplex.boundScale
          #expect(abs(simplex.objective - fresh.objective) <= 1e-8 * (abs(fresh.objective) + unit), place)
          #expect(part.dualInfeasibility(simplex) == nil, place)
        }
      }
    }
    #expect(2 * warmPivots < coldPivots, "\(warmPivots) pivots warm, \(coldPivots) cold")
  }

  @Test func truncatingAndCopyingKeepTheProgram() throws {
    var simplex = BoundedSimplex(rows: 1)
    var copy = BoundedSimplex(rows: 3)
    for seed in 1...200 as ClosedRange<UInt64> {
      var random = SplitMix(seed: seed)
      let program = Family.absolute.program(&random)
      try program.load(&simplex)
      #expect(simplex.solve() == .optimal)
      let objective = simplex.objective
      copy.copy(from: simplex)
      #expect(copy.values == simplex.values, "seed \(seed)")
      #expect(copy.basis == simplex.basis, "seed \(seed)")
      for _ in 0..<20 {
        try copy.append(
          column: (0..<program.rows).map { _ in random.bell() }, cost: random.bell(), lower: -1, upper: 1)
      }
      #expect(copy.solve() == .optimal, "seed \(seed)")
      #expect(copy.objective <= objective + 1e-9, "seed \(seed)")
      copy.truncate(to: program.columns.count)
      #expect(copy.count == program.columns.count)
      #expect(copy.solve() == .optimal, "seed \(seed)")
      #expect(program.infeasibility(copy) == nil, "seed \(seed)")
      #expect(program.dualInfeasibility(copy) == nil, "seed \(seed)")
      #expect(abs(copy.objective - objective) < 1e-8, "seed \(seed)")
      #expect(simplex.solve() == .optimal && simplex.pivots == 0, "the original solves again without a pivot")
    }
  }

  @Test func truncatingABasicColumnBeginsAnew() throws {
    var simplex = BoundedSimplex(rows: 1)
    // Basic at zero, which its value alone does not show.
    try simplex.append(column: [1], cost: -1, lower: 0, upper: 1)
    #expect(simplex.solve() == .optimal)
    #expect(simplex.basis == [0] && simplex.values == [0])
    simplex.truncate(to: 0)
    try simplex.append(column: [-5], cost: -1, lower: 0, upper: 1)
    #expect(simplex.solve() == .optimal)
    #expect(simplex.reducedCost(of: 0) >= 0)
    #expect(simplex.multipliers == [0.2])
  }

  /// Bases with dependent columns come up by rounding errors only; here one is made.
  @Test func aDependentBasisIsRepaired() throws {
    for seed in 1...100 as ClosedRange<UInt64> {
      var random = SplitMix(seed: seed)
      let rows = random.integer(1...6)
      var simplex = BoundedSimplex(rows: rows)
      for _ in 0..<8 {
        let column = (0..<rows).map { _ in Double(random.integer(-2...2) * 4) }
        try simplex.append(column: column, cost: random.bell(), lower: -1, upper: 1)
      }
      #expect(simplex.solve() == .optimal)
      let space = simplex.workspace
      for position in 0..<rows { space.basis[position] = random.integer(0...2) - random.integer(0...1) * 3 }
      for position in 0..<rows where space.basis[position] < 0 { space.basis[position] = -1 - position }
      simplex.invertBasis()
      for i in 0..<rows {
        for j in 0..<rows {
          let column = space.basis[j]
          let entry = (0..<rows).reduce(0.0) { sum, row in
            let entry = column >= 0 ? space.lane(row)[column] : column == -1 - row ? space.artificialScale[row] : 0
            return sum + space.inverse[row * space.stride + i] * entry
          }
          #expect(abs(entry - (i == j ? 1 : 0)) < 1e-9, "seed \(seed)")
        }
      }
    }
  }

  @Test func stopsBelowTheTargetWithAFeasiblePoint() throws {
    var simplex = BoundedSimplex(rows: 1)
    var stopped = 0
    for seed in 1...200 as ClosedRange<UInt64> {
      var random = SplitMix(seed: seed)
      let program = Family.absolute.program(&random)
      try program.load(&simplex)
      #expect(simplex.solve() == .optimal)
      let optimum = simplex.objective
      guard optimum < -0.1 else { continue }
      simplex.restart()
      #expect(simplex.solve(stopBelow: optimum * 0.5) != .undecided, "seed \(seed)")
      #expect(simplex.objective < optimum * 0.5, "seed \(seed)")
      #expect(program.infeasibility(simplex) == nil, "seed \(seed)")
      simplex.restart()
      let rounds = [BoundedSimplex.Round(descends: false)]
      let status = simplex.solve(stopBelow: optimum * 0.5, iterationLimit: 10_000, rounds: rounds)
      // A last step may reach the target and the optimum at once.
      #expect(status == .belowTarget || status == .optimal, "seed \(seed)")
      if status == .belowTarget { stopped += 1 }
      #expect(optimum * 0.5 > simplex.objective && simplex.objective >= optimum - 1e-9, "seed \(seed)")
      #expect(program.infeasibility(simplex) == nil, "seed \(seed)")
      simplex.restart()
      #expect(simplex.solve(stopBelow: optimum - 1e-6) == .optimal, "seed \(seed)")
    }
    #expect(stopped > 100)
  }

  @Test func smallCasesByHand() throws {
    // The median of 1, 2, 4, 8, 100 is 4, and the deviations from it sum up to 3 + 2 + 0 + 4 + 96.
    var median = BoundedSimplex(rows: 1)
    #expect(median.solve() == .optimal)
    for y in [1.0, 2, 4, 8, 100] { try median.append(column: [1], cost: -y, lower: -1, upper: 1) }
    #expect(median.solve() == .optimal)
    #expect(median.objective == -105)
    #expect(median.multipliers == [-4])
    #expect(median.basis == [2])

    // The line 1 + x through four points, and an error of 4 at the fifth.
    var line = BoundedSimplex(rows: 2)
    for (x, y) in [(0.0, 1.0), (1, 2), (2, 3), (3, 4), (4, 9)] {
      try line.append(column: [1, x], cost: -y, lower: -1, upper: 1)
    }
    #expect(line.solve() == .optimal)
    #expect(abs(line.objective + 4) < 1e-12)
    #expect(line.multipliers.allSatisfy { abs($0 + 1) < 1e-12 }, "\(line.multipliers)")

    // θ ≥ 1 and θ ≤ 0 contradict each other.
    var contradiction = BoundedSimplex(rows: 1)
    try contradiction.append(column: [1], cost: -1, lower: 0, upper: .infinity)
    #expect(contradiction.solve() == .optimal)
    try contradiction.append(column: [-1], cost: 0, lower: 0, upper: .infinity)
    #expect(contradiction.solve() == .unbounded)
    #expect(contradiction.ray.map { $0 / contradiction.ray[0] } == [1, 1])

    // Without rows every column goes to its better bound.
    var box = BoundedSimplex(rows: 0)
    try box.append(column: [], cost: 2, lower: -3, upper: 1)
    try box.append(column: [], cost: -1, lower: -3, upper: 1)
    #expect(box.solve() == .optimal)
    #expect(box.values == [-3, 1])
  }

  @Test func thousandsOfColumnsAndTwentyRows() throws {
    for seed in 1...3 as ClosedRange<UInt64> {
      for isWhole in [false, true] {
        var random = SplitMix(seed: seed)
        var program = DualProgram(rows: 20)
        for _ in 0..<2000 {
          let x = (0..<20).map { _ in isWhole ? Double(random.integer(-3...3)) : random.bell() }
          program.add(x, isWhole ? Double(random.integer(-5...5)) : random.bell(), -1, 1)
        }
        var simplex = BoundedSimplex(rows: 20)
        try program.load(&simplex)
        #expect(simplex.solve() == .optimal, "seed \(seed)")
        #expect(program.infeasibility(simplex) == nil, "seed \(seed)")
        #expect(program.dualInfeasibility(simplex) == nil, "seed \(seed)")
        // The primal method from zero takes about one pivot per column.
        #expect(simplex.pivots < 1000, "seed \(seed)")
      }
    }
  }

  @Test func anIterationLimitLeavesAFeasiblePoint() throws {
    var random = SplitMix(seed: 5)
    var program = DualProgram(rows: 4)
    for _ in 0..<60 { program.add((0..<4).map { _ in random.bell() }, random.bell(), -1, 1) }
    var simplex = BoundedSimplex(rows: 4)
    try program.load(&simplex)
    for limit in [0, 1, 3] {
      simplex.restart()
      #expect(simplex.solve(iterationLimit: limit) == .undecided)
      #expect(simplex.iterations <= limit)
      #expect(program.infeasibility(simplex) == nil)
    }
    #expect(simplex.solve() == .optimal)
    #expect(program.dualInfeasibility(simplex) == nil)
  }

  @Test func refusesColumnsThatAreNotProgram() throws {
    func message(_ column: [Double], _ cost: Double, _ lower: Double, _ upper: Double) -> String {
      var simplex = BoundedSimplex(rows: 2)
      do {
        try simplex.append(column: column, cost: cost, lower: lower, upper: upper)
        return "accepted"
      } catch {
        return simplex.count == 0 ? error.description : "changed"
      }
    }
    #expect(message([1], 0, 0, 1) == "column 0 of the program has 1 entries; it must have one per row, 2")
    #expect(message([1, .nan], 0, 0, 1) == "the entry of column 0 in row 1 is nan; it must be finite")
    #expect(message([1, 2], .infinity, 0, 1) == "the cost of column 0 is inf; it must be finite")
    #expect(message([1, 2], 0, 1, 2) == "the bounds of column 0 are 1.0 and 2.0; zero must lie between them")
    #expect(message([1, 2], 0, .nan, 2).contains("zero must lie between"))
    #expect(message([1, 2], 0, -.infinity, .infinity) == "accepted")
  }
}
