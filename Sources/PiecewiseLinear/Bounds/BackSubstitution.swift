import Exact
import Networks

/// Bounds an affine form by writing it as one of the inputs: every unit is replaced, last to first, by the line below or
/// above it that its coefficient asks for.
///
/// Coefficients are plain `Double`s. Whenever one is rounded, the error times the largest magnitude of the value that it
/// belongs to is put aside, and all of it is taken off the bound at the end: with rounding to nearest, |fl(x) − x| ≤
/// 2⁻⁵³ |fl(x)| + 2⁻¹⁰⁷⁵. So cancellation costs tightness, never truth. Constants are summed in intervals.
struct BackSubstitution {
  /// Work space: the coefficient of each value.
  private var coefficients: [Double]
  private var constant = Interval.zero
  /// The sum of |rounded number| · |value| over all roundings.
  private var roundings = 0.0

  init(valueCount: Int) {
    coefficients = Array(repeating: 0, count: valueCount)
  }

  /// The range of a form, within the range that is known already; nil when nothing is left, so that there is no point at
  /// which all of the given choices hold.
  mutating func range(
    of form: AffineForm, _ network: BoundPropagation, _ bounds: UnitBounds, known: Interval
  ) -> Interval? {
    let lower = leastValue([(1, form)], network, bounds)
    let upper = -leastValue([(-1, form)], network, bounds)
    return known.narrowed(lower: lower, upper: upper)
  }

  /// The range of `first` − `second`, within the range that is known already.
  mutating func range(
    ofDifference first: AffineForm, _ second: AffineForm, _ network: BoundPropagation, _ bounds: UnitBounds,
    known: Interval
  ) -> Interval? {
    let lower = leastValue([(1, first), (-1, second)], network, bounds)
    let upper = -leastValue([(-1, first), (1, second)], network, bounds)
    return known.narrowed(lower: lower, upper: upper)
  }

  /// A lower bound of Σ factor · form; −∞ when nothing is known.
  private mutating func leastValue(
    _ sum: [(factor: Double, form: AffineForm)], _ network: BoundPropagation, _ bounds: UnitBounds
  ) -> Double {
    constant = .zero
    roundings = 0
    var top = -1
    bounds.values.withUnsafeBufferPointer { values in
      for part in sum {
        add(part.form, factor: part.factor, values)
        top = max(top, part.form.terms.last?.value ?? -1)
      }
      for value in stride(from: top, through: network.inputCount, by: -1) where coefficients[value] != 0 {
        let coefficient = coefficients[value]
        coefficients[value] = 0
        let unit = value - network.inputCount
        let line = coefficient > 0 ? bounds.relaxations[unit].below : bounds.relaxations[unit].above
        let forms = network.units[unit].forms
        let ranges = bounds.forms[unit]
        substitute(forms[line.form], ranges[line.form], coefficient: coefficient, slope: line.slope, values)
        if line.otherSlope != 0 {
          substitute(
            forms[line.otherForm], ranges[line.otherForm], coefficient: coefficient, slope: line.otherSlope, values)
        }
        if line.shift != 0 { constant = constant + Interval(coefficient) * Interval(line.shift) }
      }
      for input in 0..<network.inputCount where coefficients[input] != 0 {
        constant = constant + Interval(coefficients[input]) * values[input]
        coefficients[input] = 0
      }
    }
    // A NaN or an infinity stands for an overflow on the way. The factor pays for the rounding of the sum itself.
    guard roundings.isFinite else { return -.infinity }
    return (Interval(constant.lower) - Interval(roundings * (0x1p-53 * (1 + 0x1p-20)))).lower.nextDown
  }

  /// Adds coefficient · slope · form.
  @inline(__always)
  private mutating func substitute(
    _ form: AffineForm, _ range: Interval, coefficient: Double, slope: Double,
    _ values: UnsafeBufferPointer<Interval>
  ) {
    guard slope != 0 else { return }
    let factor = coefficient * slope
    roundings += (abs(factor) + Self.underflow) * range.magnitude
    add(form, factor: factor, values)
  }

  @inline(__always)
  private mutating func add(
    _ form: AffineForm, factor: Double, _ values: UnsafeBufferPointer<Interval>
  ) {
    constant = constant + Interval(factor) * Interval(form.constant)
    var errors = 0.0
    coefficients.withUnsafeMutableBufferPointer { coefficients in
      for term in form.terms {
        let product = factor * term.weight
        let sum = coefficients[term.value] + product
        coefficients[term.value] = sum
        errors += (abs(product) + abs(sum) + Self.underflow) * values[term.value].magnitude
      }
    }
    roundings += errors
  }

  /// Far above the error of a product that underflows, divided by 2⁻⁵³; far below any number that matters.
  private static let underflow = 0x1p-1000
}

extension Interval {
  /// The largest magnitude of the numbers in the interval.
  var magnitude: Double { max(-lower, upper) }

  /// The part between two further bounds; nil when it is empty.
  fileprivate func narrowed(lower otherLower: Double, upper otherUpper: Double) -> Interval? {
    let low = max(lower, otherLower)
    let high = min(upper, otherUpper)
    return low <= high ? Interval(lower: low, upper: high) : nil
  }
}
