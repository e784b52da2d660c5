import Exact
import Networks

/// The hyperplanes of a region's facets, exactly and as residues, in the coordinates of the compiled network.
final class CrossingForms {
  let layout: PatternLayout
  let domain: PreparedDomain
  let exact: PatternForms
  let residues: ResidueForms
  private let network: CompiledNetwork
  private var pattern: ActivationPattern
  /// Exact forms are moved only when somebody asks for one.
  private var exactIsBehind = true
  /// The residues of the hyperplanes that somebody has asked for.
  private var known: [(crossing: RegionComplex.Crossing, residues: [Residue])] = []

  init(_ enumeration: RegionEnumeration, _ residueNetwork: ResidueNetwork) {
    layout = enumeration.layout
    domain = enumeration.prepared
    network = enumeration.compiled
    exact = PatternForms(enumeration.compiled, enumeration.layout)
    residues = ResidueForms(residueNetwork)
    pattern = ActivationPattern(bits: enumeration.layout.bits)
  }

  /// Goes to a region. Neighbours in the order of the enumeration cost least.
  func move(to pattern: ActivationPattern) {
    self.pattern = pattern
    exactIsBehind = true
    known.removeAll(keepingCapacity: true)
    var next = 0
    for stage in 0..<network.hiddenStages {
      let units = network.stages[stage].units
      residues.set(stage) { unit in
        guard next < layout.entries.count, layout.entries[next].stage == stage, layout.entries[next].unit == unit
        else { return units[unit].isMaximum ? 0 : 1 }
        next += 1
        return layout.phase(next - 1, of: pattern)
      }
    }
  }

  /// The exact forms on the region.
  var exactForms: PatternForms {
    if exactIsBehind {
      exact.move(to: pattern)
      exactIsBehind = false
    }
    return exact
  }

  /// The exact coefficients of a facet's hyperplane, up to a factor, whose sign is that of `side`.
  func hyperplane(_ crossing: RegionComplex.Crossing) -> IntegerVector {
    guard !crossing.isBoundary else { return domain.exactRows[row(crossing)] }
    let entry = layout.entries[Int(crossing.entry)]
    let form = network.stages[entry.stage].units[entry.unit].form
    guard entry.isMaximum else { return exactForms.form(entry.stage, form) }
    let winner = layout.phase(Int(crossing.entry), of: pattern)
    return exactForms.difference(entry.stage, form + winner, form + Int(crossing.phase))
  }

  /// The same as residues. O(facets asked for).
  func residues(_ crossing: RegionComplex.Crossing) -> [Residue] {
    if let (_, residues) = known.first(where: { $0.crossing == crossing }) { return residues }
    let residues = computedResidues(crossing)
    known.append((crossing, residues))
    return residues
  }

  private func computedResidues(_ crossing: RegionComplex.Crossing) -> [Residue] {
    guard !crossing.isBoundary else { return domain.rows[row(crossing)].map { Residue($0) } }
    let entry = layout.entries[Int(crossing.entry)]
    let form = network.stages[entry.stage].units[entry.unit].form
    guard entry.isMaximum else { return residues.form(entry.stage, form) }
    let winner = layout.phase(Int(crossing.entry), of: pattern)
    let rival = residues.form(entry.stage, form + Int(crossing.phase))
    return zip(residues.form(entry.stage, form + winner), rival).map { $0 - $1 }
  }

  /// +1 where the region lies on the side on which the hyperplane's form is positive, else −1.
  func side(_ crossing: RegionComplex.Crossing) -> Int {
    guard !crossing.isBoundary else { return 1 }
    let entry = layout.entries[Int(crossing.entry)]
    return entry.isMaximum || layout.phase(Int(crossing.entry), of: pattern) == 1 ? 1 : -1
  }

  private func row(_ crossing: RegionComplex.Crossing) -> Int {
    -1 - Int(crossing.entry) + (domain.heightRow == nil ? 0 : 1)
  }
}
