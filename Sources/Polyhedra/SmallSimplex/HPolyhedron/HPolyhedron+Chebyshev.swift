import Exact

/// A largest ball in a polyhedron.
public struct ChebyshevBall: Sendable, Equatable {
  public let centre: [Double]
  /// ∞ when there are balls of any size; `centre` is then that of one with radius at least 1. Negative when the polyhedron
  /// is empty: minus the least distance by which the half-spaces must be moved outwards to meet.
  public let radius: Double
}

extension HPolyhedron {
  /// A largest ball in the polyhedron, from the linear program in n + 1 variables
  ///
  ///     maximise r   subject to  aᵢ · x + ‖aᵢ‖ r ≤ bᵢ
  ///
  /// to rounding. A radius near zero does not tell whether there is an interior: ``hasInterior`` does. Nil when a row
  /// `0 · x ≤ b` with b < 0 leaves nothing, and when a normal's length is beyond the range of `Double`.
  public func chebyshevBall() -> ChebyshevBall? {
    let n = dimension
    var solver = SmallSimplex(dimension: n + 1, capacity: rowCount)
    var rows: [[Double]] = []
    for row in 0..<rowCount { rows.append(normal(row) + [length(row)]) }
    let objective = [Double](repeating: 0, count: n) + [1]
    do {
      for row in 0..<rowCount { try solver.append(row: rows[row], bound: bounds[row]) }
      try solver.setObjective(objective)
    } catch {
      return nil
    }
    switch solver.solve() {
    case .optimal, .targetReached, .belowTarget:
      return ChebyshevBall(centre: Array(solver.x.dropLast()), radius: solver.coordinate(n))
    case .infeasible:
      return nil
    case .unbounded:
      return unboundedBall(solver.x, solver.ray ?? objective)
    case .iterationLimit:
      return exactBall(rows, objective)
    }
  }

  private func exactBall(_ rows: [[Double]], _ objective: [Double]) -> ChebyshevBall? {
    var program = ExactLinearProgram(dimension: dimension + 1)
    for row in 0..<rowCount { program.rows.append(.init(rows[row] + [bounds[row]])) }
    guard let solution = try? program.maximise(objective, from: []) else { return nil }
    let x = solution.x.map(\.doubleValue)
    switch solution.status {
    case .optimal: return ChebyshevBall(centre: Array(x.dropLast()), radius: x[dimension])
    case .infeasible: return nil
    case .unbounded: return unboundedBall(x, solution.ray.map(\.doubleValue))
    }
  }

  private func unboundedBall(_ x: [Double], _ ray: [Double]) -> ChebyshevBall {
    let step = max(0, (1 - x[dimension]) / ray[dimension])
    return ChebyshevBall(centre: (0..<dimension).map { x[$0] + step * ray[$0] }, radius: .infinity)
  }
}
