/// Draws one region map.
struct RegionMapRenderer {
  private let map: RegionMap
  private let regions: [RegionMap.Region]
  private let points: [RegionMap.Observation]
  private let breaklines: [RegionMap.Breakline]
  private let boundary: [[PlotPoint]]
  private let paint: RegionPaint
  private let key: Key
  private let legend: Legend
  private let request: Layout.Request

  /// What stands beside the data area.
  private enum Key {
    case none
    case bar(ColorBar)
    case wheel(DirectionWheel)

    func width(height: Double) -> Double {
      switch self {
      case .none: 0
      case .bar(let bar): bar.width(height: height)
      case .wheel: DirectionWheel.width
      }
    }

    var height: Double {
      if case .wheel(let wheel) = self { return wheel.height }
      return 0
    }

    func draw(beside plot: Rect, into svg: inout SVGBuilder) {
      switch self {
      case .none: break
      case .bar(let bar): bar.draw(beside: plot, into: &svg)
      case .wheel(let wheel): wheel.draw(beside: plot, into: &svg)
      }
    }
  }

  init(_ map: RegionMap) {
    self.map = map
    regions = map.regions.filter(\.isDrawable)
    let drawable = map.points.filter(\.isDrawable)
    breaklines = map.breaklines.filter { [$0.start, $0.end].allSatisfy(\.isDrawable) }
    // A vertex without a place parts a polyline in two.
    boundary = map.decisionBoundary.flatMap { line in
      line.split { !$0.isDrawable }.map(Array.init).filter { $0.count >= 2 }
    }
    let extents = Self.extents(regions: regions, points: drawable)
    var (xAxis, yAxis) = (map.xAxis, map.yAxis)
    xAxis.scaling = .linear
    yAxis.scaling = .linear
    let padding = regions.isEmpty ? 0.04 : 0
    let xRange = AxisRange(xAxis, data: extents.x, padding: padding)
    let yRange = AxisRange(yAxis, data: extents.y, padding: padding)
    paint = RegionPaint(
      map, regions: regions, values: extents.values, colors: breaklines.isEmpty ? .viridis : .paleViridis)
    switch map.coloring {
    case .value: key = .bar(ColorBar(scale: paint.scale, colors: paint.colors, label: map.valueLabel))
    case .gradient:
      key = .wheel(DirectionWheel(steepest: paint.steepest, isCut: paint.isCut, label: map.valueLabel))
    case .pattern, .classes: key = .none
    }

    let visible = drawable.filter { point in
      guard let u = xRange.fraction(point.x), let v = yRange.fraction(point.y) else { return false }
      return (-1e-9...1 + 1e-9).contains(u) && (-1e-9...1 + 1e-9).contains(v)
    }
    points = Thinning.scatter(
      x: visible.map { xRange.fraction($0.x) ?? 0 }, y: visible.map { yRange.fraction($0.y) ?? 0 }
    ).map { visible[$0] }
    legend = Self.legend(map, regions: regions, points: points, breaklines: breaklines, boundary: boundary)

    let remarks = Self.remarks([
      (map.regions.count - regions.count, "region", "left out: not finite or fewer than three vertices"),
      (map.points.count - drawable.count, "point", "left out: not finite"),
      (drawable.count - visible.count, "point", "outside the domain"),
      (map.breaklines.count - breaklines.count, "breakline", "left out: not finite"),
    ])
    let thinned = points.count < visible.count ? [Thinning.remark(drawn: points.count, of: visible.count)] : []
    let key = key
    request = Layout.Request(
      size: map.size, title: map.title,
      subtitle: ([map.subtitle] + thinned + remarks).filter { !$0.isEmpty }.joined(separator: " · "),
      note: (Self.smallPrint(map, points: points) + [map.note]).filter { !$0.isEmpty }.joined(separator: " "),
      xAxis: xAxis, yAxis: yAxis, xRange: xRange, yRange: yRange,
      header: legend.extent(width: map.size.usable.width - 2 * Layout.margin), aside: { key.width(height: $0) },
      asideHeight: key.height, aspect: map.equalAspect ? Self.aspect(xRange, yRange) : nil)
  }

  func svg() -> String {
    let layout = Layout(request)
    let lines = RegionLines(layout: layout)
    var svg = SVGBuilder()
    layout.drawHeading(into: &svg)
    if regions.isEmpty { layout.drawGrid(into: &svg) }
    let pieces = regions.compactMap {
      RegionPiece($0, layout: layout, xRange: request.xRange, yRange: request.yRange)
    }
    RegionFill(paint: paint).draw(pieces, into: &svg)
    if map.showsBoundaries && breaklines.isEmpty { lines.drawOutlines(of: pieces, into: &svg) }
    var occupancy = Occupancy(area: layout.plot)
    let dots = PointsOnRegions(points, layout: layout, paint: paint)
    for place in dots.places { occupancy.cover(disc: place, radius: dots.radius) }
    let levelLabels = drawLevelLines(of: pieces, layout, avoiding: occupancy, into: &svg)
    // Or round caps and wide lines would stick out over the axes.
    svg.clipped(to: layout.plot) { svg in
      lines.drawBreaklines(breaklines, into: &svg)
      lines.drawDecisionBoundary(boundary, into: &svg)
    }
    layout.drawAxes(into: &svg)
    dots.draw(into: &svg)
    for label in levelLabels { label.draw(into: &svg) }
    key.draw(beside: layout.plot, into: &svg)
    legend.draw(
      above: Pixel(x: Layout.margin, y: layout.headerTop), width: map.size.usable.width - 2 * Layout.margin,
      into: &svg)
    return svg.document(
      width: layout.width, height: layout.height, title: map.title.isEmpty ? "Region map" : map.title,
      description: summary)
  }

  /// Draws the level lines and returns their labels, which go on top of everything else.
  private func drawLevelLines(
    of pieces: [RegionPiece], _ layout: Layout, avoiding data: Occupancy, into svg: inout SVGBuilder
  ) -> [LevelLabel] {
    guard case .bar(let bar) = key else { return [] }
    let levels: [Tick]
    switch map.levels {
    case .none: return []
    case .automatic: levels = breaklines.isEmpty && boundary.isEmpty ? bar.ticks : []
    case .at(let values):
      levels = values.filter { AxisRange.isDrawable($0, on: .linear) }
        .map { Tick(value: $0, label: NumberText.short($0, digits: 4)) }
    }
    var labels: [LevelLabel] = []
    var taken = Occupancy(area: layout.plot)
    for level in levels {
      let ground = paint.colors.color(paint.scale.fraction(level.value) ?? .nan)
      let lines = LevelLines.joined(pieces.compactMap { $0.segment(at: level.value) })
      labels += LevelLabel.draw(
        lines, label: level.label, ground: ground, plot: layout.plot, avoiding: data, taken: &taken, into: &svg)
    }
    return labels
  }

  // MARK: Choices

  private static func extents(
    regions: [RegionMap.Region], points: [RegionMap.Observation]
  ) -> (x: Extent, y: Extent, values: Extent) {
    var (x, y, values) = (Extent(), Extent(), Extent())
    for region in regions {
      for vertex in region.vertices {
        x.include(vertex.x)
        y.include(vertex.y)
        values.include(region.value(x: vertex.x, y: vertex.y))
      }
    }
    for point in points {
      if case .value(let value) = point.kind { values.include(value) }
      // The regions are the domain; only without them do the points say how far it goes.
      guard regions.isEmpty else { continue }
      x.include(point.x)
      y.include(point.y)
    }
    return (x, y, values)
  }

  /// Nil for a domain too long and narrow for one scale on both axes.
  private static func aspect(_ x: AxisRange, _ y: AxisRange) -> Double? {
    let aspect = (y.upper - y.lower) / (x.upper - x.lower)
    return aspect >= 0.2 && aspect <= 5 ? aspect : nil
  }

  // MARK: Words

  private static func legend(
    _ map: RegionMap, regions: [RegionMap.Region], points: [RegionMap.Observation],
    breaklines: [RegionMap.Breakline], boundary: [[PlotPoint]]
  ) -> Legend {
    func name(_ index: Int) -> String {
      map.classNames.indices.contains(index) ? map.classNames[index] : "class \(index)"
    }
    var legend = Legend()
    let ofRegions = map.coloring == .classes ? Set(regions.map(\.classIndex)) : []
    let ofPoints = Set(points.compactMap(\.classIndex))
    for index in ofRegions.union(ofPoints).sorted() {
      if ofRegions.contains(index) {
        legend.add(.area(Palette.categoricalTint(index), opacity: 1), name: name(index))
      }
      if ofPoints.contains(index) {
        legend.add(.symbol(PointsOnRegions.look(classIndex: index, radius: 5)), name: name(index))
      }
    }
    for layer in Set(breaklines.map(\.layer)).sorted() {
      legend.add(.line(RegionLines.look(layer: layer)), name: "layer \(layer)")
    }
    if !boundary.isEmpty {
      for look in RegionLines.boundaryLooks { legend.add(.line(look), name: map.decisionBoundaryLabel) }
    }
    return legend
  }

  private static func smallPrint(_ map: RegionMap, points: [RegionMap.Observation]) -> [String] {
    let colours =
      map.coloring == .pattern ? "A colour for each activation pattern; of many patterns, some share one." : ""
    let hasDots = points.contains { $0.classIndex == nil }
    guard hasDots && !map.pointsLabel.isEmpty else { return [colours] }
    return [colours, "Dots: \(map.pointsLabel)" + (map.coloring == .value ? ", on the same colour scale." : ".")]
  }

  private var summary: String {
    guard map.summary.isEmpty else { return map.summary }
    let x = map.xAxis.label.isEmpty ? "x" : map.xAxis.label
    let y = map.yAxis.label.isEmpty ? "y" : map.yAxis.label
    let value = map.valueLabel.isEmpty ? "A value" : map.valueLabel
    let count = regions.count == 1 ? "one linear region" : "\(NumberText.count(regions.count)) linear regions"
    return "\(value) over \(x) and \(y), \(count)."
  }

  private static func remarks(_ counts: [(Int, String, String)]) -> [String] {
    counts.filter { $0.0 > 0 }.map { "\(NumberText.count($0.0)) \($0.1)\($0.0 == 1 ? "" : "s") \($0.2)" }
  }
}
