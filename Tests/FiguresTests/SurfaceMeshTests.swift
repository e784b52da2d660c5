import Foundation
import Testing

@testable import Figures

@Suite struct SurfaceMeshTests {
  private typealias Vertex = SurfaceMesh.Vertex

  private static func twoSquares() throws -> SurfaceMesh {
    var mesh = SurfaceMesh()
    try mesh.addFace([(0.0, 0.0), (1, 0), (1, 1), (0, 1)].map { Vertex(x: $0.0, y: $0.1, z: 0) })
    try mesh.addFace(
      [(1.0, -0.0), (2, 0), (2, 1), (1, 1), (1, 1)].map { Vertex(x: $0.0, y: $0.1, z: $0.0 - 1) },
      color: Color(0x0A0B0C))
    return mesh
  }

  @Test func equalCornersAreOneVertex() throws {
    let mesh = try Self.twoSquares()
    #expect(mesh.vertices.count == 6)
    #expect(mesh.faces.map(\.corners) == [[0, 1, 2, 3], [1, 4, 5, 2]])
  }

  @Test func badFacesAreRefused() throws {
    var mesh = try Self.twoSquares()
    let before = mesh
    let bad: [([Vertex], String)] = [
      ([], "face 3 has 0 different corners"),
      ([Vertex(x: 5, y: 6, z: 7), Vertex(x: 5, y: 6, z: 7), Vertex(x: 9, y: 9, z: 9)], "face 3 has 2 different"),
      ([Vertex(x: 5, y: 6, z: 7), Vertex(x: 1, y: .nan, z: 7), Vertex(x: 9, y: 9, z: 9)], "face 3, corner 2"),
    ]
    for (corners, words) in bad {
      let error = #expect(throws: SurfaceMeshError.self) { try mesh.addFace(corners) }
      #expect(error?.description.contains(words) == true)
      #expect(mesh == before)
    }
    #expect(throws: SurfaceMeshError.self) { try SurfaceMesh(RegionMap()) }
    let steep = RegionMap.Region(
      vertices: [PlotPoint(x: 0, y: 0), PlotPoint(x: 1, y: 0), PlotPoint(x: 0, y: 1)], slopeX: .nan, slopeY: 0,
      constant: 0)
    #expect(throws: SurfaceMeshError.self) { try SurfaceMesh(RegionMap(regions: [steep])) }
  }

  /// The graph over an arrangement of lines is one piece of surface over the square: V − E + F = 1, and every edge
  /// belongs to two faces or to the rim.
  @Test(arguments: [UInt64(1), 2, 3])
  func graphsHangTogether(seed: UInt64) throws {
    let arrangement = LineArrangement(lines: 25, seed: seed)
    var map = RegionMap(regions: arrangement.regions)
    // Neighbours that disagree on the direction around are put right.
    for index in stride(from: 0, to: map.regions.count, by: 2) { map.regions[index].vertices.reverse() }
    let mesh = try SurfaceMesh(map)
    var edges: [Set<Int>: Int] = [:]
    var area = 0.0
    for face in mesh.faces {
      let rim = face.corners.map { mesh.vertices[$0] }
      let next = face.corners.dropFirst() + face.corners.prefix(1)
      for (a, b) in zip(face.corners, next) { edges[[a, b], default: 0] += 1 }
      let own = zip(rim, rim.dropFirst() + rim.prefix(1)).reduce(0) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y } / 2
      #expect(own >= 0, "seed \(seed)")
      area += own
      #expect(mesh.normal(of: face).z > 0, "seed \(seed)")
    }
    #expect(abs(area - 4) < 1e-9, "seed \(seed)")
    #expect(mesh.vertices.count - edges.count + mesh.faces.count == 1, "seed \(seed)")
    #expect(edges.values.allSatisfy { $0 == 1 || $0 == 2 }, "seed \(seed)")
  }

  @Test func facesWearTheColoursOfTheMap() throws {
    let triangle = [PlotPoint(x: 0, y: 0), PlotPoint(x: 1, y: 0), PlotPoint(x: 0, y: 1)]
    let regions = [
      RegionMap.Region(vertices: triangle, slopeX: 0, slopeY: 0, constant: 0, pattern: 8, classIndex: 3),
      RegionMap.Region(vertices: triangle, slopeX: 0, slopeY: 0, constant: 1, pattern: 9, classIndex: 4),
    ]
    func colors(_ coloring: RegionMap.Coloring) throws -> [Color?] {
      try SurfaceMesh(RegionMap(coloring: coloring, regions: regions)).faces.map(\.color)
    }
    #expect(try colors(.value) == [Palette.viridis(0), Palette.viridis(1)])
    #expect(try colors(.pattern) == [Palette.tint(forKey: 8), Palette.tint(forKey: 9)])
    #expect(try colors(.classes) == [Palette.categoricalTint(3), Palette.categoricalTint(4)])
  }

  @Test func objIsAsWritten() throws {
    let mesh = try Self.twoSquares()
    let plain = """
      # 6 vertices, 2 faces
      v 0.0 0.0 0.0
      v 1.0 0.0 0.0
      v 1.0 1.0 0.0
      v 0.0 1.0 0.0
      v 2.0 0.0 1.0
      v 2.0 1.0 1.0
      g region_1
      f 1 2 3 4
      g region_2
      f 2 5 6 3

      """
    #expect(mesh.obj() == plain)
    let shaded = mesh.obj(normals: true)
    #expect(shaded.contains("vn 0.0 0.0 1.0\n"))
    #expect(shaded.contains("f 2//2 5//2 6//2 3//2\n"))
    let normal = mesh.normal(of: mesh.faces[1])
    #expect(abs(normal.x + 0.5.squareRoot()) < 1e-15 && normal.y == 0 && abs(normal.z - 0.5.squareRoot()) < 1e-15)
  }

  @Test func plyHoldsTheSameTwice() throws {
    let mesh = try Self.twoSquares()
    let ascii = String(decoding: try mesh.ply(.ascii), as: UTF8.self)
    #expect(ascii.hasPrefix("ply\nformat ascii 1.0\nelement vertex 6\nproperty double x\n"))
    #expect(ascii.hasSuffix("4 0 1 2 3 176 176 176\n4 1 4 5 2 10 11 12\n"))
    let binary = try mesh.ply()
    let mark = Data("end_header\n".utf8)
    let body = binary[try #require(binary.range(of: mark)).upperBound...]
    #expect(body.count == 6 * 24 + 2 * (1 + 16 + 3))
    let numbers = body.prefix(6 * 24).withUnsafeBytes { bytes in
      (0..<18).map { place in
        let bits = bytes.loadUnaligned(fromByteOffset: 8 * place, as: UInt64.self)
        return Double(bitPattern: UInt64(littleEndian: bits))
      }
    }
    #expect(numbers == mesh.vertices.flatMap { [$0.x, $0.y, $0.z] })
    #expect(body.suffix(20) == Data([4, 1, 0, 0, 0, 4, 0, 0, 0, 5, 0, 0, 0, 2, 0, 0, 0, 10, 11, 12]))
  }

  @Test func widePolygonsAndTriangles() throws {
    var mesh = SurfaceMesh()
    try mesh.addFace((0..<300).map { Vertex(x: cos(Double($0) / 48), y: sin(Double($0) / 48), z: 0) })
    #expect(String(decoding: try mesh.ply(.ascii), as: UTF8.self).contains("property list uint int"))
    let triangles = mesh.triangulated()
    #expect(triangles.faces.count == 298)
    #expect(triangles.faces.allSatisfy { $0.corners.count == 3 })
    #expect(triangles.vertices == mesh.vertices)
  }
}
