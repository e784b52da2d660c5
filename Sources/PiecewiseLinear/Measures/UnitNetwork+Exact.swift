import Exact
import Networks

extension UnitNetwork {
  /// The exact partial derivatives on a region, `[outputs][inputs]`, by the chain rule from each output back.
  ///
  /// - Complexity: O(outputs · parameters) rational products at most; units that do not matter cost nothing.
  func exactJacobian(on pattern: ActivationPattern, _ layout: PatternLayout) -> [[Rational]] {
    let offsets = stageOffsets
    var phases = Array(repeating: 0, count: unitCount)
    for (index, entry) in layout.entries.enumerated() {
      phases[offsets[entry.stage] - inputCount + entry.unit] = layout.phase(index, of: pattern)
    }
    let units = stages.flatMap(\.units)
    return outputs.map { output in
      var adjoints = [Rational?](repeating: nil, count: inputCount + units.count)
      func add(_ form: AffineForm, times factor: Rational) {
        for term in form.terms {
          let share = Rational(exactly: term.weight) * factor
          adjoints[term.value] = adjoints[term.value].map { $0 + share } ?? share
        }
      }
      add(output, times: .one)
      for (index, unit) in units.enumerated().reversed() {
        guard let adjoint = adjoints[inputCount + index], adjoint.signum != 0 else { continue }
        switch unit.kind {
        case .hinge(let below, let above):
          let slope = phases[index] == 1 || !unit.bends ? above : below
          if slope != 0 { add(unit.forms[0], times: adjoint * Rational(exactly: slope)) }
        case .maximum:
          add(unit.forms[phases[index]], times: adjoint)
        }
      }
      return adjoints.prefix(inputCount).map { $0 ?? .zero }
    }
  }
}
