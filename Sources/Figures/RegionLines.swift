import Foundation

/// The lines over the regions of a map: outlines, breaklines by layer, decision boundary.
struct RegionLines {
  let layout: Layout

  /// Lines grow thinner so that no more than these shares of the data area are covered: outlines only part the colours
  /// that are the subject, breaklines are the subject.
  private static let outlineShare = 1.0 / 14
  private static let breaklineShare = 1.0 / 6

  /// The outlines of all pieces in one path, so that an edge shared by two regions is not twice as opaque; none where
  /// they would be too thin to see.
  func drawOutlines(of pieces: [RegionPiece], into svg: inout SVGBuilder) {
    let length = pieces.reduce(0) { $0 + $1.perimeter } / 2
    let width = 1.4 * thinning(ink: 1.4 * length, share: Self.outlineShare)
    guard !pieces.isEmpty, width >= 0.15 else { return }
    var path = ""
    for piece in pieces { SVGBuilder.append(piece.outline, to: &path, closed: true) }
    svg.element(
      "path",
      [
        "d": path, "fill": "none", "stroke": "#ffffff", "stroke-width": SVGBuilder.number(width),
        "stroke-opacity": "0.85", "stroke-linejoin": "round",
      ])
  }

  /// The first layer comes last, on top: its lines are the fewest and the longest.
  func drawBreaklines(_ lines: [RegionMap.Breakline], into svg: inout SVGBuilder) {
    let layers = Dictionary(grouping: lines, by: \.layer).sorted { $0.key > $1.key }.map { layer, lines in
      (look: Self.look(layer: layer), segments: lines.compactMap(visibleSegment))
    }
    let ink = layers.reduce(0) { sum, layer in
      sum + layer.look.width * layer.segments.reduce(0) { $0 + $1.0.distance(to: $1.1) }
    }
    let thinning = thinning(ink: ink, share: Self.breaklineShare)
    for (look, segments) in layers {
      var path = ""
      for (a, b) in segments { SVGBuilder.append([a, b], to: &path, closed: false) }
      var thinned = look
      thinned.width = max(thinning * look.width, 0.05)
      thinned.draw(path: path, into: &svg)
    }
  }

  func drawDecisionBoundary(_ polylines: [[PlotPoint]], into svg: inout SVGBuilder) {
    var path = ""
    for polyline in polylines where polyline.count >= 2 {
      for piece in layout.plot.clip(polyline: polyline.compactMap { layout.pixel(x: $0.x, y: $0.y) }) {
        SVGBuilder.append(piece, to: &path, closed: false)
      }
    }
    for look in Self.boundaryLooks { look.draw(path: path, into: &svg) }
  }

  /// A layer's line where nothing asks for a thinner one.
  static func look(layer: Int) -> LineLook {
    let width = max(1.7 * pow(0.8, Double(max(layer, 1) - 1)), 0.6)
    return LineLook(LineStyle(width: width), color: Palette.layer(layer))
  }

  /// A halo, and the line on it.
  static let boundaryLooks = [
    LineLook(LineStyle(width: 6), color: Color(0xFFFFFF)), LineLook(LineStyle(width: 3), color: Color(0x000000)),
  ]

  private func visibleSegment(_ line: RegionMap.Breakline) -> (Pixel, Pixel)? {
    guard let a = layout.pixel(x: line.start.x, y: line.start.y), let b = layout.pixel(x: line.end.x, y: line.end.y)
    else { return nil }
    return layout.plot.clip(from: a, to: b)
  }

  /// By what lines that cover `ink` square pixels are to be made thinner.
  private func thinning(ink: Double, share: Double) -> Double {
    let room = share * layout.plot.width * layout.plot.height
    return ink > room ? room / ink : 1
  }
}
