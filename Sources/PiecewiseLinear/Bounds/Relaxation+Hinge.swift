import Exact

extension Relaxation {
  /// The lines around h(z) = above · z for z > 0, below · z otherwise, on a range of z that has 0 inside.
  ///
  /// On one side the chord between the ends; on the other the one of the two branches, extended, that leaves the smaller
  /// area. The constants are rounded outwards: h(z) − slope · z takes its extremes at the ends or at 0, whatever the
  /// slope.
  ///
  /// Source: G. Singh, T. Gehr, M. Püschel, M. Vechev, An abstract domain for certifying neural networks (DeepPoly),
  /// POPL 2019.
  static func hinge(below: Double, above: Double, range: Interval) -> Relaxation {
    guard range.lower.isFinite, range.upper.isFinite else {
      let output = hingeRange(below: below, above: above, range: range)
      return Relaxation(
        below: Line(form: 0, slope: 0, shift: output.lower), above: Line(form: 0, slope: 0, shift: output.upper))
    }
    let chord = (above * range.upper - below * range.lower) / (range.upper - range.lower)
    let branch = range.upper > -range.lower ? above : below
    let isConvex = above >= below
    let chordSlope = chord.isFinite ? chord : 0
    func residues(_ slope: Double) -> (least: Double, largest: Double) {
      let left = (Interval(below) - Interval(slope)) * Interval(range.lower)
      let right = (Interval(above) - Interval(slope)) * Interval(range.upper)
      return (min(left.lower, right.lower, 0), max(left.upper, right.upper, 0))
    }
    let lowerSlope = isConvex ? branch : chordSlope
    let upperSlope = isConvex ? chordSlope : branch
    return Relaxation(
      below: Line(form: 0, slope: lowerSlope, shift: residues(lowerSlope).least),
      above: Line(form: 0, slope: upperSlope, shift: residues(upperSlope).largest))
  }

  /// The range of h on a range of z.
  static func hingeRange(below: Double, above: Double, range: Interval) -> Interval {
    if range.lower >= 0 { return Interval(above) * range }
    if range.upper <= 0 { return Interval(below) * range }
    return (Interval(above) * Interval(lower: 0, upper: range.upper))
      .hull(Interval(below) * Interval(lower: range.lower, upper: 0))
  }
}
