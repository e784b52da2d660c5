// Times SmallSimplex beside HiGHS, warm and cold, on the same random programs in one run. See `HiGHSModel.swift` for how
// HiGHS is called.
import Polyhedra
import Probability

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

let sizes = [(2, 20), (3, 40), (5, 100), (5, 300), (8, 100), (8, 500), (10, 1000), (12, 2000)]
let batches = 5

/// A bounded polytope around the origin: a box of half-width 4, and random half-spaces at distance 1.
struct Polytope {
  let dimension: Int
  var rows: [[Double]] = []
  var bounds: [Double] = []

  init(dimension n: Int, rowCount: Int, source: inout RandomSource) {
    dimension = n
    for j in 0..<n {
      for sign in [1.0, -1] {
        rows.append((0..<n).map { $0 == j ? sign : 0 })
        bounds.append(4)
      }
    }
    while rows.count < rowCount {
      rows.append(direction(n, &source))
      bounds.append(1)
    }
  }
}

/// Uniform on the unit sphere.
func direction(_ n: Int, _ source: inout RandomSource) -> [Double] {
  let vector = (0..<n).map { _ in source.normal() }
  let length = vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
  return vector.map { $0 / length }
}

/// CPU microseconds for one of `count` calls in the fastest of the batches; other programs on the machine do not count.
func time(_ count: Int, _ body: (Int) throws -> Void) rethrows -> Double {
  var best = Double.infinity
  for _ in 0..<batches {
    let start = processorTime()
    for index in 0..<count { try body(index) }
    best = min(best, processorTime() - start)
  }
  return best / Double(count)
}

/// Microseconds that this thread has run.
func processorTime() -> Double {
  var now = timespec()
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now)
  return Double(now.tv_sec) * 1e6 + Double(now.tv_nsec) * 1e-3
}

struct Row {
  var ours = 0.0
  var peer = 0.0
  var pivots = 0.0
  /// The largest relative difference between the optima.
  var difference = 0.0

  mutating func compare(_ left: [Double], _ right: [Double]) {
    for (a, b) in zip(left, right) { difference = max(difference, abs(a - b) / max(1, abs(b))) }
  }
}

/// One new objective after another: `solve` gives one to our solver, whose rows are in place, and `pass` to the peer.
func objectives(
  _ count: Int, _ polytope: Polytope, _ source: inout RandomSource,
  solve: (inout SmallSimplex, [Double]) throws -> Void, pass: (HiGHSModel, [Double]) -> Void
) throws -> Row {
  let objectives = (0..<count).map { _ in direction(polytope.dimension, &source) }
  var row = Row()
  var values = [Double](repeating: 0, count: count)
  var peerValues = values
  var solver = SmallSimplex(dimension: polytope.dimension)
  try append(polytope, to: &solver)
  var pivots = 0
  row.ours = try time(count) { index in
    try solve(&solver, objectives[index])
    values[index] = solver.objective
    pivots += solver.iterations
  }
  row.pivots = Double(pivots) / Double(count * batches)
  row.peer = .infinity
  for strategy in HiGHSModel.Strategy.allCases {
    let model = HiGHSModel(polytope, strategy: strategy)
    let peer = time(count) { index in
      pass(model, objectives[index])
      peerValues[index] = model.solve()
    }
    row.peer = min(row.peer, peer)
  }
  row.compare(values, peerValues)
  return row
}

func append(_ polytope: Polytope, to solver: inout SmallSimplex) throws {
  for (row, bound) in zip(polytope.rows, polytope.bounds) { try solver.append(row: row, bound: bound) }
}

func newObjective(_ polytope: Polytope, _ source: inout RandomSource) throws -> Row {
  try objectives(
    200, polytope, &source,
    solve: { solver, objective in
      try solver.setObjective(objective)
      solver.solve()
    }, pass: { $0.setObjective($1) })
}

func appendedRow(_ polytope: Polytope, _ source: inout RandomSource) throws -> Row {
  let count = 200
  let objective = direction(polytope.dimension, &source)
  var solver = SmallSimplex(dimension: polytope.dimension)
  for (row, bound) in zip(polytope.rows, polytope.bounds) { try solver.append(row: row, bound: bound) }
  try solver.setObjective(objective)
  solver.solve()
  let optimum = solver.x
  // Half-spaces that cut off the optimum, but not the middle.
  let cuts = (0..<count).map { _ in
    var normal = direction(polytope.dimension, &source)
    var value = zip(normal, optimum).reduce(0) { $0 + $1.0 * $1.1 }
    if value < 0 {
      normal = normal.map { -$0 }
      value = -value
    }
    return (normal: normal, bound: 0.8 * value)
  }
  var row = Row()
  var values = [Double](repeating: 0, count: count)
  var peerValues = values
  var pivots = 0
  let mark = solver.rowCount
  row.ours = try time(count) { index in
    try solver.append(row: cuts[index].normal, bound: cuts[index].bound)
    solver.solve()
    values[index] = solver.objective
    pivots += solver.iterations
    solver.truncate(to: mark)
  }
  row.pivots = Double(pivots) / Double(count * batches)
  row.peer = .infinity
  for strategy in HiGHSModel.Strategy.allCases {
    let model = HiGHSModel(polytope, strategy: strategy)
    model.setObjective(objective)
    _ = model.solve()
    let peer = time(count) { index in
      model.append(cuts[index].normal, cuts[index].bound)
      peerValues[index] = model.solve()
      model.removeRow(polytope.rows.count)
    }
    row.peer = min(row.peer, peer)
  }
  row.compare(values, peerValues)
  return row
}

func cold(_ polytope: Polytope, _ source: inout RandomSource) throws -> Row {
  try objectives(
    50, polytope, &source,
    solve: { solver, objective in
      solver.removeAll()
      try append(polytope, to: &solver)
      try solver.setObjective(objective)
      solver.solve()
    }, pass: { $0.pass($1) })
}

func column(_ value: Double, _ digits: Int, _ width: Int) -> String {
  var power = 1.0
  for _ in 0..<digits { power *= 10 }
  let text = digits == 0 ? "\(Int(value.rounded()))" : "\((value * power).rounded() / power)"
  return String(repeating: " ", count: max(0, width - text.count)) + text
}

print("| pattern | n × m | SmallSimplex, CPU µs | HiGHS, CPU µs | ratio | pivots | difference of optima |")
print("|---|---|---|---|---|---|---|")
let patterns: [(String, (Polytope, inout RandomSource) throws -> Row)] = [
  ("new objective", newObjective), ("row in, solve, row out", appendedRow), ("cold", cold),
]
for (name, run) in patterns {
  for (n, m) in sizes {
    var source = RandomSource(seed: 1, index: n * 10_000 + m)
    let polytope = Polytope(dimension: n, rowCount: m, source: &source)
    let row = try run(polytope, &source)
    print(
      "| \(name) | \(n) × \(m) |\(column(row.ours, 2, 8)) |\(column(row.peer, 0, 7)) |"
        + "\(column(row.peer / row.ours, 0, 5))× |\(column(row.pivots, 1, 5)) | \(row.difference < 1e-9 ? "< 1e-9" : "\(row.difference)") |"
    )
  }
}
