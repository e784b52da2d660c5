/// The observations of a region map, on the page.
struct PointsOnRegions {
  private let points: [RegionMap.Observation]
  private let paint: RegionPaint
  let places: [Pixel]
  let radius: Double

  init(_ points: [RegionMap.Observation], layout: Layout, paint: RegionPaint) {
    let placed = points.compactMap { point in layout.pixel(x: point.x, y: point.y).map { (point, $0) } }
    self.points = placed.map(\.0)
    places = placed.map(\.1)
    self.paint = paint
    radius = points.count > 1000 ? 2.5 : points.count > 200 ? 3.5 : 4.5
  }

  func draw(into svg: inout SVGBuilder) {
    svg.group(["stroke": "#ffffff", "stroke-width": "1.3"]) { svg in
      for (point, place) in zip(points, places) {
        guard case .value(let value) = point.kind else { continue }
        // Where colour speaks of something else than values, a dot is a dot.
        let fill = paint.coloring == .value ? paint.colors.color(paint.scale.fraction(value) ?? .nan) : Ink.text
        svg.circle(place, radius: radius, ["fill": fill.hex])
      }
    }
    for index in Set(points.compactMap(\.classIndex)).sorted() {
      let members = zip(points, places).filter { $0.0.classIndex == index }.map(\.1)
      Self.look(classIndex: index, radius: radius).draw(at: members, into: &svg)
    }
  }

  /// A class has its colour and its shape: one of the two survives a grey copy.
  static func look(classIndex: Int, radius: Double) -> SymbolLook {
    let shapes: [PointStyle.Shape] = [.circle, .square, .triangle, .diamond]
    let style = PointStyle(
      shape: shapes[classIndex & 3], radius: radius, opacity: 1, outline: Color(0xFFFFFF))
    return SymbolLook(style, color: Palette.categorical(classIndex), count: 1)
  }
}
