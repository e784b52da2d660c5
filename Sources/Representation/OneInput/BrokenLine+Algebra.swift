import Exact

extension BrokenLine {
  /// constant + Σ factor · line. O(q log q) for q breakpoints of all lines together.
  public static func combination(
    _ terms: [(factor: Rational, line: BrokenLine)], constant: Rational = .zero
  ) -> BrokenLine {
    let bends = terms.flatMap { factor, line in
      zip(line.breakpoints, line.kinks).map { (position: $0, jump: factor * $1) }
    }.sorted { $0.position < $1.position }
    var positions: [Rational] = []
    var slopes = [terms.reduce(.zero) { $0 + $1.factor * $1.line.leftSlope }]
    for bend in bends {
      if bend.position != positions.last {
        positions.append(bend.position)
        slopes.append(slopes[slopes.count - 1])
      }
      slopes[slopes.count - 1] += bend.jump
    }
    let anchor = terms.reduce(constant) { $0 + $1.factor * $1.line(positions.first ?? .zero) }
    return BrokenLine(positions: positions, slopes: slopes, anchor: anchor)
  }

  public static func + (left: BrokenLine, right: BrokenLine) -> BrokenLine {
    combination([(.one, left), (.one, right)])
  }

  public static func - (left: BrokenLine, right: BrokenLine) -> BrokenLine {
    combination([(.one, left), (-1, right)])
  }

  public static prefix func - (line: BrokenLine) -> BrokenLine { combination([(-1, line)]) }

  public static func * (factor: Rational, line: BrokenLine) -> BrokenLine { combination([(factor, line)]) }

  /// Where the function takes a value on the inside of its pieces, piece by piece; pieces on which it is that constant give
  /// none.
  private func crossings(of value: Rational) -> [Rational] {
    slopes.indices.compactMap { index in
      let (slope, constant) = piece(index)
      guard slope.signum != 0 else { return nil }
      let x = (value - constant) / slope
      guard index == 0 || x > breakpoints[index - 1], index == breakpoints.count || x < breakpoints[index] else {
        return nil
      }
      return x
    }
  }

  /// σ ∘ f = max(f, 0). O(q).
  public var positivePart: BrokenLine {
    let positions = (breakpoints + crossings(of: .zero)).sorted()
    guard let first = positions.first, let last = positions.last else {
      return BrokenLine(slope: .zero, constant: max(valueAtZero, .zero))
    }
    return BrokenLine(
      through: positions.map { Point($0, max(self($0), .zero)) },
      leftSlope: self(first - 1).signum > 0 ? leftSlope : .zero,
      rightSlope: self(last + 1).signum > 0 ? rightSlope : .zero)
  }

  /// max(f, g), pointwise. O(q log q).
  public func maximum(_ other: BrokenLine) -> BrokenLine { self + (other - self).positivePart }

  /// min(f, g), pointwise. O(q log q).
  public func minimum(_ other: BrokenLine) -> BrokenLine { self - (self - other).positivePart }

  /// f ∘ g, where f is this function and g the inner one: at most one breakpoint for each of g's, and for each piece of g
  /// one for each of f's. O(q_f · q_g · log) comparisons.
  public func composed(with inner: BrokenLine) -> BrokenLine {
    let positions = Set(inner.breakpoints + breakpoints.flatMap { inner.crossings(of: $0) }).sorted()
    let left = inner.leftSlope.signum < 0 ? rightSlope : leftSlope
    let right = inner.rightSlope.signum < 0 ? leftSlope : rightSlope
    guard !positions.isEmpty else {
      return BrokenLine(slope: left * inner.leftSlope, constant: self(inner.valueAtZero))
    }
    return BrokenLine(
      through: positions.map { Point($0, self(inner($0))) },
      leftSlope: left * inner.leftSlope, rightSlope: right * inner.rightSlope)
  }
}
