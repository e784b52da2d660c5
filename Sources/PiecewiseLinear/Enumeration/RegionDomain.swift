import Polyhedra

/// Where regions are looked for. Regions are counted in the interior.
public enum RegionDomain: Sendable, Equatable {
  /// lower[j] ≤ xⱼ ≤ upper[j].
  case box(lower: [Double], upper: [Double])
  /// The points in all half-spaces, bounded or not.
  case polyhedron([HalfSpace])
  /// All of ℝⁿ.
  case space

  /// The name in reports: `box`, `polytope` or `none`.
  public var name: String {
    switch self {
    case .box: "box"
    case .polyhedron: "polytope"
    case .space: "none"
    }
  }
}
