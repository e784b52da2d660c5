import LinearAlgebra
import Polyhedra

/// The point of a convex hull that is nearest to the origin.
enum HullProjection {
  /// - Parameter points: one or more, of equal length.
  /// - Returns: the nearest point, to rounding.
  static func nearest(_ points: [[Double]], _ norm: NormExponent) throws -> [Double] {
    if points.count == 1 { return points[0] }
    return norm == .two ? try euclidean(points) : try polyhedral(points, norm)
  }

  static func length(_ vector: [Double], _ norm: NormExponent) -> Double {
    switch norm {
    case .one: vector.reduce(0) { $0 + abs($1) }
    case .two: vector.reduce(0) { $0 + $1 * $1 }.squareRoot()
    case .infinity: vector.reduce(0) { max($0, abs($1)) }
    }
  }

  /// For p = 1 and ∞ a linear program: minimise Σ tⱼ, or a common t, with |Σ λᵢ pᵢⱼ| ≤ tⱼ, λ ≥ 0 and Σ λᵢ = 1, which
  /// leaves λ₀ out.
  private static func polyhedral(_ points: [[Double]], _ norm: NormExponent) throws -> [Double] {
    let n = points[0].count
    let free = points.count - 1
    let empty = Array(repeating: 0.0, count: free + (norm == .one ? n : 1))
    var rows: [(row: [Double], bound: Double)] = []
    var sum = empty
    for i in 0..<free {
      var row = empty
      row[i] = -1
      sum[i] = 1
      rows.append((row, 0))
    }
    rows.append((sum, 1))
    for j in 0..<n {
      for sign in [1.0, -1] {
        var row = empty
        for i in 0..<free { row[i] = sign * (points[i + 1][j] - points[0][j]) }
        row[free + (norm == .one ? j : 0)] = -1
        rows.append((row, -sign * points[0][j]))
      }
    }
    let weights = try maximiser(of: empty.indices.map { $0 < free ? 0 : -1 }, rows)
    var nearest = points[0]
    for i in 0..<free {
      for j in 0..<n { nearest[j] += weights[i] * (points[i + 1][j] - points[0][j]) }
    }
    return nearest
  }

  /// The optimal point of a program that has one; exactly where doubles do not get there.
  private static func maximiser(of objective: [Double], _ rows: [(row: [Double], bound: Double)]) throws -> [Double] {
    var program = SmallSimplex(dimension: objective.count)
    for (row, bound) in rows { try program.append(row: row, bound: bound) }
    try program.setObjective(objective)
    if program.solve() == .optimal { return program.x }
    var exact = ExactLinearProgram(dimension: objective.count)
    for (row, bound) in rows { try exact.append(row: row, bound: bound) }
    return try exact.maximise(objective).x.map(\.doubleValue)
  }

  /// For p = 2, by Wolfe's method: a face of the hull is changed by one point at a time, until the nearest point of its
  /// affine hull lies in it and no other point is nearer.
  ///
  /// Source: P. Wolfe, Finding the nearest point in a polytope, Mathematical Programming 11 (1976).
  private static func euclidean(_ points: [[Double]]) throws -> [Double] {
    func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
    func combined(_ weights: [Double], _ chosen: [Int]) -> [Double] {
      points[0].indices.map { j in zip(weights, chosen).reduce(0) { $0 + $1.0 * points[$1.1][j] } }
    }
    let scale = points.reduce(0) { max($0, dot($1, $1)) }
    var chosen = [points.indices.min { dot(points[$0], points[$0]) < dot(points[$1], points[$1]) } ?? 0]
    var weights = [1.0]
    var nearest = points[chosen[0]]
    // Each round comes nearer; rounding may stop that before the test below does.
    for _ in 0..<(20 + 10 * points.count) {
      let next = points.indices.min { dot(points[$0], nearest) < dot(points[$1], nearest) } ?? 0
      // The distance is off by this gap over itself at most.
      let square = dot(nearest, nearest)
      guard square - dot(points[next], nearest) > 1e-14 * (square * scale).squareRoot(), !chosen.contains(next) else {
        break
      }
      chosen.append(next)
      weights.append(0)
      while true {
        let target = try affineWeights(chosen.map { points[$0] })
        if target.allSatisfy({ $0 > 1e-14 }) {
          weights = target
          break
        }
        var step = 1.0
        for i in chosen.indices where target[i] <= 1e-14 && weights[i] > target[i] {
          step = min(step, weights[i] / (weights[i] - target[i]))
        }
        for i in chosen.indices { weights[i] += step * (target[i] - weights[i]) }
        let kept = chosen.indices.filter { weights[$0] > 1e-14 }
        guard kept.count < chosen.count, !kept.isEmpty else { break }
        chosen = kept.map { chosen[$0] }
        weights = kept.map { weights[$0] }
      }
      nearest = combined(weights, chosen)
    }
    return nearest
  }

  /// The weights, of sum 1, of the point nearest to the origin in the affine hull of points.
  private static func affineWeights(_ points: [[Double]]) throws -> [Double] {
    let n = points[0].count
    guard points.count > 1 else { return [1] }
    var edges = Matrix(rows: n, columns: points.count - 1)
    for i in 1..<points.count { for j in 0..<n { edges[j, i - 1] = points[i][j] - points[0][j] } }
    let rest = try leastSquares(edges, points[0].map { -$0 })
    return [1 - rest.reduce(0, +)] + rest
  }
}
