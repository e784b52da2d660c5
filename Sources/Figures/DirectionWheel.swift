import Foundation

/// The key of a map coloured by gradient: directions around a wheel, lengths from its centre to its rim.
struct DirectionWheel {
  /// The length of gradient at the rim.
  let steepest: Double
  /// Whether steeper ones have the rim's colour too.
  let isCut: Bool
  let label: String

  static let width = gap + 2 * radius + 34
  private static let gap = 22.0
  private static let radius = 46.0
  private static let textSize = 12.0
  private static let sectors = 60
  private static let rings = 10

  /// The height it takes.
  var height: Double {
    2 + 16 * Double(headingLines.count) + 12 + 2 * Self.radius + 22 + 16 * Double(explanation.count)
  }

  func draw(beside plot: Rect, into svg: inout SVGBuilder) {
    let left = plot.maxX + Self.gap
    var y = plot.minY + 2
    for line in headingLines {
      y += 16
      svg.text(line, at: Pixel(x: left, y: y - 6), size: 13)
    }
    let center = Pixel(x: left + Self.radius, y: y + 12 + Self.radius)
    drawDisc(around: center, into: &svg)
    svg.circle(center, radius: Self.radius, ["fill": "none", "stroke": Ink.axis.hex, "stroke-width": "0.6"])
    y = center.y + Self.radius + 22
    for line in explanation {
      svg.text(line, at: Pixel(x: left, y: y), size: Self.textSize, color: Ink.quiet)
      y += 16
    }
  }

  private var headingLines: [String] {
    TextMetrics.wrap(
      label.isEmpty ? "Gradient" : "Gradient of \(label)", width: Self.width - Self.gap, size: 13, maxLines: 2)
  }

  private var explanation: [String] {
    let rim = "\(isCut ? "≥ " : "")\(NumberText.short(steepest))"
    return ["hue: direction of", "steepest ascent", "centre: slope 0", "rim: slope \(rim)"].map {
      TextMetrics.fitted($0, width: Self.width - Self.gap, size: Self.textSize)
    }
  }

  private func drawDisc(around center: Pixel, into svg: inout SVGBuilder) {
    func place(_ sector: Int, _ ring: Int) -> Pixel {
      let angle = 2 * Double.pi * (Double(sector) - 0.5) / Double(Self.sectors)
      let distance = Self.radius * Double(ring) / Double(Self.rings)
      return Pixel(x: center.x + distance * cos(angle), y: center.y - distance * sin(angle))
    }
    svg.group(["stroke-width": "0.4"]) { svg in
      for ring in 0..<Self.rings {
        for sector in 0..<Self.sectors {
          let outline = [
            place(sector, ring), place(sector, ring + 1), place(sector + 1, ring + 1), place(sector + 1, ring),
          ]
          let color = Palette.direction(
            2 * .pi * Double(sector) / Double(Self.sectors), magnitude: (Double(ring) + 0.5) / Double(Self.rings))
          svg.element(
            "path",
            [
              "d": SVGBuilder.path(outline, closed: true),
              "fill": color.hex, "stroke": color.hex,
            ])
        }
      }
    }
  }
}
