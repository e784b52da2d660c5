import Exact
import Networks

/// A network's units with rational weights, one after another: inputs are the values 0 ..< n, then come the units.
struct ExactUnits: Sendable {
  enum Kind: Sendable {
    case hinge(below: Rational, above: Rational)
    case maximum
  }

  struct Unit: Sendable {
    var kind: Kind
    /// Over values that come before.
    var forms: [RationalNetwork.Row]
  }

  let inputs: Int
  let units: [Unit]
  let outputs: [RationalNetwork.Row]

  init(_ network: UnitNetwork) {
    func row(_ form: AffineForm) -> RationalNetwork.Row {
      .init(
        form.terms.map { (key: $0.value, value: Rational(exactly: $0.weight)) },
        constant: Rational(exactly: form.constant))
    }
    inputs = network.inputCount
    units = network.stages.flatMap(\.units).map { unit in
      switch unit.kind {
      case .hinge(let below, let above):
        Unit(kind: .hinge(below: Rational(exactly: below), above: Rational(exactly: above)), forms: unit.forms.map(row))
      case .maximum: Unit(kind: .maximum, forms: unit.forms.map(row))
      }
    }
    outputs = network.outputs.map(row)
  }

  init(_ network: RationalNetwork) {
    inputs = network.inputs
    // The first value of the layer that rows read.
    var first = 0
    func shifted(_ row: RationalNetwork.Row) -> RationalNetwork.Row {
      .init(row.terms.map { (key: $0.column + first, value: $0.weight) }, constant: row.constant)
    }
    var units: [Unit] = []
    for rows in network.hidden {
      let layer = rows.map { Unit(kind: .hinge(below: .zero, above: .one), forms: [shifted($0)]) }
      first = network.inputs + units.count
      units += layer
    }
    self.units = units
    outputs = network.outputs.map(shifted)
  }
}
