import LinearAlgebra

/// The faces of all regions, each once.
struct FaceCollector {
  private let collector: CornerCollector
  private let dimension: Int
  private var faces: [FaceLattice.FaceList]

  init(_ collector: CornerCollector, dimension: Int) {
    self.collector = collector
    self.dimension = dimension
    faces = Array(repeating: FaceLattice.FaceList(), count: dimension + 1)
    for region in collector.contents.indices { addFaces(of: region) }
  }

  /// The vertices, the rays, and the faces by the numbers of these.
  func result() -> (vertices: Matrix, rays: Matrix, faces: [FaceLattice.FaceList]) {
    let all = collector.points.indices
    let vertices = all.filter { !collector.isDirection[$0] }
    let rays = all.filter { collector.isDirection[$0] }
    var numbers = Array(repeating: Int32(0), count: all.count)
    for (number, corner) in (vertices + rays).enumerated() { numbers[corner] = Int32(number) }
    func matrix(_ corners: [Int]) -> Matrix {
      Matrix(rows: corners.count, columns: dimension, elements: corners.flatMap { collector.points[$0] })
    }
    let renumbered = faces.map { list in
      var list = list
      list.renumber(numbers)
      return list
    }
    return (matrix(vertices), matrix(rays), renumbered)
  }

  /// Adds the faces of a region that are no faces of an earlier one.
  private mutating func addFaces(of region: Int) {
    let content = collector.contents[region]
    let count = content.corners.count
    let all = CornerSet(0..<count, of: count)
    let vertices = CornerSet((0..<count).filter { !collector.isDirection[Int(content.corners[$0])] }, of: count)
    let facets = (0..<content.facetCount).map { facet in
      CornerSet((0..<count).filter { content.facets[$0].contains(facet) }, of: count)
    }
    var level = [all]
    for dimension in stride(from: dimension, through: collector.lineDimension, by: -1) {
      for face in level {
        let corners = face.elements.map { content.corners[$0] }
        if isFirst(region, corners) { faces[dimension].append(corners) }
      }
      level = Set(level.flatMap { Self.facets(of: $0, facets, vertices) }).sorted()
    }
  }

  /// The facets of a face: its largest proper intersections with the region's facets that hold a vertex.
  private static func facets(of face: CornerSet, _ facets: [CornerSet], _ vertices: CornerSet) -> [CornerSet] {
    let parts = Set(facets.map { face.intersection($0) }.filter { $0 != face && $0.intersects(vertices) })
    return parts.filter { part in !parts.contains { $0 != part && part.intersection($0) == part } }
  }

  /// Whether no region before this one has all corners of a face, and hence the face.
  private func isFirst(_ region: Int, _ corners: [Int32]) -> Bool {
    let lists = corners.map { collector.regions[Int($0)] }
    guard let shortest = lists.min(by: { $0.count < $1.count }) else { return false }
    for candidate in shortest {
      if candidate >= region { return true }
      if lists.allSatisfy({ $0.contains(candidate) }) { return false }
    }
    return true
  }
}

/// A set of corners of one region.
private struct CornerSet: Hashable, Comparable {
  private var words: [UInt64]

  init(_ elements: some Sequence<Int>, of count: Int) {
    words = Array(repeating: 0, count: (count + 63) / 64)
    for element in elements { words[element / 64] |= 1 << UInt64(element % 64) }
  }

  static func < (left: CornerSet, right: CornerSet) -> Bool {
    left.words.lexicographicallyPrecedes(right.words)
  }

  func intersection(_ other: CornerSet) -> CornerSet {
    var result = self
    for index in words.indices { result.words[index] &= other.words[index] }
    return result
  }

  func intersects(_ other: CornerSet) -> Bool {
    words.indices.contains { words[$0] & other.words[$0] != 0 }
  }

  var elements: [Int] {
    words.indices.flatMap { index in
      (0..<64).filter { words[index] >> UInt64($0) & 1 == 1 }.map { 64 * index + $0 }
    }
  }
}
