/// Draws one solid.
struct SolidRenderer {
  private struct Face {
    var corners: [Int]
    var isVisible: Bool
    /// 0 in the shade to 1 in full light.
    var light: Double
    /// The depth of its middle; larger is nearer.
    var depth: Double
  }

  private struct Rim: Hashable {
    let a: Int
    let b: Int
  }

  private let figure: SolidFigure
  private let view: SolidView
  private let faces: [Face]
  /// The places of the vertices in faces.
  private let places: [Int: SpaceVector]
  /// Each edge once, and whether a face that the eye sees has it.
  private let edges: [(rim: Rim, isVisible: Bool)]
  private let request: Layout.Request

  /// The light comes over the reader's left shoulder; of length 1.
  private static let light = (1 / SpaceVector(x: -0.45, y: 0.6, z: 0.8).length) * SpaceVector(x: -0.45, y: 0.6, z: 0.8)
  /// The side of the square in which the axes are named.
  private static let compass = 92.0

  init(_ figure: SolidFigure) {
    self.figure = figure
    let vertices = figure.vertices
    func isDrawable(_ index: Int) -> Bool {
      vertices.indices.contains(index)
        && [vertices[index].x, vertices[index].y, vertices[index].z].allSatisfy { abs($0) <= AxisRange.largest }
    }
    let rims = figure.faces.filter { Set($0).count >= 3 && $0.allSatisfy(isDrawable) }
    let used = Set(rims.joined()).sorted()
    func vector(_ index: Int) -> SpaceVector {
      SpaceVector(x: vertices[index].x, y: vertices[index].y, z: vertices[index].z)
    }
    let view = SolidView(
      used.map(vector), proportions: figure.proportions, azimuth: figure.azimuth, elevation: figure.elevation)
    let places = Dictionary(uniqueKeysWithValues: used.map { ($0, view.place(vector($0))) })
    let faces = rims.map { Self.face($0, places, isOnly: rims.count == 1) }
    var visible: [Rim: Bool] = [:]
    for face in faces {
      for (a, b) in zip(face.corners, face.corners.dropFirst() + face.corners.prefix(1)) where a != b {
        let rim = Rim(a: min(a, b), b: max(a, b))
        visible[rim] = visible[rim] == true || face.isVisible
      }
    }
    (self.view, self.places, self.faces) = (view, places, faces)
    edges = visible.map { ($0.key, $0.value) }.sorted { ($0.rim.a, $0.rim.b) < ($1.rim.a, $1.rim.b) }
    let (xRange, yRange) = Self.ranges(places.values.map(SolidView.projected))
    let leftOut = figure.faces.count - rims.count
    let remark = SolidFigure.remark(leftOut, "face", "faces", "left out: not a polygon of given vertices")
    let balance = view.isBalanced ? "Drawn after a linear map that makes it about as wide in all directions." : ""
    request = Layout.Request(
      size: figure.size, title: figure.title,
      subtitle: [figure.subtitle, remark].filter { !$0.isEmpty }.joined(separator: " · "),
      note: [figure.note, balance].filter { !$0.isEmpty }.joined(separator: " "), xAxis: Axis(), yAxis: Axis(),
      xRange: xRange, yRange: yRange, aside: { _ in view.isBalanced ? 0 : Self.compass }, asideHeight: Self.compass,
      aspect: (yRange.upper - yRange.lower) / (xRange.upper - xRange.lower))
  }

  func svg() -> String {
    let layout = Layout(request)
    var svg = SVGBuilder()
    layout.drawHeading(into: &svg)
    let pixels = places.compactMapValues { place in
      let point = SolidView.projected(place)
      return layout.pixel(x: point.x, y: point.y)
    }
    // The more there is, the finer.
    let fineness = min(1, (90 / Double(max(edges.count, 1))).squareRoot())
    drawHidden(pixels, fineness, into: &svg)
    drawFaces(pixels, into: &svg)
    drawVisible(pixels, fineness, into: &svg)
    // Balanced, the axes are no longer at right angles, and may all but coincide.
    if !view.isBalanced { drawCompass(beside: layout.plot, into: &svg) }
    return svg.document(
      width: layout.width, height: layout.height, title: figure.title.isEmpty ? "Polyhedron" : figure.title,
      description: summary)
  }

  // MARK: Geometry

  private static func face(_ rim: [Int], _ places: [Int: SpaceVector], isOnly: Bool) -> Face {
    let corners = rim.compactMap { places[$0] }
    let zero = SpaceVector(x: 0, y: 0, z: 0)
    let middle = (1 / Double(corners.count)) * corners.reduce(zero, +)
    var normal = zip(corners, corners.dropFirst() + corners.prefix(1)).reduce(zero) { sum, side in
      sum + (side.0 - middle).cross(side.1 - middle)
    }
    if normal.length > 0 { normal = (1 / normal.length) * normal }
    // The origin is inside, so that the outer side of a face is the one away from it.
    let isTurned = isOnly ? !SolidView.sees(faceAt: middle, normal: normal) : normal.dot(middle) < 0
    if isTurned { normal = -1 * normal }
    return Face(
      corners: rim, isVisible: isOnly || SolidView.sees(faceAt: middle, normal: normal),
      light: max(0, normal.dot(light)), depth: middle.z)
  }

  /// The part of the picture plane to show, never much longer than wide or the other way round.
  private static func ranges(_ points: [PlotPoint]) -> (AxisRange, AxisRange) {
    var (x, y) = (Extent(), Extent())
    for point in points {
      x.include(point.x)
      y.include(point.y)
    }
    guard !x.isEmpty else { return ranges(around(0, 1), around(0, 1)) }
    let (width, height) = (x.upper - x.lower, y.upper - y.lower)
    x.include(around((x.lower + x.upper) / 2, max(width, 0.6 * height, 0.1) * 0.53))
    y.include(around((y.lower + y.upper) / 2, max(height, 0.6 * width, 0.1) * 0.53))
    return ranges(x, y)
  }

  private static func ranges(_ x: Extent, _ y: Extent) -> (AxisRange, AxisRange) {
    (AxisRange(Axis(), data: x, padding: 0), AxisRange(Axis(), data: y, padding: 0))
  }

  private static func around(_ middle: Double, _ half: Double) -> Extent {
    var extent = Extent()
    extent.include(middle - half)
    extent.include(middle + half)
    return extent
  }

  // MARK: Drawing

  private func drawHidden(_ pixels: [Int: Pixel], _ fineness: Double, into svg: inout SVGBuilder) {
    // A thicket of dashes shows nothing.
    guard edges.count <= 400 else { return }
    let width = SVGBuilder.number(1.2 * fineness)
    svg.group(["stroke": Ink.text.hex, "stroke-width": width, "stroke-dasharray": "5 4"]) { svg in
      for edge in edges where !edge.isVisible {
        guard let a = pixels[edge.rim.a], let b = pixels[edge.rim.b] else { continue }
        svg.line(a, b)
      }
    }
    let seen = visibleVertices
    svg.group(["fill": Ink.text.hex]) { svg in
      for index in places.keys.sorted() where !seen.contains(index) {
        if let pixel = pixels[index] { svg.circle(pixel, radius: 2.4 * fineness) }
      }
    }
  }

  private func drawFaces(_ pixels: [Int: Pixel], into svg: inout SVGBuilder) {
    svg.group(["fill-opacity": edges.count <= 400 ? "0.74" : "1"]) { svg in
      for face in faces.filter(\.isVisible).sorted(by: { $0.depth < $1.depth }) {
        let color = PerceptualColor(lightness: 0.6 + 0.33 * face.light, chroma: 0.095 - 0.045 * face.light, hue: 4.35)
        let rim = face.corners.compactMap { pixels[$0] }
        svg.element("path", ["d": SVGBuilder.path(rim, closed: true), "fill": color.color.hex])
      }
    }
  }

  private func drawVisible(_ pixels: [Int: Pixel], _ fineness: Double, into svg: inout SVGBuilder) {
    let ink = Palette.layer(1).hex
    let width = SVGBuilder.number(1.7 * fineness)
    svg.group(["stroke": ink, "stroke-width": width, "stroke-linecap": "round"]) { svg in
      for edge in edges where edge.isVisible {
        guard let a = pixels[edge.rim.a], let b = pixels[edge.rim.b] else { continue }
        svg.line(a, b)
      }
    }
    svg.group(["fill": ink, "stroke": "#ffffff", "stroke-width": SVGBuilder.number(fineness)]) { svg in
      for index in visibleVertices.sorted() {
        if let pixel = pixels[index] { svg.circle(pixel, radius: 4 * fineness) }
      }
    }
  }

  /// The directions of the axes, named, beside the lower end of the picture.
  private func drawCompass(beside plot: Rect, into svg: inout SVGBuilder) {
    let axes = [SpaceVector(x: 1, y: 0, z: 0), SpaceVector(x: 0, y: 1, z: 0), SpaceVector(x: 0, y: 0, z: 1)]
    let origin = Pixel(x: plot.maxX + Self.compass / 2, y: plot.maxY - Self.compass / 2)
    let directions = axes.map { view.direction($0) }
    for (direction, label) in zip(directions, figure.axisLabels) {
      let tip = Pixel(x: origin.x + 28 * direction.x, y: origin.y - 28 * direction.y)
      svg.line(origin, tip, ["stroke": Ink.quiet.hex, "stroke-width": "1.5", "stroke-linecap": "round"])
      let place = Pixel(x: origin.x + 39 * direction.x, y: origin.y - 39 * direction.y + 4.5)
      let word = TextMetrics.fitted(label, width: Self.compass / 2, size: 13)
      svg.text(word, at: place, size: 13, anchor: .middle, color: Ink.quiet, halo: Color(0xFFFFFF))
    }
  }

  private var visibleVertices: Set<Int> { Set(faces.filter(\.isVisible).flatMap(\.corners)) }

  private var summary: String {
    guard figure.summary.isEmpty else { return figure.summary }
    let counts = [places.count, edges.count, faces.count].map { NumberText.count($0) }
    return "A polyhedron with \(counts[0]) vertices, \(counts[1]) edges and \(counts[2]) faces."
  }
}
