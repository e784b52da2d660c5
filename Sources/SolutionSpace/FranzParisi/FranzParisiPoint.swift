/// How many solutions lie at a distance from a typical one.
public struct FranzParisiPoint: Sendable, Equatable {
  /// p, the overlap with the reference.
  public var overlap: Double
  /// S(p): the logarithm, for each weight, of the number of solutions there (of the volume, for spherical weights).
  public var entropy: Double
  /// dS/dp.
  public var slope: Double
  /// r, the overlap of two solutions at that distance.
  public var replicaOverlap: Double
  /// t, the overlap of such a solution with another reference.
  public var otherOverlap: Double
  /// What the fixed point leaves, and the difference of the weights' sum from 1.
  public var error: Double

  /// d = (1 − p) / 2, the share of weights that differ.
  public var distance: Double { 0.5 * (1 - overlap) }
}
