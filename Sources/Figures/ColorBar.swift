/// The key of a colour scale: a bar of its colours with an axis.
struct ColorBar {
  let scale: AxisRange
  let colors: ColorScale
  let label: String
  let ticks: [Tick]

  private static let gap = 18.0
  private static let barWidth = 16.0
  private static let labelSize = 13.0

  init(scale: AxisRange, colors: ColorScale = .viridis, label: String) {
    self.scale = scale
    self.colors = colors
    self.label = label
    ticks = scale.ticks(count: 6, integersOnly: false)
  }

  /// The width it takes beside a data area of this height.
  func width(height: Double) -> Double {
    Self.gap + Self.barWidth + 9 + labelWidth + 17 * Double(lines(height: height).count)
  }

  func draw(beside plot: Rect, into svg: inout SVGBuilder) {
    let left = plot.maxX + Self.gap
    let box = Rect(minX: left, minY: plot.minY, maxX: left + Self.barWidth, maxY: plot.maxY)
    let paint = svg.linearGradient(
      from: Pixel(x: left, y: box.maxY), to: Pixel(x: left, y: box.minY), stops: colors.stops(from: 0, to: 1))
    svg.rect(box, ["fill": paint, "stroke": Ink.axis.hex, "stroke-width": "0.6"])
    for tick in ticks {
      guard let v = scale.fraction(tick.value) else { continue }
      let y = box.maxY - v * box.height
      svg.line(Pixel(x: box.maxX, y: y), Pixel(x: box.maxX + 5, y: y), ["stroke": Ink.axis.hex])
      svg.text(tick.label, at: Pixel(x: box.maxX + 9, y: y + 4.2), size: Layout.tickSize)
    }
    for (index, line) in lines(height: plot.height).enumerated() {
      let x = box.maxX + 9 + labelWidth + 15 + 17 * Double(index)
      svg.text(
        line, at: Pixel(x: x, y: plot.midY), size: Self.labelSize, anchor: .middle, degrees: -90)
    }
  }

  private var labelWidth: Double { ticks.map { TextMetrics.width($0.label, size: Layout.tickSize) }.max() ?? 0 }

  private func lines(height: Double) -> [String] {
    TextMetrics.wrap(label, width: height, size: Self.labelSize, maxLines: 2)
  }
}
