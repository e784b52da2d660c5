import Foundation
import Testing

@testable import Figures

@Suite struct TicksTests {
  static let labelled: [(Double, Double, [String])] = [
    (0, 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
    (-1, 1, ["−1.0", "−0.5", "0.0", "0.5", "1.0"]),
    (0, 1.4e6, ["0", "0.2×10⁶", "0.4×10⁶", "0.6×10⁶", "0.8×10⁶", "1.0×10⁶", "1.2×10⁶", "1.4×10⁶"]),
    (
      0, 60_000,
      ["0", "10\u{2009}000", "20\u{2009}000", "30\u{2009}000", "40\u{2009}000", "50\u{2009}000", "60\u{2009}000"]
    ),
    (
      1e6, 1e6 + 10,
      [
        "1\u{2009}000\u{2009}000", "1\u{2009}000\u{2009}002", "1\u{2009}000\u{2009}004",
        "1\u{2009}000\u{2009}006", "1\u{2009}000\u{2009}008", "1\u{2009}000\u{2009}010",
      ]
    ),
    (1e-12, 3e-12, ["1.0×10⁻¹²", "1.5×10⁻¹²", "2.0×10⁻¹²", "2.5×10⁻¹²", "3.0×10⁻¹²"]),
    (0.1, 0.3, ["0.10", "0.15", "0.20", "0.25", "0.30"]),
  ]

  @Test(arguments: labelled)
  func linearLabels(lower: Double, upper: Double, labels: [String]) {
    #expect(Ticks.linear(from: lower, to: upper).map(\.label) == labels)
  }

  @Test func valuesAreTheNearestDoublesOfTheirLabels() {
    #expect(Ticks.linear(from: 0, to: 1).map(\.value) == [0, 0.2, 0.4, 0.6, 0.8, 1])
    #expect(Ticks.linear(from: 0.1, to: 0.3).map(\.value) == [0.1, 0.15, 0.2, 0.25, 0.3])
  }

  @Test func logarithmicLabels() {
    #expect(Ticks.logarithmic(from: 0.5, to: 2000).map(\.label) == ["1", "10", "100", "1000"])
    #expect(Ticks.logarithmic(from: 1e-9, to: 1e-6).map(\.label) == ["10⁻⁹", "10⁻⁸", "10⁻⁷", "10⁻⁶"])
    #expect(Ticks.logarithmic(from: 1, to: 10).map(\.label) == ["1", "2", "5", "10"])
    #expect(Ticks.logarithmic(from: 3, to: 4).map(\.label) == ["3.0", "3.2", "3.4", "3.6", "3.8", "4.0"])
    #expect(Ticks.logarithmic(from: 1e-30, to: 1e30).map(\.label).contains("10⁰"))
  }

  @Test func integersOnly() {
    #expect(Ticks.linear(from: 0.8, to: 4.2, integersOnly: true).map(\.label) == ["1", "2", "3", "4"])
    #expect(Ticks.linear(from: 0.9, to: 2.1, integersOnly: true).map(\.label) == ["1", "2"])
    #expect(Ticks.linear(from: 0.2, to: 0.8, integersOnly: true).count >= 3)
    #expect(Ticks.linear(from: 0, to: 1000, integersOnly: true).count >= 3)
  }

  @Test(arguments: [
    (Double.nan, 1.0), (0, .infinity), (1, 1), (2, 1), (1e16, 1e16 + 2), (0, 1e-300), (-1e308, 1e308),
  ])
  func noTicksWhereNothingCanBeDrawn(lower: Double, upper: Double) {
    #expect(Ticks.linear(from: lower, to: upper).isEmpty)
    #expect(Ticks.logarithmic(from: lower, to: upper).isEmpty)
    #expect(Ticks.logarithmic(from: -1, to: 1).isEmpty)
  }

  @Test func everyRangeHasGoodTicks() {
    let seed: UInt64 = 20_240_601
    var generator = SeededGenerator(seed: seed)
    for trial in 0..<4000 {
      let center = Double.random(in: -1...1, using: &generator) * pow(10, .random(in: -250...250, using: &generator))
      let width = max(abs(center), 1e-250) * pow(10, .random(in: -11.5...20, using: &generator))
      let (lower, upper) = (center - width / 2, center + width / 2)
      let count = Int.random(in: 3...9, using: &generator)
      let ticks = Ticks.linear(from: lower, to: upper, count: count)
      expectGood(ticks, lower, upper, "linear, seed \(seed), trial \(trial): \(lower)...\(upper)")
    }
  }

  @Test func everyLogarithmicRangeHasGoodTicks() {
    let seed: UInt64 = 77
    var generator = SeededGenerator(seed: seed)
    for trial in 0..<2000 {
      let lower = pow(10, Double.random(in: -250...200, using: &generator))
      let upper = lower * (1 + pow(10, Double.random(in: -6...80, using: &generator)))
      let ticks = Ticks.logarithmic(from: lower, to: upper)
      expectGood(ticks, lower, upper, "logarithmic, seed \(seed), trial \(trial): \(lower)...\(upper)")
    }
  }

  private func expectGood(_ ticks: [Tick], _ lower: Double, _ upper: Double, _ what: String) {
    let values = ticks.map(\.value)
    #expect((3...9).contains(ticks.count), "\(ticks.count) ticks; \(what)")
    #expect(values.allSatisfy { $0 >= lower && $0 <= upper }, "outside; \(what)")
    #expect(zip(values, values.dropFirst()).allSatisfy(<), "not increasing; \(what)")
    #expect(Set(ticks.map(\.label)).count == ticks.count, "labels repeat: \(ticks.map(\.label)); \(what)")
  }
}

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0"), (-0.0, "0"), (1, "1"), (-2.5, "−2.5"), (0.1, "0.1"), (0.30000000000000004, "0.3"), (1234, "1230"),
    (12_345, "12\u{2009}300"), (999_999.9, "10⁶"), (1.4e6, "1.4×10⁶"), (-1.4e-7, "−1.4×10⁻⁷"), (0.001, "0.001"),
    (0.00099, "9.9×10⁻⁴"), (.infinity, "∞"), (-.infinity, "−∞"), (.nan, "not a number"),
    (.leastNonzeroMagnitude, "4.94×10⁻³²⁴"), (-.greatestFiniteMagnitude, "−1.8×10³⁰⁸"),
  ])
  func threeDigits(value: Double, text: String) {
    #expect(NumberText.short(value) == text)
  }

  @Test func digitsAreKeptInBounds() {
    #expect(NumberText.short(.pi, digits: 0) == "3")
    #expect(NumberText.short(.pi, digits: 6) == "3.14159")
    #expect(NumberText.short(1.0 / 3, digits: 99) == "0.333333333333333")
  }
}
