/// A surface that cannot be built.
public struct SurfaceMeshError: Error, Sendable, Equatable, CustomStringConvertible {
  public let description: String
}

/// A surface of flat polygons in space, such as the graph of a piecewise-affine function of two variables, for 3-D
/// programs: `obj()` and `ply()` write it.
///
/// Corners with equal coordinates are one vertex (0 and −0 are equal), so that neighbouring faces hang together.
public struct SurfaceMesh: Sendable, Equatable {
  public struct Vertex: Sendable, Hashable {
    public var x: Double
    public var y: Double
    public var z: Double

    public init(x: Double, y: Double, z: Double) {
      self.x = x
      self.y = y
      self.z = z
    }
  }

  public struct Face: Sendable, Equatable {
    /// Indices of `vertices`, three or more, in the order of the face's rim.
    public let corners: [Int]
    public let color: Color?
  }

  public private(set) var vertices: [Vertex] = []
  public private(set) var faces: [Face] = []
  private var places: [Vertex: Int] = [:]

  public init() {}

  /// Adds a face through `corners`, in the order of its rim; repetitions of a corner after itself are dropped.
  ///
  /// Linear in the number of corners. Throws `SurfaceMeshError` for a corner that is not finite and for fewer than
  /// three different ones; the mesh is then as it was.
  public mutating func addFace(_ corners: [Vertex], color: Color? = nil) throws {
    if let odd = corners.firstIndex(where: { !($0.x.isFinite && $0.y.isFinite && $0.z.isFinite) }) {
      throw SurfaceMeshError(
        description: "face \(faces.count + 1), corner \(odd + 1): "
          + "(\(corners[odd].x), \(corners[odd].y), \(corners[odd].z)) is not a point of space; "
          + "coordinates are finite numbers")
    }
    var rim = corners.reduce(into: [Vertex]()) { if $0.last != $1 { $0.append($1) } }
    while rim.count > 1 && rim.first == rim.last { rim.removeLast() }
    guard Set(rim).count >= 3 else {
      throw SurfaceMeshError(
        description: "face \(faces.count + 1) has \(Set(rim).count) different corners; a polygon has three or more")
    }
    faces.append(Face(corners: rim.map { index(of: $0) }, color: color))
  }

  /// The surface with each face cut into triangles around its first corner, in its colour: for programs that read
  /// nothing else. Right for convex faces. Linear in the number of corners.
  public func triangulated() -> SurfaceMesh {
    var result = self
    result.faces = faces.flatMap { face in
      zip(face.corners.dropFirst(), face.corners.dropFirst(2)).map { second, third in
        Face(corners: [face.corners[0], second, third], color: face.color)
      }
    }
    return result
  }

  private mutating func index(of vertex: Vertex) -> Int {
    if let known = places[vertex] { return known }
    places[vertex] = vertices.count
    vertices.append(vertex)
    return vertices.count - 1
  }

  /// The unit normal of a face by Newell's method, upward where it can be: for a rim that goes round clockwise seen from
  /// above it points down. (0, 0, 1) for a face without area.
  func normal(of face: Face) -> Vertex {
    let corners = face.corners.map { vertices[$0] }
    // In units of the face's own size, or the products of very large coordinates would overflow.
    let size = corners.reduce(0.0) { size, corner in
      max(size, abs(corner.x - corners[0].x), abs(corner.y - corners[0].y), abs(corner.z - corners[0].z))
    }
    func relative(_ corner: Vertex) -> Vertex {
      Vertex(
        x: (corner.x - corners[0].x) / size, y: (corner.y - corners[0].y) / size, z: (corner.z - corners[0].z) / size)
    }
    var sum = Vertex(x: 0, y: 0, z: 0)
    for index in corners.indices {
      let (a, b) = (relative(corners[index]), relative(corners[index + 1 == corners.count ? 0 : index + 1]))
      sum.x += (a.y - b.y) * (a.z + b.z)
      sum.y += (a.z - b.z) * (a.x + b.x)
      sum.z += (a.x - b.x) * (a.y + b.y)
    }
    let length = (sum.x * sum.x + sum.y * sum.y + sum.z * sum.z).squareRoot()
    guard length > 0, length.isFinite else { return Vertex(x: 0, y: 0, z: 1) }
    return Vertex(x: sum.x / length, y: sum.y / length, z: sum.z / length)
  }
}

extension SurfaceMesh {
  /// The graph of the function a region map shows, each region a face in its colour on the map; by value, in the colour
  /// of the mean over its corners.
  ///
  /// Corners at one (x, y) are one vertex if their heights differ by no more than rounding, 10⁻⁹ of their magnitude:
  /// the affine functions of neighbours, evaluated where they meet, need not agree in the last bit. Faces are seen from
  /// above counter-clockwise, whatever the order of the region's vertices. Throws `SurfaceMeshError` if there are no
  /// regions, and as `addFace` does, counting the regions from one.
  public init(_ map: RegionMap) throws {
    self.init()
    guard !map.regions.isEmpty else {
      throw SurfaceMeshError(description: "a map without regions has no surface; give it at least one polygon")
    }
    var values = Extent()
    for region in map.regions where region.isDrawable {
      for vertex in region.vertices { values.include(region.value(x: vertex.x, y: vertex.y)) }
    }
    let paint = RegionPaint(map, regions: map.regions.filter(\.isDrawable), values: values, colors: .viridis)
    var heights: [Place: Double] = [:]
    for region in map.regions {
      var corners: [Vertex] = []
      for vertex in region.vertices {
        let own = region.value(x: vertex.x, y: vertex.y)
        let place = Place(x: vertex.x, y: vertex.y)
        var z = own
        if let known = heights[place], abs(known - own) <= 1e-9 * max(abs(known), abs(own), 1) {
          z = known
        } else {
          heights[place] = own
        }
        corners.append(Vertex(x: vertex.x, y: vertex.y, z: z))
      }
      let mean = corners.reduce(0) { $0 + $1.z / Double(corners.count) }
      if Self.isClockwise(region.vertices) { corners.reverse() }
      try addFace(corners, color: paint.color(of: region, value: mean))
    }
  }

  private struct Place: Hashable {
    var x: Double
    var y: Double
  }

  private static func isClockwise(_ vertices: [PlotPoint]) -> Bool {
    guard let origin = vertices.first else { return false }
    var doubled = 0.0
    for (a, b) in zip(vertices.dropFirst(), vertices.dropFirst(2)) {
      doubled += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y)
    }
    return doubled < 0
  }
}
