import Foundation
import Testing

@testable import Figures

@Suite struct HistogramTests {
  @Test func integersHaveABinEach() {
    let histogram = Histogram([3, 4, 4, 4, 6, .nan], binning: .integers)
    #expect(histogram.edges == [2.5, 3.5, 4.5, 5.5, 6.5])
    #expect(histogram.counts == [1, 3, 0, 1])
    #expect(histogram.leftOut == 1)
    #expect(Histogram((0..<1000).map(Double.init), binning: .integers).counts.count <= 60)
  }

  @Test func valuesLieInTheirBins() {
    let seed: UInt64 = 4
    var generator = SeededGenerator(seed: seed)
    for trial in 0..<300 {
      let scale = pow(10, Double.random(in: -200...200, using: &generator))
      let count = Int.random(in: 0...40, using: &generator)
      var values = (0..<count).map { _ in scale * Double.random(in: -0.2...1, using: &generator) }
      if trial.isMultiple(of: 5), let first = values.first { values = values.map { _ in first } }
      values += [.infinity, -.infinity, 1e300]
      for binning in [Histogram.Binning.integers, .linear(7), .logarithmic(9), .linear(-1), .logarithmic(.max)] {
        let histogram = Histogram(values, binning: binning)
        let what: Comment = "seed \(seed), trial \(trial)"
        #expect(histogram.counts.reduce(0, +) + histogram.leftOut == values.count, what)
        #expect(zip(histogram.edges, histogram.edges.dropFirst()).allSatisfy { $0 < $1 }, what)
        for (index, bin) in zip(histogram.edges, histogram.edges.dropFirst()).enumerated() {
          let isLast = index == histogram.counts.count - 1
          let inside = values.count { $0 >= bin.0 && ($0 < bin.1 || isLast && $0 == bin.1) }
          #expect(inside == histogram.counts[index], what)
        }
      }
    }
    #expect(Histogram([], binning: .integers).counts.isEmpty)
    #expect(Histogram([-1, 0], binning: .logarithmic(5)).leftOut == 2)
  }

  @Test func barsStandOnTheAxis() throws {
    let chart = Histogram([1, 2, 2, 3, 3, 3, 3], binning: .integers).chart(xAxis: Axis("n", integersOnly: true))
    let reading = SVGReading(chart.svg())
    // The first rectangle is the page.
    let bars = reading.all("rect").dropFirst()
    let heights = bars.compactMap { $0.number("height") }
    #expect(heights.count == 3)
    #expect(abs(heights[1] / heights[0] - 2) < 0.01 && abs(heights[2] / heights[0] - 4) < 0.01)
    let feet = bars.map { ($0.number("y") ?? 0) + ($0.number("height") ?? 0) }
    #expect(feet.allSatisfy { abs($0 - feet[0]) < 0.02 })
    #expect(reading.words.contains("0"))
  }

  @Test func oddBarsAreSkipped() {
    let odd = [1, .nan, .infinity, 0, -1, 1e308, 3]
    for scaling in [AxisScaling.linear, .logarithmic] {
      let chart = Chart(
        xAxis: Axis(scaling: scaling), yAxis: Axis(scaling: scaling),
        marks: [
          .bars(edges: odd, heights: odd, name: "b"), .bars(edges: [1], heights: [1]), .bars(edges: [], heights: []),
        ])
      let reading = SVGReading(chart.svg())
      #expect(reading.isWellFormed)
      #expect(reading.coordinates.allSatisfy { $0.isFinite })
    }
  }
}
