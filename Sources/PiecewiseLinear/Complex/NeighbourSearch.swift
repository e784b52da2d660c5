import Exact
import Networks

/// Finds the region on the other side of a facet.
///
/// Mostly one unit changes its phase there, and nothing else: when the pattern with this one change belongs to a region,
/// that is the neighbour. For it lies on the far side of the facet's hyperplane H, and a unit that vanishes on the facet
/// has a form that is a multiple of H's, hence one sign on that whole side.
///
/// Otherwise further units bend at the same facet. Stage after stage, a unit keeps its phase unless its form on the far
/// side is a multiple of H's: then the factor's sign decides, exactly.
final class NeighbourSearch {
  private let patterns: PatternTable
  private let layout: PatternLayout
  private let network: CompiledNetwork
  private let near: CrossingForms
  private let far: ResidueForms
  private let farExact: PatternForms
  private var nearRegion = -1

  init(_ enumeration: RegionEnumeration, _ patterns: PatternTable, _ residueNetwork: ResidueNetwork) {
    self.patterns = patterns
    layout = enumeration.layout
    network = enumeration.compiled
    near = CrossingForms(enumeration, residueNetwork)
    far = ResidueForms(residueNetwork)
    farExact = PatternForms(enumeration.compiled, enumeration.layout)
  }

  /// The neighbour across a facet that is not on the domain's boundary; nil where its pattern is not in the table, as
  /// happens when an enumeration is not complete.
  ///
  /// - Complexity: O(words of a pattern); O(parameters · n) where units bend together.
  func neighbour(of region: Int, across crossing: RegionComplex.Crossing) -> Int? {
    let pattern = patterns[region]
    var flipped = pattern
    layout.set(Int(crossing.entry), to: Int(crossing.phase), in: &flipped)
    if let neighbour = patterns.index(of: flipped) { return neighbour }
    return patterns.index(of: patternAcross(crossing, from: region, pattern))
  }

  private func patternAcross(
    _ crossing: RegionComplex.Crossing, from region: Int, _ pattern: ActivationPattern
  ) -> ActivationPattern {
    if nearRegion != region {
      near.move(to: pattern)
      nearRegion = region
    }
    let plane = FarPlane(near, crossing)
    farExact.move(to: pattern)
    var result = pattern
    var next = 0
    for stage in 0..<network.hiddenStages {
      let units = network.stages[stage].units
      far.set(stage) { unit in
        guard next < layout.entries.count, layout.entries[next].stage == stage, layout.entries[next].unit == unit
        else { return units[unit].isMaximum ? 0 : 1 }
        next += 1
        let known = layout.phase(next - 1, of: pattern)
        let phase =
          units[unit].isMaximum
          ? winner(stage, units[unit], known, plane) : side(stage, units[unit].form, known, plane)
        layout.set(next - 1, to: phase, in: &result)
        farExact.set(stage, unit, to: phase)
        return phase
      }
    }
    return result
  }

  /// The phase of a hinge on the far side.
  private func side(_ stage: Int, _ form: Int, _ known: Int, _ plane: FarPlane) -> Int {
    guard plane.mayContain(far.form(stage, form)) else { return known }
    let exact = farExact.form(stage, form)
    guard plane.contains(exact) else { return known }
    return plane.factorSign(exact) > 0 ? 1 : 0
  }

  /// The winner of a maximum on the far side: of the forms that tie with the known one on the plane that which grows
  /// fastest beyond it, the first of equals.
  private func winner(_ stage: Int, _ unit: CompiledNetwork.Unit, _ known: Int, _ plane: FarPlane) -> Int {
    var best = known
    let reference = far.form(stage, unit.form + known)
    for rival in 0..<unit.formCount where rival != known {
      let residues = zip(far.form(stage, unit.form + rival), reference).map { $0 - $1 }
      guard plane.mayContain(residues),
        plane.contains(farExact.difference(stage, unit.form + rival, unit.form + known))
      else { continue }
      let sign = plane.factorSign(farExact.difference(stage, unit.form + rival, unit.form + best))
      if sign > 0 || (sign == 0 && rival < best) { best = rival }
    }
    return best
  }
}

/// A facet's hyperplane, its form positive beyond the region.
private struct FarPlane {
  private let exact: IntegerVector
  private let residues: [Residue]
  /// An element that is not zero.
  private let exactPivot: Int
  private let residuePivot: Int?
  private let sign: Int

  init(_ forms: CrossingForms, _ crossing: RegionComplex.Crossing) {
    exact = forms.hyperplane(crossing)
    residues = forms.residues(crossing)
    sign = -forms.side(crossing)
    let vector = exact
    exactPivot = (0..<vector.count).first { vector.signum($0) != 0 } ?? 0
    residuePivot = residues.firstIndex { $0 != .zero }
  }

  /// False where the form is certainly no multiple of the plane's.
  func mayContain(_ form: [Residue]) -> Bool {
    guard let pivot = residuePivot else { return true }
    return form.indices.allSatisfy { form[$0] * residues[pivot] == residues[$0] * form[pivot] }
  }

  /// Whether the form is a multiple of the plane's, zero included.
  func contains(_ form: IntegerVector) -> Bool {
    let difference = IntegerVector(count: 1)
    return (0..<form.count).allSatisfy { index in
      difference.set(0, to: 0)
      difference.addProduct(0, form, index, exact, exactPivot)
      difference.subtractProduct(0, exact, index, form, exactPivot)
      return difference.signum(0) == 0
    }
  }

  /// The sign, beyond the plane, of a form that is a multiple of the plane's.
  func factorSign(_ form: IntegerVector) -> Int { sign * exact.signum(exactPivot) * form.signum(exactPivot) }
}
