import Execution
import Networks

/// How far a point is from a decision boundary: its robustness radius.
public struct BoundaryDistance: Sendable {
  public var norm: NormExponent
  /// The distance, to rounding; nil when the boundary does not come as near as was searched.
  public var distance: Double?
  /// A nearest point of the boundary; empty without a distance.
  public var nearestPoint: [Double]
  /// The two outputs that are equal there; nil for a level.
  public var outputs: DecisionBoundary.Pair?
  /// No point of the boundary lies in the box of this half width around the point, but for those as far away as
  /// `distance`.
  public var searchedRadius: Double
}

extension DecisionBoundary {
  /// The distance of a point from the boundary in all of space.
  ///
  /// Boxes around the point, each twice as wide as the one before, are searched until one contains a part of the
  /// boundary; for p = 1 and 2, whose balls are smaller than the box, once more with the distance found. So regions far
  /// away are never visited. The distance to a piece is that to the hull of its vertices: a linear program, or for p =
  /// 2 Wolfe's method.
  ///
  /// - Parameters:
  ///   - point: `inputCount` finite numbers.
  ///   - largest: the half width of a box at which the search ends when there is no boundary in it; positive.
  /// - Throws: `RegionError` when the question or the point do not fit the network, or a search was cancelled.
  /// - Complexity: that of the boundary in the last box.
  public static func distance(
    of network: UnitNetwork, _ question: Question, from point: [Double], _ norm: NormExponent, upTo largest: Double,
    threads: Int = defaultThreadCount, cancellation: Cancellation = Cancellation()
  ) throws -> BoundaryDistance {
    guard point.count == network.inputCount, point.allSatisfy(\.isFinite) else {
      throw RegionError("the point needs \(network.inputCount) finite numbers, one for each input of the network")
    }
    guard largest > 0, largest.isFinite else {
      throw RegionError("the largest distance is \(largest); it must be positive and finite")
    }
    func nearest(in radius: Double) throws -> BoundaryDistance {
      let box = RegionDomain.box(lower: point.map { $0 - radius }, upper: point.map { $0 + radius })
      let boundary = try DecisionBoundary(of: network, question, in: box, threads: threads, cancellation: cancellation)
      guard boundary.summary.isComplete else {
        throw RegionError("the search for the boundary was stopped in the box of half width \(radius)")
      }
      return try boundary.nearest(to: point, norm, radius: radius)
    }
    var radius = largest / 1024
    while true {
      let found = try nearest(in: radius)
      if let distance = found.distance {
        return distance > radius ? try nearest(in: distance * (1 + 1e-12)) : found
      }
      if radius >= largest { return found }
      radius = min(2 * radius, largest)
    }
  }

  /// The nearest point of the pieces, all of which are bounded.
  private func nearest(to point: [Double], _ norm: NormExponent, radius: Double) throws -> BoundaryDistance {
    var best = BoundaryDistance(norm: norm, distance: nil, nearestPoint: [], outputs: nil, searchedRadius: radius)
    for piece in pieces {
      let corners = piece.vertices.map { vertex in zip(vertices.row(vertex), point).map { $0 - $1 } }
      // The distance of the box around the piece is no larger.
      let gaps = point.indices.map { j in
        corners.reduce((low: Double.infinity, high: -Double.infinity)) { (min($0.low, $1[j]), max($0.high, $1[j])) }
      }.map { max($0.low, -$0.high, 0) }
      if let distance = best.distance, HullProjection.length(gaps, norm) >= distance { continue }
      let offset = try HullProjection.nearest(corners, norm)
      let distance = HullProjection.length(offset, norm)
      if best.distance.map({ distance < $0 }) ?? true {
        best.distance = distance
        best.nearestPoint = zip(point, offset).map(+)
        best.outputs = piece.outputs
      }
    }
    return best
  }
}
