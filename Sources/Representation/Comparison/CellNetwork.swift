import Exact
import Networks
import Polyhedra

/// What is left of a network on one cell: the units that may bend there, each a form over the inputs and earlier ones.
///
/// Units that keep their side on the whole cell are folded into the forms of those that read them, exactly. On a small cell
/// few units remain. With some slack a hinge that leaves its side by no more than that is folded too, and the error is
/// kept as a radius.
struct CellNetwork {
  struct Unit {
    var kind: ExactUnits.Kind
    var forms: [OpenForm]

    /// The number of its affine parts.
    var choices: Int { if case .maximum = kind { forms.count } else { 2 } }
  }

  private(set) var units: [Unit] = []
  private(set) var outputs: [OpenForm] = []

  /// - Complexity: O(weights · n) rational operations.
  init(_ network: ExactUnits, on cell: ExactPolyhedron, slack: Double = 0) {
    var values = (0..<network.inputs).map { input in
      var gradient = [Rational](repeating: .zero, count: network.inputs)
      gradient[input] = .one
      return OpenForm(AffineFunction(gradient: gradient, constant: .zero))
    }
    values.reserveCapacity(network.inputs + network.units.count)
    var ranges: [OpenRange] = []
    let corners = CellCorners(cell)
    for unit in network.units {
      let forms = unit.forms.map { Self.form($0, values) }
      switch unit.kind {
      case .hinge(let below, let above):
        if let (choice, excess) = Self.side(of: forms[0], corners, ranges, slack: slack) {
          var value = forms[0]
          let slope = choice == 1 ? above : below
          if slope != .one { value = value.scaled(by: slope) }
          value.radius = forms[0].radius.afterHinge(below: below, above: above, excess: excess)
          values.append(value)
        } else {
          let range = OpenRange(forms[0], on: cell, ranges)
          values.append(OpenForm(unit: units.count, inputs: network.inputs))
          units.append(Unit(kind: unit.kind, forms: forms))
          ranges.append(Self.range(of: range, below: below, above: above))
        }
      case .maximum:
        let candidates = Self.contenders(forms, on: corners, ranges)
        if candidates.count == 1 {
          var value = forms[candidates[0]]
          for form in forms { value.radius.formMaximum(form.radius) }
          values.append(value)
        } else {
          var kept = candidates.map { forms[$0] }
          for form in forms { kept[0].radius.formMaximum(form.radius) }
          let known = kept.map { OpenRange($0, on: cell, ranges) }
          values.append(OpenForm(unit: units.count, inputs: network.inputs))
          units.append(Unit(kind: .maximum, forms: kept))
          let uppers = known.compactMap(\.upper)
          ranges.append(
            OpenRange(lower: known.compactMap(\.lower).max(), upper: uppers.count == known.count ? uppers.max() : nil))
        }
      }
    }
    outputs = network.outputs.map { Self.form($0, values) }
    dropUnread()
  }

  /// The side of a hinge on the whole cell, 1 where its argument is not negative, and by how much it is left, at most.
  private static func side(
    of argument: OpenForm, _ corners: CellCorners, _ ranges: [OpenRange], slack: Double
  ) -> (choice: Int, excess: Double)? {
    let sides = corners.sides(argument, ranges)
    if !sides.negative { return (1, 0) }
    if !sides.positive { return (0, 0) }
    guard slack > 0 else { return nil }
    let range = corners.range(argument, ranges)
    if -range.lower <= slack { return (1, -range.lower) }
    return range.upper <= slack ? (0, range.upper) : nil
  }

  private static func form(_ row: RationalNetwork.Row, _ values: [OpenForm]) -> OpenForm {
    var form = OpenForm(AffineFunction(constant: row.constant, inputs: values[0].affine.inputs))
    for term in row.terms { form.add(values[term.column], times: term.weight) }
    return form
  }

  /// The range of a hinge whose argument has both signs, or may have.
  private static func range(of argument: OpenRange, below: Rational, above: Rational) -> OpenRange {
    func end(_ bound: Rational?, _ slope: Rational) -> Rational?? {
      slope.signum == 0 ? .some(.zero) : bound.map { .some(slope * $0) } ?? .some(nil)
    }
    let ends = [end(argument.lower, below), end(argument.upper, above)].map { $0! }
    // An end without bound leads to +∞ or to −∞, by the slope.
    var (lower, upper): (Rational?, Rational?) = (.zero, .zero)
    for (value, grows) in zip(ends, [below.signum < 0, above.signum > 0]) {
      if let value {
        lower = lower.map { min($0, value) }
        upper = upper.map { max($0, value) }
      } else if grows {
        upper = nil
      } else {
        lower = nil
      }
    }
    return OpenRange(lower: lower, upper: upper)
  }

  /// The forms that may be the largest somewhere on the cell.
  private static func contenders(
    _ forms: [OpenForm], on corners: CellCorners, _ ranges: [OpenRange]
  ) -> [Int] {
    func isNowhereBelow(_ first: Int, _ second: Int) -> Bool {
      var difference = forms[first]
      difference.add(forms[second], times: -1)
      return !corners.sides(difference, ranges).negative
    }
    // Of equal ones the first is kept.
    return forms.indices.filter { index in
      !forms.indices.contains { other in
        other != index && isNowhereBelow(other, index) && (other < index || !isNowhereBelow(index, other))
      }
    }
  }

  /// Drops the units that no output depends on.
  private mutating func dropUnread() {
    var isRead = [Bool](repeating: false, count: units.count)
    for output in outputs { for unit in output.open.keys { isRead[unit] = true } }
    for index in units.indices.reversed() where isRead[index] {
      for form in units[index].forms { for unit in form.open.keys { isRead[unit] = true } }
    }
    var numbers: [Int: Int] = [:]
    for index in units.indices where isRead[index] { numbers[index] = numbers.count }
    func renumber(_ form: OpenForm) -> OpenForm {
      var result = form
      result.open = Dictionary(uniqueKeysWithValues: form.open.map { (numbers[$0.key]!, $0.value) })
      return result
    }
    units = units.indices.filter { isRead[$0] }.map { index in
      Unit(kind: units[index].kind, forms: units[index].forms.map(renumber))
    }
    outputs = outputs.map(renumber)
  }
}
