import Exact

/// A continuous piecewise-linear function ℝ → ℝ in rational numbers.
///
/// The form is canonical: only true breakpoints, at which the slope changes, are kept. Two broken lines are therefore equal
/// as functions exactly when they are equal as values.
///
/// ```swift
/// let hat = try BrokenLine(points: [.init(0, 0), .init(1, 2), .init(2, 0)], leftSlope: 0, rightSlope: 0)
/// hat(Rational(1, 2))    // 1
/// hat.pieces             // 4
/// hat.kinks              // 2, −4, 2
/// ```
public struct BrokenLine: Sendable, Hashable {
  /// A point of the plane, such as a sample of a function.
  public struct Point: Sendable, Hashable {
    public var x: Rational
    public var y: Rational

    public init(_ x: Rational, _ y: Rational) {
      self.x = x
      self.y = y
    }
  }

  /// a₁ < … < a_q, where the slope changes.
  public let breakpoints: [Rational]
  /// f(a₁), …, f(a_q)
  public let values: [Rational]
  /// s₀, …, s_q, from left to right; neighbours differ.
  public let slopes: [Rational]
  /// f(0)
  public let valueAtZero: Rational

  /// Trusts that positions increase and that there is one slope more than positions; drops positions without a bend.
  ///
  /// - Parameter anchor: f at the first position, and f(0) without positions.
  init(positions: [Rational], slopes: [Rational], anchor: Rational) {
    var breakpoints: [Rational] = []
    var values: [Rational] = []
    var kept = [slopes[0]]
    var value = anchor
    var zero = positions.first.map { anchor - slopes[0] * $0 } ?? anchor
    for (index, position) in positions.enumerated() {
      if index > 0 { value += slopes[index] * (position - positions[index - 1]) }
      if position.signum <= 0 { zero = value - slopes[index + 1] * position }
      guard slopes[index] != slopes[index + 1] else { continue }
      breakpoints.append(position)
      values.append(value)
      kept.append(slopes[index + 1])
    }
    self.breakpoints = breakpoints
    self.values = values
    self.slopes = kept
    valueAtZero = zero
  }

  /// x ↦ slope · x + constant
  public init(slope: Rational, constant: Rational) {
    self.init(positions: [], slopes: [slope], anchor: constant)
  }

  /// Trusts that there is a point and that the abscissas increase.
  init(through points: [Point], leftSlope: Rational, rightSlope: Rational) {
    let inner = zip(points, points.dropFirst()).map { ($1.y - $0.y) / ($1.x - $0.x) }
    self.init(positions: points.map(\.x), slopes: [leftSlope] + inner + [rightSlope], anchor: points[0].y)
  }

  /// The function that joins points by segments.
  ///
  /// - Parameters:
  ///   - points: by increasing x, at least one.
  ///   - leftSlope: the slope before the first point; without it, the first segment goes on.
  ///   - rightSlope: the slope after the last point; without it, the last segment goes on.
  /// - Throws: ``RepresentationError`` when there is no point, when the x do not increase (it says where), or when there is
  ///   one point and a slope is left out.
  public init(points: [Point], leftSlope: Rational? = nil, rightSlope: Rational? = nil) throws {
    guard let first = points.first, let last = points.last else {
      throw RepresentationError("a function given by points needs at least one point")
    }
    for index in points.indices.dropFirst() where points[index].x <= points[index - 1].x {
      throw RepresentationError(
        "the inputs of the points must increase, and point \(index) has x = \(points[index].x) "
          + "after x = \(points[index - 1].x)")
    }
    guard points.count > 1 || (leftSlope != nil && rightSlope != nil) else {
      throw RepresentationError("a function given by a single point needs both outer slopes")
    }
    let second = points.count > 1 ? points[1] : first
    let previous = points.count > 1 ? points[points.count - 2] : last
    self.init(
      through: points,
      leftSlope: leftSlope ?? (second.y - first.y) / (second.x - first.x),
      rightSlope: rightSlope ?? (last.y - previous.y) / (last.x - previous.x))
  }

  /// p = q + 1: the number of maximal intervals on which the function is affine.
  public var pieces: Int { slopes.count }

  /// s₀, the slope towards −∞
  public var leftSlope: Rational { slopes[0] }

  /// s_q, the slope towards +∞
  public var rightSlope: Rational { slopes[slopes.count - 1] }

  /// κᵢ = sᵢ − sᵢ₋₁, the change of slope at each breakpoint; none is 0.
  public var kinks: [Rational] { zip(slopes, slopes.dropFirst()).map { $1 - $0 } }

  /// The affine function of a piece as a slope and a value at 0.
  func piece(_ index: Int) -> (slope: Rational, constant: Rational) {
    guard !breakpoints.isEmpty else { return (slopes[0], valueAtZero) }
    let end = max(index - 1, 0)
    return (slopes[index], values[end] - slopes[index] * breakpoints[end])
  }

  /// The number of breakpoints before x, or at x too.
  func breakpointCount(before x: Rational, orAt isIncluded: Bool) -> Int {
    var low = 0
    var high = breakpoints.count
    while low < high {
      let middle = (low + high) / 2
      if breakpoints[middle] < x || (isIncluded && breakpoints[middle] == x) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  /// The value at a point. O(log q).
  public func callAsFunction(_ x: Rational) -> Rational {
    guard !breakpoints.isEmpty else { return slopes[0] * x + valueAtZero }
    let index = breakpointCount(before: x, orAt: true)
    let end = max(index - 1, 0)
    return values[end] + slopes[index] * (x - breakpoints[end])
  }

  /// The function's points at both ends of an interval and at the breakpoints between; one point when the ends are equal.
  func points(on interval: ClosedRange<Rational>) -> [Point] {
    let low = breakpointCount(before: interval.lowerBound, orAt: true)
    let high = breakpointCount(before: interval.upperBound, orAt: false)
    let inner = low < high ? (low..<high).map { Point(breakpoints[$0], values[$0]) } : []
    let start = Point(interval.lowerBound, self(interval.lowerBound))
    guard interval.lowerBound < interval.upperBound else { return [start] }
    return [start] + inner + [Point(interval.upperBound, self(interval.upperBound))]
  }
}
