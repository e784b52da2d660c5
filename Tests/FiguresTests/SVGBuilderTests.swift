import Testing

@testable import Figures

@Suite struct SVGBuilderTests {
  @Test func escaping() {
    #expect(SVGBuilder.escaped("a < b & \"c\" > 'd'") == "a &lt; b &amp; &quot;c&quot; &gt; &#39;d&#39;")
    #expect(SVGBuilder.escaped("tab\tline\n") == "tab line ")
    #expect(SVGBuilder.escaped("\u{0}\u{1}\u{1F}\u{FFFE}") == "\u{FFFD}\u{FFFD}\u{FFFD}\u{FFFD}")
    #expect(SVGBuilder.escaped("−×🙂é") == "−×🙂é")
  }

  @Test(arguments: [
    (0.0, "0"), (-0.001, "0"), (1.5, "1.5"), (-1.005e3, "-1005"), (3.14159, "3.14"), (2.999, "3"), (0.05, "0.05"),
    (.nan, "0"), (.infinity, "0"), (1e300, "1000000000"), (-1e300, "-1000000000"),
  ])
  func numbers(value: Double, text: String) {
    #expect(SVGBuilder.number(value) == text)
  }

  @Test func scriptsAreShiftedAndShiftedBack() {
    var svg = SVGBuilder()
    svg.text("R² of x₁ < 10⁻³ m", at: Pixel(x: 0, y: 0), size: 100)
    let document = svg.document(width: 10, height: 10, title: "t", description: "d")
    let reading = SVGReading(document)
    #expect(reading.isWellFormed)
    #expect(reading.words == ["R2 of x1 < 10−3 m"])
    let shifts = reading.all("tspan").compactMap { $0.number("dy") }
    #expect(shifts == [-36, 36, 20, -20, -36, 36])
  }

  @Test func wrapping() {
    let text = "one two three four five six seven eight nine ten"
    let lines = TextMetrics.wrap(text, width: 100, size: 13, maxLines: 9)
    #expect(lines.count > 2)
    #expect(lines.joined(separator: " ") == text)
    #expect(lines.allSatisfy { TextMetrics.width($0, size: 13) <= 100 })
    let short = TextMetrics.wrap(text, width: 100, size: 13, maxLines: 2)
    #expect(short.count == 2)
    #expect(short.last?.hasSuffix("…") == true)
    #expect(TextMetrics.wrap(" \n ", width: 100, size: 13, maxLines: 2).isEmpty)
    let long = TextMetrics.wrap(String(repeating: "m", count: 100_000), width: 100, size: 13, maxLines: 2)
    #expect(long.count == 1)
    #expect(TextMetrics.width(long[0], size: 13) <= 101)
  }

  @Test func segmentsAreClippedToTheRectangle() {
    let seed: UInt64 = 5
    var generator = SeededGenerator(seed: seed)
    let rect = Rect(minX: 10, minY: 20, maxX: 50, maxY: 40)
    for trial in 0..<2000 {
      func pixel() -> Pixel {
        Pixel(x: .random(in: -40...100, using: &generator), y: .random(in: -40...100, using: &generator))
      }
      let (a, b) = (pixel(), pixel())
      let inside = (0...400).map { a.mixed(with: b, fraction: Double($0) / 400) }
        .filter { rect.contains($0, tolerance: -0.2) }
      if let (start, end) = rect.clip(from: a, to: b) {
        #expect(rect.contains(start) && rect.contains(end), "seed \(seed), trial \(trial)")
        #expect(inside.allSatisfy { start.distance(to: $0) <= start.distance(to: end) + 0.01 })
      } else {
        #expect(inside.isEmpty, "seed \(seed), trial \(trial)")
      }
    }
  }

  @Test func polygonsAreClippedToTheRectangle() {
    let rect = Rect(minX: 0, minY: 0, maxX: 2, maxY: 2)
    let square = [Pixel(x: 1, y: 1), Pixel(x: 3, y: 1), Pixel(x: 3, y: 3), Pixel(x: 1, y: 3)]
    #expect(area(rect.clip(polygon: square)) == 1)
    #expect(rect.clip(polygon: square.map { Pixel(x: $0.x + 5, y: $0.y) }).isEmpty)
    #expect(
      area(rect.clip(polygon: [Pixel(x: -9, y: -9), Pixel(x: 9, y: -9), Pixel(x: 9, y: 9), Pixel(x: -9, y: 9)])) == 4)
    #expect(rect.clip(polygon: []).isEmpty)
  }

  private func area(_ polygon: [Pixel]) -> Double {
    zip(polygon, polygon.dropFirst() + polygon.prefix(1)).reduce(0) { $0 + ($1.0.x * $1.1.y - $1.1.x * $1.0.y) / 2 }
  }
}
