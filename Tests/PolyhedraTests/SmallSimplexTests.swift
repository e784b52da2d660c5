import Exact
import Probability
import Testing

@testable import Polyhedra

@Suite struct SmallSimplexTests {
  private func solver(_ program: RandomProgram) throws -> SmallSimplex {
    var solver = SmallSimplex(dimension: program.dimension)
    for (row, bound) in zip(program.rows, program.bounds) { try solver.append(row: row, bound: bound) }
    try solver.setObjective(program.objective)
    return solver
  }

  private func exact(_ program: RandomProgram) throws -> ExactLinearProgram {
    var exact = ExactLinearProgram(dimension: program.dimension)
    for (row, bound) in zip(program.rows, program.bounds) { try exact.append(row: row, bound: bound) }
    return exact
  }

  @Test func solvesTheExampleOfItsPage() throws {
    var program = SmallSimplex(dimension: 2)
    for row in [[1.0, 0], [0, 1], [-1, -1]] { try program.append(row: row, bound: 1) }
    try program.setObjective([1, 2])
    #expect(program.solve() == .optimal)
    #expect(program.objective == 3)
    #expect(program.x == [1, 1])
    #expect(program.basis.sorted() == [0, 1])
    #expect(program.multipliers.sorted { $0.row < $1.row }.map(\.value) == [1, 2])
    let mark = program.rowCount
    try program.append(row: [1, 1], bound: 1)
    #expect(program.solve() == .optimal)
    #expect(program.iterations == 1)
    #expect(program.objective == 2)
    #expect(program.slack(ofRow: 2) == 2)
    program.truncate(to: mark)
    #expect(program.solve() == .optimal)
    #expect(program.objective == 3)
  }

  /// All programs of three rows with entries and bounds −1, 0, 1 in the plane, each solved after the one before.
  @Test func allSmallIntegerProgramsHaveTheStatusOfExactArithmetic() throws {
    let numbers = [-1.0, 0, 1]
    let rows = numbers.flatMap { a in numbers.flatMap { b in numbers.map { ([a, b], $0) } } }
    var small = SmallSimplex(dimension: 2)
    try small.setObjective([1, -1])
    var wrong = 0
    for i in rows.indices {
      for j in i..<rows.count {
        for k in j..<rows.count {
          small.truncate(to: 0)
          var exact = ExactLinearProgram(dimension: 2)
          for index in [i, j, k] {
            try small.append(row: rows[index].0, bound: rows[index].1)
            try exact.append(row: rows[index].0, bound: rows[index].1)
          }
          let status = small.solve()
          let truth = try exact.maximise([1.0, -1], from: [])
          let agrees =
            switch (status, truth.status) {
            case (.optimal, .optimal): abs(small.objective - truth.objective.doubleValue) < 1e-12
            case (.infeasible, .infeasible), (.unbounded, .unbounded): true
            default: false
            }
          if !agrees { wrong += 1 }
        }
      }
    }
    #expect(wrong == 0)
  }

  @Test func programsWithoutRowsOrObjective() throws {
    var program = SmallSimplex(dimension: 3)
    #expect(program.solve() == .optimal)
    try program.setObjective([0, 1, 0])
    #expect(program.solve() == .unbounded)
    #expect(program.ray == [0, 1, 0])
    // One row does not make a vertex, but an optimum.
    try program.append(row: [0, 2, 0], bound: 3)
    #expect(program.solve() == .optimal)
    #expect(program.objective == 1.5)
    #expect(program.basis == [0])
    try program.append(row: [0, 0, 0], bound: 0)
    #expect(program.solve() == .optimal)
    try program.append(row: [0, 0, 0], bound: -1e-30)
    #expect(program.solve() == .infeasible)
    let isCertain = program.certifiesInfeasibility(radii: [.infinity, .infinity, .infinity])
    #expect(isCertain)
    program.removeAll()
    #expect(program.rowCount == 0)
    #expect(program.solve() == .unbounded)
  }

  @Test func largeDimensions() throws {
    let n = 64
    var program = SmallSimplex(dimension: n, capacity: 1)
    for j in 0..<n {
      for sign in [1.0, -1] { try program.append(row: (0..<n).map { $0 == j ? sign : 0 }, bound: Double(j + 1)) }
    }
    try program.setObjective((0..<n).map { $0 % 2 == 0 ? 1 : -1 })
    #expect(program.solve() == .optimal)
    #expect(program.objective == Double(n * (n + 1) / 2))
  }

  @Test func stopsAtTheTarget() throws {
    for index in 0..<400 {
      var source = RandomSource(seed: 31, index: index)
      let program = RandomProgram(
        kind: .generic, dimension: 1 + source.index(below: 8), rowCount: 60, source: &source)
      var reference = try solver(program)
      guard reference.solve() == .optimal else { continue }
      let optimum = reference.objective

      var above = try solver(program)
      let status = above.solve(target: 0.5 * optimum)
      #expect(status == .targetReached, "program \(index)")
      #expect(above.objective > 0.5 * optimum && above.objective <= optimum * (1 + 1e-9), "program \(index)")
      #expect((0..<above.rowCount).allSatisfy { above.slack(ofRow: $0) > -1e-8 }, "program \(index)")
      #expect(above.solve() == .optimal, "program \(index)")
      #expect(abs(above.objective - optimum) < 1e-8 * (1 + optimum), "program \(index)")

      // A row that cuts the optimum off makes a dual start.
      let value = 0.3 * optimum
      try reference.append(row: program.objective, bound: value)
      #expect(reference.solve(target: 2 * value) == .belowTarget || reference.iterations <= 1, "program \(index)")
      let radii = [Double](repeating: 1e3, count: program.dimension)
      #expect(reference.certifiedUpperBound(radii: radii) < 2 * value, "program \(index)")
    }
  }

  @Test func startsAtAnInteriorPoint() throws {
    for index in 0..<200 {
      var source = RandomSource(seed: 32, index: index)
      let program = RandomProgram(kind: .generic, dimension: 1 + source.index(below: 8), rowCount: 50, source: &source)
      var cold = try solver(program)
      var warm = try solver(program)
      let point = (0..<program.dimension).map { _ in 0.01 * (source.uniform() - 0.5) }
      try warm.start(at: point)
      let status = cold.solve()
      #expect(warm.solve() == status, "program \(index)")
      if status == .optimal { #expect(abs(cold.objective - warm.objective) < 1e-8 * (1 + abs(cold.objective))) }
    }
  }

  /// The rigorous bound is never below the exact optimum, and close to it; rigorous infeasibility is never a mistake.
  @Test func certifiedAnswersAreRigorous() throws {
    var optimal = 0
    var infeasible = 0
    var proved = 0
    for index in 0..<600 {
      var source = RandomSource(seed: 33, index: index)
      let kind = RandomProgram.Kind.allCases[index % RandomProgram.Kind.allCases.count]
      let program = RandomProgram(
        kind: kind, dimension: 1 + source.index(below: 5), rowCount: 1 + source.index(below: 30), source: &source)
      var small = try solver(program)
      let status = small.solve()
      let truth = try exact(program).maximise(program.objective, from: small.basis)
      let radii = [Double](repeating: 1e4, count: program.dimension)
      switch status {
      case .optimal:
        guard truth.status == .optimal, truth.x.allSatisfy({ $0.magnitude <= Rational(10_000) }) else { continue }
        optimal += 1
        let bound = small.certifiedUpperBound(radii: radii)
        #expect(Rational(exactly: bound) >= truth.objective, "program \(index), \(kind)")
        let size = program.objective.reduce(1) { max($0, abs($1)) }
        #expect(bound - truth.objective.doubleValue < 1e-8 * size, "program \(index), \(kind)")
      case .infeasible:
        infeasible += 1
        guard small.certifiesInfeasibility(radii: radii) else { continue }
        proved += 1
        #expect(truth.status == .infeasible, "program \(index), \(kind)")
      default: break
      }
    }
    #expect(optimal > 150)
    #expect(infeasible > 100)
    #expect(proved > infeasible * 9 / 10)
  }

  /// Any multipliers give a valid bound, also when the solve that they are from is of the past.
  @Test func boundsNeedNoOptimum() throws {
    var program = SmallSimplex(dimension: 2)
    try program.setObjective([1, 1])
    #expect(program.certifiedUpperBound(radii: [1, 2]) >= 3)
    try program.append(row: [1, 1], bound: 1)
    #expect(program.solve() == .optimal)
    let bound = program.certifiedUpperBound(radii: [1e6, 1e6])
    #expect(bound >= 1 && bound < 1 + 1e-8)
    #expect(program.certifiedUpperBound(radii: [.infinity, 0]) == .infinity)
    try program.append(row: [-1, -1], bound: -2)
    #expect(program.solve() == .infeasible)
    #expect(program.certifiedUpperBound(radii: [1, 1]) == .infinity)
    program.truncate(to: 1)
    let proved = program.certifiesInfeasibility(radii: [1, 1])
    #expect(!proved)
    #expect(program.certifiedUpperBound(radii: [1, 1]) >= 1)
    try program.setObjective([3, -1])
    #expect(program.certifiedUpperBound(radii: [1, 1]) >= 3)
  }

  /// Columns of very different sizes, one row at a time: the first rows do not yet show how columns should be scaled.
  @Test func scalesColumnsThatComeToLookBad() throws {
    for index in 0..<300 {
      var source = RandomSource(seed: 35, index: index)
      let program = RandomProgram(kind: .scaled, dimension: 2 + source.index(below: 5), rowCount: 30, source: &source)
      var small = SmallSimplex(dimension: program.dimension)
      var truth = ExactLinearProgram(dimension: program.dimension)
      try small.setObjective(program.objective)
      for (row, bound) in zip(program.rows, program.bounds) {
        try small.append(row: row, bound: bound)
        try truth.append(row: row, bound: bound)
        guard small.rowCount % 3 == 0 else { continue }
        let status = small.solve()
        let solution = try truth.maximise(program.objective, from: small.basis)
        switch (status, solution.status) {
        case (.optimal, .optimal):
          let optimum = solution.objective.doubleValue
          #expect(abs(small.objective - optimum) <= 1e-7 * (1e-3 + abs(optimum)), "program \(index)")
        case (.infeasible, .infeasible), (.unbounded, .unbounded), (.iterationLimit, _): break
        default: Issue.record("program \(index), \(small.rowCount) rows: \(status), in truth \(solution.status)")
        }
      }
    }
  }

  @Test func badNumbersAreRefused() throws {
    var program = SmallSimplex(dimension: 2)
    #expect(throws: SmallSimplexError.wrongLength(what: "row 0", length: 1, dimension: 2)) {
      try program.append(row: [1], bound: 0)
    }
    #expect(throws: SmallSimplexError.self) { try program.append(row: [1, .nan], bound: 0) }
    #expect(throws: SmallSimplexError.badBound(row: 0, value: .infinity)) {
      try program.append(row: [1, 2], bound: .infinity)
    }
    #expect(program.rowCount == 0)
    #expect(throws: SmallSimplexError.self) { try program.setObjective([.infinity, 1]) }
    #expect(throws: SmallSimplexError.self) { try program.setObjective([1]) }
    #expect(throws: SmallSimplexError.self) { try program.start(at: [.nan, 1]) }
    #expect(SmallSimplexError.badBound(row: 3, value: .infinity).description.contains("row 3"))
  }

  /// Numbers at the ends of the range of Double end in an answer, whichever.
  @Test func extremeNumbersDoNotTrap() throws {
    let numbers = [0, 1, -1, 1e300, -1e300, 1e-300, .leastNonzeroMagnitude, -Double.greatestFiniteMagnitude]
    for index in 0..<2000 {
      var source = RandomSource(seed: 34, index: index)
      var program = SmallSimplex(dimension: 3)
      func number() -> Double { numbers[source.index(below: numbers.count)] }
      try program.setObjective([number(), number(), number()])
      for _ in 0..<8 { try program.append(row: [number(), number(), number()], bound: number()) }
      if program.solve() == .optimal { #expect(program.x.allSatisfy { !$0.isNaN }, "program \(index)") }
      _ = program.certifiedUpperBound(radii: [1, 1, 1])
    }
  }
}
