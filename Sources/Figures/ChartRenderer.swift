/// Draws one chart.
struct ChartRenderer {
  private let chart: Chart
  private let marks: [PreparedMark]
  private let legend: Legend
  private let request: Layout.Request

  init(_ chart: Chart) {
    self.chart = chart
    let (xRange, yRange) = Self.ranges(of: chart)
    var preparation = MarkPreparation(xRange: xRange, yRange: yRange)
    var legend = Legend()
    var colors: [String: Color] = [:]
    var used = 0
    func color(for mark: Mark) -> Color {
      if let name = mark.name, let known = colors[name] { return known }
      let next = Palette.categorical(used)
      guard mark.takesColor else { return next }
      used += 1
      if let name = mark.name { colors[name] = next }
      return next
    }
    var marks: [PreparedMark] = []
    for mark in chart.marks {
      let prepared = preparation.prepare(mark, color: color(for: mark))
      switch prepared {
      case .symbols(_, _, let look): legend.add(.symbol(look), name: mark.name)
      case .lines(_, let look), .rules(_, _, let look): legend.add(.line(look), name: mark.name)
      case .bands(_, let color, let opacity), .bars(_, let color, let opacity):
        legend.add(.area(color, opacity: opacity), name: mark.name)
      case .text: break
      }
      marks.append(prepared)
    }
    self.marks = marks
    self.legend = chart.legend == .hidden ? Legend() : legend
    request = Layout.Request(
      size: chart.size, title: chart.title,
      subtitle: ([chart.subtitle] + preparation.remarks).filter { !$0.isEmpty }.joined(separator: " · "),
      note: chart.note, xAxis: chart.xAxis, yAxis: chart.yAxis, xRange: xRange, yRange: yRange,
      aspect: chart.equalAxes ? 1 : nil, sharesTicks: chart.equalAxes)
  }

  func svg() -> String {
    if chart.legend != .above {
      let inside = drawn(legendAbove: false)
      if inside.hasLegend { return inside.document }
    }
    return drawn(legendAbove: true).document
  }

  /// The document, and whether the legend is in it: inside the axes it may have no free place.
  private func drawn(legendAbove: Bool) -> (document: String, hasLegend: Bool) {
    var hasLegend = true
    var request = request
    let legendWidth = chart.size.usable.width - 2 * Layout.margin
    if legendAbove { request.header = legend.extent(width: legendWidth) }
    let layout = Layout(request)
    var svg = SVGBuilder()
    var occupancy = Occupancy(area: layout.plot)
    layout.drawHeading(into: &svg)
    layout.drawGrid(into: &svg)
    layout.drawAxes(into: &svg)
    for mark in marks { draw(mark, layout, into: &svg, &occupancy) }
    for mark in marks { drawLabels(of: mark, layout, into: &svg, &occupancy) }
    if legendAbove {
      legend.draw(above: Pixel(x: Layout.margin, y: layout.headerTop), width: legendWidth, into: &svg)
    } else if !legend.isEmpty {
      let place = legend.freePlace(in: layout.plot, avoiding: occupancy)
      if let place { legend.draw(inside: place, into: &svg) }
      hasLegend = place != nil
    }
    let document = svg.document(
      width: layout.width, height: layout.height, title: chart.title.isEmpty ? "Chart" : chart.title,
      description: summary)
    return (document, hasLegend)
  }

  // MARK: Marks

  private func draw(
    _ mark: PreparedMark, _ layout: Layout, into svg: inout SVGBuilder, _ occupancy: inout Occupancy
  ) {
    switch mark {
    case .symbols(let points, _, let look):
      let places = points.compactMap { layout.pixel(x: $0.x, y: $0.y) }
      for place in places { occupancy.cover(disc: place, radius: look.radius) }
      look.draw(at: places, into: &svg)
    case .lines(let runs, let look):
      var path = ""
      for run in runs {
        for piece in layout.plot.clip(polyline: run.compactMap { layout.pixel(x: $0.x, y: $0.y) }) {
          path += SVGBuilder.path(piece)
          for (a, b) in zip(piece, piece.dropFirst()) { occupancy.cover(from: a, to: b) }
        }
      }
      look.draw(path: path, into: &svg)
    case .rules(let values, let isVertical, let look):
      let plot = layout.plot
      var path = ""
      for value in values {
        guard let u = (isVertical ? request.xRange : request.yRange).fraction(value) else { continue }
        let (x, y) = (plot.minX + u * plot.width, plot.maxY - u * plot.height)
        let (a, b) =
          isVertical
          ? (Pixel(x: x, y: plot.maxY), Pixel(x: x, y: plot.minY))
          : (Pixel(x: plot.minX, y: y), Pixel(x: plot.maxX, y: y))
        path += SVGBuilder.path([a, b])
        occupancy.cover(from: a, to: b)
      }
      look.draw(path: path, into: &svg)
    case .bands(let runs, let color, let opacity):
      for run in runs { draw(band: run, color: color, opacity: opacity, layout, into: &svg, &occupancy) }
    case .bars(let bars, let color, let opacity):
      draw(bars: bars, color: color, opacity: opacity, layout, into: &svg, &occupancy)
    case .text(let words, let point, let style):
      draw(words, at: point, style, layout, into: &svg, &occupancy)
    }
  }

  private func draw(
    bars: [PreparedMark.Bar], color: Color, opacity: Double, _ layout: Layout, into svg: inout SVGBuilder,
    _ occupancy: inout Occupancy
  ) {
    let plot = layout.plot
    let base = request.yRange.fraction(0).map { plot.maxY - min(max($0, 0), 1) * plot.height } ?? plot.maxY
    svg.group(["fill": color.hex, "fill-opacity": SVGBuilder.number(opacity)]) { svg in
      for bar in bars {
        guard let a = layout.pixel(x: bar.left, y: bar.height), let b = layout.pixel(x: bar.right, y: bar.height)
        else { continue }
        // A white gap of a pixel parts bars wide enough to spare it.
        let gap = abs(b.x - a.x) > 4 ? 0.5 : 0
        let box = Rect(
          minX: max(min(a.x, b.x) + gap, plot.minX), minY: max(min(a.y, base), plot.minY),
          maxX: min(max(a.x, b.x) - gap, plot.maxX), maxY: min(max(a.y, base), plot.maxY))
        guard box.width > 0, box.height > 0 else { continue }
        svg.rect(box, [:])
        occupancy.cover(box)
      }
    }
  }

  private func draw(
    band run: [(x: Double, lower: Double, upper: Double)], color: Color, opacity: Double, _ layout: Layout,
    into svg: inout SVGBuilder, _ occupancy: inout Occupancy
  ) {
    let bottom = run.compactMap { layout.pixel(x: $0.x, y: $0.lower) }
    let top = run.compactMap { layout.pixel(x: $0.x, y: $0.upper) }
    let outline = layout.plot.clip(polygon: bottom + top.reversed())
    guard outline.count >= 3 else { return }
    for (index, (low, high)) in zip(bottom, top).enumerated() {
      guard index + 1 < bottom.count else { break }
      // Slices at most a cell wide, so that the area between the vertices counts as covered too.
      let steps = min(max(Int(abs(bottom[index + 1].x - low.x) / 4), 1), 1000)
      for step in 0...steps {
        let fraction = Double(step) / Double(steps)
        let a = low.mixed(with: bottom[index + 1], fraction: fraction)
        let b = high.mixed(with: top[index + 1], fraction: fraction)
        if let (start, end) = layout.plot.clip(from: a, to: b) { occupancy.cover(from: start, to: end) }
      }
    }
    svg.element(
      "path",
      [
        "d": SVGBuilder.path(outline, closed: true), "fill": color.hex,
        "fill-opacity": SVGBuilder.number(opacity), "stroke": "none",
      ])
  }

  // MARK: Words

  private func draw(
    _ words: String, at point: PlotPoint, _ style: TextStyle, _ layout: Layout, into svg: inout SVGBuilder,
    _ occupancy: inout Occupancy
  ) {
    guard let place = layout.pixel(x: point.x, y: point.y), layout.plot.contains(place) else { return }
    let size = style.size.isNaN ? 13 : min(max(style.size, 6), 60)
    let shown = TextMetrics.fitted(words, width: layout.plot.width - 8, size: size, bold: style.bold)
    let width = TextMetrics.width(shown, size: size, bold: style.bold)
    let share = style.anchor == .start ? 0 : style.anchor == .middle ? 0.5 : 1
    let left = max(min(place.x - share * width, layout.plot.maxX - 4 - width), layout.plot.minX + 4)
    let baseline = max(min(place.y, layout.plot.maxY - 0.3 * size), layout.plot.minY + size)
    occupancy.cover(
      Rect(minX: left, minY: baseline - 0.8 * size, maxX: left + width, maxY: baseline + 0.2 * size))
    // Anchored where its author put it, so that a font narrower than estimated still lines up there.
    let anchor: SVGBuilder.Anchor = style.anchor == .start ? .start : style.anchor == .middle ? .middle : .end
    svg.text(
      shown, at: Pixel(x: left + share * width, y: baseline), size: size, anchor: anchor, color: style.color,
      bold: style.bold, halo: Color(0xFFFFFF))
  }

  /// Writes each label of a mark on the side of its symbol where it covers least.
  private func drawLabels(
    of mark: PreparedMark, _ layout: Layout, into svg: inout SVGBuilder, _ occupancy: inout Occupancy
  ) {
    guard case .symbols(let points, let labels, let look) = mark else { return }
    for (point, label) in zip(points, labels) where !label.isEmpty {
      guard let center = layout.pixel(x: point.x, y: point.y) else { continue }
      let shown = TextMetrics.fitted(label, width: layout.plot.width / 2, size: 12)
      let width = TextMetrics.width(shown, size: 12)
      let away = look.radius + 6
      let offsets = [
        (0, -away - 7), (0, away + 7), (away + width / 2, 0), (-away - width / 2, 0),
        (away + width / 2, -away), (-away - width / 2, -away), (away + width / 2, away), (-away - width / 2, away),
      ]
      let boxes = offsets.map { dx, dy in
        // A label too long for one side of its symbol moves along until it fits.
        let x = max(min(center.x + dx, layout.plot.maxX - width / 2), layout.plot.minX + width / 2)
        let y = center.y + dy
        return Rect(minX: x - width / 2, minY: y - 7, maxX: x + width / 2, maxY: y + 7)
      }
      func cost(_ box: Rect) -> Int {
        let plot = layout.plot
        let isInside =
          box.minX >= plot.minX && box.maxX <= plot.maxX && box.minY >= plot.minY && box.maxY <= plot.maxY
        return occupancy.count(in: box) + (isInside ? 0 : 1_000_000)
      }
      guard let box = boxes.min(by: { cost($0) < cost($1) }) else { continue }
      occupancy.cover(box)
      svg.text(
        shown, at: Pixel(x: box.midX, y: box.midY + 4.2), anchor: .middle, halo: Color(0xFFFFFF))
    }
  }

  // MARK: What the chart is about

  private var summary: String {
    guard chart.summary.isEmpty else { return chart.summary }
    let x = chart.xAxis.label.isEmpty ? "x" : chart.xAxis.label
    let y = chart.yAxis.label.isEmpty ? "y" : chart.yAxis.label
    let names = legend.entries.map(\.name)
    return "\(y) against \(x)." + (names.isEmpty ? "" : " Shown: \(names.joined(separator: ", ")).")
  }

  private static func ranges(of chart: Chart) -> (AxisRange, AxisRange) {
    var xAxis = chart.xAxis
    var yAxis = chart.yAxis
    if chart.equalAxes {
      yAxis.scaling = xAxis.scaling
      xAxis.minimum = xAxis.minimum ?? yAxis.minimum
      xAxis.maximum = xAxis.maximum ?? yAxis.maximum
    }
    var (x, y) = (Extent(), Extent())
    for mark in chart.marks { mark.extend(x: &x, xAxis.scaling, y: &y, yAxis.scaling) }
    guard chart.equalAxes else { return (AxisRange(xAxis, data: x), AxisRange(yAxis, data: y)) }
    x.include(y)
    let shared = AxisRange(xAxis, data: x)
    return (shared, shared)
  }
}
