import Networks

/// Compares a region with what the network itself does at its interior point.
public struct RegionExaminer: Sendable {
  /// The results for one region.
  public struct Examination: Sendable {
    public enum Pattern: Sendable {
      case confirmed
      case undecided
      case wrong
    }

    /// nil for a region that is unbounded, or given without vertices.
    public var volume: Double?
    /// The largest error of an output, relative to the terms that the forward pass adds up.
    public var valueError: Double
    public var pattern: Pattern
  }

  private let network: UnitNetwork
  private let layout: PatternLayout

  public init(_ enumeration: RegionEnumeration) {
    network = enumeration.network
    layout = enumeration.layout
  }

  /// Needs the region's map and facets, and vertices for the volume. O(parameters), and the volume.
  public func examine(_ region: LinearRegion) -> Examination {
    let pass = TracedPass(network, at: region.interiorPoint)
    var pattern = Examination.Pattern.confirmed
    for (index, entry) in layout.entries.enumerated() {
      switch pass.agreement(entry, phase: layout.phase(index, of: region.pattern)) {
      case .confirmed: continue
      case .undecided: if pattern == .confirmed { pattern = .undecided }
      case .wrong: pattern = .wrong
      }
    }
    let mapped = region.map(region.interiorPoint)
    var valueError = 0.0
    for (output, value) in pass.outputs.enumerated() {
      valueError = max(valueError, abs(mapped[output] - value.sum) / max(value.size, .leastNormalMagnitude))
    }
    let hasVolume = region.isBounded && region.vertices.rows > 0
    return Examination(volume: hasVolume ? region.volume : nil, valueError: valueError, pattern: pattern)
  }
}

/// A forward pass in doubles that knows how large the terms are that it adds up.
private struct TracedPass {
  struct Value {
    var sum: Double
    /// The sum of the magnitudes of the terms that are not multiplied by 0.
    var size: Double
  }

  private let unitsForms: [[[Value]]]
  let outputs: [Value]

  init(_ network: UnitNetwork, at point: [Double]) {
    var values = point.map { Value(sum: $0, size: abs($0)) }
    func evaluate(_ form: AffineForm) -> Value {
      form.terms.reduce(into: Value(sum: form.constant, size: abs(form.constant))) { total, term in
        total.sum += term.weight * values[term.value].sum
        total.size += abs(term.weight) * values[term.value].size
      }
    }
    var stages: [[[Value]]] = []
    for stage in network.stages {
      let forms = stage.units.map { $0.forms.map(evaluate) }
      for (unit, forms) in zip(stage.units, forms) {
        switch unit.kind {
        case .hinge(let below, let above):
          let slope = forms[0].sum > 0 ? above : below
          values.append(Value(sum: slope * forms[0].sum, size: abs(slope) * forms[0].size))
        case .maximum:
          values.append(forms.dropFirst().reduce(forms[0]) { $1.sum > $0.sum ? $1 : $0 })
        }
      }
      stages.append(forms)
    }
    unitsForms = stages
    outputs = network.outputs.map(evaluate)
  }

  func agreement(_ entry: PatternLayout.Entry, phase: Int) -> RegionExaminer.Examination.Pattern {
    let forms = unitsForms[entry.stage][entry.unit]
    guard entry.isMaximum else {
      return Self.verdict(phase == 1 ? forms[0].sum : -forms[0].sum, forms[0].size, acceptsZero: phase == 0)
    }
    var worst = RegionExaminer.Examination.Pattern.confirmed
    for rival in forms.indices where rival != phase {
      let size = forms[phase].size + forms[rival].size
      switch Self.verdict(forms[phase].sum - forms[rival].sum, size, acceptsZero: phase < rival) {
      case .confirmed: continue
      case .undecided: worst = worst == .wrong ? .wrong : .undecided
      case .wrong: worst = .wrong
      }
    }
    return worst
  }

  /// - Parameters:
  ///   - margin: positive where the pattern agrees; or 0, where that is accepted.
  ///   - size: the sum of the magnitudes of the terms of the margin.
  private static func verdict(
    _ margin: Double, _ size: Double, acceptsZero: Bool
  ) -> RegionExaminer.Examination.Pattern {
    if margin > 0 || (margin == 0 && acceptsZero) { return .confirmed }
    // Each of t additions errs by half a unit in the last place of the size at most; 2¹² of them on all paths together.
    return margin >= -0x1p-40 * size ? .undecided : .wrong
  }
}
