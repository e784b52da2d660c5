import Testing

@testable import Figures

@Suite struct NetworkChartTests {
  @Test func theLineIsTheFunction() throws {
    let chart = Chart.network(
      from: PlotPoint(x: 3, y: 1), to: PlotPoint(x: -1, y: 0),
      breakpoints: [
        .init(x: 2, y: 5, layer: 2), .init(x: 0, y: 4, layer: 1), .init(x: 9, y: 9, layer: 3),
        .init(x: .nan, y: 9, layer: 3),
      ], observations: [PlotPoint(x: 1, y: 1)])
    let lines = chart.marks.compactMap { mark -> [[Double]]? in
      if case .line(let x, let y, _, _) = mark { return [x, y] }
      return nil
    }
    #expect(lines == [[[-1, 0, 2, 3], [0, 4, 5, 1]]])
    let reading = SVGReading(chart.svg())
    #expect(reading.isWellFormed)
    let names = ["observed", "network", "breakpoints, layer 1", "breakpoints, layer 2"]
    #expect(names.allSatisfy(reading.words.contains))
    #expect(!reading.words.contains("breakpoints, layer 3"))
  }

  @Test func manyBreakpointsStayAPicture() {
    let points = (0..<20_000).map { Chart.Breakpoint(x: Double($0), y: Double($0 % 7), layer: 1 + $0 % 3) }
    let svg = Chart.network(from: PlotPoint(x: -1, y: 0), to: PlotPoint(x: 20_000, y: 0), breakpoints: points).svg()
    #expect(SVGReading(svg).isWellFormed)
    #expect(svg.utf8.count < 2_000_000)
  }
}
