/// A point style with every choice made.
struct SymbolLook: Equatable {
  var shape: PointStyle.Shape
  var color: Color
  var radius: Double
  var opacity: Double
  var outline: Color?

  /// `style` for a mark of `count` symbols whose automatic colour is `color`.
  init(_ style: PointStyle, color: Color, count: Int) {
    shape = style.shape
    self.color = style.color ?? color
    let radius = style.radius ?? (count > 2000 ? 1.8 : count > 500 ? 2.5 : count > 100 ? 3 : 4)
    self.radius = radius.isNaN ? 4 : min(max(radius, 0.5), 50)
    opacity = LineLook.usable(opacity: style.opacity ?? (count > 2000 ? 0.35 : count > 500 ? 0.5 : 0.75))
    outline = style.outline
  }

  func draw(at places: [Pixel], into svg: inout SVGBuilder) {
    guard !places.isEmpty else { return }
    let paint: KeyValuePairs =
      shape == .cross
      ? [
        "fill": "none", "stroke": color.hex, "stroke-width": "1.6", "stroke-opacity": SVGBuilder.number(opacity),
      ]
      : [
        "fill": color.hex, "fill-opacity": SVGBuilder.number(opacity), "stroke": outline?.hex ?? "none",
        "stroke-width": "1.2",
      ]
    svg.group(paint) { svg in
      for place in places {
        switch shape {
        case .circle: svg.circle(place, radius: radius)
        case .cross: svg.element("path", ["d": crossPath(at: place)])
        default: svg.element("path", ["d": SVGBuilder.path(corners(at: place), closed: true)])
        }
      }
    }
  }

  private func corners(at p: Pixel) -> [Pixel] {
    // The factors give all shapes about the area of the circle, so that none looks more important.
    switch shape {
    case .square:
      let r = 0.89 * radius
      return [(-r, -r), (r, -r), (r, r), (-r, r)].map { Pixel(x: p.x + $0.0, y: p.y + $0.1) }
    case .triangle:
      let r = 1.25 * radius
      return [(0, -r), (0.95 * r, 0.7 * r), (-0.95 * r, 0.7 * r)].map { Pixel(x: p.x + $0.0, y: p.y + $0.1) }
    default:
      let r = 1.25 * radius
      return [(0, -r), (r, 0), (0, r), (-r, 0)].map { Pixel(x: p.x + $0.0, y: p.y + $0.1) }
    }
  }

  private func crossPath(at p: Pixel) -> String {
    let r = 0.9 * radius
    return SVGBuilder.path([Pixel(x: p.x - r, y: p.y - r), Pixel(x: p.x + r, y: p.y + r)])
      + SVGBuilder.path([Pixel(x: p.x - r, y: p.y + r), Pixel(x: p.x + r, y: p.y - r)])
  }
}

/// A line style with every choice made.
struct LineLook: Equatable {
  var color: Color
  var width: Double
  var dash: LineStyle.Dash
  var opacity: Double

  init(_ style: LineStyle, color: Color) {
    self.color = style.color ?? color
    width = style.width.isNaN ? 2 : min(max(style.width, 0.2), 50)
    dash = style.dash
    opacity = Self.usable(opacity: style.opacity)
  }

  func draw(path: String, into svg: inout SVGBuilder) {
    guard !path.isEmpty else { return }
    svg.element(
      "path",
      [
        "d": path, "fill": "none", "stroke": color.hex, "stroke-width": SVGBuilder.number(width),
        "stroke-opacity": SVGBuilder.number(opacity), "stroke-linejoin": "round",
        "stroke-dasharray": dashes ?? "none", "stroke-linecap": dash == .dashed ? "butt" : "round",
      ])
  }

  private var dashes: String? {
    switch dash {
    case .solid: nil
    case .dashed: "\(SVGBuilder.number(4 * width)) \(SVGBuilder.number(3 * width))"
    // Round caps make dots of dashes without length.
    case .dotted: "0.01 \(SVGBuilder.number(2.6 * width))"
    }
  }

  static func usable(opacity: Double) -> Double { opacity.isNaN ? 1 : min(max(opacity, 0), 1) }
}
