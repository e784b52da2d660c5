import LinearAlgebra

extension LinearRegion {
  /// The n-dimensional volume; infinity for a region that is not bounded. Needs facets and vertices: NaN without them.
  ///
  /// The combinatorics are exact; a vertex that is off by δ changes the volume by at most about δ times the region's
  /// surface. O(facets) in the plane, else O(simplices · n³).
  public var volume: Double {
    guard isBounded else { return .infinity }
    guard vertices.rows > 0 else { return .nan }
    switch vertices.columns {
    case 1: return abs(vertices[vertices.rows - 1, 0] - vertices[0, 0])
    case 2: return planeMoments.area
    default: return SimplexSum(self, simplices(), corners: vertices.columns + 1).volume
    }
  }

  /// The (n − 1)-dimensional volume of a facet: 1 for the end of an interval, the length of an edge, the area of a
  /// polygon; infinity where the facet is not bounded. Needs facets and vertices: NaN without them.
  public func facetArea(_ facet: Int) -> Double {
    guard isBounded(facet: facet) else { return .infinity }
    guard vertices.rows > 0 else { return .nan }
    if vertices.columns == 1 { return 1 }
    return SimplexSum(self, simplices(ofFacet: facet), corners: vertices.columns).volume
  }

  /// The centre of mass; nil for a region that is not bounded, or given without facets and vertices.
  public var centroid: [Double]? {
    guard isBounded, vertices.rows > 0 else { return nil }
    switch vertices.columns {
    case 1: return [(vertices[vertices.rows - 1, 0] + vertices[0, 0]) / 2]
    case 2: return planeMoments.centroid
    default: return SimplexSum(self, simplices(), corners: vertices.columns + 1).centroid
    }
  }

  /// Area and centroid of a polygon: the triangles from its first vertex to its edges.
  private var planeMoments: (area: Double, centroid: [Double]) {
    let (x, y) = (vertices[0, 0], vertices[0, 1])
    var (double, firstX, firstY) = (0.0, 0.0, 0.0)
    for facet in facets.indices {
      var ends: (Int, Int) = (0, 0)
      for vertex in 1..<vertices.rows where lies(vertex, on: facet) { ends = (ends.1, vertex) }
      guard ends.0 > 0 else { continue }
      let (aX, aY) = (vertices[ends.0, 0] - x, vertices[ends.0, 1] - y)
      let (bX, bY) = (vertices[ends.1, 0] - x, vertices[ends.1, 1] - y)
      let cross = abs(aX * bY - aY * bX)
      double += cross
      firstX += cross * (aX + bX)
      firstY += cross * (aY + bY)
    }
    guard double > 0 else { return (0, interiorPoint) }
    return (double / 2, [x + firstX / (3 * double), y + firstY / (3 * double)])
  }
}

/// The measure and centre of a union of k-dimensional simplices in ℝⁿ.
private struct SimplexSum {
  private(set) var volume = 0.0
  private var moment: [Double]
  private let fallback: [Double]

  /// - Parameters:
  ///   - simplices: vertex numbers of the region, `corners` for each simplex.
  ///   - corners: k + 1.
  init(_ region: LinearRegion, _ simplices: [Int], corners: Int) {
    let n = region.vertices.columns
    moment = Array(repeating: 0, count: n)
    fallback = region.interiorPoint
    var edges = Array(repeating: 0.0, count: (corners - 1) * n)
    for first in stride(from: 0, to: simplices.count, by: corners) {
      let origin = simplices[first] * n
      for corner in 1..<corners {
        let end = simplices[first + corner] * n
        for j in 0..<n {
          edges[(corner - 1) * n + j] = region.vertices.elements[end + j] - region.vertices.elements[origin + j]
        }
      }
      let measure = Self.measure(&edges, corners - 1, n)
      volume += measure
      for corner in 0..<corners {
        let vertex = simplices[first + corner] * n
        for j in 0..<n { moment[j] += measure * region.vertices.elements[vertex + j] / Double(corners) }
      }
    }
  }

  var centroid: [Double] { volume > 0 ? moment.map { $0 / volume } : fallback }

  /// The k-dimensional measure of a simplex, from its k edges at one corner: the product of their lengths after
  /// orthogonalisation, the longest one first, over k!.
  private static func measure(_ edges: inout [Double], _ k: Int, _ n: Int) -> Double {
    edges.withUnsafeMutableBufferPointer { edges in
      var measure = 1.0
      for step in 0..<k {
        var (longest, square) = (step, -1.0)
        for edge in step..<k {
          var sum = 0.0
          for j in 0..<n { sum += edges[edge * n + j] * edges[edge * n + j] }
          if sum > square { (longest, square) = (edge, sum) }
        }
        guard square > 0 else { return 0 }
        measure *= square.squareRoot() / Double(step + 1)
        if longest != step { for j in 0..<n { edges.swapAt(longest * n + j, step * n + j) } }
        for edge in step + 1..<max(k, step + 1) {
          var product = 0.0
          for j in 0..<n { product += edges[edge * n + j] * edges[step * n + j] }
          let factor = product / square
          for j in 0..<n { edges[edge * n + j] -= factor * edges[step * n + j] }
        }
      }
      return measure
    }
  }
}
