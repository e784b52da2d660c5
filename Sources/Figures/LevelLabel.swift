import Foundation

/// The label of a level line, placed.
struct LevelLabel {
  private var text: String
  private var baseline: Pixel
  private var degrees: Double
  private var ink: Color
  private var ground: Color

  /// Draws the lines of one level, dashed since the boundaries of regions are solid, with a gap for each label that has
  /// a place, and returns these labels. `ground` is the colour of the level itself.
  static func draw(
    _ lines: [[Pixel]], label: String, ground: Color, plot: Rect, avoiding data: Occupancy, taken: inout Occupancy,
    into svg: inout SVGBuilder
  ) -> [LevelLabel] {
    guard !lines.isEmpty else { return [] }
    let ink = ground.brightness < 0.5 ? Color(0xFFFFFF) : Ink.text
    let width = TextMetrics.width(label, size: 12)
    var labels: [LevelLabel] = []
    var path = ""
    for line in lines {
      let place = LevelLines.labelPlace(on: line, width: width, within: plot, avoiding: data, labels: taken)
      guard let place else {
        SVGBuilder.append(line, to: &path, closed: false)
        continue
      }
      for part in LevelLines.cut(line, without: place.stretch) { SVGBuilder.append(part, to: &path, closed: false) }
      for box in LevelLines.boxes(along: place.chord) { taken.cover(box) }
      // The baseline lies below the line's middle, at right angles to it.
      let slope = place.degrees * .pi / 180
      let baseline = Pixel(x: place.middle.x - 4.2 * sin(slope), y: place.middle.y + 4.2 * cos(slope))
      labels.append(LevelLabel(text: label, baseline: baseline, degrees: place.degrees, ink: ink, ground: ground))
    }
    svg.element(
      "path",
      [
        "d": path, "fill": "none", "stroke": ink.hex, "stroke-width": "1", "stroke-opacity": "0.85",
        "stroke-dasharray": "5 3", "stroke-linejoin": "round",
      ])
    return labels
  }

  func draw(into svg: inout SVGBuilder) {
    svg.text(text, at: baseline, anchor: .middle, color: ink, degrees: degrees, halo: ground)
  }
}
