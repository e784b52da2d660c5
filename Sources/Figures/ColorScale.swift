/// A continuous scale of colours over [0, 1], linear in sRGB between equally spaced knots, so that an SVG gradient whose
/// stops include the knots *is* the scale, not an approximation of it.
struct ColorScale: Sendable, Equatable {
  /// Two or more.
  private let knots: [Color]

  static let viridis = ColorScale(
    knots: [
      0x440154, 0x481A6C, 0x472F7D, 0x414487, 0x39568C, 0x31688E, 0x2A788E, 0x23888E,
      0x1F988B, 0x22A884, 0x35B779, 0x54C568, 0x7AD151, 0xA5DB36, 0xD2E21B, 0xFDE725,
    ].map(Color.init(_:)))

  /// Viridis on its way to white: light enough to carry dark lines from end to end.
  static let paleViridis = ColorScale(
    knots: viridis.knots.map { $0.mixed(with: Color(0xFFFFFF), fraction: 0.42) })

  /// The colour at `t`; values outside [0, 1] take the nearer end, NaN is grey.
  func color(_ t: Double) -> Color {
    guard !t.isNaN else { return Color(0x999999) }
    let place = min(max(t, 0), 1) * Double(knots.count - 1)
    let knot = min(Int(place), knots.count - 2)
    return knots[knot].mixed(with: knots[knot + 1], fraction: place - Double(knot))
  }

  /// The gradient stops that reproduce the part [low, high] of the scale, as (offset in [0, 1], colour): the two ends
  /// and every knot strictly between them.
  func stops(from low: Double, to high: Double) -> [(offset: Double, color: Color)] {
    let a = min(max(low, 0), 1)
    let b = min(max(high, 0), 1)
    guard a < b else { return [(0, color(a)), (1, color(a))] }
    let last = Double(knots.count - 1)
    let inner = knots.indices.map { Double($0) / last }.filter { $0 > a && $0 < b }
    return ([a] + inner + [b]).map { (($0 - a) / (b - a), color($0)) }
  }
}
