import Exact
import Networks

/// Every value of a network over a box as an affine form in noise symbols εₛ ∈ [−1, 1]: a zonotope in the space of all
/// values.
///
/// A value lies in centre + Σ coefficientₛ εₛ + [−radius, radius] with symbols that all values share. The first symbols are
/// the inputs; each unit that may bend adds one: h(z) = λ z + μ ± ν with the slope λ of the chord, which has the least area.
/// Radii hold what rounding does: |fl(x) − x| ≤ 2⁻⁵³ |fl(x)| + 2⁻¹⁰⁷⁵ for each sum and product, so that the enclosure holds
/// for real arithmetic on the weights. A maximum whose winner is not known becomes a range of its own.
///
/// Source: G. Singh, T. Gehr, M. Mirman, M. Püschel, M. Vechev, Fast and effective robustness certification (DeepZ), 2018.
struct NoiseForms: Sendable {
  struct Value: Sendable {
    var centre: Double
    var radius: Double
    /// Symbols after the last have the coefficient 0.
    var coefficients: [Double]
  }

  /// 1 GB.
  private static let mostCoefficients = 1 << 27
  /// Far above what products that underflow lose, divided by 2⁻⁵³.
  private static let underflow = 0x1p-1000
  /// Pays for the rounding of the sums of errors, of up to 2³⁰ terms none of which is negative.
  private static let slack = 1 + 0x1p-20

  private(set) var values: [Value] = []
  /// What is known of each value: the range of its form cut with interval arithmetic.
  private(set) var ranges: [Interval] = []
  private(set) var symbols = 0

  /// O(terms · symbols), symbols being the inputs that vary and the units that may bend.
  ///
  /// - Throws: ``ReachError`` when there are too many units for the memory.
  init(_ network: UnitNetwork, over box: [Interval]) throws {
    let bending = network.stages.reduce(0) { $0 + $1.units.count { $0.bends } }
    let (size, overflow) = (network.inputCount + network.unitCount).multipliedReportingOverflow(
      by: network.inputCount + bending)
    guard !overflow, size <= Self.mostCoefficients else {
      throw ReachError(
        "a zonotope of \(network.unitCount) units needs more than a gigabyte; take intervals or relaxations")
    }
    for interval in box {
      let centre = interval.midpoint
      let value = Value(centre: centre, radius: 0, coefficients: [])
      append(value, noise: Self.halfWidth(interval, around: centre), range: interval)
    }
    for unit in network.stages.flatMap(\.units) {
      switch unit.kind {
      case .hinge(let below, let above): addHinge(unit.forms[0], below, above)
      case .maximum: addMaximum(unit.forms)
      }
    }
  }

  /// An upper bound of the distance from a number inside to the farther end.
  private static func halfWidth(_ range: Interval, around middle: Double) -> Double {
    max((Interval(range.upper) - Interval(middle)).upper, (Interval(middle) - Interval(range.lower)).upper)
  }

  /// Adds a value, with a new symbol unless there is nothing for it.
  private mutating func append(_ value: Value, noise: Double, range: Interval) {
    var value = value
    if noise > 0 {
      value.coefficients += Array(repeating: 0, count: symbols - value.coefficients.count)
      value.coefficients.append(noise)
      symbols += 1
    }
    values.append(value)
    ranges.append(range.narrowed(to: Self.range(of: value)))
  }

  private mutating func addHinge(_ form: AffineForm, _ below: Double, _ above: Double) {
    let value = value(of: form)
    let range = form.range(over: ranges).narrowed(to: Self.range(of: value))
    let output = range.bent(below: below, above: above)
    if below == above || range.lower >= 0 || range.upper <= 0 {
      append(value.scaled(by: range.lower >= 0 ? above : below), noise: 0, range: output)
      return
    }
    let chord = (above * range.upper - below * range.lower) / (range.upper - range.lower)
    let slope = chord.isFinite ? chord : 0
    // h(z) − λ z takes its extremes at the ends of the range or at 0.
    let left = (Interval(below) - Interval(slope)) * Interval(range.lower)
    let right = (Interval(above) - Interval(slope)) * Interval(range.upper)
    let rest = Interval(lower: min(left.lower, right.lower, 0), upper: max(left.upper, right.upper, 0))
    append(value.scaled(by: slope), plus: rest, range: output)
  }

  private mutating func addMaximum(_ forms: [AffineForm]) {
    let all = forms.map { form -> (value: Value, range: Interval) in
      let value = value(of: form)
      return (value, form.range(over: ranges).narrowed(to: Self.range(of: value)))
    }
    let least = all.map(\.range.lower).max() ?? -.infinity
    let open = all.filter { $0.range.upper >= least }
    if open.count == 1 {
      append(open[0].value, noise: 0, range: open[0].range)
    } else {
      let range = Interval(lower: least, upper: open.map(\.range.upper).max() ?? .infinity)
      append(Value(centre: 0, radius: 0, coefficients: []), plus: range, range: range)
    }
  }

  /// Adds value + [rest], the rest around its middle by a symbol of its own.
  private mutating func append(_ value: Value, plus rest: Interval, range: Interval) {
    let middle = rest.midpoint
    let half = Self.halfWidth(rest, around: middle)
    var value = value
    let sum = Interval(value.centre) + Interval(middle)
    value.centre += middle
    value.radius = (Interval(value.radius) + Interval(sum.width)).upper
    append(value, noise: half, range: range)
  }

  /// A form over the values. O(terms · symbols).
  func value(of form: AffineForm) -> Value {
    var centre = form.constant
    var coefficients = Array(repeating: 0.0, count: symbols)
    var radius = 0.0
    var errors = 0.0
    coefficients.withUnsafeMutableBufferPointer { sums in
      for term in form.terms {
        let product = term.weight * values[term.value].centre
        centre += product
        errors += abs(product) + abs(centre) + Self.underflow
        radius += abs(term.weight) * values[term.value].radius + Self.underflow
        values[term.value].coefficients.withUnsafeBufferPointer { own in
          for symbol in own.indices where own[symbol] != 0 {
            let product = term.weight * own[symbol]
            sums[symbol] += product
            errors += abs(product) + abs(sums[symbol]) + Self.underflow
          }
        }
      }
    }
    return Value(
      centre: centre, radius: ((radius + 0x1p-53 * errors) * Self.slack).nextUp, coefficients: coefficients)
  }

  /// The range of a value; the whole line where numbers have left the range of doubles.
  static func range(of value: Value) -> Interval {
    // A sum of n numbers, none negative, is off by less than n 2⁻⁵² of itself.
    let rounding = 1 + 0x1p-52 * Double(value.coefficients.count + 2)
    let spread = ((value.coefficients.reduce(0) { $0 + abs($1) } + value.radius) * rounding).nextUp
    guard value.centre.isFinite, spread.isFinite else { return .whole }
    return Interval(value.centre) + Interval(lower: -spread, upper: spread)
  }
}

extension NoiseForms.Value {
  func scaled(by factor: Double) -> Self {
    if factor == 1 { return self }
    var errors = abs(centre * factor)
    let scaled = coefficients.map { coefficient in
      let product = coefficient * factor
      errors += abs(product) + (coefficient == 0 ? 0 : 0x1p-1000)
      return product
    }
    let own = abs(factor) * radius + 0x1p-53 * (errors + 0x1p-1000)
    return Self(centre: centre * factor, radius: (own * (1 + 0x1p-20)).nextUp, coefficients: scaled)
  }
}

extension Interval {
  /// The part that lies in another interval around the same number, as known in another way.
  func narrowed(to other: Interval) -> Interval {
    Interval(lower: max(lower, other.lower), upper: min(upper, other.upper))
  }
}
