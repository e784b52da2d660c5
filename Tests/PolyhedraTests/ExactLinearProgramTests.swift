import Exact
import Probability
import Testing

@testable import Polyhedra

@Suite struct ExactLinearProgramTests {
  @Test func solvesTheExampleOfItsPage() throws {
    var program = ExactLinearProgram(dimension: 2)
    try program.append(row: [1.0, 3.0], bound: 1)
    try program.append(row: [3.0, 1.0], bound: 1)
    let solution = try program.maximise([1.0, 1.0])
    #expect(solution.status == .optimal)
    #expect(solution.objective == Rational(1, 2))
    #expect(solution.x == [Rational(1, 4), Rational(1, 4)])
    #expect(Set(solution.multipliers.map(\.value)) == [Rational(1, 4)])
    #expect(solution.basis.sorted() == [0, 1])
  }

  /// On a line the answer is the least upper and the largest lower end.
  @Test func allSmallProgramsOnALine() throws {
    let numbers = [-2, -1, 0, 1, 2]
    let rows = numbers.flatMap { a in numbers.map { (a, $0) } }
    for first in rows {
      for second in rows {
        for objective in [-1, 0, 1] {
          var program = ExactLinearProgram(dimension: 1)
          for (a, b) in [first, second] { try program.append(rationals: [Rational(a)], bound: Rational(b)) }
          let upper = [first, second].filter { $0.0 > 0 }.map { Rational($0.1, $0.0) }.min()
          let lower = [first, second].filter { $0.0 < 0 }.map { Rational($0.1, $0.0) }.max()
          let isEmpty =
            [first, second].contains { $0.0 == 0 && $0.1 < 0 }
            || (upper.map { u in lower.map { $0 > u } ?? false } ?? false)
          let end = objective > 0 ? upper : lower
          let expected: ExactLinearProgram.Status =
            isEmpty ? .infeasible : objective == 0 || end != nil ? .optimal : .unbounded
          let solution = try program.maximise(rationals: [Rational(objective)], from: [])
          #expect(solution.status == expected, "\(first) \(second) \(objective)")
          if expected == .optimal, objective != 0 { #expect(solution.x == [end ?? .zero]) }
          let isOpen = !isEmpty && (upper.map { u in lower.map { $0 < u } ?? true } ?? true)
          let hasFlat = [first, second].contains { $0.0 == 0 && $0.1 == 0 }
          #expect(program.hasInterior == (isOpen && !hasFlat), "\(first) \(second)")
        }
      }
    }
  }

  /// Every answer carries a proof; here it is checked, from a warm and from an empty basis.
  @Test func answersAreProved() throws {
    var statuses: [ExactLinearProgram.Status] = []
    for index in 0..<300 {
      var source = RandomSource(seed: 41, index: index)
      let kind = RandomProgram.Kind.allCases[index % RandomProgram.Kind.allCases.count]
      let data = RandomProgram(
        kind: kind, dimension: 1 + source.index(below: 4), rowCount: 1 + source.index(below: 14), source: &source)
      var program = ExactLinearProgram(dimension: data.dimension)
      for (row, bound) in zip(data.rows, data.bounds) { try program.append(row: row, bound: bound) }
      let warm = try program.maximise(data.objective)
      let cold = try program.maximise(rationals: data.objective.map { Rational(exactly: $0) }, from: [])
      #expect(warm.status == cold.status, "program \(index), \(kind)")
      if warm.status == .optimal { #expect(warm.objective == cold.objective, "program \(index), \(kind)") }
      statuses.append(warm.status)
      for solution in [warm, cold] { check(solution, data, "program \(index), \(kind)") }
    }
    for status in [ExactLinearProgram.Status.optimal, .infeasible, .unbounded] {
      #expect(statuses.filter { $0 == status }.count > 40)
    }
  }

  private func dot(_ left: [Double], _ right: [Rational]) -> Rational {
    zip(left, right).reduce(Rational.zero) { $0 + Rational(exactly: $1.0) * $1.1 }
  }

  private func check(_ solution: ExactLinearProgram.Solution, _ data: RandomProgram, _ name: String) {
    let n = data.dimension
    if solution.status != .infeasible {
      for (row, bound) in zip(data.rows, data.bounds) {
        #expect(dot(row, solution.x) <= Rational(exactly: bound), "\(name)")
      }
      #expect(dot(data.objective, solution.x) == solution.objective, "\(name)")
    }
    if solution.status == .unbounded {
      #expect(data.rows.allSatisfy { dot($0, solution.ray).signum <= 0 }, "\(name)")
      #expect(dot(data.objective, solution.ray).signum > 0, "\(name)")
      return
    }
    var combination = [Rational](repeating: .zero, count: n)
    var bound = Rational.zero
    for multiplier in solution.multipliers {
      #expect(multiplier.value.signum > 0, "\(name)")
      for j in 0..<n { combination[j] += multiplier.value * Rational(exactly: data.rows[multiplier.row][j]) }
      bound += multiplier.value * Rational(exactly: data.bounds[multiplier.row])
    }
    if solution.status == .optimal {
      #expect(combination == data.objective.map { Rational(exactly: $0) }, "\(name)")
      #expect(bound == solution.objective, "\(name)")
    } else {
      #expect(combination.allSatisfy { $0.signum == 0 }, "\(name)")
      #expect(bound.signum < 0, "\(name)")
    }
  }

  /// What no tolerance can tell: optima, emptiness and interiors that hang on the last bit.
  @Test func decidesWhatRoundingCannot() throws {
    var strip = ExactLinearProgram(dimension: 2)
    try strip.append(row: [1.0, 1e-30], bound: 1)
    try strip.append(row: [-1.0, -1e-30], bound: -1)
    #expect(!strip.hasInterior)
    #expect(try strip.maximise([1.0, 1e-30]).objective == 1)
    try strip.append(row: [-1.0, -1e-30], bound: -(1.0.nextUp))
    #expect(try strip.maximise([0.0, 1.0]).status == .infeasible)
    strip.truncate(to: 1)
    try strip.append(row: [-1.0, -1e-30], bound: -(1.0.nextDown))
    let interior = strip.interiorPoint()
    #expect(interior != nil)
    if let point = interior {
      let value = point[0] + Rational(exactly: 1e-30) * point[1]
      #expect(value < 1 && value > Rational(exactly: 1.0.nextDown))
    }
    // Almost parallel: the vertex is at distance 2^100.
    var wedge = ExactLinearProgram(dimension: 2)
    try wedge.append(rationals: [Rational(powerOfTwo: -100), 1], bound: 1)
    try wedge.append(row: [0, -1], bound: 0)
    let solution = try wedge.maximise([1.0, 0.0])
    #expect(solution.status == .optimal)
    #expect(solution.objective == Rational(powerOfTwo: 100))
  }

  @Test func rationalRowsOfAnySize() throws {
    var program = ExactLinearProgram(dimension: 2)
    try program.append(rationals: [Rational(1, 3), Rational(1, 7)], bound: Rational(powerOfTwo: 2000))
    try program.append(rationals: [Rational(-1, 3), Rational(1, 5)], bound: 0)
    let solution = try program.maximise(rationals: [0, 1])
    #expect(solution.status == .optimal)
    #expect(solution.objective == Rational(35, 12) * Rational(powerOfTwo: 2000))
    #expect(throws: SmallSimplexError.self) { try program.append(rationals: [Rational(1)], bound: 0) }
    #expect(throws: SmallSimplexError.self) { try program.append(row: [1, Double.nan], bound: 0) }
    #expect(throws: SmallSimplexError.self) { _ = try program.maximise([1.0]) }
  }

  /// Klee and Minty's cube, on which Dantzig's rule visits all corners; and Beale's program, on which it cycles.
  @Test func classicProgramsEnd() throws {
    let n = 8
    var cube = ExactLinearProgram(dimension: n)
    for i in 0..<n {
      var row = (0..<n).map { j in j < i ? Double(1 << (i - j + 1)) : j == i ? 1 : 0 }
      var power = 5.0
      for _ in 0..<i { power *= 5 }
      try cube.append(row: row, bound: power)
      row = (0..<n).map { $0 == i ? -1 : 0 }
      try cube.append(row: row, bound: 0)
    }
    let objective = (0..<n).map { Double(1 << (n - 1 - $0)) }
    #expect(try cube.maximise(objective, from: []).objective == 390_625)

    var beale = ExactLinearProgram(dimension: 4)
    try beale.append(row: [0.25, -60, -1 / 25, 9], bound: 0)
    try beale.append(row: [0.5, -90, -1 / 50, 3], bound: 0)
    try beale.append(row: [0, 0, 1, 0], bound: 1)
    for j in 0..<4 { try beale.append(row: (0..<4).map { $0 == j ? -1 : 0 }, bound: 0) }
    let optimum = try beale.maximise([0.75, -150, 0.02, -6], from: []).objective.doubleValue
    #expect(abs(optimum - 0.05) < 1e-12)
  }
}
