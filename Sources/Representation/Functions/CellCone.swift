import Exact
import Polyhedra

/// A polyhedron as the cone over it, in integers: the form in which cells are cut and compared many times.
///
/// A point x stands for the ray (1, x), a direction d for (0, d).
struct CellCone {
  let cone: ExactCone
  /// By the labels of `cone`, less one; label 0 is the plane at infinity.
  let halfSpaces: [ExactHalfSpace]

  /// The number of inputs, n.
  var inputs: Int { cone.dimension - 1 }

  /// From the generators that the polyhedron knows. O(generators · n).
  init(_ polyhedron: ExactPolyhedron) {
    let points = polyhedron.vertices.map { IntegerVector(primitiveMultipleOf: [.one] + $0) }
    let directions = polyhedron.rays.map { IntegerVector(primitiveMultipleOf: [.zero] + $0) }
    let rays = zip(points + directions, polyhedron.incidence).enumerated().map { index, generator in
      let tight = generator.1.map { $0 + 1 }
      return ExactCone.Ray(vector: generator.0, tight: index < points.count ? tight : [0] + tight)
    }
    cone = ExactCone(
      dimension: polyhedron.dimension + 1,
      lines: polyhedron.lines.map { IntegerVector(primitiveMultipleOf: [.zero] + $0) }, rays: rays,
      labels: Array(0...polyhedron.halfSpaces.count))
    halfSpaces = polyhedron.halfSpaces
  }

  /// All of ℝⁿ.
  init(inputs: Int) {
    self.init(ExactPolyhedron(dimension: inputs, halfSpaces: []))
  }

  private init(cone: ExactCone, halfSpaces: [ExactHalfSpace]) {
    self.cone = cone
    self.halfSpaces = halfSpaces
  }

  /// The form that is positive where the function is.
  static func form(_ function: AffineFunction) -> IntegerVector {
    IntegerVector(primitiveMultipleOf: [function.constant] + function.gradient)
  }

  /// The form that is positive in the interior of a half-space.
  static func form(_ halfSpace: ExactHalfSpace) -> IntegerVector {
    IntegerVector(primitiveMultipleOf: [halfSpace.offset] + halfSpace.normal.map { -$0 })
  }

  /// The part on which a function is not negative.
  func cut(notNegative function: AffineFunction) -> CellCone {
    cut(ExactHalfSpace(notNegative: function), Self.form(function))
  }

  /// The part in a half-space, whose form the caller has at hand, or in its opposite.
  func cut(_ halfSpace: ExactHalfSpace, _ form: IntegerVector, keepsInside: Bool = true) -> CellCone {
    CellCone(
      cone: cone.cut(form, isPositive: keepsInside, label: halfSpaces.count + 1),
      halfSpaces: halfSpaces + [keepsInside ? halfSpace : halfSpace.opposite])
  }

  /// The face on which a half-space holds with equality, by its number; as a cone, it keeps all labels.
  func face(on halfSpace: Int) -> CellCone {
    let label = halfSpace + 1
    let rays = cone.rays.filter { $0.tight.contains(label) }
    return CellCone(
      cone: ExactCone(dimension: cone.dimension, lines: cone.lines, rays: rays, labels: cone.labels),
      halfSpaces: halfSpaces)
  }

  /// Whether it holds no point; directions alone are none.
  var isEmpty: Bool { !cone.rays.contains { $0.vector.signum(0) > 0 } }

  /// The dimension of the polyhedron; −1 when empty.
  var polyhedronDimension: Int {
    guard !isEmpty else { return -1 }
    let kernel = IntegerKernel(dimension: cone.dimension)
    for line in cone.lines { kernel.insert(line) }
    for ray in cone.rays where kernel.rank < cone.dimension { kernel.insert(ray.vector) }
    return kernel.rank - 1
  }

  /// The numbers of the half-spaces that bound a polyhedron with interior, of equal ones the first.
  var facets: [Int] {
    var seen: Set<[Int]> = []
    return halfSpaces.indices.filter { index in
      guard halfSpaces[index].normal.contains(where: { $0.signum != 0 }) else { return false }
      let tight = cone.rays.indices.filter { cone.rays[$0].tight.contains(index + 1) }
      return face(on: index).polyhedronDimension == inputs - 1 && seen.insert(tight).inserted
    }
  }

  /// The polyhedron, with interior, and none but its bounding half-spaces.
  var polyhedron: ExactPolyhedron {
    ExactPolyhedron(dimension: inputs, halfSpaces: facets.map { halfSpaces[$0] })
  }

  var vertices: [[Rational]] { cone.rays.filter { $0.vector.signum(0) > 0 }.map { Self.point($0.vector) } }

  /// Directions in which it is unbounded, lines both ways.
  var directions: [[Rational]] {
    let rays = cone.rays.filter { $0.vector.signum(0) == 0 }.map(\.vector)
    return (rays + cone.lines).map { vector in (1..<vector.count).map { vector.rational($0) } }
  }

  /// The point whose ray a vector is; its height must not be 0.
  static func point(_ vector: IntegerVector) -> [Rational] {
    let height = vector.rational(0)
    return (1..<vector.count).map { vector.rational($0) / height }
  }

  /// The mean of the vertices plus the rays: in the relative interior; nil when empty.
  var innerPoint: [Rational]? {
    let vertices = vertices
    guard let first = vertices.first else { return nil }
    let share = Rational(1, vertices.count)
    let mean = vertices.dropFirst().reduce(first) { zip($0, $1).map(+) }.map { $0 * share }
    return cone.rays.filter { $0.vector.signum(0) == 0 }.reduce(mean) { sum, ray in
      sum.enumerated().map { $1 + ray.vector.rational($0 + 1) }
    }
  }
}

extension CellCone {
  /// Where the points of a cone lie, seen from a form.
  enum Side {
    /// The form is negative at all of its points.
    case outside
    /// Nowhere positive, but zero somewhere.
    case touching
    /// Somewhere positive and somewhere negative.
    case both
    /// Nowhere negative.
    case inside
  }

  /// O(generators · n) integer products.
  func side(of form: IntegerVector) -> Side {
    let value = IntegerVector(count: 1)
    for line in cone.lines {
      form.dot(line, into: value)
      if value.signum(0) != 0 { return .both }
    }
    var (isPositive, isNegative, isZeroAtPoint) = (false, false, false)
    for ray in cone.rays {
      form.dot(ray.vector, into: value)
      switch value.signum(0) {
      case 1: isPositive = true
      case -1: isNegative = true
      default: isZeroAtPoint = isZeroAtPoint || ray.vector.signum(0) > 0
      }
      if isPositive && isNegative { return .both }
    }
    if isPositive || !isNegative { return .inside }
    return isZeroAtPoint ? .touching : .outside
  }
}
