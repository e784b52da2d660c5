import Foundation
import Testing

@testable import Figures

@Suite struct RegionColoringTests {
  private static let square = [
    PlotPoint(x: 0, y: 0), PlotPoint(x: 2, y: 0), PlotPoint(x: 2, y: 1), PlotPoint(x: 0, y: 1),
  ]

  /// Bands cover their piece and nothing else, and lie where their colour belongs.
  @Test func bandsPartThePiece() throws {
    let seed: UInt64 = 3
    var generator = SeededGenerator(seed: seed)
    let layout = Layout(
      Layout.Request(
        size: FigureSize(), title: "", subtitle: "", note: "", xAxis: Axis(), yAxis: Axis(), xRange: Self.range,
        yRange: Self.range))
    for trial in 0..<300 {
      func random(_ bound: Double) -> Double { .random(in: -bound...bound, using: &generator) }
      let center = (x: random(0.7), y: random(0.7))
      let corners = (0..<5).map { corner in
        let angle = 2 * Double.pi * Double(corner) / 5
        return PlotPoint(x: center.x + 0.1 * cos(angle), y: center.y + 0.1 * sin(angle))
      }
      let region = RegionMap.Region(
        vertices: corners, slopeX: random(20), slopeY: random(20), constant: random(1))
      let piece = try #require(RegionPiece(region, layout: layout, xRange: Self.range, yRange: Self.range))
      let bands = piece.bands(on: Self.range, count: 128)
      let what: Comment = "seed \(seed), trial \(trial)"
      let area = bands.reduce(0) { $0 + Self.area($1.outline) }
      #expect(abs(area - piece.area) < 1e-6 * piece.area, what)
      for band in bands {
        let (x, y) = Self.centroid(band.outline)
        let value = region.value(
          x: -1 + 2 * (x - layout.plot.minX) / layout.plot.width,
          y: -1 + 2 * (layout.plot.maxY - y) / layout.plot.height)
        let meant = min(max((value + 1) / 2, 0), 1)
        // Bands are 1/128 wide, or as much more as makes them a pixel and a half: 20 is the steepest slope.
        #expect(abs(band.fraction - meant) < 0.08, what)
      }
    }
  }

  /// Reads a large map back: what is painted covers the data area, in the colours of the values there.
  @Test func manyRegionsAreColouredByTheirValues() throws {
    let arrangement = LineArrangement(lines: 70, seed: 5)
    let regions = arrangement.regions
    #expect(regions.count > 1000)
    let values = regions.flatMap { region in region.vertices.map { region.value(x: $0.x, y: $0.y) } }
    let low = try #require(values.min())
    let high = try #require(values.max())
    let reading = SVGReading(RegionMap(regions: regions, levels: .none, showsBoundaries: false).svg())
    #expect(reading.isWellFormed)
    let fills = reading.all("path").filter { $0.attributes["stroke-width"] == "0.8" }
    let polygons = fills.flatMap { path in
      Self.polygons(path.attributes["d"] ?? "").map { (outline: $0, fill: path.attributes["fill"] ?? "") }
    }
    let xs = polygons.flatMap { $0.outline.map(\.x) }
    let ys = polygons.flatMap { $0.outline.map(\.y) }
    let plot = Rect(
      minX: try #require(xs.min()), minY: try #require(ys.min()), maxX: try #require(xs.max()),
      maxY: try #require(ys.max()))
    let area = polygons.reduce(0) { $0 + Self.area($1.outline) }
    #expect(abs(area / (plot.width * plot.height) - 1) < 1e-3)
    var checked = 0
    for polygon in polygons where polygon.fill.hasPrefix("#") && Self.area(polygon.outline) > 4 {
      let center = Self.centroid(polygon.outline)
      let (x, y) = (-1 + 2 * (center.x - plot.minX) / plot.width, -1 + 2 * (plot.maxY - center.y) / plot.height)
      let meant = Palette.viridis((arrangement.value(x: x, y: y) - low) / (high - low))
      let seen = Color(UInt32(polygon.fill.dropFirst(), radix: 16) ?? 0)
      #expect(distance(seen, meant) <= 6, "\(seen.hex) for \(meant.hex)")
      checked += 1
    }
    #expect(checked > 300)
  }

  @Test func filesOfManyRegionsStaySmall() {
    let arrangement = LineArrangement(lines: 210, seed: 9)
    let some = Array(arrangement.regions.prefix(10_000))
    #expect(some.count == 10_000)
    for coloring in [RegionMap.Coloring.value, .gradient, .pattern] {
      let svg = RegionMap(coloring: coloring, regions: some).svg()
      #expect(svg.utf8.count < 3_000_000)
      let fills = SVGReading(svg).all("path").filter { $0.attributes["fill"] != "none" }
      #expect(fills.count > 100)
      #expect(fills.allSatisfy { ($0.attributes["d"] ?? "").utf8.count < 100_000 })
    }
  }

  /// A function that rises and falls through the whole scale in every cell: nothing is flat, nothing is shared.
  @Test(arguments: [(100, 3_000_000), (316, 25_000_000)])
  func filesOfSteepRegionsStaySmall(side: Int, limit: Int) {
    let seed: UInt64 = 6
    var generator = SeededGenerator(seed: seed)
    let step = 1 / Double(side)
    let regions = (0..<side * side).map { cell in
      let (x, y) = (Double(cell % side) * step, Double(cell / side) * step)
      let corners = [(x, y), (x + step, y), (x + step, y + step), (x, y + step)].map { PlotPoint(x: $0.0, y: $0.1) }
      let slope = (Double.random(in: -1...1, using: &generator), Double.random(in: -1...1, using: &generator))
      return RegionMap.Region(
        vertices: corners, slopeX: slope.0 / step, slopeY: slope.1 / step,
        constant: -(slope.0 * x + slope.1 * y) / step, pattern: UInt64(cell))
    }
    for coloring in [RegionMap.Coloring.value, .gradient, .pattern] {
      let size = RegionMap(coloring: coloring, regions: regions, levels: .none).svg().utf8.count
      #expect(size < limit, "seed \(seed), \(coloring)")
    }
  }

  @Test func gradientIsHueAndDepth() throws {
    let left = RegionMap.Region(vertices: Self.square, slopeX: 3, slopeY: 4, constant: 0)
    let right = RegionMap.Region(
      vertices: Self.square.map { PlotPoint(x: $0.x + 2, y: $0.y) }, slopeX: 0, slopeY: 0, constant: 0)
    let reading = SVGReading(RegionMap(valueLabel: "f", coloring: .gradient, regions: [left, right]).svg())
    let fills = reading.all("path").filter { $0.attributes["stroke-width"] == "0.8" }.map { $0.attributes["fill"] }
    let steep = Palette.direction((atan2(4, 3) * 45 / .pi).rounded() * .pi / 45, magnitude: 1)
    #expect(fills == [steep.hex, Palette.direction(0, magnitude: 0).hex])
    #expect(reading.words.contains("rim: slope 5"))
    #expect(reading.words.contains("Gradient of f"))
    // A sliver of enormous slope does not make all else look flat.
    let sliver = RegionMap.Region(
      vertices: [PlotPoint(x: 4, y: 0), PlotPoint(x: 4.001, y: 0), PlotPoint(x: 4, y: 1)], slopeX: 900, slopeY: 0,
      constant: 0)
    let cut = SVGReading(RegionMap(coloring: .gradient, regions: [left, sliver]).svg())
    #expect(cut.words.contains("rim: slope ≥ 5"))
  }

  @Test func directionsAreDistinctAndDarken() {
    let quarters = [0, 0.5, 1, 1.5].map { Palette.direction($0 * .pi, magnitude: 1) }
    for a in quarters.indices {
      for b in quarters.indices where a < b { #expect(distance(quarters[a], quarters[b]) > 60) }
    }
    for angle in stride(from: 0, to: 6.3, by: 0.1) {
      let shades = stride(from: 0, through: 1, by: 0.05).map { Palette.direction(angle, magnitude: $0).brightness }
      #expect(zip(shades, shades.dropFirst()).allSatisfy { $0 > $1 - 0.01 })
      #expect(shades[0] > 0.9 && (shades.last ?? 1) < 0.65)
    }
    #expect(Palette.direction(.nan, magnitude: 1).hex == "#999999")
    #expect(Palette.direction(0, magnitude: 7) == Palette.direction(0, magnitude: 1))
  }

  @Test func patternsKeepTheirColour() {
    #expect(Palette.tint(forKey: 5) == Palette.tint(forKey: 5))
    let spread = Set((0..<2000).map { Palette.tint(forKey: $0) })
    #expect(spread.count == 120)
    let highBits = Set((0..<64).map { Palette.tint(forKey: 1 << $0) })
    #expect(highBits.count > 35)
    // All carry dark ink.
    #expect(spread.allSatisfy { $0.brightness > 0.6 })
    let regions = [3, 4, 3].enumerated().map { index, key in
      RegionMap.Region(
        vertices: Self.square.map { PlotPoint(x: $0.x + 2 * Double(index), y: $0.y) }, slopeX: 0, slopeY: 0,
        constant: 0, pattern: UInt64(key))
    }
    let reading = SVGReading(RegionMap(coloring: .pattern, regions: regions).svg())
    let fills = reading.all("path").filter { $0.attributes["stroke-width"] == "0.8" }
    #expect(fills.map { $0.attributes["fill"] } == [3, 4].map { Palette.tint(forKey: $0).hex })
    #expect(fills.map { Self.polygons($0.attributes["d"] ?? "").count } == [2, 1])
  }

  @Test func classesHaveNamesTintsAndSymbols() {
    let region = RegionMap.Region(vertices: Self.square, slopeX: 0, slopeY: 0, constant: 0, classIndex: 1)
    let map = RegionMap(
      coloring: .classes, classNames: ["red & blue", "green"], regions: [region],
      points: [
        .init(x: 0.5, y: 0.5, classIndex: 0), .init(x: 1, y: 0.5, classIndex: 1), .init(x: 1, y: 1, classIndex: -4),
      ])
    let reading = SVGReading(map.svg())
    #expect(reading.words.filter { ["red & blue", "green", "class -4"].contains($0) }.count == 3)
    #expect(reading.all("path").contains { $0.attributes["fill"] == Palette.categoricalTint(1).hex })
    // One on the map, one in the legend.
    #expect(reading.all("g").count { $0.attributes["fill"] == Palette.categorical(0).hex } == 2)
    #expect(reading.all("linearGradient").isEmpty)
  }

  @Test func oddInputInEveryColouring() {
    let odd = [Double.nan, .infinity, -.infinity, 1e308, 1e289, -.leastNonzeroMagnitude, 0]
    let regions = odd.map { RegionMap.Region(vertices: Self.square, slopeX: $0, slopeY: 1, constant: 0) }
    let points = odd.map { RegionMap.Observation(x: $0, y: $0, classIndex: .max) }
    let lines = odd.map { odd in
      RegionMap.Breakline(from: PlotPoint(x: odd, y: 0), to: PlotPoint(x: 1, y: odd), layer: .min)
    }
    for coloring in [RegionMap.Coloring.value, .gradient, .pattern, .classes] {
      for regions in [regions, []] {
        let map = RegionMap(
          title: "<&>", coloring: coloring, classNames: [""], regions: regions, points: points, breaklines: lines,
          decisionBoundary: [[], [PlotPoint(x: .nan, y: 0)], odd.map { PlotPoint(x: $0, y: 0.5) }], equalAspect: true)
        let svg = map.svg()
        let reading = SVGReading(svg)
        #expect(reading.isWellFormed)
        #expect(reading.coordinates.allSatisfy { $0.isFinite })
        #expect(!svg.contains("\"nan") && !svg.contains("inf\""))
      }
    }
  }

  // MARK: Helpers

  private static let range = AxisRange(lower: -1, upper: 1, scaling: .linear)

  static func polygons(_ data: String) -> [[Pixel]] {
    data.split(separator: "M").map { part in
      let numbers = part.split { "LZ ".contains($0) }.compactMap { Double($0) }
      return stride(from: 0, to: numbers.count - 1, by: 2).map { Pixel(x: numbers[$0], y: numbers[$0 + 1]) }
    }
  }

  static func area(_ outline: [Pixel]) -> Double {
    let doubled = zip(outline, outline.dropFirst() + outline.prefix(1)).reduce(0) { sum, side in
      sum + side.0.x * side.1.y - side.1.x * side.0.y
    }
    return doubled.magnitude / 2
  }

  private static func centroid(_ outline: [Pixel]) -> (x: Double, y: Double) {
    outline.reduce((0, 0)) { ($0.0 + $1.x / Double(outline.count), $0.1 + $1.y / Double(outline.count)) }
  }
}
