/// The densest regions of solutions at one diameter.
public struct LocalEntropyPoint: Sendable, Equatable {
  /// p, the mutual overlap of the solutions of a region.
  public var overlap: Double
  /// F: the logarithm, for each weight, of their number.
  public var entropy: Double
  /// dF/dp; nil at finite y.
  public var slope: Double?
  /// The largest F that weights have without patterns: the difference is the price of the patterns.
  public var bound: Double
  /// q̂₀.
  public var conjugate: Double
  /// y (q₁ − q₀): dq.
  public var overlapGap: Double
  /// y (q̂₁ − q̂₀): dl; 0 for spherical weights.
  public var conjugateGap: Double
  public var error: Double

  /// (1 − p) / 2, the share of weights in which two of them differ.
  public var distance: Double { 0.5 * (1 - overlap) }
}
