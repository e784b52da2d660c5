import Foundation

extension SurfaceMesh {
  /// The surface as Wavefront OBJ: vertices to the last bit, and each face in a group of its own, `region_1`,
  /// `region_2`, …, in order. With `normals`, each face has its own normal, for viewers that would otherwise shade the surface
  /// as if it were smooth. OBJ knows no colours of faces.
  public func obj(normals: Bool = false) -> String {
    var text = "# \(vertices.count) vertices, \(faces.count) faces\n"
    for vertex in vertices { text += "v \(Self.row(vertex))\n" }
    if normals {
      for face in faces { text += "vn \(Self.row(normal(of: face)))\n" }
    }
    for (number, face) in zip(1..., faces) {
      text += "g region_\(number)\nf"
      for corner in face.corners { text += normals ? " \(corner + 1)//\(number)" : " \(corner + 1)" }
      text += "\n"
    }
    return text
  }

  /// How the body of a PLY file is written.
  public enum PLYEncoding: Sendable, Equatable {
    case ascii
    case binaryLittleEndian
  }

  /// The surface as Polygon File Format 1.0 (Turk 1994): vertices as doubles, and faces as lists of indices with an
  /// eight-bit red, green and blue, if any face has a colour; faces without one are then grey. Indices are 32-bit:
  /// throws `SurfaceMeshError` for more vertices than they can count. Some readers of the binary form expect all faces
  /// to have as many corners: write them `triangulated()`.
  public func ply(_ encoding: PLYEncoding = .binaryLittleEndian) throws -> Data {
    guard vertices.count <= Int(Int32.max) else {
      throw SurfaceMeshError(description: "\(vertices.count) vertices are more than PLY can count (2147483647)")
    }
    let isColored = faces.contains { $0.color != nil }
    // A byte for the number of corners is what readers know best; wider only where a face has more.
    let isWide = faces.contains { $0.corners.count > 255 }
    var data = Data(header(encoding, isColored: isColored, isWide: isWide).utf8)
    switch encoding {
    case .ascii:
      var text = ""
      for vertex in vertices { text += "\(Self.row(vertex))\n" }
      for face in faces {
        text += "\(face.corners.count)"
        for corner in face.corners { text += " \(corner)" }
        if isColored {
          let color = face.color ?? Self.grey
          text += " \(color.red) \(color.green) \(color.blue)"
        }
        text += "\n"
      }
      data.append(contentsOf: text.utf8)
    case .binaryLittleEndian:
      var bytes: [UInt8] = []
      func append(_ value: some FixedWidthInteger) {
        withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
      }
      for vertex in vertices {
        append(vertex.x.bitPattern)
        append(vertex.y.bitPattern)
        append(vertex.z.bitPattern)
      }
      for face in faces {
        if isWide { append(UInt32(face.corners.count)) } else { append(UInt8(face.corners.count)) }
        for corner in face.corners { append(Int32(corner)) }
        guard isColored else { continue }
        let color = face.color ?? Self.grey
        bytes += [color.red, color.green, color.blue]
      }
      data.append(contentsOf: bytes)
    }
    return data
  }

  private func header(_ encoding: PLYEncoding, isColored: Bool, isWide: Bool) -> String {
    var lines = ["ply", "format \(encoding == .ascii ? "ascii" : "binary_little_endian") 1.0"]
    lines += ["element vertex \(vertices.count)"] + ["x", "y", "z"].map { "property double \($0)" }
    lines += ["element face \(faces.count)", "property list \(isWide ? "uint" : "uchar") int vertex_indices"]
    if isColored { lines += ["red", "green", "blue"].map { "property uchar \($0)" } }
    return (lines + ["end_header"]).joined(separator: "\n") + "\n"
  }

  /// Shortest decimals that read back as the same doubles.
  private static func row(_ vertex: Vertex) -> String { "\(vertex.x) \(vertex.y) \(vertex.z)" }

  private static let grey = Color(0xB0B0B0)
}
