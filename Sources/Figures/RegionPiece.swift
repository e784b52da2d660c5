/// A region on the page: its visible part, and its function in page coordinates.
struct RegionPiece {
  let outline: [Pixel]
  /// The function's value at each vertex of the outline.
  let values: [Double]
  /// Change of the value per pixel to the right and down.
  private let gradient: (x: Double, y: Double)

  /// Nil if no part of the region is visible.
  init?(_ region: RegionMap.Region, layout: Layout, xRange: AxisRange, yRange: AxisRange) {
    let plot = layout.plot
    let corners = region.vertices.compactMap { layout.pixel(x: $0.x, y: $0.y) }
    outline = plot.clip(polygon: corners)
    guard outline.count >= 3 else { return nil }
    let perPixel = (
      x: (xRange.upper - xRange.lower) / plot.width, y: (yRange.upper - yRange.lower) / plot.height
    )
    gradient = (region.slopeX * perPixel.x, -region.slopeY * perPixel.y)
    values = outline.map { p in
      region.value(
        x: xRange.lower + (p.x - plot.minX) * perPixel.x, y: yRange.lower + (plot.maxY - p.y) * perPixel.y)
    }
  }

  /// Fills the piece with the colour of its values on `scale`.
  func draw(on scale: AxisRange, into svg: inout SVGBuilder) {
    let paint = paint(on: scale, into: &svg)
    // A hairline in the same paint closes the seams that antialiasing leaves between neighbours.
    svg.element(
      "path",
      [
        "d": SVGBuilder.path(outline, closed: true), "fill": paint, "stroke": paint, "stroke-width": "0.6",
        "stroke-linejoin": "round",
      ])
  }

  private func paint(on scale: AxisRange, into svg: inout SVGBuilder) -> String {
    guard let gradient = gradient(on: scale) else {
      let mean = values.reduce(0) { $0 + $1 / Double(values.count) }
      return Palette.viridis(scale.fraction(mean) ?? .nan).hex
    }
    return svg.linearGradient(from: gradient.start, to: gradient.end, stops: gradient.stops)
  }

  /// The gradient whose colour at every pixel of the piece is the scale's colour of the value there; nil where the
  /// piece is all but of one colour. Beyond the scale's ends the gradient's own ends go on, as the scale's do.
  func gradient(on scale: AxisRange) -> (start: Pixel, end: Pixel, stops: [(offset: Double, color: Color)])? {
    guard let least = values.indices.min(by: { values[$0] < values[$1] }), let most = values.max() else { return nil }
    let low = max(values[least], scale.lower)
    let high = min(most, scale.upper)
    let steepness = (gradient.x * gradient.x + gradient.y * gradient.y).squareRoot()
    guard let from = scale.fraction(low), let to = scale.fraction(high), to - from > 1.0 / 512, steepness > 0 else {
      return nil
    }
    let origin = outline[least]
    // Along the direction of steepest ascent, through the lowest vertex: both ends lie within the piece's width.
    func place(of value: Double) -> Pixel {
      let distance = (value - values[least]) / steepness
      return Pixel(
        x: origin.x + distance * gradient.x / steepness, y: origin.y + distance * gradient.y / steepness)
    }
    return (place(of: low), place(of: high), Palette.viridisStops(from: from, to: to))
  }

  /// Where the function takes `level` on the piece: a segment, or nil.
  func segment(at level: Double) -> (Pixel, Pixel)? {
    var ends: [Pixel] = []
    for index in outline.indices {
      let next = index + 1 == outline.count ? 0 : index + 1
      // "At or above" on both sides of a shared edge: a level that runs along the edge is drawn once, not twice.
      guard (values[index] >= level) != (values[next] >= level) else { continue }
      let fraction = (level - values[index]) / (values[next] - values[index])
      ends.append(outline[index].mixed(with: outline[next], fraction: fraction))
    }
    return ends.count == 2 ? (ends[0], ends[1]) : nil
  }
}
