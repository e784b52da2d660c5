import LinearAlgebra
import Polyhedra

/// The affine map x ↦ weights · x + offset.
public struct AffineMap: Sendable, Equatable {
  /// `[outputs × inputs]`
  public var weights: Matrix
  /// `[outputs]`
  public var offset: [Double]

  public init(weights: Matrix, offset: [Double]) {
    self.weights = weights
    self.offset = offset
  }

  /// O(outputs × inputs).
  public func callAsFunction(_ point: [Double]) -> [Double] {
    offset.indices.map { row in zip(weights.row(row), point).reduce(offset[row]) { $0 + $1.0 * $1.1 } }
  }
}

/// A full-dimensional set on which a network is affine and no unit changes its side: an activation region, cut with the
/// domain.
public struct LinearRegion: Sendable {
  /// One bounding half-space.
  public struct Facet: Sendable, Equatable {
    /// What the facet belongs to.
    public enum Source: Sendable, Equatable, Hashable {
      /// The hinge at `unit` of `stage` changes sides.
      case unit(stage: Int, unit: Int)
      /// The maximum at `unit` of `stage` changes from this region's winner to `rival`.
      case comparison(stage: Int, unit: Int, rival: Int)
      /// The domain ends. Boxes count −x₀ ≤ −lower₀, x₀ ≤ upper₀, −x₁ …; polytopes as they were given.
      case domain(Int)
    }

    public var halfSpace: HalfSpace
    public var source: Source

    public init(halfSpace: HalfSpace, source: Source) {
      self.halfSpace = halfSpace
      self.source = source
    }
  }

  public var pattern: ActivationPattern
  /// The network's function on the region. Empty unless asked for.
  public var map: AffineMap
  /// The irredundant half-spaces whose intersection is the closed region.
  public var facets: [Facet]
  /// A point in the interior.
  public var interiorPoint: [Double]
  /// The corners, `count × inputs`.
  public var vertices: Matrix
  /// The directions in which the region is unbounded, `count × inputs`: the region is the convex hull of the vertices plus
  /// the cone of the rays plus the span of the lines.
  public var rays: Matrix
  /// Directions both ways of which the region is unbounded, `count × inputs`.
  public var lines: Matrix
  /// A bound on the distance of a vertex, or ray, from the true one, in the coordinates of the search: inputs divided by the
  /// powers of two `RegionEnumeration` scales them with, and (1, x) divided by its max-norm where the domain is unbounded.
  var vertexError: Double
  /// Which facets every vertex, and after these every ray, lies on, exactly: `incidenceWords` words for each.
  public var incidence: [UInt64]
  public var incidenceWords: Int

  /// Whether the region is a polytope.
  public var isBounded: Bool { rays.rows == 0 && lines.rows == 0 }

  /// Whether a vertex (or, counted after these, a ray) lies on a facet. O(1).
  public func lies(_ generator: Int, on facet: Int) -> Bool {
    incidence[generator * incidenceWords + facet / 64] >> UInt64(facet % 64) & 1 == 1
  }

  /// The vertices on a facet. O(vertices).
  public func vertices(on facet: Int) -> [Int] { (0..<vertices.rows).filter { lies($0, on: facet) } }
}

/// What to compute for each region beside its pattern and an interior point.
public struct RegionDetail: OptionSet, Sendable {
  public let rawValue: Int

  public init(rawValue: Int) { self.rawValue = rawValue }

  public static let map = RegionDetail(rawValue: 1)
  public static let facets = RegionDetail(rawValue: 2)
  /// Vertices and rays, and with facets their incidence.
  public static let vertices = RegionDetail(rawValue: 4)
  public static let all: RegionDetail = [.map, .facets, .vertices]
}
