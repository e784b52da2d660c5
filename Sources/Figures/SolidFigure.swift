/// A picture of a convex polyhedron in space: faces lit from the upper left, edges and vertices behind them dashed and
/// faint, in mild perspective.
///
/// ```swift
/// let figure = SolidFigure(
///   title: "Truncated octahedron", vertices: corners.map { .init(x: $0[0], y: $0[1], z: $0[2]) }, faces: rims)
/// try figure.svg().write(to: url, atomically: true, encoding: .utf8)
/// ```
///
/// Faces that are no polygons of given vertices are left out and counted in the subtitle; the order in which they are given,
/// and which way round, does not matter. A single face is seen from both sides.
public struct SolidFigure: Sendable, Equatable {
  public enum Proportions: Sendable, Equatable {
    /// A unit is as long in all directions.
    case equal
    /// The picture is that of an affine image in which the vertices spread alike in all directions, and the note says so:
    /// what is parallel remains so, and a solid that is long and thin shows all its faces. `equal` for flat ones.
    case balanced
  }

  public var title: String
  public var subtitle: String
  /// Small print below the picture.
  public var note: String
  /// What the picture shows, for readers who cannot see it; if empty, the numbers of vertices, edges and faces.
  public var summary: String
  public var vertices: [SurfaceMesh.Vertex]
  /// Indices of vertices around each face's rim; vertices in no face are not drawn.
  public var faces: [[Int]]
  /// The names of the three axes, beside a picture in equal proportions.
  public var axisLabels: [String]
  public var proportions: Proportions
  /// Where the eye is: degrees around the vertical third axis, counter-clockwise from the first.
  public var azimuth: Double
  /// Degrees above the plane of the first two axes.
  public var elevation: Double
  public var size: FigureSize

  public init(
    title: String = "", subtitle: String = "", note: String = "", summary: String = "",
    vertices: [SurfaceMesh.Vertex] = [], faces: [[Int]] = [], axisLabels: [String] = ["x₁", "x₂", "x₃"],
    proportions: Proportions = .equal, azimuth: Double = -55, elevation: Double = 22,
    size: FigureSize = FigureSize(width: 640, height: 600)
  ) {
    self.title = title
    self.subtitle = subtitle
    self.note = note
    self.summary = summary
    self.vertices = vertices
    self.faces = faces
    self.axisLabels = axisLabels
    self.proportions = proportions
    self.azimuth = azimuth
    self.elevation = elevation
    self.size = size
  }

  /// The figure as an SVG document. O(n log n) in the number of corners of faces.
  public func svg() -> String { SolidRenderer(self).svg() }

  /// `2 faces left out: …`; empty for none.
  static func remark(_ count: Int, _ one: String, _ many: String, _ words: String) -> String {
    count == 0 ? "" : "\(NumberText.count(count)) \(count == 1 ? one : many) \(words)"
  }
}
