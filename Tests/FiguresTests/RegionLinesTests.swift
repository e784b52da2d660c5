import Foundation
import Testing

@testable import Figures

@Suite struct RegionLinesTests {
  private static let square = [(0.0, 0.0), (4, 0), (4, 2), (0, 2)].map { PlotPoint(x: $0.0, y: $0.1) }
  private static let plain = RegionMap.Region(vertices: square, slopeX: 1, slopeY: 0, constant: 0)

  @Test func breaklinesAreDrawnOnceByLayer() throws {
    let lines: [RegionMap.Breakline] = [
      .init(from: PlotPoint(x: 1, y: 0), to: PlotPoint(x: 1, y: 2), layer: 1),
      .init(from: PlotPoint(x: 2, y: 0), to: PlotPoint(x: 2, y: 2), layer: 2),
      .init(from: PlotPoint(x: 3, y: 0), to: PlotPoint(x: 3, y: 9), layer: 2),
      .init(from: PlotPoint(x: 9, y: 0), to: PlotPoint(x: 9, y: 2), layer: 2),
      .init(from: PlotPoint(x: .nan, y: 0), to: PlotPoint(x: 9, y: 2), layer: 7),
    ]
    let reading = SVGReading(RegionMap(regions: [Self.plain], breaklines: lines).svg())
    func onMap(_ layer: Int) -> SVGReading.Element? {
      reading.all("path").first { $0.attributes["stroke"] == Palette.layer(layer).hex }
    }
    let first = try #require(onMap(1))
    let second = try #require(onMap(2))
    #expect(RegionColoringTests.polygons(first.attributes["d"] ?? "").count == 1)
    #expect(RegionColoringTests.polygons(second.attributes["d"] ?? "").count == 2)
    #expect((first.number("stroke-width") ?? 0) > (second.number("stroke-width") ?? 9))
    #expect(reading.words.filter { $0.hasPrefix("layer ") } == ["layer 1", "layer 2"])
    #expect(reading.words.contains("1 breakline left out: not finite"))
    // Outlines give way to breaklines.
    #expect(!reading.all("path").contains { $0.attributes["stroke"] == "#ffffff" })
  }

  /// However many lines there are, colours show between them.
  @Test(arguments: [20, 60, 150])
  func inkIsLimited(lines: Int) throws {
    let arrangement = LineArrangement(lines: lines, seed: 2)
    let map = RegionMap(regions: arrangement.regions, breaklines: arrangement.breaklines, size: FigureSize())
    let reading = SVGReading(map.svg())
    let clip = try #require(reading.elements.first { $0.name == "clipPath" })
    let area = try #require(reading.elements.firstIndex(of: clip).map { reading.elements[$0 + 1] })
    let plot = (area.number("width") ?? 0) * (area.number("height") ?? 0)
    var ink = 0.0
    for layer in 1...3 {
      let path = try #require(reading.all("path").first { $0.attributes["stroke"] == Palette.layer(layer).hex })
      let length = RegionColoringTests.polygons(path.attributes["d"] ?? "").reduce(0) { sum, segment in
        sum + zip(segment, segment.dropFirst()).reduce(0) { $0 + $1.0.distance(to: $1.1) }
      }
      ink += length * (path.number("stroke-width") ?? .nan)
    }
    // Widths are rounded to hundredths of a pixel.
    #expect(ink <= plot / 6 * 1.1)
    #expect(ink > plot / 40)
  }

  @Test func inksShowOnPaleScales() {
    for layer in 1...8 {
      for step in 0...50 {
        let ground = ColorScale.paleViridis.color(Double(step) / 50)
        #expect(ground.brightness - Palette.layer(layer).brightness > 0.1)
      }
    }
    #expect(Palette.layer(.min) == Palette.layer(.min &+ 8))
  }

  @Test func boundaryHasAHaloAndSkipsGaps() throws {
    let line = [0.5, 1, .nan, 2, 3].map { PlotPoint(x: $0, y: 1) }
    let map = RegionMap(regions: [Self.plain], decisionBoundary: [line], decisionBoundaryLabel: "f = 0")
    let reading = SVGReading(map.svg())
    let clipped = try #require(reading.elements.firstIndex { $0.attributes["clip-path"] != nil })
    let paths = reading.elements[(clipped + 1)...].prefix { $0.name == "path" }
    #expect(paths.map { $0.attributes["stroke"] } == ["#ffffff", "#000000"])
    #expect(RegionColoringTests.polygons(paths.first?.attributes["d"] ?? "").map(\.count) == [2, 2])
    #expect(reading.words.contains("f = 0"))
  }

  @Test func equalAspectKeepsUnits() throws {
    for (equal, width) in [(true, 900.0), (true, 400), (false, 900)] {
      let map = RegionMap(regions: [Self.plain], equalAspect: equal, size: FigureSize(width: width, height: 500))
      let reading = SVGReading(map.svg())
      let fill = try #require(reading.all("path").first { $0.attributes["stroke-width"] == "0.8" })
      let corners = RegionColoringTests.polygons(fill.attributes["d"] ?? "").flatMap { $0 }
      let across = (corners.map(\.x).max() ?? 0) - (corners.map(\.x).min() ?? 0)
      let down = (corners.map(\.y).max() ?? 0) - (corners.map(\.y).min() ?? 0)
      #expect((abs(across / down - 2) < 0.001) == equal)
    }
  }
}
