import Foundation

/// What decides the colour of a region: the map's colouring with every choice made.
struct RegionPaint {
  let coloring: RegionMap.Coloring
  /// The values of the colour scale.
  let scale: AxisRange
  let colors: ColorScale
  /// The length of gradient at the rim of the wheel; positive.
  let steepest: Double
  /// Whether some region is steeper than that.
  let isCut: Bool

  init(_ map: RegionMap, regions: [RegionMap.Region], values: Extent, colors: ColorScale) {
    coloring = map.coloring
    scale = AxisRange(Axis(minimum: map.valueMinimum, maximum: map.valueMaximum), data: values, padding: 0)
    self.colors = colors
    (steepest, isCut) = coloring == .gradient ? Self.steepest(of: regions) : (1, false)
  }

  /// The one colour of a region whose mean value is given.
  func color(of region: RegionMap.Region, value: Double) -> Color {
    switch coloring {
    case .value: colors.color(scale.fraction(value) ?? .nan)
    case .gradient: direction(region)
    case .pattern: Palette.tint(forKey: region.pattern)
    case .classes: Palette.categoricalTint(region.classIndex)
    }
  }

  /// In steps of 4° and 1/40, which nobody sees and which let neighbours share one element.
  private func direction(_ region: RegionMap.Region) -> Color {
    let angle = (atan2(region.slopeY, region.slopeX) * 45 / .pi).rounded() * .pi / 45
    let magnitude = (min(Self.length(region) / steepest, 1) * 40).rounded() / 40
    return Palette.direction(angle, magnitude: magnitude)
  }

  private static func length(_ region: RegionMap.Region) -> Double {
    min(hypot(region.slopeX, region.slopeY), AxisRange.largest)
  }

  /// The least length of gradient not exceeded on 98 % of the area: one steep sliver must not make all else look flat.
  private static func steepest(of regions: [RegionMap.Region]) -> (length: Double, isCut: Bool) {
    let lengths = regions.map { (length: length($0), area: area($0.vertices)) }.sorted { $0.length < $1.length }
    guard let longest = lengths.last?.length, longest > 0 else { return (1, false) }
    let total = lengths.reduce(0) { $0 + $1.area }
    var covered = 0.0
    for (length, area) in lengths {
      covered += area
      if covered >= 0.98 * total && length > 0 { return (length, length < longest) }
    }
    return (longest, false)
  }

  private static func area(_ vertices: [PlotPoint]) -> Double {
    guard let origin = vertices.first else { return 0 }
    var doubled = 0.0
    for (a, b) in zip(vertices.dropFirst(), vertices.dropFirst(2)) {
      doubled += (a.x - origin.x) * (b.y - origin.y) - (b.x - origin.x) * (a.y - origin.y)
    }
    return doubled.isFinite ? doubled.magnitude / 2 : 0
  }
}

/// Draws the pieces of a map: exact gradients where there is room to see them, all else flat, a path for each colour.
struct RegionFill {
  let paint: RegionPaint

  /// Pieces smaller than this many square pixels have no gradient of their own. Few pieces of a page can be larger, so
  /// however many there are, few need one.
  private static let leastGradientArea = 120.0
  private static let bandCount = 128
  /// Around each piece, in its own paint: it closes the seams that antialiasing leaves between neighbours, to within 7
  /// of 255 steps of a channel at one device pixel a unit and to within 3 at two.
  private static let hairline = "0.8"
  /// Viewers slow down over longer paths, and some XML parsers refuse attributes of ten megabytes.
  private static let longestPath = 60_000

  func draw(_ pieces: [RegionPiece], into svg: inout SVGBuilder) {
    var paths = ColorPaths()
    var large: [RegionPiece] = []
    for piece in pieces {
      if paint.coloring != .value {
        paths.add(piece.outline, color: paint.color(of: piece.region, value: 0))
      } else if piece.area >= Self.leastGradientArea {
        large.append(piece)
      } else {
        for band in piece.bands(on: paint.scale, count: Self.bandCount) {
          paths.add(band.outline, color: paint.colors.color(band.fraction))
        }
      }
    }
    for piece in large {
      guard let gradient = piece.gradient(on: paint.scale, colors: paint.colors) else {
        paths.add(piece.outline, color: paint.color(of: piece.region, value: piece.meanValue))
        continue
      }
      let reference = svg.linearGradient(from: gradient.start, to: gradient.end, stops: gradient.stops)
      draw(SVGBuilder.path(piece.outline, closed: true), reference, into: &svg)
    }
    for (color, path) in paths.inOrder(longest: Self.longestPath) { draw(path, color.hex, into: &svg) }
  }

  private func draw(_ path: String, _ paint: String, into svg: inout SVGBuilder) {
    svg.element(
      "path",
      [
        "d": path, "fill": paint, "stroke": paint, "stroke-width": Self.hairline, "stroke-linejoin": "round",
      ])
  }
}

/// Outlines gathered by colour.
private struct ColorPaths {
  private var slots: [Color: Int] = [:]
  private var colors: [Color] = []
  private var outlines: [[[Pixel]]] = []

  mutating func add(_ outline: [Pixel], color: Color) {
    if let slot = slots[color] {
      outlines[slot].append(outline)
    } else {
      slots[color] = colors.count
      colors.append(color)
      outlines.append([outline])
    }
  }

  /// Path data of about `longest` bytes at most, in the order in which the colours first came.
  func inOrder(longest: Int) -> [(Color, String)] {
    var result: [(Color, String)] = []
    for (color, outlines) in zip(colors, outlines) {
      var path = ""
      for outline in outlines {
        SVGBuilder.append(outline, to: &path, closed: true)
        guard path.utf8.count >= longest else { continue }
        result.append((color, path))
        path = ""
      }
      if !path.isEmpty { result.append((color, path)) }
    }
    return result
  }
}
