import Exact
import Polyhedra

/// An affine function on a cell plus a combination of the units that may bend there.
struct OpenForm: Sendable {
  var affine: AffineFunction
  /// By the number of the open unit; no zeros.
  var open: [Int: Rational] = [:]
  /// How far the true form may be from this one on the cell.
  var radius = Radius.zero

  init(_ affine: AffineFunction) { self.affine = affine }

  /// The value of one open unit.
  init(unit: Int, inputs: Int) {
    affine = AffineFunction(constant: .zero, inputs: inputs)
    open = [unit: .one]
  }

  mutating func add(_ other: OpenForm, times factor: Rational) {
    affine.add(other.affine, times: factor)
    radius.add(other.radius, times: factor)
    for (unit, weight) in other.open {
      let sum = open[unit, default: .zero] + factor * weight
      open[unit] = sum.signum == 0 ? nil : sum
    }
  }

  func scaled(by factor: Rational) -> OpenForm {
    var result = OpenForm(AffineFunction(constant: .zero, inputs: affine.inputs))
    if factor.signum != 0 { result.add(self, times: factor) }
    return result
  }
}

/// A bound on an error, in doubles that are rounded up.
struct Radius: Sendable, Equatable {
  private(set) var value: Double

  static let zero = Radius(value: 0)

  /// self += |factor| · other
  mutating func add(_ other: Radius, times factor: Rational) {
    guard other.value != 0, factor.signum != 0 else { return }
    value = (value + (abs(factor.nearbyDouble).nextUp * other.value).nextUp).nextUp
  }

  mutating func formMaximum(_ other: Radius) { value = max(value, other.value) }

  /// The error of a hinge's value when its argument has this error, and when it is replaced by one of its sides though
  /// the argument lies on the other one by up to `excess`.
  func afterHinge(below: Rational, above: Rational, excess: Double) -> Radius {
    var result = Radius.zero
    result.add(self, times: max(below.magnitude, above.magnitude))
    result.add(Radius(value: excess), times: above - below)
    return result
  }
}

/// Bounds of a value on a cell; nil where there is none.
struct OpenRange: Sendable {
  var lower: Rational?
  var upper: Rational?

  /// - Parameter ranges: those of the open units.
  init(_ form: OpenForm, on cell: ExactPolyhedron, _ ranges: [OpenRange]) {
    lower = cell.minimum(of: form.affine)
    upper = cell.maximum(of: form.affine)
    for (unit, weight) in form.open {
      let range = ranges[unit]
      let (low, high) = weight.signum > 0 ? (range.lower, range.upper) : (range.upper, range.lower)
      lower = Self.sum(lower, low, weight)
      upper = Self.sum(upper, high, weight)
    }
  }

  init(lower: Rational?, upper: Rational?) {
    self.lower = lower
    self.upper = upper
  }

  private static func sum(_ left: Rational?, _ right: Rational?, _ weight: Rational) -> Rational? {
    guard let left, let right else { return nil }
    return left + weight * right
  }
}
