import Foundation

/// Draws one region map.
struct RegionMapRenderer {
  private let map: RegionMap
  private let regions: [RegionMap.Region]
  private let points: [RegionMap.Observation]
  private let scale: AxisRange
  private let bar: ColorBar
  private let request: Layout.Request

  init(_ map: RegionMap) {
    self.map = map
    regions = map.regions.filter(\.isDrawable)
    let drawable = map.points.filter { point in
      [point.x, point.y, point.value].allSatisfy { AxisRange.isDrawable($0, on: .linear) }
    }
    var (x, y, values) = (Extent(), Extent(), Extent())
    for region in regions {
      for vertex in region.vertices {
        x.include(vertex.x)
        y.include(vertex.y)
        values.include(region.value(x: vertex.x, y: vertex.y))
      }
    }
    for point in drawable {
      values.include(point.value)
      // The regions are the domain; only without them do the points say how far it goes.
      guard regions.isEmpty else { continue }
      x.include(point.x)
      y.include(point.y)
    }
    var (xAxis, yAxis) = (map.xAxis, map.yAxis)
    xAxis.scaling = .linear
    yAxis.scaling = .linear
    let padding = regions.isEmpty ? 0.04 : 0
    let xRange = AxisRange(xAxis, data: x, padding: padding)
    let yRange = AxisRange(yAxis, data: y, padding: padding)
    scale = AxisRange(Axis(minimum: map.valueMinimum, maximum: map.valueMaximum), data: values, padding: 0)
    bar = ColorBar(scale: scale, label: map.valueLabel)

    let visible = drawable.filter { point in
      guard let u = xRange.fraction(point.x), let v = yRange.fraction(point.y) else { return false }
      return (-1e-9...1 + 1e-9).contains(u) && (-1e-9...1 + 1e-9).contains(v)
    }
    points = Thinning.scatter(
      x: visible.map { xRange.fraction($0.x) ?? 0 }, y: visible.map { yRange.fraction($0.y) ?? 0 }
    ).map { visible[$0] }

    let remarks = Self.remarks([
      (map.regions.count - regions.count, "region", "left out: not finite or fewer than three vertices"),
      (map.points.count - drawable.count, "point", "left out: not finite"),
      (drawable.count - visible.count, "point", "outside the domain"),
    ])
    let thinned = points.count < visible.count ? [Thinning.remark(drawn: points.count, of: visible.count)] : []
    let dots = points.isEmpty || map.pointsLabel.isEmpty ? "" : "Dots: \(map.pointsLabel), on the same colour scale."
    let bar = bar
    request = Layout.Request(
      size: map.size, title: map.title,
      subtitle: ([map.subtitle] + thinned + remarks).filter { !$0.isEmpty }.joined(separator: " · "),
      note: [dots, map.note].filter { !$0.isEmpty }.joined(separator: " "), xAxis: xAxis, yAxis: yAxis,
      xRange: xRange, yRange: yRange, aside: { bar.width(height: $0) })
  }

  func svg() -> String {
    let layout = Layout(request)
    var svg = SVGBuilder()
    layout.drawHeading(into: &svg)
    if regions.isEmpty { layout.drawGrid(into: &svg) }
    let pieces = regions.compactMap {
      RegionPiece($0, layout: layout, xRange: request.xRange, yRange: request.yRange)
    }
    for piece in pieces { piece.draw(on: scale, into: &svg) }
    if map.showsBoundaries && !pieces.isEmpty {
      // One path for all, so that an edge shared by two regions is not twice as opaque.
      svg.element(
        "path",
        [
          "d": pieces.map { SVGBuilder.path($0.outline, closed: true) }.joined(), "fill": "none",
          "stroke": "#ffffff", "stroke-width": "1.4", "stroke-opacity": "0.85", "stroke-linejoin": "round",
        ])
    }
    var occupancy = Occupancy(area: layout.plot)
    let places = points.compactMap { point in layout.pixel(x: point.x, y: point.y).map { (point, $0) } }
    for (_, place) in places { occupancy.cover(disc: place, radius: dotRadius) }
    let labels = drawLevelLines(of: pieces, layout, avoiding: occupancy, into: &svg)
    layout.drawAxes(into: &svg)
    svg.group(["stroke": "#ffffff", "stroke-width": "1.3"]) { svg in
      for (point, place) in places {
        svg.circle(place, radius: dotRadius, ["fill": Palette.viridis(scale.fraction(point.value) ?? .nan).hex])
      }
    }
    for label in labels {
      svg.text(
        label.text, at: label.baseline, anchor: .middle, color: label.ink, degrees: label.degrees,
        halo: label.ground)
    }
    bar.draw(beside: layout.plot, into: &svg)
    return svg.document(
      width: layout.width, height: layout.height, title: map.title.isEmpty ? "Region map" : map.title,
      description: summary)
  }

  private var dotRadius: Double { points.count > 1000 ? 2.5 : points.count > 200 ? 3.5 : 4.5 }

  // MARK: Level lines

  private struct LevelLabel {
    var text: String
    var baseline: Pixel
    var degrees: Double
    var ink: Color
    var ground: Color
  }

  private var levels: [Tick] {
    switch map.levels {
    case .none: []
    case .automatic: bar.ticks
    case .at(let values):
      values.filter { AxisRange.isDrawable($0, on: .linear) }
        .map { Tick(value: $0, label: NumberText.short($0, digits: 4)) }
    }
  }

  /// Draws the lines and returns their labels, which go on top of everything else.
  private func drawLevelLines(
    of pieces: [RegionPiece], _ layout: Layout, avoiding data: Occupancy, into svg: inout SVGBuilder
  ) -> [LevelLabel] {
    var labels: [LevelLabel] = []
    var taken = Occupancy(area: layout.plot)
    for level in levels {
      let lines = LevelLines.joined(pieces.compactMap { $0.segment(at: level.value) })
      guard !lines.isEmpty else { continue }
      let ground = Palette.viridis(scale.fraction(level.value) ?? .nan)
      let ink = ground.brightness < 0.5 ? Color(0xFFFFFF) : Ink.text
      let width = TextMetrics.width(level.label, size: 12)
      var pieces: [[Pixel]] = []
      for line in lines {
        let place = LevelLines.labelPlace(
          on: line, width: width, within: layout.plot, avoiding: data, labels: taken)
        guard let place else {
          pieces.append(line)
          continue
        }
        pieces += LevelLines.cut(line, without: place.stretch)
        for box in LevelLines.boxes(along: place.chord) { taken.cover(box) }
        // The baseline lies below the line's middle, at right angles to it.
        let slope = place.degrees * .pi / 180
        let baseline = Pixel(x: place.middle.x - 4.2 * sin(slope), y: place.middle.y + 4.2 * cos(slope))
        labels.append(
          LevelLabel(text: level.label, baseline: baseline, degrees: place.degrees, ink: ink, ground: ground))
      }
      // Dashed, since the boundaries of the regions are solid lines too.
      svg.element(
        "path",
        [
          "d": pieces.map { SVGBuilder.path($0) }.joined(), "fill": "none", "stroke": ink.hex,
          "stroke-width": "1", "stroke-opacity": "0.85", "stroke-dasharray": "5 3", "stroke-linejoin": "round",
        ])
    }
    return labels
  }

  // MARK: Words

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
