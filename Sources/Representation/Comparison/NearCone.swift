import Exact
import Polyhedra

/// A linear form in integers, and in doubles up to a positive factor.
struct NearForm {
  let exact: IntegerVector
  fileprivate let near: [Double]

  init(_ function: AffineFunction) {
    exact = CellCone.form(function)
    near = exact.directionInDoubles
  }
}

/// An exact cone beside its rays in doubles: most signs are decided without big integers.
struct NearCone {
  let exact: ExactCone
  /// `rays × dimension`
  private let near: [Double]

  init(_ exact: ExactCone) {
    self.exact = exact
    near = exact.rays.flatMap(\.vector.directionInDoubles)
  }

  /// On which sides of a form's hyperplane the cone has interior points; exactly.
  func sides(_ form: NearForm) -> (positive: Bool, negative: Bool) {
    guard exact.isPointed else { return exact.sides(form.exact) }
    let dimension = exact.dimension
    let unit = unit
    let value = IntegerVector(count: 1)
    var sides = (positive: false, negative: false)
    for (index, ray) in exact.rays.enumerated() {
      var (sum, size) = (0.0, 0.0)
      for axis in 0..<dimension {
        let product = form.near[axis] * near[index * dimension + axis]
        sum += product
        size += abs(product)
      }
      let margin = size * unit + Double.leastNormalMagnitude
      if sum > margin {
        sides.positive = true
      } else if sum < -margin {
        sides.negative = true
      } else {
        form.exact.dot(ray.vector, into: value)
        let sign = value.signum(0)
        if sign > 0 { sides.positive = true }
        if sign < 0 { sides.negative = true }
      }
      if sides.positive, sides.negative { break }
    }
    return sides
  }

  /// A vertex, and a ray or a line from there along which a function grows or falls for ever; nil when it is bounded.
  func escape(of function: AffineFunction) -> (corner: [Rational], direction: [Rational])? {
    let vectors = exact.rays.filter { $0.vector.signum(0) == 0 }.map(\.vector) + exact.lines
    let direction = vectors.lazy.map { vector in (1..<exact.dimension).map { vector.rational($0) } }
      .first { function.slope(along: $0).signum != 0 }
    guard let direction, let corner = exact.rays.first(where: { $0.vector.signum(0) > 0 }) else { return nil }
    return (CellCone.point(corner.vector), direction)
  }

  /// The vertex at which the magnitude of a function is largest, and the value there; nil when no magnitude is above a
  /// bound.
  func largestMagnitude(
    of function: AffineFunction, above bound: Rational
  ) -> (point: [Rational], value: Rational)? {
    let dimension = exact.dimension
    let entries = ([function.constant] + function.gradient).map(\.nearbyDouble)
    var best = bound
    var least = bound.nearbyDouble
    var found: (point: [Rational], value: Rational)?
    for (index, ray) in exact.rays.enumerated() where ray.vector.signum(0) > 0 {
      var (sum, size) = (0.0, 0.0)
      for axis in 0..<dimension {
        let product = entries[axis] * near[index * dimension + axis]
        sum += product
        size += abs(product)
      }
      // Nothing can be said where the height is lost, or where numbers leave the range of doubles.
      let height = near[index * dimension]
      let margin = size * unit + Double.leastNormalMagnitude
      if height > 1e-200, (abs(sum) + margin) / height < least * (1 - unit) { continue }
      let corner = CellCone.point(ray.vector)
      let value = function(corner)
      if value.magnitude > best {
        best = value.magnitude
        least = best.nearbyDouble
        found = (corner, value)
      }
    }
    return found
  }

  /// Between which numbers the values of a function lie on a bounded cone, rounded outwards; nil when doubles cannot say.
  func range(of function: AffineFunction) -> (lower: Double, upper: Double)? {
    let dimension = exact.dimension
    guard exact.isPointed else { return nil }
    let entries = ([function.constant] + function.gradient).map(\.nearbyDouble)
    var range = (lower: Double.infinity, upper: -Double.infinity)
    for index in exact.rays.indices {
      let height = near[index * dimension]
      guard height > 1e-200 else { return nil }
      var (sum, size) = (0.0, 0.0)
      for axis in 0..<dimension {
        let product = entries[axis] * near[index * dimension + axis]
        sum += product
        size += abs(product)
      }
      let margin = size * unit + Double.leastNormalMagnitude
      let (low, high) = ((sum - margin) / height, (sum + margin) / height)
      range.lower = min(range.lower, low - abs(low) * unit)
      range.upper = max(range.upper, high + abs(high) * unit)
    }
    return range.lower.isFinite && range.upper.isFinite ? range : nil
  }

  /// Entries of forms and rays are off by a few units in the last place, and every operation rounds once: what the error of
  /// a product is at most, by the sum of its terms' magnitudes.
  private var unit: Double { Double(8 * exact.dimension) * Double.ulpOfOne }

  /// The part on which a form is not negative (or not positive).
  func cut(_ form: NearForm, isPositive: Bool) -> NearCone {
    NearCone(exact.cut(form.exact, isPositive: isPositive, label: exact.labels.count))
  }
}

extension IntegerVector {
  /// The entries divided by the magnitude of a large one, each to within a few units in the last place; tiny ones may be 0,
  /// with an error below 1e-300.
  fileprivate var directionInDoubles: [Double] {
    guard let first = (0..<count).first(where: { signum($0) != 0 }) else { return Array(repeating: 0, count: count) }
    var largest = first
    for index in first + 1..<max(count, first + 1) where abs(quotient(index, self, largest)) > 1 { largest = index }
    let sign = Double(signum(largest))
    return (0..<count).map { sign * quotient($0, self, largest) }
  }
}
