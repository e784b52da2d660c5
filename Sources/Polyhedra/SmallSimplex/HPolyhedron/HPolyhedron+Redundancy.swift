import Exact

extension HPolyhedron {
  /// The rows that are needed: without the others the polyhedron is the same, without any of these it is larger. In
  /// ascending order; of rows that say the same the first is kept. For a full-dimensional polyhedron these are its facets.
  ///
  /// Row i is redundant when the largest aᵢ · x over the other rows, its own moved outwards, is at most bᵢ. A row that is
  /// first met from an interior point, alone and by a margin, is not; the programs hold only such rows and the one in
  /// question. What lies within a relative 1e-8 of a tie is decided by ``ExactLinearProgram``, and so is everything when
  /// the polyhedron has no interior to speak of.
  ///
  /// - Parameter interior: a point well inside, if one is known.
  /// - Complexity: O(m n) and a small program for each of m rows, besides what is decided exactly.
  ///
  /// Source: K. Clarkson, *More output-sensitive geometric algorithms* (1994).
  public func irredundantRows(around interior: [Double]? = nil) -> [Int] {
    guard let point = centre(interior) else { return exactlyIrredundantRows() }
    var filter = RedundancyFilter(self, point: point)
    return filter.run()
  }

  /// A point from which all rows are well apart, if there is one at hand.
  private func centre(_ interior: [Double]?) -> [Double]? {
    if let interior, interior.count == dimension, isWellInside(interior) { return interior }
    guard let ball = chebyshevBall(), ball.radius > 0, isWellInside(ball.centre) else { return nil }
    return ball.centre
  }

  private func isWellInside(_ point: [Double]) -> Bool {
    for row in 0..<rowCount {
      let (value, size) = slack(row, at: point)
      guard value > 1e-7 * size else { return false }
    }
    return true
  }

  /// One row after another, from the last to the first, tested against all that are left.
  private func exactlyIrredundantRows() -> [Int] {
    var kept = Array(0..<rowCount)
    for row in (0..<rowCount).reversed() where isRedundant(row, among: kept) { kept.removeAll { $0 == row } }
    return kept
  }

  /// Whether the other rows among those listed imply a row; exact.
  func isRedundant(_ row: Int, among rows: [Int]) -> Bool {
    var program = ExactLinearProgram(dimension: dimension)
    for other in rows where other != row { program.rows.append(.init(normal(other) + [bounds[other]])) }
    let own = normal(row).map { Rational(exactly: $0) }
    let bound = Rational(exactly: bounds[row])
    program.rows.append(.init(own + [bound + max(bound.magnitude, .one)]))
    guard let solution = try? program.maximise(normal(row)) else { return false }
    return solution.status == .infeasible || solution.objective <= bound
  }
}

/// One run of Clarkson's method around a point inside.
private struct RedundancyFilter: ~Copyable {
  private enum Verdict {
    case undecided
    case needed
    case redundant
  }

  private static let margin = 1e-8

  private let polyhedron: HPolyhedron
  private let point: [Double]
  /// bᵢ − aᵢ · point
  private let slacks: [Double]
  private var verdicts: [Verdict]
  /// The rows that are surely needed.
  private var solver: SmallSimplex

  init(_ polyhedron: HPolyhedron, point: [Double]) {
    self.polyhedron = polyhedron
    self.point = point
    slacks = (0..<polyhedron.rowCount).map { polyhedron.slack($0, at: point).value }
    verdicts = [Verdict](repeating: .undecided, count: polyhedron.rowCount)
    solver = SmallSimplex(dimension: polyhedron.dimension)
  }

  mutating func run() -> [Int] {
    dropParallelRows()
    for row in 0..<polyhedron.rowCount where verdicts[row] == .undecided {
      if let hit = firstHit(polyhedron.normal(row)) { need(hit) }
      while verdicts[row] == .undecided { decide(row) }
    }
    return (0..<polyhedron.rowCount).filter { verdicts[$0] == .needed }
  }

  private mutating func need(_ row: Int) {
    guard verdicts[row] == .undecided else { return }
    verdicts[row] = .needed
    do {
      try solver.append(row: polyhedron.normal(row), bound: polyhedron.bounds[row])
    } catch {
      preconditionFailure("the rows of a polyhedron are finite")
    }
  }

  /// The row that a ray from the point meets first, unless another is met at nearly the same place.
  private func firstHit(_ direction: [Double]) -> Int? {
    var first = Double.infinity
    var second = Double.infinity
    var hit: Int?
    for row in 0..<polyhedron.rowCount where verdicts[row] != .redundant {
      let rate = polyhedron.product(row, with: direction)
      guard rate > 0 else { continue }
      let reach = slacks[row] / rate
      if reach < first {
        second = first
        first = reach
        hit = row
      } else {
        second = min(second, reach)
      }
    }
    return second > first * (1 + Self.margin) ? hit : nil
  }

  /// Compares the row with those that are known to be needed; each call settles it or finds another that is needed.
  private mutating func decide(_ row: Int) {
    let n = polyhedron.dimension
    let normal = polyhedron.normal(row)
    let bound = polyhedron.bounds[row]
    let mark = solver.rowCount
    var status = SmallSimplex.Status.iterationLimit
    do {
      try solver.append(row: normal, bound: bound + max(1, abs(bound)))
      try solver.setObjective(normal)
      if mark == 0 { try solver.start(at: point) }
      status = solver.solve()
    } catch {
      // A bound that is moved beyond the range of Double: the exact program has no such range.
    }
    let x = solver.x
    solver.truncate(to: mark)
    guard status == .optimal else { return decideExactly(row) }
    let (slack, size) = polyhedron.slack(row, at: x)
    if slack > Self.margin * size {
      verdicts[row] = .redundant
    } else if slack < -Self.margin * size, let hit = firstHit((0..<n).map { x[$0] - point[$0] }),
      verdicts[hit] == .undecided
    {
      need(hit)
    } else {
      decideExactly(row)
    }
  }

  private mutating func decideExactly(_ row: Int) {
    let others = (0..<polyhedron.rowCount).filter { verdicts[$0] != .redundant }
    if polyhedron.isRedundant(row, among: others) { verdicts[row] = .redundant } else { need(row) }
  }

  /// Of rows with exactly the same direction the tightest stays, the first of equals. Candidates are neighbours by their
  /// products with a fixed vector.
  private mutating func dropParallelRows() {
    let n = polyhedron.dimension
    var keys: [(key: Double, row: Int)] = []
    for row in 0..<polyhedron.rowCount {
      let length = polyhedron.length(row)
      guard length > 0 else {
        verdicts[row] = .redundant
        continue
      }
      var key = 0.0
      for j in 0..<n {
        key += polyhedron.normals[row * n + j] / length * Double(1 + j).squareRoot() * (j % 2 == 0 ? 1 : -1)
      }
      keys.append((key, row))
    }
    keys.sort { ($0.key, $0.row) < ($1.key, $1.row) }
    for (position, entry) in keys.enumerated() where verdicts[entry.row] == .undecided {
      for other in keys[(position + 1)...] {
        guard other.key - entry.key < 1e-12 * Double(n) else { break }
        guard verdicts[other.row] == .undecided, let order = compareParallel(entry.row, other.row) else { continue }
        let dropsOther = order < 0 || (order == 0 && entry.row < other.row)
        verdicts[dropsOther ? other.row : entry.row] = .redundant
        if !dropsOther { break }
      }
    }
  }

  /// The sign of the distance of the first half-space minus that of the second, when their normals have exactly the same
  /// direction; nil when they have not.
  private func compareParallel(_ first: Int, _ second: Int) -> Int? {
    let left = polyhedron.normal(first)
    let right = polyhedron.normal(second)
    guard let pivot = left.indices.first(where: { left[$0] != 0 }), left[pivot] * right[pivot] > 0 else { return nil }
    let a = Rational(exactly: left[pivot])
    let b = Rational(exactly: right[pivot])
    for j in left.indices where j != pivot {
      // Doubles first: exact products are for what looks equal.
      let x = left[j] * right[pivot]
      let y = right[j] * left[pivot]
      guard abs(x - y) <= 1e-14 * (abs(x) + abs(y)) else { return nil }
      guard Rational(exactly: left[j]) * b == Rational(exactly: right[j]) * a else { return nil }
    }
    let distance = Rational(exactly: polyhedron.bounds[first]) * b.magnitude
    let other = Rational(exactly: polyhedron.bounds[second]) * a.magnitude
    return (distance - other).signum
  }
}
