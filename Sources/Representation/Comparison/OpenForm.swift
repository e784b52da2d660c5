import Exact
import Polyhedra

/// An affine function on a cell plus a combination of the units that may bend there.
struct OpenForm: Sendable {
  var affine: AffineFunction
  /// By the number of the open unit; no zeros.
  var open: [Int: Rational] = [:]

  init(_ affine: AffineFunction) { self.affine = affine }

  /// The value of one open unit.
  init(unit: Int, inputs: Int) {
    affine = AffineFunction(constant: .zero, inputs: inputs)
    open = [unit: .one]
  }

  mutating func add(_ other: OpenForm, times factor: Rational) {
    affine.add(other.affine, times: factor)
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
