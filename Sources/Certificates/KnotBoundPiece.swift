import Exact

/// The least loss of the points so far as a function of the value φ at the last of them, for one structure of joins:
/// c + a (φ − m)², with c between `lower` and `upper`.
struct KnotPiece {
  var lower: Double
  var upper: Double
  /// a
  var curvature: Interval
  /// m, relative to the ordinate of the last point
  var center: Interval
  /// The quadratic matters nowhere outside `outer`; a function with these joins and this loss exists for φ in `inner`.
  var range: KnotRangeBounds

  /// The derivative at `value`.
  func rate(at value: Interval) -> Interval { Interval(2) * curvature * (value - center) }

  func rise(at value: Interval) -> Interval { curvature * (value - center).squared }
}

// The lower envelope.
extension KnotPiece {
  /// One piece that stands for both, when they may be the same quadratic on ranges that touch; nil otherwise.
  ///
  /// Different joins can give the same function: where there are as many knots as points, in most ways. No rounded
  /// comparison can tell such twins from near twins, and keeping all of them would double their number with every knot.
  /// The coefficients of the result contain those of both, so whatever holds for it holds for each.
  func merged(with other: KnotPiece, tolerance: Double) -> KnotPiece? {
    guard abs(lower - other.lower) <= tolerance, curvature.overlaps(other.curvature), center.overlaps(other.center),
      range.outer.touches(other.range.outer)
    else { return nil }
    var result = self
    result.lower = min(lower, other.lower)
    result.curvature = curvature.hull(other.curvature)
    result.center = center.hull(other.center)
    result.range.outer = range.outer.hull(other.range.outer)
    if range.inner.touches(other.range.inner) {
      result.upper = max(upper, other.upper)
      result.range.inner = range.inner.hull(other.range.inner)
    } else if range.inner.length < other.range.inner.length {
      result.upper = other.upper
      result.range.inner = other.range.inner
    }
    return result
  }

  /// Whether this piece is less than `other` for every φ in the range: a proof, from the signs of the difference
  /// d = self − other and of its derivatives.
  ///
  /// On [s, t] a quadratic d with d″ = 2β lies above its chord by −β (φ − s)(t − φ) ≤ max(0, −β) (t − s)²/4. If that is
  /// too much, d is negative all the same if it is negative at both ends and monotone, or concave with a tangent at
  /// some inner point that stays below zero.
  private func isBelow(_ other: KnotPiece, on range: KnotRange, peak: Double) -> Bool {
    let low = Interval(range.low)
    let high = Interval(range.high)
    let chord = max(difference(other, at: low), difference(other, at: high))
    guard chord < 0 else { return false }
    let bend = curvature - other.curvature
    let bulge = Interval(max(0, -bend.lower)) * (high - low).squared
    if bulge.upper < -4 * chord { return true }
    let rateLow = rate(at: low) - other.rate(at: low)
    let rateHigh = rate(at: high) - other.rate(at: high)
    if rateLow.lower >= 0 && rateHigh.lower >= 0 || rateLow.upper <= 0 && rateHigh.upper <= 0 { return true }
    guard bend.upper <= 0, range.low <= peak, peak <= range.high else { return false }
    let top = Interval(peak)
    let rateTop = rate(at: top) - other.rate(at: top)
    let drift = rateTop * (Interval(lower: range.low, upper: range.high) - top)
    return (Interval(difference(other, at: top)) + drift).upper < 0
  }

  /// An upper bound of self − other at a point.
  private func difference(_ other: KnotPiece, at value: Interval) -> Double {
    ((Interval(upper) - Interval(other.lower)) + (rise(at: value) - other.rise(at: value))).upper
  }

  /// A range on which this piece is surely below `other`, which therefore is not needed there; nil when none is found.
  ///
  /// The roots of the difference are computed in plain `Double`s, a little is left at each end for the rounding errors,
  /// and ``isBelow(_:on:peak:)`` proves the rest.
  func supersededRange(of other: KnotPiece) -> KnotRange? {
    let common = range.inner.intersection(other.range.outer)
    guard common.low < common.high else { return nil }
    let m = other.center.lower
    let a = other.curvature.lower
    let low = common.low - m
    let high = common.high - m
    guard upper < other.lower + a * max(low * low, high * high) else { return nil }
    // self − other = bend z² + 2 tilt z + level, with z = φ − m
    let shift = center.lower - m
    let bend = curvature.lower - a
    let tilt = -curvature.lower * shift
    let level = upper - other.lower + curvature.lower * shift * shift
    let discriminant = tilt * tilt - bend * level
    let margin = 1e-9 * (other.range.outer.high - other.range.outer.low)
    let peak = m - tilt / bend
    func proved(_ candidate: KnotRange) -> KnotRange? {
      let range = candidate.intersection(common)
      return range.low < range.high && isBelow(other, on: range, peak: peak) ? range : nil
    }
    guard discriminant > 0 else { return proved(common) }

    let q = -(tilt + (tilt < 0 ? -1 : 1) * discriminant.squareRoot())
    let roots = (q / bend + m, level / q + m)
    let first = min(roots.0, roots.1)
    let second = max(roots.0, roots.1)
    if bend > 0 { return proved(KnotRange(low: first + margin, high: second - margin)) }
    return proved(KnotRange(low: -.infinity, high: first - margin))
      ?? proved(KnotRange(low: second + margin, high: .infinity))
  }

  /// The parts of the piece on both sides of a closed range; either may be empty.
  func without(_ removed: KnotRange) -> (left: KnotPiece, right: KnotPiece) {
    var left = self
    var right = self
    if range.outer.low < removed.low {
      left.clip(to: KnotRange(low: -.infinity, high: removed.low))
    } else {
      left.range = .none
    }
    if removed.high < range.outer.high {
      right.clip(to: KnotRange(low: removed.high, high: .infinity))
    } else {
      right.range = .none
    }
    return (left, right)
  }

  private mutating func clip(to part: KnotRange) {
    range = range.intersection(KnotRangeBounds(outer: part, inner: part))
  }
}
