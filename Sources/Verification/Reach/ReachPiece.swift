import LinearAlgebra
import PiecewiseLinear
import Polyhedra

/// One polytope of an output reachable set: a polytope P of inputs on which the network is affine. Its outputs are the
/// image of P under the map.
///
/// Where the domain holds some inputs at one value, P is as flat as the domain: two of its half-spaces hold each of them.
public struct ReachPiece: Sendable {
  /// Which side each bending unit is on; to be read by ``ReachableSet/layout``.
  public var pattern: ActivationPattern
  /// P = { x : normal · x ≤ offset for each }, in all inputs of the network, none of them redundant.
  public var halfSpaces: [HalfSpace]
  /// y = weights · x + offset on P: `[outputs × inputs]` and `[outputs]`. Inputs that are held at one value have the weight
  /// 0, what they add is in the offset.
  public var map: AffineMap
  /// A point in the interior of P relative to the domain.
  public var point: [Double]
  /// The corners of P, `count × inputs`; none when the set was not asked for them.
  public var vertices: Matrix

  /// The outputs at the corners, `count × outputs`: the image of P is their convex hull.
  /// O(vertices · inputs · outputs).
  public var images: Matrix {
    let rows = (0..<vertices.rows).map { map(Array(vertices.row($0))) }
    return Matrix(rows: rows.count, columns: map.offset.count, elements: Array(rows.joined()))
  }
}

extension ReachPiece {
  /// - Parameter region: of the section.
  init(_ region: LinearRegion, _ section: DomainSection) {
    let isPoint = section.free.isEmpty
    let inputs = section.point([]).count
    let outputs = region.map.offset.count
    pattern = region.pattern
    // The one coordinate of a section that is a point means nothing.
    let facets = isPoint ? [] : region.facets
    halfSpaces =
      facets.map { HalfSpace(normal: section.normal($0.halfSpace.normal), offset: $0.halfSpace.offset) }
      + section.holding
    let weights = (0..<outputs).flatMap { section.normal(region.map.weights.row($0)) }
    map = AffineMap(
      weights: Matrix(rows: outputs, columns: inputs, elements: weights), offset: region.map.offset)
    point = section.point(region.interiorPoint)
    let corners = (0..<(isPoint ? min(1, region.vertices.rows) : region.vertices.rows)).map {
      section.point(region.vertices.row($0))
    }
    vertices = Matrix(rows: corners.count, columns: inputs, elements: Array(corners.joined()))
  }
}
