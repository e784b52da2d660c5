import Exact

/// The lines that bound a hinge over the range of its form: slope · z + offset.
struct HingeLines {
  struct Line {
    var slope: Double
    /// Infinite where there is no line.
    var offset: Double
  }

  var above: Line
  var below: Line

  /// The lines on a range [lower, upper], whatever its ends. O(1).
  ///
  /// Above a convex hinge lies the chord: any slope is right if the offset is large enough at both ends, so only the
  /// offset is rounded upwards. On a range without an end the chord is parallel to the hinge there. Below lies the line
  /// through the origin whose slope is `fraction` / 128 of the way from the slope below 0 to the one above. A concave
  /// hinge is the mirror image.
  init(below b: Double, above a: Double, lower: Double, upper: Double, fraction: UInt8) {
    if lower >= 0 || upper <= 0 || a == b {
      above = Line(slope: lower >= 0 ? a : b, offset: 0)
      below = above
      return
    }
    let share = Double(fraction) / 128
    let free = Line(slope: min(max(b * (1 - share) + a * share, min(a, b)), max(a, b)), offset: 0)
    let sign = a > b ? 1.0 : -1.0
    var slope = (a * upper - b * lower) / (upper - lower)
    if !slope.isFinite { slope = lower == -.infinity ? b : a }
    let left = (Interval(sign * b) - Interval(sign * slope)) * Interval(lower)
    let right = (Interval(sign * a) - Interval(sign * slope)) * Interval(upper)
    let chord = Line(slope: slope, offset: sign * max(left.upper, right.upper))
    above = a > b ? chord : free
    below = a > b ? free : chord
  }

  /// The values of a hinge on a range.
  static func image(below b: Double, above a: Double, _ range: Interval) -> Interval {
    if range.lower >= 0 { return Interval(a) * range }
    if range.upper <= 0 { return Interval(b) * range }
    return (Interval(b) * Interval(lower: range.lower, upper: 0)).hull(
      Interval(a) * Interval(lower: 0, upper: range.upper))
  }
}
