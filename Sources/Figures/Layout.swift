/// Where everything around the data goes: words, axes, margins, computed from the lengths of what they hold.
struct Layout {
  /// What is asked of a layout.
  struct Request {
    var size: FigureSize
    var title: String
    var subtitle: String
    var note: String
    var xAxis: Axis
    var yAxis: Axis
    var xRange: AxisRange
    var yRange: AxisRange
    /// Room kept between the heading and the data area.
    var header = (width: 0.0, height: 0.0)
    /// Width kept to the right of the data area, given its height.
    var aside: (Double) -> Double = { _ in 0 }
    /// Height kept beside the data area, from its top.
    var asideHeight = 0.0
    /// Height over width of the data area; nil takes all the room there is.
    var aspect: Double?
    /// The same ticks on both axes; the two ranges must be one.
    var sharesTicks = false
  }

  let width: Double
  let height: Double
  let plot: Rect
  let xTicks: [Tick]
  let yTicks: [Tick]
  private let xRange: AxisRange
  private let yRange: AxisRange
  private let titleLines: [String]
  private let subtitleLines: [String]
  private let noteLines: [String]
  private let xLabelLines: [String]
  private let yLabelLines: [String]

  static let margin = 14.0
  static let tickSize = 12.0
  private static let labelSize = 13.0
  private static let tickLength = 5.0
  /// The data area is never smaller than this; a figure with less room grows.
  private static let leastSide = 140.0

  init(_ request: Request) {
    let margin = Self.margin
    let asked = request.size.usable
    xRange = request.xRange
    yRange = request.yRange
    let room = asked.width - 2 * margin
    titleLines = TextMetrics.wrap(request.title, width: room, size: 17, bold: true, maxLines: 2)
    subtitleLines = TextMetrics.wrap(request.subtitle, width: room, size: 13, maxLines: 3)
    noteLines = TextMetrics.wrap(request.note, width: room, size: 12, maxLines: 3)
    xLabelLines = TextMetrics.wrap(request.xAxis.label, width: 0.75 * room, size: Self.labelSize, maxLines: 2)

    var top = margin + 22 * Double(titleLines.count) + 18 * Double(subtitleLines.count) + request.header.height
    // The topmost tick label stands half its height above the data area.
    top += 10
    let bottom = margin + Self.below(xLabelLines: xLabelLines.count, noteLines: noteLines.count)
    var plotHeight = max(asked.height - top - bottom, Self.leastSide, request.asideHeight)
    yLabelLines = TextMetrics.wrap(request.yAxis.label, width: plotHeight, size: Self.labelSize, maxLines: 2)

    var chosenY: [Tick] = []
    let beforeLabels = margin + 17 * Double(yLabelLines.count) + (yLabelLines.isEmpty ? 0 : 6)
    // The first and the last tick label may stick out of the data area, by how much depends on the ticks, and these on
    // the width that is left: a second round settles it.
    var (before, after) = (beforeLabels, margin + request.aside(plotHeight))
    var plotWidth = 0.0
    var chosenX: [Tick] = []
    for round in 0...2 {
      plotWidth = max(asked.width - before - after, Self.leastSide)
      if let aspect = request.aspect {
        plotWidth = min(plotWidth, max(plotHeight / aspect, Self.leastSide))
        plotHeight = plotWidth * aspect
      }
      if round == 2 { break }
      chosenX = Self.xTicks(request, width: plotWidth)
      chosenY = request.sharesTicks ? chosenX : Self.yTicks(request, height: plotHeight)
      let overhang = Self.overhang(chosenX, on: request.xRange, width: plotWidth)
      let labels = chosenY.map { TextMetrics.width($0.label, size: Self.tickSize) }.max() ?? 0
      before = max(beforeLabels + labels + Self.tickLength + 5, overhang.left + 4)
      after = max(margin + request.aside(plotHeight), overhang.right + 4)
    }
    xTicks = chosenX
    yTicks = chosenY

    let heading =
      titleLines.map { TextMetrics.width($0, size: 17, bold: true) }
      + subtitleLines.map { TextMetrics.width($0, size: 13) } + noteLines.map { TextMetrics.width($0, size: 12) }
    let words = max(heading.max() ?? 0, request.header.width) + 2 * margin
    width = max(before + plotWidth + after, words)
    height = top + max(plotHeight, request.asideHeight) + bottom
    plot = Rect(minX: before, minY: top, maxX: before + plotWidth, maxY: top + plotHeight)
  }

  /// The pixel of a data point; nil if it has none (not finite, or not positive on a logarithmic axis).
  func pixel(x: Double, y: Double) -> Pixel? {
    guard let u = xRange.fraction(x), let v = yRange.fraction(y) else { return nil }
    return Pixel(x: plot.minX + u * plot.width, y: plot.maxY - v * plot.height)
  }

  /// The top of the space kept by `Request.header`.
  var headerTop: Double {
    Self.margin + 22 * Double(titleLines.count) + 18 * Double(subtitleLines.count)
  }

  func drawHeading(into svg: inout SVGBuilder) {
    var y = Self.margin
    for line in titleLines {
      svg.text(line, at: Pixel(x: Self.margin, y: y + 16), size: 17, bold: true)
      y += 22
    }
    for line in subtitleLines {
      svg.text(line, at: Pixel(x: Self.margin, y: y + 13), size: 13, color: Ink.quiet)
      y += 18
    }
    var noteY = height - Self.margin - 16 * Double(noteLines.count) + 12
    for line in noteLines {
      svg.text(line, at: Pixel(x: Self.margin, y: noteY), size: 12, color: Ink.quiet)
      noteY += 16
    }
  }

  func drawGrid(into svg: inout SVGBuilder) {
    svg.group(["stroke": Ink.grid.hex, "stroke-width": "1"]) { svg in
      for x in xTicks.compactMap({ xRange.fraction($0.value) }) {
        let at = plot.minX + x * plot.width
        svg.line(Pixel(x: at, y: plot.minY), Pixel(x: at, y: plot.maxY))
      }
      for y in yTicks.compactMap({ yRange.fraction($0.value) }) {
        let at = plot.maxY - y * plot.height
        svg.line(Pixel(x: plot.minX, y: at), Pixel(x: plot.maxX, y: at))
      }
    }
  }

  func drawAxes(into svg: inout SVGBuilder) {
    svg.group(["stroke": Ink.axis.hex, "stroke-width": "1"]) { svg in
      svg.line(Pixel(x: plot.minX, y: plot.maxY), Pixel(x: plot.maxX, y: plot.maxY))
      svg.line(Pixel(x: plot.minX, y: plot.minY), Pixel(x: plot.minX, y: plot.maxY))
      drawTickMarks(into: &svg)
    }
    var written = -Double.infinity
    for tick in xTicks {
      guard let u = xRange.fraction(tick.value) else { continue }
      let at = Pixel(x: plot.minX + u * plot.width, y: plot.maxY + Self.tickLength + 14)
      let half = TextMetrics.width(tick.label, size: Self.tickSize) / 2
      // Where even the sparsest ticks have labels too long for a small figure, some go unlabelled.
      guard at.x - half >= written + 4 else { continue }
      svg.text(tick.label, at: at, size: Self.tickSize, anchor: .middle)
      written = at.x + half
    }
    for tick in yTicks {
      guard let v = yRange.fraction(tick.value) else { continue }
      let at = Pixel(x: plot.minX - Self.tickLength - 4, y: plot.maxY - v * plot.height + 4.2)
      svg.text(tick.label, at: at, size: Self.tickSize, anchor: .end)
    }
    for (index, line) in xLabelLines.enumerated() {
      let half = TextMetrics.width(line, size: Self.labelSize) / 2
      let x = max(min(plot.midX, width - Self.margin - half), Self.margin + half)
      let at = Pixel(x: x, y: plot.maxY + Self.tickLength + 35 + 17 * Double(index))
      svg.text(line, at: at, size: Self.labelSize, anchor: .middle)
    }
    for (index, line) in yLabelLines.enumerated() {
      let at = Pixel(x: Self.margin + 11 + 17 * Double(index), y: plot.midY)
      svg.text(line, at: at, size: Self.labelSize, anchor: .middle, degrees: -90)
    }
  }

  private func drawTickMarks(into svg: inout SVGBuilder) {
    func vertical(_ value: Double, _ length: Double) {
      guard let u = xRange.fraction(value) else { return }
      let x = plot.minX + u * plot.width
      svg.line(Pixel(x: x, y: plot.maxY), Pixel(x: x, y: plot.maxY + length))
    }
    func horizontal(_ value: Double, _ length: Double) {
      guard let v = yRange.fraction(value) else { return }
      let y = plot.maxY - v * plot.height
      svg.line(Pixel(x: plot.minX, y: y), Pixel(x: plot.minX - length, y: y))
    }
    for tick in xTicks { vertical(tick.value, Self.tickLength) }
    for tick in yTicks { horizontal(tick.value, Self.tickLength) }
    if xRange.scaling == .logarithmic {
      for value in Ticks.minorLogarithmic(from: xRange.lower, to: xRange.upper) { vertical(value, 3) }
    }
    if yRange.scaling == .logarithmic {
      for value in Ticks.minorLogarithmic(from: yRange.lower, to: yRange.upper) { horizontal(value, 3) }
    }
  }

  private static func yTicks(_ request: Request, height: Double) -> [Tick] {
    request.yRange.ticks(count: Int(height / 50), integersOnly: request.yAxis.integersOnly) { ticks in
      height / Double(ticks.count) >= 22
    }
  }

  /// Ticks whose labels keep clear of each other.
  private static func xTicks(_ request: Request, width: Double) -> [Tick] {
    let range = request.xRange
    return range.ticks(count: Int(width / 80), integersOnly: request.xAxis.integersOnly) { ticks in
      zip(ticks, ticks.dropFirst()).allSatisfy { a, b in
        let gap = ((range.fraction(b.value) ?? 0) - (range.fraction(a.value) ?? 0)) * width
        return TextMetrics.width(a.label + b.label, size: tickSize) / 2 + 14 <= gap
      }
    }
  }

  /// How far the tick labels of the x axis stick out of its two ends.
  private static func overhang(_ ticks: [Tick], on range: AxisRange, width: Double) -> (left: Double, right: Double) {
    var result = (left: 0.0, right: 0.0)
    for tick in ticks {
      let place = (range.fraction(tick.value) ?? 0) * width
      let half = TextMetrics.width(tick.label, size: tickSize) / 2
      result = (max(result.left, half - place), max(result.right, place + half - width))
    }
    return result
  }

  private static func below(xLabelLines: Int, noteLines: Int) -> Double {
    let label = xLabelLines > 0 ? 4 + 17 * Double(xLabelLines) : 0
    let note = noteLines > 0 ? 8 + 16 * Double(noteLines) : 0
    return tickLength + 16 + label + note
  }
}
