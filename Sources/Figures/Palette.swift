import Foundation

/// The colours of the house: one perceptual scale for quantities, one colour-blind safe list for kinds, a wheel for
/// directions, muted tints for patterns, and inks for the layers of a network.
public enum Palette {
  /// The viridis scale at `t`: dark violet at 0, yellow at 1, equal steps looking equal. Values outside [0, 1] take the
  /// nearer end; NaN is grey. It is linear in sRGB between sixteen equally spaced knots.
  public static func viridis(_ t: Double) -> Color { ColorScale.viridis.color(t) }

  /// The `index`-th of twelve colours for kinds: the Okabe–Ito set, ordered by how well each stands on white, then four
  /// that Paul Tol's muted scheme has beside them. They repeat, and any integer is accepted.
  public static func categorical(_ index: Int) -> Color { cyclic(kinds, index) }

  /// The same kind as an area behind its symbols: `categorical(index)` on its way to white.
  public static func categoricalTint(_ index: Int) -> Color {
    categorical(index).mixed(with: Color(0xFFFFFF), fraction: 0.62)
  }

  /// A muted colour that depends on `key` alone: 30 hues in four tints, chosen by all 64 bits, so that keys which
  /// differ in one bit look unrelated. Two keys share a colour about once in 120.
  public static func tint(forKey key: UInt64) -> Color { tints[Int(scrambled(key) % UInt64(tints.count))] }

  /// The colour of a direction (radians, counter-clockwise from the right) and a magnitude in [0, 1]: hue turns with
  /// the direction, and the longer the darker and more vivid; almost white for magnitude 0. Grey for NaN.
  public static func direction(_ angle: Double, magnitude: Double) -> Color {
    guard angle.isFinite, !magnitude.isNaN else { return Color(0x999999) }
    let m = min(max(magnitude, 0), 1)
    return PerceptualColor(lightness: 0.97 - 0.39 * m, chroma: 0.15 * m.squareRoot(), hue: angle + 0.5).color
  }

  /// The ink for lines of a network's layer, counted from 1: dark enough for white and for tints; eight repeat, and
  /// any integer is accepted.
  public static func layer(_ number: Int) -> Color { cyclic(layerInks, number &- 1) }

  private static func cyclic(_ colors: [Color], _ index: Int) -> Color {
    let remainder = index % colors.count
    return colors[remainder < 0 ? remainder + colors.count : remainder]
  }

  /// The finaliser of SplitMix64: a bijection that spreads every bit over all.
  private static func scrambled(_ key: UInt64) -> UInt64 {
    var z = key &+ 0x9E37_79B9_7F4A_7C15
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  private static let kinds: [Color] = [
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000, 0xF0E442, 0x882255, 0x999933, 0x332288,
    0x44AA99,
  ].map(Color.init(_:))

  private static let layerInks: [Color] = [
    0x1B2A49, 0xB0127B, 0x8A4B08, 0x0B6E6E, 0x5B21B6, 0x4D5B00, 0x9F1239, 0x525252,
  ].map(Color.init(_:))

  private static let tints: [Color] = [(0.94, 0.04), (0.90, 0.065), (0.85, 0.075), (0.79, 0.065)].flatMap { tint in
    (0..<30).map { hue in
      PerceptualColor(lightness: tint.0, chroma: tint.1, hue: Double(hue) * .pi / 15).color
    }
  }
}
