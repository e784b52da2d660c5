import Exact
import Polyhedra

/// Points and directions that span a face of a polyhedron.
struct CellGenerators {
  var points: [[Rational]]
  var rays: [[Rational]]
  var lines: [[Rational]]

  init(_ polyhedron: ExactPolyhedron) {
    points = polyhedron.vertices
    rays = polyhedron.rays
    lines = polyhedron.lines
  }

  /// The part of a polyhedron that lies on the boundary of one of its half-spaces.
  init(_ polyhedron: ExactPolyhedron, on halfSpace: Int) {
    let count = polyhedron.vertices.count
    points = polyhedron.vertices.indices.filter { polyhedron.incidence[$0].contains(halfSpace) }
      .map { polyhedron.vertices[$0] }
    rays = polyhedron.rays.indices.filter { polyhedron.incidence[count + $0].contains(halfSpace) }
      .map { polyhedron.rays[$0] }
    lines = polyhedron.lines
  }

  /// The dimension of the affine hull; −1 when empty.
  var dimension: Int {
    guard let first = points.first else { return -1 }
    let kernel = IntegerKernel(dimension: first.count + 1)
    for point in points { kernel.insert(IntegerVector(primitiveMultipleOf: [.one] + point)) }
    for direction in rays + lines { kernel.insert(IntegerVector(primitiveMultipleOf: [.zero] + direction)) }
    return kernel.rank - 1
  }

  /// A point in the relative interior; nil when empty.
  var innerPoint: [Rational]? {
    guard let first = points.first else { return nil }
    let share = Rational(1, points.count)
    let mean = points.dropFirst().reduce(first) { zip($0, $1).map(+) }.map { $0 * share }
    return rays.reduce(mean) { zip($0, $1).map(+) }
  }

  /// On which sides of a hyperplane, where a function vanishes, the span has points.
  func sides(of function: AffineFunction) -> (positive: Bool, negative: Bool) {
    guard lines.allSatisfy({ function.slope(along: $0).signum == 0 }) else { return (true, true) }
    var sides = (positive: false, negative: false)
    for point in points {
      let sign = function(point).signum
      sides = (sides.positive || sign > 0, sides.negative || sign < 0)
    }
    for ray in rays {
      let sign = function.slope(along: ray).signum
      sides = (sides.positive || sign > 0, sides.negative || sign < 0)
    }
    return sides
  }
}
