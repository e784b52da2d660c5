import Foundation
import Polyhedra

extension ReachPiece {
  /// The least and the largest value of a combination of the outputs on the piece, to rounding. From the corners, else by two
  /// linear programs in the inputs; nil where these fail.
  public func extent(of combination: [(output: Int, weight: Double)]) -> ClosedRange<Double>? {
    let (slopes, constant) = function(combination)
    if vertices.rows > 0 {
      let values = (0..<vertices.rows).map { row in
        zip(vertices.row(row), slopes).reduce(constant) { $0 + $1.0 * $1.1 }
      }
      return values.min().flatMap { low in values.max().map { low...$0 } }
    }
    var search = SupportSearch(self)
    guard let high = search?.largest(slopes), let low = search?.largest(slopes.map { -$0 }) else { return nil }
    return min(constant - low.value, constant + high.value)...max(constant - low.value, constant + high.value)
  }

  /// The polygon that the piece's image is in the plane of two outputs, counter-clockwise; a segment has two corners, a point
  /// has one. To rounding; for pictures.
  public func projection(_ first: Int, _ second: Int) -> [(x: Double, y: Double)] {
    if vertices.rows > 0 {
      return Self.hull(
        (0..<vertices.rows).map { row in
          let (x, y) = (map.weights.row(first), map.weights.row(second))
          let corner = vertices.row(row)
          return (
            zip(x, corner).reduce(map.offset[first]) { $0 + $1.0 * $1.1 },
            zip(y, corner).reduce(map.offset[second]) { $0 + $1.0 * $1.1 }
          )
        })
    }
    guard var search = SupportSearch(self) else { return [] }
    let (x, y) = (function([(first, 1)]), function([(second, 1)]))
    func corner(_ direction: (Double, Double)) -> (x: Double, y: Double)? {
      let objective = zip(x.slopes, y.slopes).map { direction.0 * $0 + direction.1 * $1 }
      guard let point = search.largest(objective)?.point else { return nil }
      return (
        zip(point, x.slopes).reduce(x.constant) { $0 + $1.0 * $1.1 },
        zip(point, y.slopes).reduce(y.constant) { $0 + $1.0 * $1.1 }
      )
    }
    var corners = [(1.0, 0.0), (0, 1), (-1, 0), (0, -1)].compactMap(corner)
    guard corners.count == 4 else { return [] }
    let size = corners.reduce(0) { max($0, abs($1.x - corners[0].x) + abs($1.y - corners[0].y)) }
    // Between two corners the outline goes on to a third, or is the edge.
    var index = 0
    while index < corners.count, corners.count < 200 {
      let (a, b) = (corners[index], corners[(index + 1) % corners.count])
      let normal = (b.y - a.y, a.x - b.x)
      let length = (normal.0 * normal.0 + normal.1 * normal.1).squareRoot()
      if length > 1e-9 * size, let far = corner((normal.0 / length, normal.1 / length)),
        ((far.x - a.x) * normal.0 + (far.y - a.y) * normal.1) / length > 1e-9 * size
      {
        corners.insert(far, at: index + 1)
      } else {
        index += 1
      }
    }
    return Self.hull(corners)
  }

  private func function(_ combination: [(output: Int, weight: Double)]) -> (slopes: [Double], constant: Double) {
    var slopes = Array(repeating: 0.0, count: map.weights.columns)
    var constant = 0.0
    for (output, weight) in combination {
      constant += weight * map.offset[output]
      for (input, slope) in map.weights.row(output).enumerated() { slopes[input] += weight * slope }
    }
    return (slopes, constant)
  }

  /// The convex hull, counter-clockwise, without points inside edges: Andrew's monotone chain (1979). O(n log n).
  static func hull(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
    let sorted = points.sorted { ($0.x, $0.y) < ($1.x, $1.y) }
    func chain(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
      var chain: [(x: Double, y: Double)] = []
      for point in points {
        while chain.count >= 2 {
          let (a, b) = (chain[chain.count - 2], chain[chain.count - 1])
          if (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x) > 0 { break }
          chain.removeLast()
        }
        if let last = chain.last, last == point { continue }
        chain.append(point)
      }
      return chain
    }
    let lower = chain(sorted)
    guard lower.count > 1 else { return lower }
    return lower.dropLast() + chain(sorted.reversed()).dropLast()
  }
}

/// Linear programs over the half-spaces of a piece, one after the other.
private struct SupportSearch: ~Copyable {
  private var program: SmallSimplex

  init?(_ piece: ReachPiece) {
    program = SmallSimplex(dimension: piece.point.count, capacity: piece.halfSpaces.count + 1)
    do {
      for halfSpace in piece.halfSpaces { try program.append(row: halfSpace.normal, bound: halfSpace.offset) }
      try program.start(at: piece.point)
    } catch {
      return nil
    }
  }

  mutating func largest(_ objective: [Double]) -> (value: Double, point: [Double])? {
    guard (try? program.setObjective(objective)) != nil, program.solve() == .optimal else { return nil }
    return (program.objective, program.x)
  }
}
