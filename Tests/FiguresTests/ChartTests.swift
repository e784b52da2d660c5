import Foundation
import Testing

@testable import Figures

@Suite struct ChartTests {
  @Test func emptyChartsHaveAxes() {
    for scaling in [AxisScaling.linear, .logarithmic] {
      let svg = Chart(xAxis: Axis("x", scaling: scaling), yAxis: Axis("y", scaling: scaling)).svg()
      let reading = SVGReading(svg)
      #expect(reading.isWellFormed)
      #expect(reading.all("text").count >= 8)
    }
  }

  @Test func wordsSurvive() {
    let hostile = "a < b & \"c\" > 'd' ]]> \u{1} <script>"
    let chart = Chart(
      title: hostile, subtitle: hostile, note: hostile, xAxis: Axis(hostile), yAxis: Axis(hostile),
      marks: [
        .points(x: [1, 2], y: [1, 2], name: hostile),
        .markers(x: [1], y: [2], labels: [hostile]),
        .text(hostile, x: 1.5, y: 1.5),
      ])
    let reading = SVGReading(chart.svg())
    #expect(reading.isWellFormed)
    #expect(reading.all("script").isEmpty)
    let seen = hostile.replacingOccurrences(of: "\u{1}", with: "\u{FFFD}")
    #expect(reading.words.filter { $0 == seen }.count == 8)
    #expect(reading.all("title").first?.text == seen)
  }

  @Test func whatHasNoPlaceIsSkippedAndSaid() {
    let odd = [1, .nan, .infinity, -.infinity, 0, -1, 1e308, .leastNonzeroMagnitude, 3]
    for scaling in [AxisScaling.linear, .logarithmic] {
      let chart = Chart(
        xAxis: Axis(scaling: scaling), yAxis: Axis(scaling: scaling, minimum: .nan, maximum: -.infinity),
        marks: [
          .points(x: odd, y: odd, name: "p"), .line(x: odd, y: odd.reversed(), name: "l"),
          .markers(x: odd, y: odd, labels: ["one"]), .verticalRules(odd), .horizontalRules(odd),
          .band(x: odd, lower: odd, upper: odd.reversed()), .text("t", x: .nan, y: 1), .diagonal(),
        ], size: FigureSize(width: .nan, height: -.infinity))
      let svg = chart.svg()
      let reading = SVGReading(svg)
      #expect(reading.isWellFormed)
      #expect(!svg.lowercased().contains("nan"))
      #expect(reading.coordinates.allSatisfy { $0.isFinite })
      // Of nine values four have no place on a linear axis, seven on a logarithmic one; points and markers both count.
      let expected =
        scaling == .linear ? "8 points left out: not finite" : "14 points left out: not finite or not positive"
      #expect(reading.words.contains(expected))
    }
  }

  @Test func randomChartsStayOnThePage() throws {
    let seed: UInt64 = 11
    var generator = SeededGenerator(seed: seed)
    for trial in 0..<300 {
      let chart = randomChart(&generator)
      let reading = SVGReading(chart.svg())
      let what: Comment = "seed \(seed), trial \(trial)"
      #expect(reading.isWellFormed, what)
      let page = try #require(reading.all("svg").first)
      let (width, height) = (try #require(page.number("width")), try #require(page.number("height")))
      for circle in reading.all("circle") {
        let (x, y) = (try #require(circle.number("cx")), try #require(circle.number("cy")))
        #expect(x >= 0 && x <= width && y >= 0 && y <= height, what)
      }
      for text in reading.all("text") where text.attributes["transform"] == nil {
        let size = text.number("font-size") ?? 0
        let bold = text.attributes["font-weight"] == "bold"
        let length = TextMetrics.width(text.text, size: size, bold: bold)
        let x = text.number("x") ?? .nan
        let anchor = text.attributes["text-anchor"]
        let left = anchor == "middle" ? x - length / 2 : anchor == "end" ? x - length : x
        let fits = left >= 0 && left + length <= width + 0.5
        #expect(fits, "\(text.text) clipped; \(what.rawValue)")
        #expect(size >= 12)
      }
    }
  }

  private func randomChart(_ generator: inout SeededGenerator) -> Chart {
    func values(_ count: Int, _ scale: Double, _ offset: Double) -> [Double] {
      (0..<count).map { _ in offset + scale * Double.random(in: -1...1, using: &generator) }
    }
    func power() -> Double { pow(10, Double(Int.random(in: -12...12, using: &generator))) }
    let count = Int.random(in: 0...40, using: &generator)
    let (scaleX, offsetX, scaleY, offsetY) = (power(), power(), power(), power())
    let (x, y) = (values(count, scaleX, offsetX), values(count, scaleY, offsetY))
    let words = String(repeating: "word ", count: Int.random(in: 0...40, using: &generator))
    func scaling() -> AxisScaling { Bool.random(using: &generator) ? .linear : .logarithmic }
    return Chart(
      title: words, subtitle: words, note: words, xAxis: Axis(words, scaling: scaling()),
      yAxis: Axis(words, scaling: scaling()),
      marks: [
        .points(x: x, y: y, name: words), .line(x: x, y: y, name: "line"),
        .text(words, x: x.first ?? 0, y: y.first ?? 0),
        .markers(x: x, y: y, labels: ["first", words], name: "marker"),
      ], equalAxes: .random(using: &generator),
      size: FigureSize(
        width: .random(in: 100...900, using: &generator), height: .random(in: 100...700, using: &generator)))
  }

  @Test func aLegendNeverCoversData() throws {
    let seed: UInt64 = 3
    var generator = SeededGenerator(seed: seed)
    for trial in 0..<100 {
      let count = Int.random(in: 1...60, using: &generator)
      let x = (0..<count).map { _ in Double.random(in: 0...1, using: &generator) }
      let y = (0..<count).map { _ in Double.random(in: 0...1, using: &generator) }
      let style = PointStyle(radius: 4)
      let reading = SVGReading(Chart(marks: [.points(x: x, y: y, style: style, name: "a series")]).svg())
      guard let box = reading.all("rect").first(where: { $0.attributes["rx"] != nil }) else { continue }
      let left = try #require(box.number("x"))
      let top = try #require(box.number("y"))
      let right = left + (box.number("width") ?? 0)
      let bottom = top + (box.number("height") ?? 0)
      // The last circle is the legend's own sample.
      for circle in reading.all("circle").dropLast() {
        let (cx, cy) = (circle.number("cx") ?? 0, circle.number("cy") ?? 0)
        let isClear = cx + 4 < left || cx - 4 > right || cy + 4 < top || cy - 4 > bottom
        #expect(isClear, "seed \(seed), trial \(trial)")
      }
    }
  }

  @Test func legendGoesAboveWhereDataFillTheAxes() {
    let grid = (0..<900).map { (Double($0 % 30), Double($0 / 30)) }
    let chart = Chart(marks: [.points(x: grid.map(\.0), y: grid.map(\.1), name: "grid")])
    let reading = SVGReading(chart.svg())
    #expect(!reading.all("rect").contains { $0.attributes["rx"] != nil })
    #expect(reading.words.contains("grid"))
  }

  @Test func marksOfOneNameShareColourAndEntry() {
    let chart = Chart(marks: [
      .line(x: [1, 2], y: [1, 2], name: "a"), .markers(x: [1, 2], y: [1, 2], name: "a"),
      .line(x: [1, 2], y: [2, 2], name: "b"), .line(x: [1, 2], y: [3, 3]),
    ])
    let reading = SVGReading(chart.svg())
    #expect(reading.words.filter { $0 == "a" }.count == 1)
    let strokes = reading.all("path").compactMap { $0.attributes["stroke"] }
    #expect(Set(strokes) == Set((0..<3).map { Palette.categorical($0).hex }))
    #expect(reading.all("g").contains { $0.attributes["fill"] == Palette.categorical(0).hex })
  }

  @Test func aMillionPointsAreThinned() {
    let seed: UInt64 = 9
    var generator = SeededGenerator(seed: seed)
    let x = (0..<1_000_000).map { _ in Double.random(in: 0...1, using: &generator) }
    var y = x.map { $0 * $0 }
    y[123_456] = 40
    let reading = SVGReading(Chart(subtitle: "Squares", marks: [.points(x: x, y: y)]).svg())
    let circles = reading.all("circle")
    #expect(circles.count <= 5000 && circles.count > 20)
    let said =
      "Squares · \(NumberText.count(circles.count)) of 1\u{2009}000\u{2009}000 points drawn, thinned where dense"
    #expect(reading.words.contains(said))
    let highest = circles.compactMap { $0.number("cy") }.sorted().prefix(2)
    #expect((highest.last ?? 0) - (highest.first ?? 0) > 200, "the outlier is gone")
  }

  @Test func aLongLineKeepsItsPeaks() {
    let x = (0..<300_000).map { Double($0) }
    var y = x.map { sin($0 / 1000) }
    y[77_777] = 9
    let kept = Thinning.polyline(x: x.map { $0 / 300_000 }, y: y)
    #expect(kept.isExact)
    #expect(kept.kept.count <= 8004)
    #expect(kept.kept.contains(77_777))
    #expect(zip(kept.kept, kept.kept.dropFirst()).allSatisfy(<))
    let toAndFro = Thinning.polyline(x: x.map { $0.truncatingRemainder(dividingBy: 2) }, y: y)
    #expect(!toAndFro.isExact)
    #expect(toAndFro.kept.count <= Thinning.limit)
  }

  @Test func linesStopAtTheAxesAndAtGaps() throws {
    let chart = Chart(
      yAxis: Axis(minimum: 0, maximum: 1),
      marks: [.line(x: [0, 1, 2, 3, 4], y: [-1e200, 0.5, .nan, 0.5, 1e200])])
    let path = try #require(SVGReading(chart.svg()).all("path").first?.attributes["d"])
    #expect(path.filter { $0 == "M" }.count == 2)
    let numbers = path.split { "ML ".contains($0) }.compactMap { Double($0) }
    #expect(numbers.count == 8)
    #expect(numbers.allSatisfy { $0 >= 0 && $0 <= 800 })
  }

  @Test func equalAxesAreSquareWithTheSameTicks() {
    let chart = Chart(
      xAxis: Axis("predicted"), yAxis: Axis("observed"),
      marks: [.points(x: [0, 10, 40], y: [3, 8, 100]), .diagonal()], equalAxes: true)
    let words = SVGReading(chart.svg()).words
    for label in ["0", "20", "40", "60", "80", "100"] { #expect(words.filter { $0 == label }.count == 2) }
  }

  @Test func theSameChartGivesTheSameTextAndOthersOtherIdentifiers() throws {
    let chart = Chart(title: "one", marks: [.line(x: [0, 1], y: [0, 1])])
    #expect(chart.svg() == chart.svg())
    let ids = [chart, Chart(title: "two")].map { SVGReading($0.svg()).all("title").first?.attributes["id"] }
    #expect(ids[0] != ids[1])
  }

  /// The whole text of one small chart: whoever changes how charts look sees it here, and looks at pictures too.
  @Test func goldenChart() {
    let chart = Chart(
      title: "Loss", xAxis: Axis("width", integersOnly: true), yAxis: Axis("R² & more"),
      marks: [
        .line(x: [1, 2, 3], y: [0, 1e6, 2e6], name: "fit"), .points(x: [1, 2, 3], y: [1e5, 9e5, 2e6]),
      ], size: FigureSize(width: 320, height: 240))
    #expect(chart.svg() == golden)
  }
}

private let golden = """
  <svg xmlns="http://www.w3.org/2000/svg" width="320" height="242" viewBox="0 0 320 242" role="img" \
  aria-labelledby="f1n3id9ht3qp9e-t f1n3id9ht3qp9e-d" font-family="Helvetica, Arial, 'Liberation Sans', \
  'DejaVu Sans', sans-serif">
  <title id="f1n3id9ht3qp9e-t">Loss</title>
  <desc id="f1n3id9ht3qp9e-d">R² &amp; more against width. Shown: fit.</desc>
  <rect width="320" height="242" fill="#ffffff"/>
  <text x="14" y="30" font-size="17" fill="#222222" font-weight="bold">Loss</text>
  <g stroke="#e6e6e6" stroke-width="1">
  <line x1="88.92" y1="46" x2="88.92" y2="186"/>
  <line x1="193.29" y1="46" x2="193.29" y2="186"/>
  <line x1="297.65" y1="46" x2="297.65" y2="186"/>
  <line x1="80.57" y1="180.81" x2="306" y2="180.81"/>
  <line x1="80.57" y1="116" x2="306" y2="116"/>
  <line x1="80.57" y1="51.19" x2="306" y2="51.19"/>
  </g>
  <g stroke="#444444" stroke-width="1">
  <line x1="80.57" y1="186" x2="306" y2="186"/>
  <line x1="80.57" y1="46" x2="80.57" y2="186"/>
  <line x1="88.92" y1="186" x2="88.92" y2="191"/>
  <line x1="193.29" y1="186" x2="193.29" y2="191"/>
  <line x1="297.65" y1="186" x2="297.65" y2="191"/>
  <line x1="80.57" y1="180.81" x2="75.57" y2="180.81"/>
  <line x1="80.57" y1="116" x2="75.57" y2="116"/>
  <line x1="80.57" y1="51.19" x2="75.57" y2="51.19"/>
  </g>
  <text x="88.92" y="205" font-size="12" fill="#222222" text-anchor="middle">1</text>
  <text x="193.29" y="205" font-size="12" fill="#222222" text-anchor="middle">2</text>
  <text x="297.65" y="205" font-size="12" fill="#222222" text-anchor="middle">3</text>
  <text x="71.57" y="185.01" font-size="12" fill="#222222" text-anchor="end">0</text>
  <text x="71.57" y="120.2" font-size="12" fill="#222222" text-anchor="end" xml:space="preserve">1×10<tspan \
  dy="-4.32" font-size="9">6</tspan></text>
  <text x="71.57" y="55.39" font-size="12" fill="#222222" text-anchor="end" xml:space="preserve">2×10<tspan \
  dy="-4.32" font-size="9">6</tspan></text>
  <text x="193.29" y="226" font-size="13" fill="#222222" text-anchor="middle">width</text>
  <text x="25" y="116" font-size="13" fill="#222222" text-anchor="middle" transform="rotate(-90 25 116)" \
  xml:space="preserve">R<tspan dy="-4.68" font-size="9.75">2</tspan><tspan dy="4.68"> &amp; more</tspan></text>
  <path d="M88.92 180.81L193.29 116L297.65 51.19" fill="none" stroke="#0072b2" stroke-width="2" \
  stroke-opacity="1" stroke-linejoin="round" stroke-dasharray="none" stroke-linecap="round"/>
  <g fill="#d55e00" fill-opacity="0.75" stroke="none" stroke-width="1.2">
  <circle cx="88.92" cy="174.33" r="4"/>
  <circle cx="193.29" cy="122.48" r="4"/>
  <circle cx="297.65" cy="51.19" r="4"/>
  </g>
  <rect x="88.57" y="54" width="59.71" height="28" rx="3" fill="#ffffff" fill-opacity="0.9" stroke="#cccccc"/>
  <path d="M96.57 68L122.57 68" fill="none" stroke="#0072b2" stroke-width="2" stroke-opacity="1" \
  stroke-linejoin="round" stroke-dasharray="none" stroke-linecap="round"/>
  <text x="130.57" y="72.2" font-size="12" fill="#222222">fit</text>
  </svg>

  """
