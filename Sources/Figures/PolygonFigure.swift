/// A picture of a convex polygon between axes: its area, its sides and its vertices, with arrows such as the generators of
/// a zonotope.
///
/// ```swift
/// let figure = PolygonFigure(
///   title: "Seven generators", xAxis: Axis("x₁"), yAxis: Axis("x₂"), vertices: corners,
///   arrows: generators.map { .init(from: PlotPoint(x: 0, y: 0), to: $0) })
/// try figure.svg().write(to: url, atomically: true, encoding: .utf8)
/// ```
///
/// A unit of x is as long as a unit of y unless one range is more than five times the other. As with `Chart`, nothing fails
/// to draw: what has no place is left out and counted in the subtitle.
public struct PolygonFigure: Sendable, Equatable {
  public struct Arrow: Sendable, Equatable {
    public var start: PlotPoint
    public var end: PlotPoint
    /// Written beyond the tip; empty for none.
    public var label: String

    public init(from start: PlotPoint, to end: PlotPoint, label: String = "") {
      self.start = start
      self.end = end
      self.label = label
    }
  }

  public var title: String
  public var subtitle: String
  /// Small print below the axes.
  public var note: String
  /// What the picture shows, for readers who cannot see it; if empty, the number of vertices.
  public var summary: String
  /// The scaling of the axes does not count: they are linear.
  public var xAxis: Axis
  public var yAxis: Axis
  /// Around the rim, either way round; one is a point, two are a segment.
  public var vertices: [PlotPoint]
  public var arrows: [Arrow]
  public var size: FigureSize

  public init(
    title: String = "", subtitle: String = "", note: String = "", summary: String = "", xAxis: Axis = Axis(),
    yAxis: Axis = Axis(), vertices: [PlotPoint] = [], arrows: [Arrow] = [],
    size: FigureSize = FigureSize(width: 640, height: 640)
  ) {
    self.title = title
    self.subtitle = subtitle
    self.note = note
    self.summary = summary
    self.xAxis = xAxis
    self.yAxis = yAxis
    self.vertices = vertices
    self.arrows = arrows
    self.size = size
  }

  /// The figure as an SVG document. Linear in the number of vertices and arrows.
  public func svg() -> String { PolygonRenderer(self).svg() }
}

/// Draws one polygon.
private struct PolygonRenderer {
  private let figure: PolygonFigure
  private let vertices: [PlotPoint]
  private let arrows: [PolygonFigure.Arrow]
  private let request: Layout.Request

  init(_ figure: PolygonFigure) {
    self.figure = figure
    vertices = figure.vertices.filter(\.isDrawable)
    arrows = figure.arrows.filter { $0.start.isDrawable && $0.end.isDrawable }
    var (x, y) = (Extent(), Extent())
    for point in vertices + arrows.flatMap({ [$0.start, $0.end] }) {
      x.include(point.x)
      y.include(point.y)
    }
    var (xAxis, yAxis) = (figure.xAxis, figure.yAxis)
    xAxis.scaling = .linear
    yAxis.scaling = .linear
    let (xRange, yRange) = (AxisRange(xAxis, data: x, padding: 0.06), AxisRange(yAxis, data: y, padding: 0.06))
    let aspect = (yRange.upper - yRange.lower) / (xRange.upper - xRange.lower)
    let remarks = [
      SolidFigure.remark(figure.vertices.count - vertices.count, "vertex", "vertices", "left out: not finite"),
      SolidFigure.remark(figure.arrows.count - arrows.count, "arrow", "arrows", "left out: not finite"),
    ]
    request = Layout.Request(
      size: figure.size, title: figure.title,
      subtitle: ([figure.subtitle] + remarks).filter { !$0.isEmpty }.joined(separator: " · "), note: figure.note,
      xAxis: xAxis, yAxis: yAxis, xRange: xRange, yRange: yRange,
      aspect: aspect >= 0.2 && aspect <= 5 ? aspect : nil)
  }

  func svg() -> String {
    let layout = Layout(request)
    var svg = SVGBuilder()
    layout.drawHeading(into: &svg)
    layout.drawGrid(into: &svg)
    svg.clipped(to: layout.plot) { svg in
      drawPolygon(layout, into: &svg)
      for arrow in arrows { draw(arrow, layout, into: &svg) }
    }
    for arrow in arrows { label(arrow, layout, into: &svg) }
    layout.drawAxes(into: &svg)
    let count = vertices.count
    let words =
      figure.summary.isEmpty
      ? "A polygon with \(NumberText.count(count)) \(count == 1 ? "vertex" : "vertices")." : figure.summary
    return svg.document(
      width: layout.width, height: layout.height, title: figure.title.isEmpty ? "Polygon" : figure.title,
      description: words)
  }

  private func drawPolygon(_ layout: Layout, into svg: inout SVGBuilder) {
    let rim = vertices.compactMap { layout.pixel(x: $0.x, y: $0.y) }
    let ink = Palette.categorical(0)
    svg.element(
      "path",
      [
        "d": SVGBuilder.path(rim, closed: true), "fill": Palette.categoricalTint(0).hex, "fill-opacity": "0.55",
        "stroke": ink.hex, "stroke-width": "2", "stroke-linejoin": "round",
      ])
    let perimeter = zip(rim, rim.dropFirst()).reduce(0.0) { $0 + $1.0.distance(to: $1.1) }
    // Dots that would run into each other say nothing.
    let radius = min(4, perimeter / Double(max(rim.count, 1)) / 4)
    guard radius >= 1.2 || rim.count == 1 else { return }
    svg.group(["fill": ink.hex, "stroke": "#ffffff", "stroke-width": "1"]) { svg in
      for vertex in rim { svg.circle(vertex, radius: max(radius, 1.2)) }
    }
  }

  private func ends(_ arrow: PolygonFigure.Arrow, _ layout: Layout) -> (start: Pixel, end: Pixel, length: Double)? {
    guard let start = layout.pixel(x: arrow.start.x, y: arrow.start.y),
      let end = layout.pixel(x: arrow.end.x, y: arrow.end.y), start.distance(to: end) > 0.5
    else { return nil }
    return (start, end, start.distance(to: end))
  }

  private func draw(_ arrow: PolygonFigure.Arrow, _ layout: Layout, into svg: inout SVGBuilder) {
    guard let (start, end, length) = ends(arrow, layout) else { return }
    let head = min(11, length / 2)
    let neck = end.mixed(with: start, fraction: head / length)
    let across = Pixel(x: (end.y - start.y) / length * head * 0.4, y: (start.x - end.x) / length * head * 0.4)
    let ink = Palette.categorical(1).hex
    svg.line(start, neck, ["stroke": ink, "stroke-width": "2"])
    let corners = (Pixel(x: neck.x + across.x, y: neck.y + across.y), Pixel(x: neck.x - across.x, y: neck.y - across.y))
    let tip = [end, corners.0, corners.1]
    svg.element("path", ["d": SVGBuilder.path(tip, closed: true), "fill": ink])
  }

  private func label(_ arrow: PolygonFigure.Arrow, _ layout: Layout, into svg: inout SVGBuilder) {
    guard !arrow.label.isEmpty, let (start, end, length) = ends(arrow, layout) else { return }
    let place = start.mixed(with: end, fraction: 1 + 13 / length)
    let half = TextMetrics.width(arrow.label, size: 13) / 2
    let x = min(max(place.x, layout.plot.minX + half + 2), layout.plot.maxX - half - 2)
    svg.text(
      arrow.label, at: Pixel(x: x, y: place.y + 4.5), size: 13, anchor: .middle, color: Palette.categorical(1),
      halo: Color(0xFFFFFF))
  }
}
