import Exact

extension BrokenLine {
  /// ∫ |f − g| over an interval, exactly. O(q log q).
  public func distanceL1(to other: BrokenLine, on interval: ClosedRange<Rational>) -> Rational {
    (self - other).integral(on: interval) { left, right in
      let span = left.magnitude + right.magnitude
      // Where the difference changes sign the area is two triangles, with heights |left| and |right|.
      guard left.signum * right.signum < 0 else { return span / 2 }
      return (left * left + right * right) / (2 * span)
    }
  }

  /// ∫ (f − g)² over an interval, exactly: the square of the L2 distance, which itself need not be rational. O(q log q).
  public func squaredDistanceL2(to other: BrokenLine, on interval: ClosedRange<Rational>) -> Rational {
    (self - other).integral(on: interval) { left, right in (left * left + left * right + right * right) / 3 }
  }

  /// max |f − g| over an interval, exactly. O(q log q).
  public func largestDistance(to other: BrokenLine, on interval: ClosedRange<Rational>) -> Rational {
    (self - other).points(on: interval).reduce(.zero) { max($0, $1.y.magnitude) }
  }

  /// sup |f − g| over ℝ; nil when it is infinite. O(q log q).
  public func largestDistance(to other: BrokenLine) -> Rational? {
    let difference = self - other
    guard difference.leftSlope.signum == 0, difference.rightSlope.signum == 0 else { return nil }
    return difference.values.reduce(difference.valueAtZero.magnitude) { max($0, $1.magnitude) }
  }

  /// The sum over pieces of width · mean, where the mean over a piece follows from the values at its ends.
  private func integral(
    on interval: ClosedRange<Rational>, mean: (Rational, Rational) -> Rational
  ) -> Rational {
    let points = points(on: interval)
    return zip(points, points.dropFirst()).reduce(.zero) { $0 + ($1.1.x - $1.0.x) * mean($1.0.y, $1.1.y) }
  }
}
