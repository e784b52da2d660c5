import LinearAlgebra

extension LinearRegion {
  /// A triangulation of the closed region: simplices whose vertices are vertices of the region, with disjoint interiors,
  /// that together are the region.
  ///
  /// Needs facets and vertices. A region that is not bounded has none.
  ///
  /// - Returns: the numbers of the simplices' vertices, n + 1 for each simplex, one simplex after the other.
  /// - Complexity: O(facets²) set operations for each face that is not a simplex; the number of simplices of an
  ///   n-dimensional region may grow like vertices^⌊n/2⌋.
  ///
  /// The pulling triangulation: each face is the union of the cones from its first vertex to the simplices of its facets
  /// that do not contain that vertex. Only incidence is read, so no rounding can tear it. Source: Lee and Santos,
  /// Subdivisions and triangulations of polytopes, Handbook of Discrete and Computational Geometry, 3rd edition, 16.3.
  public func simplices() -> [Int] {
    guard isBounded else { return [] }
    var pulling = PullingTriangulation(self)
    pulling.triangulate(facet: nil, dimension: vertices.columns)
    return pulling.simplices
  }

  /// A triangulation of a facet: n vertex numbers for each simplex. Empty where the facet is not bounded.
  public func simplices(ofFacet facet: Int) -> [Int] {
    guard isBounded(facet: facet) else { return [] }
    var pulling = PullingTriangulation(self)
    pulling.triangulate(facet: facet, dimension: vertices.columns - 1)
    return pulling.simplices
  }

  /// Whether a facet is a polytope. O(rays).
  public func isBounded(facet: Int) -> Bool {
    lines.rows == 0 && !(0..<rays.rows).contains { lies(vertices.rows + $0, on: facet) }
  }
}

/// Cuts a polytope into simplices by its vertex–facet incidence.
private struct PullingTriangulation {
  /// The words of a set of vertices.
  private let width: Int
  private let vertexCount: Int
  private let facetCount: Int
  /// Sets of vertices: all, then for each facet those on it.
  private let sets: [UInt64]
  /// The vertices that all simplices of the present face share.
  private var apexes: [Int] = []
  private(set) var simplices: [Int] = []

  init(_ region: LinearRegion) {
    vertexCount = region.vertices.rows
    facetCount = region.facets.count
    width = max(1, (vertexCount + 63) / 64)
    var sets = Array(repeating: UInt64(0), count: (1 + facetCount) * width)
    for vertex in 0..<vertexCount {
      let bit: UInt64 = 1 << UInt64(vertex % 64)
      sets[vertex / 64] |= bit
      for word in 0..<region.incidenceWords {
        var rest = region.incidence[vertex * region.incidenceWords + word]
        while rest != 0 {
          let facet = 64 * word + rest.trailingZeroBitCount
          rest &= rest - 1
          sets[(1 + facet) * width + vertex / 64] |= bit
        }
      }
    }
    self.sets = sets
  }

  /// - Parameters:
  ///   - facet: the facet to triangulate, or nil for the polytope.
  ///   - dimension: its dimension.
  mutating func triangulate(facet: Int?, dimension: Int) {
    let sets = sets
    sets.withUnsafeBufferPointer { sets in
      guard let base = sets.baseAddress else { return }
      let room = facetCount * width * (dimension + 1)
      withUnsafeTemporaryAllocation(of: UInt64.self, capacity: max(room, 1)) { scratch in
        guard let free = scratch.baseAddress else { return }
        let face = facet.map { base + (1 + $0) * width } ?? base
        triangulate(face, dimension, bounds: base + width, facetCount, scratch: free)
      }
    }
  }

  /// - Parameters:
  ///   - bounds: sets whose intersections with the face include its facets, `count` of them.
  ///   - scratch: room for as many sets for each dimension.
  private mutating func triangulate(
    _ face: UnsafePointer<UInt64>, _ dimension: Int, bounds: UnsafePointer<UInt64>, _ count: Int,
    scratch: UnsafeMutablePointer<UInt64>
  ) {
    let size = size(face)
    guard size > dimension + 1 else {
      if size == dimension + 1 {
        simplices.append(contentsOf: apexes)
        appendElements(of: face)
      }
      return
    }
    let found = facets(of: face, size, dimension, bounds: bounds, count, into: scratch)
    guard let word = (0..<width).first(where: { face[$0] != 0 }) else { return }
    let apex = 64 * word + face[word].trailingZeroBitCount
    apexes.append(apex)
    for index in 0..<found {
      let facet = scratch + index * width
      guard facet[word] >> UInt64(apex % 64) & 1 == 0 else { continue }
      triangulate(facet, dimension - 1, bounds: scratch, found, scratch: scratch + found * width)
    }
    apexes.removeLast()
  }

  /// Writes the facets of a face: of its intersections with the bounds, those that are contained in no other one.
  private func facets(
    of face: UnsafePointer<UInt64>, _ size: Int, _ dimension: Int, bounds: UnsafePointer<UInt64>, _ count: Int,
    into found: UnsafeMutablePointer<UInt64>
  ) -> Int {
    var parts = 0
    for bound in 0..<count {
      let part = found + parts * width
      for word in 0..<width { part[word] = face[word] & bounds[bound * width + word] }
      let partSize = self.size(part)
      if partSize >= dimension && partSize < size { parts += 1 }
    }
    var kept = 0
    for index in 0..<parts {
      let part = found + index * width
      let isCovered =
        (0..<kept).contains { isSubset(part, found + $0 * width) }
        || (index + 1..<parts).contains {
          isSubset(part, found + $0 * width) && !isSubset(found + $0 * width, part)
        }
      if isCovered { continue }
      for word in 0..<width { found[kept * width + word] = part[word] }
      kept += 1
    }
    return kept
  }

  private func size(_ set: UnsafePointer<UInt64>) -> Int {
    var size = 0
    for word in 0..<width { size += set[word].nonzeroBitCount }
    return size
  }

  private func isSubset(_ left: UnsafePointer<UInt64>, _ right: UnsafePointer<UInt64>) -> Bool {
    for word in 0..<width where left[word] & ~right[word] != 0 { return false }
    return true
  }

  private mutating func appendElements(of set: UnsafePointer<UInt64>) {
    for word in 0..<width {
      var rest = set[word]
      while rest != 0 {
        simplices.append(64 * word + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
  }
}
