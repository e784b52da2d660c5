/// A closed half-space {x : normal · x ≤ offset}.
public struct HalfSpace: Sendable, Hashable, Codable {
  public var normal: [Double]
  public var offset: Double

  public init(normal: [Double], offset: Double) {
    self.normal = normal
    self.offset = offset
  }

  /// offset − normal · x: not negative inside, and in units of the normal's length. O(n).
  public func slack(at point: [Double]) -> Double {
    zip(normal, point).reduce(offset) { $0 - $1.0 * $1.1 }
  }
}
