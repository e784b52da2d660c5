import Foundation

/// A colour by lightness, chroma and hue in Oklab, where equal distances look about equal.
struct PerceptualColor: Equatable {
  /// 0 black to 1 white.
  var lightness: Double
  /// 0 grey to about 0.3, the most vivid a screen can show.
  var chroma: Double
  /// In radians: red near 0.5, yellow near 1.9, green near 2.5, blue near 4.6.
  var hue: Double

  /// The nearest sRGB colour of this lightness and hue: chroma is lowered where a screen cannot show as much.
  var color: Color {
    if let exact = shown(chroma: chroma) { return exact }
    var (possible, tooMuch) = (0.0, chroma)
    for _ in 0..<12 {
      let middle = (possible + tooMuch) / 2
      if shown(chroma: middle) == nil { tooMuch = middle } else { possible = middle }
    }
    return shown(chroma: possible) ?? Color(0x808080)
  }

  /// Nil where a channel leaves [0, 1] by more than half a step of eight bits.
  private func shown(chroma: Double) -> Color? {
    let (a, b) = (chroma * cos(hue), chroma * sin(hue))
    func cube(_ x: Double) -> Double { x * x * x }
    let l = cube(lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b)
    let m = cube(lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b)
    let s = cube(lightness - 0.089_484_177_5 * a - 1.291_485_548_0 * b)
    let linear = [
      4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
      -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
      -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701_0 * s,
    ]
    let channels = linear.map { value in
      255 * (value <= 0.003_130_8 ? 12.92 * value : 1.055 * pow(value, 1 / 2.4) - 0.055)
    }
    guard channels.allSatisfy({ $0 >= -0.5 && $0 <= 255.5 }) else { return nil }
    func byte(_ value: Double) -> UInt8 { UInt8(min(max(value.rounded(), 0), 255)) }
    return Color(red: byte(channels[0]), green: byte(channels[1]), blue: byte(channels[2]))
  }
}
