import Exact
import Networks

/// Decides exactly which activation region a point lies in: the choice of every unit around the point.
///
/// A filter first: the plain forward pass in `Double` with a bound of its rounding error beside each value. Only a unit
/// whose choice is nearer than that bound is decided in rational arithmetic. A form that is zero at the point is either
/// identically zero around it, which its gradient tells, and then counts as inactive; or the point lies on its hyperplane.
struct LocalPattern: Sendable {
  private let inputCount: Int
  private let units: [UnitNetwork.Unit]

  init(_ network: UnitNetwork) {
    inputCount = network.inputCount
    units = network.stages.flatMap(\.units)
  }

  /// The choices of all units near a point; nil when the point lies on the boundary of regions.
  ///
  /// - Complexity: O(parameters), in rational arithmetic in the worst case.
  func choices(at point: [Double]) -> [Int]? {
    var values = point.map { FilteredValue(value: $0, error: 0, isZero: false) }
    values.reserveCapacity(inputCount + units.count)
    var choices: [Int] = []
    choices.reserveCapacity(units.count)
    var exact: ExactPoint?
    for unit in units {
      let forms = unit.forms.map { $0.filtered(values) }
      let decided = Self.choice(unit, forms)
      if decided == nil, exact == nil { exact = ExactPoint(point) }
      guard let choice = decided ?? exact?.choice(unit, units, choices) else { return nil }
      choices.append(choice)
      switch unit.kind {
      case .hinge(let below, let above):
        values.append(forms[0].scaled(by: choice == 1 || !unit.bends ? above : below))
      case .maximum:
        values.append(forms[choice])
      }
    }
    return choices
  }

  /// The choice where the error bounds leave only one.
  private static func choice(_ unit: UnitNetwork.Unit, _ forms: [FilteredValue]) -> Int? {
    guard unit.bends else { return 0 }
    switch unit.kind {
    case .hinge:
      if forms[0].isZero { return 0 }
      return forms[0].value > forms[0].error ? 1 : forms[0].value < -forms[0].error ? 0 : nil
    case .maximum:
      let winner = forms.indices.max { forms[$0].value < forms[$1].value } ?? 0
      let isClear = forms.indices.allSatisfy { other in
        other == winner || forms[winner].isSurelyAbove(forms[other])
      }
      return isClear ? winner : nil
    }
  }
}

/// A value near a point, with a bound of its rounding error.
struct FilteredValue: Sendable {
  var value: Double
  var error: Double
  /// Whether it is identically zero around the point.
  var isZero: Bool

  func scaled(by factor: Double) -> FilteredValue {
    if factor == 1 { return self }
    if factor == 0 || isZero { return FilteredValue(value: 0, error: 0, isZero: true) }
    let product = factor * value
    return FilteredValue(
      value: product, error: (abs(factor) * error + 0x1p-53 * abs(product)) * (1 + 0x1p-50) + 0x1p-1070, isZero: false)
  }

  func isSurelyAbove(_ other: FilteredValue) -> Bool {
    value - other.value > (error + other.error) * (1 + 0x1p-50) + 0x1p-52 * (abs(value) + abs(other.value))
  }
}

extension AffineForm {
  /// The form near a point. The error of a sum of k products, in any order, is at most k 2⁻⁵³/(1 − k 2⁻⁵³) times the
  /// sum of their magnitudes (N. Higham, Accuracy and stability of numerical algorithms, 2002, section 3.1), and 2⁻¹⁰⁷⁴
  /// for each product that underflows.
  fileprivate func filtered(_ values: [FilteredValue]) -> FilteredValue {
    var sum = constant
    var magnitude = abs(constant)
    var inherited = 0.0
    var isConstant = true
    for term in terms {
      let operand = values[term.value]
      if operand.isZero { continue }
      isConstant = false
      let product = term.weight * operand.value
      sum += product
      magnitude += abs(product)
      inherited += abs(term.weight) * operand.error
    }
    if isConstant { return FilteredValue(value: constant, error: 0, isZero: constant == 0) }
    let count = Double(terms.count)
    let error = (magnitude * ((count + 2) * 0x1p-53) + inherited) * (1 + 0x1p-20) + count * 0x1p-1060
    return FilteredValue(value: sum, error: error, isZero: false)
  }
}

/// The rare path: one point in rational arithmetic, with the units decided so far.
struct ExactPoint {
  private let inputCount: Int
  private var values: [Rational]

  init(_ point: [Double]) {
    inputCount = point.count
    values = point.map { Rational(exactly: $0) }
  }

  /// The choice of a unit near the point, the choices of all units before it being known; nil on a boundary.
  mutating func choice(_ unit: UnitNetwork.Unit, _ units: [UnitNetwork.Unit], _ choices: [Int]) -> Int? {
    while values.count < inputCount + choices.count {
      let index = values.count - inputCount
      values.append(value(units[index], choices[index]))
    }
    let forms = unit.forms.map(value)
    switch unit.kind {
    case .hinge:
      if forms[0].signum != 0 { return forms[0].signum > 0 ? 1 : 0 }
      return gradient([(1, unit.forms[0])], units, choices).isEmpty ? 0 : nil
    case .maximum:
      guard let winner = forms.indices.max(by: { forms[$0] < forms[$1] }) else { return nil }
      let ties = forms.indices.filter { forms[$0] == forms[winner] }
      let areOne = ties.allSatisfy { tie in
        tie == ties[0] || gradient([(1, unit.forms[tie]), (-1, unit.forms[ties[0]])], units, choices).isEmpty
      }
      return areOne ? ties[0] : nil
    }
  }

  private func value(_ form: AffineForm) -> Rational {
    form.terms.reduce(Rational(exactly: form.constant)) { $0 + Rational(exactly: $1.weight) * values[$1.value] }
  }

  private func value(_ unit: UnitNetwork.Unit, _ choice: Int) -> Rational {
    switch unit.kind {
    case .hinge(let below, let above):
      Rational(exactly: choice == 1 || !unit.bends ? above : below) * value(unit.forms[0])
    case .maximum: value(unit.forms[choice])
    }
  }

  /// The non-zero partial derivatives of a combination of forms with respect to the inputs, by going back through the
  /// units, last to first.
  private func gradient(
    _ sum: [(factor: Rational, form: AffineForm)], _ units: [UnitNetwork.Unit], _ choices: [Int]
  ) -> [Int: Rational] {
    var coefficients: [Int: Rational] = [:]
    func add(_ form: AffineForm, _ factor: Rational) {
      for term in form.terms { coefficients[term.value, default: 0] += factor * Rational(exactly: term.weight) }
    }
    for part in sum { add(part.form, part.factor) }
    while let value = coefficients.keys.max(), value >= inputCount {
      let coefficient = coefficients.removeValue(forKey: value) ?? 0
      if coefficient.signum == 0 { continue }
      let index = value - inputCount
      switch units[index].kind {
      case .hinge(let below, let above):
        let slope = choices[index] == 1 || !units[index].bends ? above : below
        if slope != 0 { add(units[index].forms[0], coefficient * Rational(exactly: slope)) }
      case .maximum:
        add(units[index].forms[choices[index]], coefficient)
      }
    }
    return coefficients.filter { $0.value.signum != 0 }
  }
}
