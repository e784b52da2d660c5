import Exact
import Probability
import Testing

@testable import Polyhedra

/// Every kind of program, changed in every way between solves, beside HiGHS; where the two disagree the exact program tells.
@Suite struct SmallSimplexReferenceTests {
  /// The number of solves that are compared. 100,000 take about a minute.
  private static let solves = 6000

  @Test func agreesWithHiGHSOrIsRight() throws {
    var index = 0
    var compared = 0
    var handedOver = 0
    while compared < Self.solves {
      index += 1
      var session = try Session(index: index)
      for step in 0...session.source.index(below: 4) {
        if step > 0 { try session.change() }
        let status = session.solver.solve()
        compared += 1
        if status == .iterationLimit { handedOver += 1 } else { try session.check(status, step) }
      }
    }
    #expect(handedOver * 1000 <= compared, "\(handedOver) of \(compared) solves were handed over")
  }
}

/// One program, solved again and again while rows come and go.
private struct Session: ~Copyable {
  let index: Int
  let kind: RandomProgram.Kind
  let program: RandomProgram
  var source: RandomSource
  var solver: SmallSimplex
  var objective: [Double]

  init(index: Int) throws {
    self.index = index
    source = RandomSource(seed: 20, index: index)
    kind = RandomProgram.Kind.allCases[source.index(below: RandomProgram.Kind.allCases.count)]
    let n = 1 + source.index(below: 12)
    let m = source.index(below: 4) == 0 ? 1 + source.index(below: 2 * n + 2) : 1 + source.index(below: 200)
    program = RandomProgram(kind: kind, dimension: n, rowCount: m, source: &source)
    solver = SmallSimplex(dimension: n, capacity: 8)
    objective = program.objective
    try solver.setObjective(objective)
    try append(source.index(below: 2) == 0 ? m : source.index(below: m + 1))
  }

  mutating func append(_ count: Int) throws {
    for _ in 0..<min(count, program.rows.count - solver.rowCount) {
      try solver.append(row: program.rows[solver.rowCount], bound: program.bounds[solver.rowCount])
    }
  }

  mutating func change() throws {
    switch source.index(below: 4) {
    case 0:
      objective = objective.indices.map { j in
        (source.uniform() - 0.5) * (kind == .scaled ? abs(program.objective[j]) : 1)
      }
      try solver.setObjective(objective)
    case 1: try append(1)
    case 2: try append(1 + source.index(below: 20))
    default: solver.truncate(to: source.index(below: solver.rowCount + 1))
    }
  }

  func check(_ status: SmallSimplex.Status, _ step: Int) throws {
    let name = "program \(index), step \(step): \(kind), \(solver.dimension) × \(solver.rowCount)"
    checkProof(status, name)
    let reference = try program.reference(rowCount: solver.rowCount, objective: objective).solve(timeLimit: 10)
    switch (status, reference.status) {
    case (.infeasible, .infeasible), (.unbounded, .unbounded): return
    case (.optimal, .optimal) where abs(solver.objective + reference.objective) <= 1e-6 * (1 + abs(solver.objective)):
      return
    default: break
    }
    var exact = ExactLinearProgram(dimension: solver.dimension)
    for i in 0..<solver.rowCount { try exact.append(row: program.rows[i], bound: program.bounds[i]) }
    let truth = try exact.maximise(objective, from: solver.basis)
    switch (status, truth.status) {
    case (.infeasible, .infeasible), (.unbounded, .unbounded): break
    case (.optimal, .optimal):
      let optimum = truth.objective.doubleValue
      #expect(abs(solver.objective - optimum) <= 1e-7 * (1e-3 + abs(optimum)), "\(name)")
    default: Issue.record("\(name): \(status), in truth \(truth.status)")
    }
  }

  /// Whether point, multipliers and ray are what the status says, in the units of each row.
  private func checkProof(_ status: SmallSimplex.Status, _ name: String) {
    let n = solver.dimension
    let x = solver.x
    if status != .infeasible {
      let bad = (0..<solver.rowCount).first { i in
        let terms = zip(program.rows[i], x).map { $0 * $1 }
        let size = terms.reduce(abs(program.bounds[i])) { $0 + abs($1) }
        return terms.reduce(program.bounds[i], -) < -1e-7 * (size + (kind == .scaled ? 1e6 * size : 1))
      }
      #expect(bad == nil, "\(name): row \(bad ?? 0) is violated")
    }
    if status == .unbounded {
      let ray = solver.ray ?? []
      #expect(ray.count == n, "\(name)")
      #expect(zip(ray, objective).reduce(0) { $0 + $1.0 * $1.1 } > 0, "\(name): the objective does not grow")
    }
    guard status == .optimal || status == .infeasible else { return }
    var rest = status == .optimal ? objective : [Double](repeating: 0, count: n)
    var sizes = rest.map { abs($0) }
    var bound = 0.0
    var boundSize = 0.0
    for (row, value) in solver.multipliers {
      #expect(value > 0, "\(name)")
      bound += value * program.bounds[row]
      boundSize += abs(value * program.bounds[row])
      for j in 0..<n {
        rest[j] -= value * program.rows[row][j]
        sizes[j] += abs(value * program.rows[row][j])
      }
    }
    for j in 0..<n where kind != .scaled {
      #expect(abs(rest[j]) <= 1e-7 * (1 + sizes[j]), "\(name): the multipliers do not balance")
    }
    if status == .optimal {
      #expect(abs(bound - solver.objective) <= 1e-6 * (1 + boundSize), "\(name): no strong duality")
    } else {
      #expect(bound < 0, "\(name): no Farkas proof")
    }
  }
}
