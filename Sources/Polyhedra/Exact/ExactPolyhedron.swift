import Exact

/// A polyhedron in rational numbers, known from both sides: {x ∈ ℝⁿ : aᵢ · x ≤ bᵢ for all i}, which is also the convex hull
/// of its vertices plus the cone of its rays plus the span of its lines.
///
/// It may be empty, flat or unbounded. The generators come from the double description method in integers
/// (``ExactCone``): O(generators² · tight rows) for each half-space, meant for up to about 8 dimensions and 100 half-spaces.
///
/// ```swift
/// let square = ExactPolyhedron(box: [0, 0], [1, 1])
/// let triangle = square.intersection([ExactHalfSpace(normal: [1, 1], offset: 1)])
/// triangle.vertices                 // (0, 0), (1, 0), (0, 1)
/// triangle.halfSpaces.count         // 5: none is dropped
/// ```
///
/// Source: T. Motzkin, H. Raiffa, G. Thompson, R. Thrall, *The double description method* (1953).
public struct ExactPolyhedron: Sendable, Equatable {
  /// The dimension of the space, n.
  public let dimension: Int
  /// As they were given, redundant ones included.
  public let halfSpaces: [ExactHalfSpace]
  public let vertices: [[Rational]]
  /// Directions in which it is unbounded, in integers without common factor.
  public let rays: [[Rational]]
  /// Directions both ways of which it is unbounded; linearly independent.
  public let lines: [[Rational]]
  /// For each vertex, and after these each ray, the half-spaces on whose boundary it lies, in increasing order.
  public let incidence: [[Int]]

  /// The intersection of half-spaces; all of ℝⁿ without any. Every normal has `dimension` ≥ 1 entries.
  public init(dimension: Int, halfSpaces: [ExactHalfSpace]) {
    var cone = ExactCone(dimension: dimension + 1)
    let height = IntegerVector(count: dimension + 1)
    height.set(0, to: 1)
    cone = cone.cut(height, isPositive: true, label: 0)
    for (index, halfSpace) in halfSpaces.enumerated() {
      cone = cone.cut(Self.row(halfSpace), isPositive: true, label: index + 1)
    }
    self.init(dimension: dimension, halfSpaces: halfSpaces, cone)
  }

  private init(dimension: Int, halfSpaces: [ExactHalfSpace], _ cone: ExactCone) {
    self.dimension = dimension
    self.halfSpaces = halfSpaces
    let points = cone.rays.filter { $0.vector.signum(0) > 0 }
    let directions = points.isEmpty ? [] : cone.rays.filter { $0.vector.signum(0) == 0 }
    vertices = points.map { ray in
      let height = ray.vector.rational(0)
      return (1...dimension).map { ray.vector.rational($0) / height }
    }
    rays = directions.map { ray in (1...dimension).map { ray.vector.rational($0) } }
    lines = points.isEmpty ? [] : cone.lines.map { line in (1...dimension).map { line.rational($0) } }
    incidence = (points + directions).map { ray in ray.tight.compactMap { $0 == 0 ? nil : $0 - 1 } }
  }

  /// The box lower[j] ≤ xⱼ ≤ upper[j]; its half-spaces are −x₀ ≤ −lower₀, x₀ ≤ upper₀, −x₁ ≤ ….
  public init(box lower: [Rational], _ upper: [Rational]) {
    var halfSpaces: [ExactHalfSpace] = []
    for axis in lower.indices {
      var normal = [Rational](repeating: .zero, count: lower.count)
      normal[axis] = -1
      halfSpaces.append(ExactHalfSpace(normal: normal, offset: -lower[axis]))
      normal[axis] = 1
      halfSpaces.append(ExactHalfSpace(normal: normal, offset: upper[axis]))
    }
    self.init(dimension: lower.count, halfSpaces: halfSpaces)
  }

  /// The polyhedron cut with more half-spaces, which are numbered after its own.
  public func intersection(_ others: [ExactHalfSpace]) -> ExactPolyhedron {
    ExactPolyhedron(dimension: dimension, halfSpaces: halfSpaces + others)
  }

  public var isEmpty: Bool { vertices.isEmpty }

  public var isBounded: Bool { rays.isEmpty && lines.isEmpty }

  /// Whether it has interior points: no half-space holds with equality everywhere.
  public var isFullDimensional: Bool {
    guard let first = incidence.first else { return false }
    let always = incidence.dropFirst().reduce(Set(first)) { $0.intersection($1) }
    return always.allSatisfy { index in halfSpaces[index].normal.allSatisfy { $0.signum == 0 } }
  }

  /// Whether a point lies in it, boundary included. O(half-spaces · n).
  public func contains(_ point: [Rational]) -> Bool {
    halfSpaces.allSatisfy { $0.slack(at: point).signum >= 0 }
  }

  /// The mean of the vertices plus all rays: in the relative interior; nil when empty.
  public var innerPoint: [Rational]? {
    guard let first = vertices.first else { return nil }
    let sum = vertices.dropFirst().reduce(first) { zip($0, $1).map(+) }
    let share = Rational(1, vertices.count)
    return rays.reduce(sum.map { $0 * share }) { zip($0, $1).map(+) }
  }

  /// The least value of an affine function on the polyhedron; nil when it has none: unbounded below, or the set is empty.
  /// O(generators · n).
  public func minimum(of function: AffineFunction) -> Rational? {
    guard lines.allSatisfy({ function.slope(along: $0).signum == 0 }),
      rays.allSatisfy({ function.slope(along: $0).signum >= 0 })
    else { return nil }
    return vertices.map { function($0) }.min()
  }

  /// The largest value of an affine function on the polyhedron; nil when it has none. O(generators · n).
  public func maximum(of function: AffineFunction) -> Rational? { minimum(of: -function).map { -$0 } }

  /// (x₀, x) ↦ offset · x₀ − normal · x in integers.
  private static func row(_ halfSpace: ExactHalfSpace) -> IntegerVector {
    IntegerVector(primitiveMultipleOf: [halfSpace.offset] + halfSpace.normal.map { -$0 })
  }
}
