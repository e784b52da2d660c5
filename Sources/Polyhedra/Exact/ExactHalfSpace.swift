import Exact

/// A closed half-space {x : normal · x ≤ offset} in rational numbers.
public struct ExactHalfSpace: Sendable, Hashable {
  public var normal: [Rational]
  public var offset: Rational

  public init(normal: [Rational], offset: Rational) {
    self.normal = normal
    self.offset = offset
  }

  /// The half-space whose numbers are those of doubles, exactly; they must be finite.
  public init(_ halfSpace: HalfSpace) {
    self.init(
      normal: halfSpace.normal.map { Rational(exactly: $0) }, offset: Rational(exactly: halfSpace.offset))
  }

  /// offset − normal · x: not negative inside. O(n).
  public func slack(at point: [Rational]) -> Rational {
    zip(normal, point).reduce(offset) { $0 - $1.0 * $1.1 }
  }

  /// The half-space on the other side of the same hyperplane.
  public var opposite: ExactHalfSpace { ExactHalfSpace(normal: normal.map { -$0 }, offset: -offset) }

  /// The half-space {x : function(x) ≥ 0}.
  public init(notNegative function: AffineFunction) {
    self.init(normal: function.gradient.map { -$0 }, offset: function.constant)
  }
}
