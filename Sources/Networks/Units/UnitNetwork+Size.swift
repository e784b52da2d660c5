extension UnitNetwork {
  /// What a unit is called, by its kind and slopes.
  public enum UnitName: String, Sendable, CaseIterable {
    /// A hinge with the slopes 0 and 1.
    case relu
    /// A hinge with two other slopes.
    case leaky
    /// A hinge with the slopes −1 and 1.
    case absolute
    case maximum
    /// A unit that never bends.
    case linear
  }

  /// How large a stage is.
  public struct StageSize: Sendable, Equatable {
    public let name: String
    /// The number of units, those that never bend included.
    public let units: Int
    public let bendingUnits: Int
    /// How many units of each name there are; none is missing for 0.
    public let names: [UnitName: Int]
    /// The number of nonzero weights, that is of terms of the units' forms.
    public let weights: Int
    /// The number of nonzero biases, that is of constants of the units' forms.
    public let biases: Int
  }

  /// The sizes of the stages, first to last. O(units).
  public var stageSizes: [StageSize] {
    stages.map { stage in
      let forms = stage.units.lazy.flatMap(\.forms)
      return StageSize(
        name: stage.name, units: stage.units.count, bendingUnits: stage.units.count(where: \.bends),
        names: stage.units.reduce(into: [:]) { $0[$1.name, default: 0] += 1 },
        weights: forms.reduce(0) { $0 + $1.terms.count }, biases: forms.count { $0.constant != 0 })
    }
  }

  /// The number of units that may bend, the "size" of a ReLU network. O(units).
  public var size: Int { stages.reduce(0) { $0 + $1.units.count(where: \.bends) } }

  /// The largest number of units that may bend in one stage. O(units).
  public var width: Int { stages.map { $0.units.count(where: \.bends) }.max() ?? 0 }

  /// One more than the largest number of bending units on a path from an input to an output; an affine map has depth 1.
  /// O(parameters).
  public var depth: Int {
    var depths = Array(repeating: 0, count: inputCount)
    func deepest(_ form: AffineForm) -> Int { form.terms.reduce(0) { max($0, depths[$1.value]) } }
    for stage in stages {
      depths += stage.units.map { unit in unit.forms.reduce(0) { max($0, deepest($1)) } + (unit.bends ? 1 : 0) }
    }
    return 1 + outputs.reduce(0) { max($0, deepest($1)) }
  }

  /// The number of nonzero weights and biases of units and outputs. O(units).
  public var parameterCount: Int {
    allForms.reduce(0) { $0 + $1.terms.count + ($1.constant == 0 ? 0 : 1) }
  }

  /// The number of multiplications, each with an addition, of one evaluation: one for each term, and one for each hinge
  /// that has a slope other than 0, 1 and −1. O(units).
  public var multiplyAddCount: Int {
    let slopes = stages.lazy.flatMap(\.units).count { unit in
      guard case .hinge(let below, let above) = unit.kind else { return false }
      return ![0, 1, -1].contains(below) || ![0, 1, -1].contains(above)
    }
    return slopes + allForms.reduce(0) { $0 + $1.terms.count }
  }

  /// The bytes that the weights and biases take here: 16 for a term with its value's number, 8 for a bias. O(units).
  public var weightBytes: Int {
    allForms.reduce(0) { $0 + MemoryLayout<AffineForm.Term>.stride * $1.terms.count + MemoryLayout<Double>.size }
  }

  /// The forms of all units and outputs.
  private var allForms: some Sequence<AffineForm> {
    let units = stages.lazy.flatMap(\.units).flatMap(\.forms)
    return [AnySequence(units), AnySequence(outputs)].joined()
  }
}

extension UnitNetwork.Unit {
  public var name: UnitNetwork.UnitName {
    switch kind {
    case .hinge(let below, let above) where below == above: .linear
    case .hinge(0, 1): .relu
    case .hinge(-1, 1): .absolute
    case .hinge: .leaky
    case .maximum: forms.count > 1 ? .maximum : .linear
    }
  }
}
