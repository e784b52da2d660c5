/// The strict affine dichotomies of a set of points: the ways in which hyperplanes that miss every point divide them.
///
/// For points `x₁ … x_D ∈ ℝⁿ` these are the sign vectors `(sign(a·xⱼ + b))ⱼ` over all `(a, b) ∈ ℝⁿ × ℝ` for which no sign is
/// zero, the two constant ones included: the cells of the central arrangement of the hyperplanes `a·xⱼ + b = 0` in the
/// space of `(a, b)`. They come in pairs of opposites. A point that occurs twice counts once. Points may be in any
/// position; in general position (no `n + 1` of them on a hyperplane, more than which no set has) their number is
/// Cover's `2 Σ_{i ≤ n} C(D − 1, i)`, which ``upperBound(points:dimension:)`` gives without looking at them.
///
/// It is the number of activation patterns of one hidden ReLU unit, and so the size of the search for the best network.
///
/// ```swift
/// let xor = [[0.0, 0], [0, 1], [1, 0], [1, 1]]
/// try Dichotomies.count(points: xor)  // 14: all but the two diagonal ones
/// ```
///
/// Coordinates of at most six decimals are read as the decimals they print as, scaled to integers, and then the counting
/// is exact unless it runs out of 64-bit integers. Other coordinates are treated in floating point, in which points off a
/// common hyperplane by less than about 1e-9 of their extent pass for being on it.
///
/// Source: Cover, *Geometrical and statistical properties of systems of linear inequalities* (1965).
public enum Dichotomies {
  /// One dichotomy as a set of points: those on the positive side, `a·x + b > 0`.
  public struct Side: Sendable, Hashable {
    /// The number of points.
    public let pointCount: Int
    /// Bit `j mod 64` of word `j / 64` is set if point `j` is on the positive side; further bits are clear.
    public private(set) var words: [UInt64]

    init(pointCount: Int) {
      self.pointCount = pointCount
      words = [UInt64](repeating: 0, count: (pointCount + 63) / 64)
    }

    /// Whether a point is on the positive side.
    public subscript(point: Int) -> Bool {
      precondition(0..<pointCount ~= point, "there are \(pointCount) points, none with index \(point)")
      return words[point >> 6] >> UInt64(point & 63) & 1 == 1
    }

    mutating func insert(_ point: Int) { words[point >> 6] |= 1 << UInt64(point & 63) }
    mutating func remove(_ point: Int) { words[point >> 6] &= ~(1 << UInt64(point & 63)) }
  }

  /// Cover's number `2 Σ_{i ≤ n} C(D − 1, i)`, attained in general position and never exceeded, as a `Double`: exact below
  /// 2⁵³ / n, +∞ when it is too large. O(min(D, n)).
  public static func upperBound(points: Int, dimension: Int) -> Double {
    guard points > 0 else { return 0 }
    var term = 1.0
    var sum = 1.0
    var i = 0
    while i < min(points - 1, dimension), sum < .infinity {
      i += 1
      // Each product is C(D − 1, i) · i, a whole number, and its quotient too.
      term = term * Double(points - i) / Double(i)
      sum += term
    }
    return 2 * sum
  }
}

/// Points or a limit that ``Dichotomies`` does not accept, or arithmetic that did not suffice.
public enum DichotomiesError: Error, CustomStringConvertible, Sendable {
  case noPoints
  case wrongDimension(point: Int, coordinates: Int, expected: Int)
  case notFinite(point: Int, coordinate: Int, value: Double)
  case tooMany(limit: Int)
  case inexact(found: Int, exact: Int)

  public var description: String {
    switch self {
    case .noPoints:
      "there are no points to divide; at least one is needed"
    case .wrongDimension(let point, let coordinates, let expected):
      "point \(point) has \(coordinates) coordinates and point 0 has \(expected); all must have the same number"
    case .notFinite(let point, let coordinate, let value):
      "coordinate \(coordinate) of point \(point) is \(value); it must be finite"
    case .tooMany(let limit):
      "the points have more than \(limit) dichotomies, the most that were to be listed; raise the limit, or take fewer "
        + "points or features"
    case .inexact(let found, let exact):
      "only \(found) of the \(exact) dichotomies could be found in floating point: some points are too close to a common "
        + "hyperplane; rounding the coordinates to fewer decimals helps"
    }
  }
}
