import Testing

@testable import Figures

@Suite struct PaletteTests {
  @Test func viridisRunsFromVioletToYellow() {
    #expect(Palette.viridis(0).hex == "#440154")
    #expect(Palette.viridis(1).hex == "#fde725")
    #expect(Palette.viridis(1.0 / 3).hex == "#31688e")
    #expect(Palette.viridis(-7) == Palette.viridis(0))
    #expect(Palette.viridis(.infinity) == Palette.viridis(1))
    #expect(Palette.viridis(.nan).hex == "#999999")
  }

  @Test func viridisGrowsBrighter() {
    let brightness = (0...1000).map { Palette.viridis(Double($0) / 1000).brightness }
    // Rounding to eight bits can undo at most one step of one channel.
    #expect(zip(brightness, brightness.dropFirst()).allSatisfy { $1 >= $0 - 0.587 / 255 - 1e-12 })
    #expect(brightness[1000] - brightness[0] > 0.6)
  }

  @Test func categoricalTakesAnyIndex() {
    #expect(Set((0..<12).map(Palette.categorical)).count == 12)
    for index in [0, 3, 7] {
      #expect(Palette.categorical(index) == Palette.categorical(index + 12))
      #expect(Palette.categorical(index) == Palette.categorical(index - 12))
    }
    _ = Palette.categorical(.min)
    _ = Palette.categorical(.max)
  }

  @Test func stopsReproduceTheScale() {
    for (low, high) in [(0.0, 1.0), (0.1, 0.9), (0.333, 0.334), (0.61, 0.99), (-1, 2)] {
      let stops = ColorScale.viridis.stops(from: low, to: high)
      let (a, b) = (max(low, 0), min(high, 1))
      #expect(stops.first?.offset == 0)
      #expect(stops.last?.offset == 1)
      for step in 0...500 {
        let t = Double(step) / 500
        #expect(distance(blend(stops, at: t), Palette.viridis(a + t * (b - a))) <= 1)
      }
    }
    #expect(ColorScale.viridis.stops(from: 2, to: 3).allSatisfy { $0.color == Palette.viridis(1) })
  }
}

/// The colour of a gradient at `t`, as SVG defines it.
func blend(_ stops: [(offset: Double, color: Color)], at t: Double) -> Color {
  guard let first = stops.first, let last = stops.last else { return Color(0) }
  if t <= first.offset { return first.color }
  for (a, b) in zip(stops, stops.dropFirst()) where t <= b.offset {
    return a.color.mixed(with: b.color, fraction: (t - a.offset) / (b.offset - a.offset))
  }
  return last.color
}

/// The largest difference of two colours in any channel, of 255.
func distance(_ a: Color, _ b: Color) -> Int {
  max(
    abs(Int(a.red) - Int(b.red)), abs(Int(a.green) - Int(b.green)), abs(Int(a.blue) - Int(b.blue)))
}
