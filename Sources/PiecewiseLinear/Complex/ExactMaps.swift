import Exact
import Networks

/// The affine map x ↦ weights · x + offset in rational numbers.
public struct ExactAffineMap: Sendable, Hashable {
  /// `outputs × inputs`, row after row.
  public var weights: [Rational]
  /// `[outputs]`
  public var offset: [Rational]

  /// The value at a point, `[inputs]`. O(outputs × inputs).
  public func callAsFunction(_ point: [Rational]) -> [Rational] {
    offset.indices.map { row in
      point.indices.reduce(offset[row]) { $0 + weights[row * point.count + $1] * point[$1] }
    }
  }
}

/// The exact affine maps of a network on its regions, one pattern after another.
///
/// What two patterns in succession have in common, up to the first stage in which they differ, is computed once; in the
/// order of an enumeration that is most of it.
///
/// Not for use from several threads at once.
public final class ExactMaps {
  private let forms: PatternForms
  private let inputs: Int

  /// - Throws: `RegionError` when values could reach 1e150.
  public init(_ network: UnitNetwork) throws {
    inputs = network.inputCount
    let compiled = try CompiledNetwork(
      network, inputs: Array(0..<inputs), scales: Array(repeating: 1, count: inputs))
    forms = PatternForms(compiled, PatternLayout(network))
  }

  /// The map of the outputs where the pattern holds. O(parameters · inputs) integer products at worst.
  public func map(of pattern: ActivationPattern) -> ExactAffineMap {
    forms.move(to: pattern)
    let rows = forms.outputs.map { row in (0...inputs).map { row.rational($0) * forms.outputUnit } }
    return ExactAffineMap(weights: rows.flatMap { $0.dropFirst() }, offset: rows.map { $0[0] })
  }

  /// The preactivations of a unit where the pattern holds, each as [constant, coefficients of the inputs].
  public func unit(_ stage: Int, _ unit: Int, of pattern: ActivationPattern) -> [[Rational]] {
    forms.move(to: pattern)
    return forms.unit(stage, unit).map { row in (0...inputs).map { row.rational($0) * forms.unitOfStage(stage) } }
  }
}

/// The exact forms of a compiled network where a pattern holds, in integers.
final class PatternForms {
  let network: CompiledNetwork
  private let layout: PatternLayout
  private let phases: Phases
  private let forms: ExactForms

  init(_ network: CompiledNetwork, _ layout: PatternLayout) {
    self.network = network
    self.layout = layout
    phases = Phases(network)
    forms = ExactForms(network)
  }

  func move(to pattern: ActivationPattern) {
    var first = network.hiddenStages
    for (index, entry) in layout.entries.enumerated() {
      let phase = Int32(layout.phase(index, of: pattern))
      guard phases[entry.stage, entry.unit] != phase else { continue }
      phases[entry.stage, entry.unit] = phase
      first = min(first, entry.stage)
    }
    forms.invalidate(from: first + 1)
  }

  /// Sets the phase of one unit, the forms of later stages being asked for afterwards only.
  func set(_ stage: Int, _ unit: Int, to phase: Int) {
    guard phases[stage, unit] != Int32(phase) else { return }
    phases[stage, unit] = Int32(phase)
    forms.invalidate(from: stage + 1)
  }

  /// A form times 2^bits of its stage.
  func form(_ stage: Int, _ form: Int) -> IntegerVector { forms.form(stage, form, phases: phases) }

  func difference(_ stage: Int, _ form: Int, _ other: Int) -> IntegerVector {
    forms.difference(stage, form, other, phases: phases)
  }

  /// The outputs' forms, times 1 / `outputUnit`.
  var outputs: [IntegerVector] {
    (0..<network.stages[network.hiddenStages].forms).map { form(network.hiddenStages, $0) }
  }

  var outputUnit: Rational { unitOfStage(network.hiddenStages) }

  func unitOfStage(_ stage: Int) -> Rational { Rational(powerOfTwo: -forms.bits[stage]) }

  func unit(_ stage: Int, _ unit: Int) -> [IntegerVector] {
    let content = network.stages[stage].units[unit]
    return (0..<content.formCount).map { form(stage, content.form + $0) }
  }
}

extension IntegerVector {
  /// Whether all elements are equal. O(count).
  func equals(_ other: IntegerVector) -> Bool {
    let difference = IntegerVector(count: 1)
    return (0..<count).allSatisfy { index in
      difference.set(0, to: self, index)
      difference.subtract(0, other, index)
      return difference.signum(0) == 0
    }
  }
}
