import Foundation
import Testing

@testable import Figures

@Suite struct PolygonFigureTests {
  private static let hexagon = [(2, 0), (2, 2), (0, 2), (-2, 0), (-2, -2), (0, -2)].map {
    PlotPoint(x: Double($0.0), y: Double($0.1))
  }

  @Test func hexagonWithItsGenerators() throws {
    let origin = PlotPoint(x: 0, y: 0)
    let figure = PolygonFigure(
      title: "Hexagon", xAxis: Axis("x₁"), yAxis: Axis("x₂"), vertices: Self.hexagon,
      arrows: [
        .init(from: origin, to: PlotPoint(x: 1, y: 0), label: "a"),
        .init(from: origin, to: PlotPoint(x: 0, y: 1), label: "b"), .init(from: origin, to: origin, label: "zero"),
      ])
    let reading = SVGReading(figure.svg())
    #expect(reading.isWellFormed)
    // The area and two heads; an arrow without length has none.
    #expect(reading.all("path").count == 3)
    #expect(reading.all("circle").count == 6)
    #expect(reading.words.contains("a") && reading.words.contains("b") && !reading.words.contains("zero"))
    #expect(reading.all("desc").first?.text == "A polygon with 6 vertices.")
    // Equal units: the hexagon is as wide as it is high.
    let x = reading.all("circle").compactMap { $0.number("cx") }
    let y = reading.all("circle").compactMap { $0.number("cy") }
    let width = try #require(x.max()) - #require(x.min())
    let height = try #require(y.max()) - #require(y.min())
    #expect(abs(width - height) < 0.1)
  }

  @Test func manyVerticesHaveNoDots() {
    let circle = (0..<2000).map { index in
      PlotPoint(x: cos(2 * .pi * Double(index) / 2000), y: sin(2 * .pi * Double(index) / 2000))
    }
    #expect(SVGReading(PolygonFigure(vertices: circle).svg()).all("circle").isEmpty)
  }

  @Test func oddPolygonsAreDrawn() {
    let odd = [PlotPoint(x: .nan, y: 0), PlotPoint(x: 1e308, y: 1), PlotPoint(x: 0, y: 0), PlotPoint(x: 1, y: 1e5)]
    for count in 0...4 {
      let vertices = Array(odd.suffix(count))
      let reading = SVGReading(
        PolygonFigure(
          title: "<odd>", xAxis: Axis(scaling: .logarithmic), vertices: vertices,
          arrows: [.init(from: odd[2], to: odd[0], label: "&"), .init(from: odd[2], to: odd[3], label: "&")]
        ).svg())
      #expect(reading.isWellFormed)
      #expect(reading.coordinates.allSatisfy { $0.isFinite })
      #expect(reading.words.contains { $0.contains("1 arrow left out") })
      #expect((count == 4) == reading.words.contains { $0.contains("2 vertices left out") })
    }
  }
}
