import LinearAlgebra

/// The faces of all regions, each once: with the first region that has it.
struct FaceCollector {
  private let collector: CornerCollector
  private let dimension: Int
  /// The dimension of the span of the lines that every region contains.
  private(set) var lineDimension = 0
  private var faces: [FaceLattice.FaceList]
  private var regionCount = 0

  init(_ enumeration: RegionEnumeration) {
    collector = CornerCollector(enumeration)
    dimension = enumeration.network.inputCount
    faces = Array(repeating: FaceLattice.FaceList(), count: dimension + 1)
  }

  /// Takes the next region.
  ///
  /// - Parameter lines: the dimension of the span of the lines that it contains.
  mutating func add(_ pattern: ActivationPattern, _ content: CorneredRegion, lines: Int) {
    lineDimension = lines
    addFaces(content, collector.add(pattern, content))
    regionCount += 1
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
  private mutating func addFaces(_ content: CorneredRegion, _ numbers: [Int32]) {
    let count = numbers.count
    let vertices = CornerSet((0..<count).filter { !content.corners[$0].isDirection }, of: count)
    let facets = content.crossings.indices.map { facet in
      CornerSet((0..<count).filter { content.facets[$0].contains(facet) }, of: count)
    }
    var level = [CornerSet(0..<count, of: count)]
    for dimension in stride(from: dimension, through: lineDimension, by: -1) {
      // What an earlier region has, it has with all faces.
      let new = level.filter { face in
        let corners = face.elements.map { numbers[$0] }
        guard isNew(corners) else { return false }
        faces[dimension].append(corners)
        return true
      }
      level = Set(new.flatMap { Self.facets(of: $0, facets, vertices) }).sorted()
    }
  }

  /// The facets of a face: its largest proper intersections with the region's facets that hold a vertex.
  private static func facets(of face: CornerSet, _ facets: [CornerSet], _ vertices: CornerSet) -> [CornerSet] {
    var parts: [CornerSet] = []
    for facet in facets {
      let part = face.intersection(facet)
      guard part != face, part.intersects(vertices), !parts.contains(where: { part.isSubset(of: $0) }) else { continue }
      parts.removeAll { $0.isSubset(of: part) }
      parts.append(part)
    }
    return parts
  }

  /// Whether no region before the present one has all corners of a face, and hence the face.
  private func isNew(_ corners: [Int32]) -> Bool {
    guard let rarest = corners.min(by: { collector.regions[Int($0)].count < collector.regions[Int($1)].count })
    else { return false }
    for candidate in collector.regions[Int(rarest)] where candidate < regionCount {
      if corners.allSatisfy({ collector.regions[Int($0)].contains(candidate) }) { return false }
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

  func isSubset(of other: CornerSet) -> Bool {
    words.indices.allSatisfy { words[$0] & ~other.words[$0] == 0 }
  }

  func intersects(_ other: CornerSet) -> Bool {
    words.indices.contains { words[$0] & other.words[$0] != 0 }
  }

  var elements: [Int] {
    var elements: [Int] = []
    for (index, word) in words.enumerated() {
      var rest = word
      while rest != 0 {
        elements.append(64 * index + rest.trailingZeroBitCount)
        rest &= rest - 1
      }
    }
    return elements
  }
}
