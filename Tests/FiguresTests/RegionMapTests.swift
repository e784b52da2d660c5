import Foundation
import Testing

@testable import Figures

@Suite struct RegionMapTests {
  private static let square = [
    PlotPoint(x: 0, y: 0), PlotPoint(x: 2, y: 0), PlotPoint(x: 2, y: 1), PlotPoint(x: 0, y: 1),
  ]

  @Test func vertexValuesGiveTheAffineFunction() {
    let seed: UInt64 = 21
    var generator = SeededGenerator(seed: seed)
    for trial in 0..<500 {
      func random() -> Double { .random(in: -1...1, using: &generator) }
      let scaleX = pow(10, 6 * random())
      let vertices = (0..<5).map { _ in PlotPoint(x: 100 * scaleX + scaleX * random(), y: random()) }
      let (a, b, c) = (random() / scaleX, random(), random())
      let region = RegionMap.Region(vertices: vertices, values: vertices.map { a * $0.x + b * $0.y + c })
      for p in vertices {
        #expect(
          abs(region.value(x: p.x, y: p.y) - (a * p.x + b * p.y + c)) < 1e-9, "seed \(seed), trial \(trial)")
      }
    }
  }

  @Test func degenerateVertexValues() {
    let line = [PlotPoint(x: 0, y: 0), PlotPoint(x: 1, y: 1), PlotPoint(x: 2, y: 2)]
    let along = RegionMap.Region(vertices: line, values: [0, 1, 2])
    #expect(abs(along.value(x: 2, y: 2) - 2) < 1e-12)
    #expect(abs(along.value(x: 1, y: 1) - 1) < 1e-12)
    let point = RegionMap.Region(vertices: [line[0], line[0], line[0]], values: [3, 3, 3])
    #expect(point.value(x: 5, y: 5) == 3)
    #expect(RegionMap.Region(vertices: [], values: [1]).value(x: 0, y: 0) == 0)
  }

  /// Reads a picture's gradient back as a viewer would and compares it with the palette at the function's own values.
  @Test func gradientsReproduceTheValues() throws {
    let seed: UInt64 = 8
    var generator = SeededGenerator(seed: seed)
    for trial in 0..<60 {
      func random() -> Double { .random(in: -3...3, using: &generator) }
      let region = RegionMap.Region(vertices: Self.square, slopeX: random(), slopeY: random(), constant: random())
      let values = Self.square.map { region.value(x: $0.x, y: $0.y) }
      let low = try #require(values.min())
      let high = try #require(values.max())
      // Some scales hold the values, some cut them off, so that both ends of the gradient go on.
      let (bottom, top) = trial.isMultiple(of: 2) ? (low - 1, high + 2) : (low + 0.2 * (high - low), high)
      let map = RegionMap(valueMinimum: bottom, valueMaximum: top, regions: [region], levels: .none)
      let reading = SVGReading(map.svg())
      let gradient = try #require(reading.all("linearGradient").first)
      let first = try #require(reading.elements.firstIndex(of: gradient))
      let stops = reading.elements[(first + 1)...].prefix { $0.name == "stop" }.map { stop in
        (
          offset: stop.number("offset") ?? .nan,
          color: Color(UInt32(stop.attributes["stop-color"]?.dropFirst() ?? "", radix: 16) ?? 0)
        )
      }
      let plot = try plotRect(reading)
      let start = Pixel(x: gradient.number("x1") ?? .nan, y: gradient.number("y1") ?? .nan)
      let end = Pixel(x: gradient.number("x2") ?? .nan, y: gradient.number("y2") ?? .nan)
      let along = (x: end.x - start.x, y: end.y - start.y)
      let square = along.x * along.x + along.y * along.y
      for _ in 0..<50 {
        let (x, y) = (Double.random(in: 0...2, using: &generator), Double.random(in: 0...1, using: &generator))
        let pixel = Pixel(x: plot.minX + x / 2 * plot.width, y: plot.maxY - y * plot.height)
        let t = ((pixel.x - start.x) * along.x + (pixel.y - start.y) * along.y) / square
        let seen = blend(stops, at: t)
        let meant = Palette.viridis((region.value(x: x, y: y) - bottom) / (top - bottom))
        #expect(distance(seen, meant) <= 2, "seed \(seed), trial \(trial): \(seen.hex) for \(meant.hex)")
      }
    }
  }

  @Test func levelLinesLieOnTheirLevel() throws {
    let left = RegionMap.Region(
      vertices: [PlotPoint(x: 0, y: 0), PlotPoint(x: 1, y: 0), PlotPoint(x: 1, y: 1), PlotPoint(x: 0, y: 1)],
      slopeX: 1, slopeY: 1, constant: 0)
    let right = RegionMap.Region(
      vertices: [PlotPoint(x: 1, y: 0), PlotPoint(x: 2, y: 0), PlotPoint(x: 2, y: 1), PlotPoint(x: 1, y: 1)],
      slopeX: 3, slopeY: 1, constant: -2)
    let map = RegionMap(regions: [left, right], levels: .at([1.5, 99, .nan]), showsBoundaries: false)
    let reading = SVGReading(map.svg())
    let plot = try plotRect(reading)
    let dashed = reading.all("path").filter { $0.attributes["stroke-dasharray"] == "5 3" }
    let line = try #require(dashed.first)
    #expect(dashed.count == 1)
    let numbers = (line.attributes["d"] ?? "").split { "ML ".contains($0) }.compactMap { Double($0) }
    #expect(numbers.count >= 6)
    for index in stride(from: 0, to: numbers.count - 1, by: 2) {
      let x = (numbers[index] - plot.minX) / plot.width * 2
      let y = (plot.maxY - numbers[index + 1]) / plot.height
      let value = x <= 1 ? x + y : 3 * x + y - 2
      #expect(abs(value - 1.5) < 1e-3)
    }
    #expect(reading.words.contains("1.5"))
  }

  @Test func segmentsJoinIntoLinesAndRings() {
    func p(_ x: Double, _ y: Double) -> Pixel { Pixel(x: x, y: y) }
    let chain = LevelLines.joined([(p(10, 0), p(20, 0)), (p(30.05, 0), p(20.05, 0)), (p(0, 0), p(10, 0.05))])
    #expect(chain.count == 1)
    #expect(chain.first?.count == 4)
    let ring = LevelLines.joined([(p(0, 0), p(9, 0)), (p(9, 9), p(9, 0)), (p(0, 0), p(9, 9))])
    #expect(ring.count == 1)
    #expect(ring.first?.first == ring.first?.last)
    let star = LevelLines.joined((0..<5).map { (p(0, 0), p(10 * cos(Double($0)), 10 * sin(Double($0)))) })
    #expect(star.map(\.count) == [2, 2, 2, 2, 2])
    #expect(LevelLines.joined([]).isEmpty)
    let cut = LevelLines.cut([p(0, 0), p(10, 0), p(20, 0)], without: 4...12)
    #expect(cut == [[p(0, 0), p(4, 0)], [p(12, 0), p(20, 0)]])
  }

  @Test func observationsWearTheColourOfTheirValue() {
    let map = RegionMap(
      valueMinimum: 0, valueMaximum: 10, regions: [.init(vertices: Self.square, value: 4)],
      points: [.init(x: 1, y: 0.5, value: 10), .init(x: 0.5, y: 0.5, value: -3), .init(x: 9, y: 9, value: 1)])
    let reading = SVGReading(map.svg())
    let fills = reading.all("circle").map { $0.attributes["fill"] }
    #expect(fills == [Palette.viridis(1).hex, Palette.viridis(0).hex])
    #expect(reading.words.contains("1 point outside the domain"))
    #expect(reading.all("path").first?.attributes["fill"] == Palette.viridis(0.4).hex)
  }

  @Test func oddInputIsLeftOutAndSaid() {
    let bad = [Double.nan, .infinity, 1e308].map { odd in
      RegionMap.Region(vertices: Self.square, slopeX: odd, slopeY: 1, constant: 0)
    }
    let map = RegionMap(
      title: "a < b", valueMinimum: .nan, valueMaximum: .infinity,
      regions: bad + [
        .init(vertices: [PlotPoint(x: .nan, y: 0), PlotPoint(x: 1, y: 1), PlotPoint(x: 0, y: 1)], value: 1),
        .init(vertices: [PlotPoint(x: 0, y: 0), PlotPoint(x: 1, y: 1)], value: 1),
        .init(vertices: Self.square, slopeX: 1, slopeY: 0, constant: 0),
      ],
      points: [.init(x: 1, y: 1, value: .nan), .init(x: .infinity, y: 1, value: 1)])
    let svg = map.svg()
    let reading = SVGReading(svg)
    #expect(reading.isWellFormed)
    #expect(!svg.lowercased().contains("nan"))
    #expect(reading.coordinates.allSatisfy { $0.isFinite })
    #expect(
      reading.words.contains(
        "5 regions left out: not finite or fewer than three vertices · 2 points left out: not finite"))
    #expect(SVGReading(RegionMap().svg()).isWellFormed)
  }

  /// The rectangle of a map's data area: the region of these tests fills it.
  private func plotRect(_ reading: SVGReading) throws -> Rect {
    let fills = reading.all("path").filter { $0.attributes["stroke-width"] == "0.8" }
    let numbers = fills.flatMap { path in
      (path.attributes["d"] ?? "").split { "MLZ ".contains($0) }.compactMap { Double($0) }
    }
    let xs = numbers.enumerated().filter { $0.offset.isMultiple(of: 2) }.map(\.element)
    let ys = numbers.enumerated().filter { !$0.offset.isMultiple(of: 2) }.map(\.element)
    return Rect(
      minX: try #require(xs.min()), minY: try #require(ys.min()), maxX: try #require(xs.max()),
      maxY: try #require(ys.max()))
  }
}
