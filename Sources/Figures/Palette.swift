/// The colours of the house: one perceptual scale for quantities, one colour-blind safe list for kinds.
public enum Palette {
  /// The viridis scale at `t`: dark violet at 0, yellow at 1, equal steps looking equal. Values outside [0, 1] take the
  /// nearer end; NaN is grey.
  ///
  /// It is linear in sRGB between sixteen equally spaced knots, so an SVG gradient whose stops include the knots *is*
  /// the scale, not an approximation of it.
  public static func viridis(_ t: Double) -> Color {
    guard !t.isNaN else { return Color(0x999999) }
    let place = min(max(t, 0), 1) * Double(viridisKnots.count - 1)
    let knot = min(Int(place), viridisKnots.count - 2)
    return viridisKnots[knot].mixed(with: viridisKnots[knot + 1], fraction: place - Double(knot))
  }

  /// The `index`-th colour of the Okabe–Ito set, ordered by how well each stands on white; the eight repeat, and any
  /// integer is accepted.
  public static func categorical(_ index: Int) -> Color {
    let remainder = index % okabeIto.count
    return okabeIto[remainder < 0 ? remainder + okabeIto.count : remainder]
  }

  /// The gradient stops that reproduce viridis over the part [low, high] of the scale, as (offset in [0, 1], colour):
  /// the two ends and every knot strictly between them.
  static func viridisStops(from low: Double, to high: Double) -> [(offset: Double, color: Color)] {
    let a = min(max(low, 0), 1)
    let b = min(max(high, 0), 1)
    guard a < b else { return [(0, viridis(a)), (1, viridis(a))] }
    let last = Double(viridisKnots.count - 1)
    let inner = viridisKnots.indices.map { Double($0) / last }.filter { $0 > a && $0 < b }
    return ([a] + inner + [b]).map { (($0 - a) / (b - a), viridis($0)) }
  }

  static let viridisKnots: [Color] = [
    0x440154, 0x481A6C, 0x472F7D, 0x414487, 0x39568C, 0x31688E, 0x2A788E, 0x23888E,
    0x1F988B, 0x22A884, 0x35B779, 0x54C568, 0x7AD151, 0xA5DB36, 0xD2E21B, 0xFDE725,
  ].map(Color.init(_:))

  private static let okabeIto: [Color] = [
    0x0072B2, 0xD55E00, 0x009E73, 0xCC79A7, 0xE69F00, 0x56B4E9, 0x000000, 0xF0E442,
  ].map(Color.init(_:))
}
