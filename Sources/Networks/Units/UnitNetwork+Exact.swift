import Exact

extension UnitNetwork {
  /// The outputs at a point, in rational arithmetic. O(parameters) rational products.
  public func exactOutputs(at point: [Rational]) -> [Rational] {
    var values = point
    values.reserveCapacity(inputCount + unitCount)
    func value(_ form: AffineForm) -> Rational {
      form.terms.reduce(Rational(exactly: form.constant)) { sum, term in
        values[term.value].signum == 0 ? sum : sum + Rational(exactly: term.weight) * values[term.value]
      }
    }
    for stage in stages {
      for unit in stage.units {
        switch unit.kind {
        case .hinge(let below, let above):
          let form = value(unit.forms[0])
          values.append(Rational(exactly: form.signum > 0 ? above : below) * form)
        case .maximum:
          values.append(unit.forms.dropFirst().reduce(value(unit.forms[0])) { max($0, value($1)) })
        }
      }
    }
    return outputs.map(value)
  }
}
