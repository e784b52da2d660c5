/// A piecewise-linear network as its units: the form in which exact questions are asked.
///
/// Every layer that is affine (dense, convolution, average pooling, batch normalisation, concatenation, addition of a
/// skip connection …) is folded into the affine forms of the units that read it, so that only the places where the
/// function may bend are left. A unit reads the inputs and any earlier unit: skip connections cost nothing.
///
/// - A *hinge* has one form z and the output `above · z` for z > 0, `below · z` otherwise: a ReLU is (0, 1), a leaky
///   ReLU (α, 1), an absolute value (−1, 1), a unit that never bends (1, 1).
/// - A *maximum* has several forms, and its output is the largest.
///
/// The function is that of real arithmetic on the weights as they stand here. Reading a network rounds only where two
/// affine maps are multiplied, two coefficients of one value are added, or a constant is computed (batch normalisation,
/// the reciprocal of a divisor).
///
/// Values are numbered: the inputs 0 ..< inputCount, then the units, stage after stage.
///
/// Invariant: a form reads only inputs and units of earlier stages; every weight is finite.
public struct UnitNetwork: Sendable, Equatable {
  public struct Unit: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
      case hinge(below: Double, above: Double)
      case maximum
    }

    public var kind: Kind
    /// One form for a hinge, two or more for a maximum.
    public var forms: [AffineForm]

    public init(kind: Kind, forms: [AffineForm]) {
      self.kind = kind
      self.forms = forms
    }

    public static func relu(_ form: AffineForm) -> Unit { Unit(kind: .hinge(below: 0, above: 1), forms: [form]) }

    /// Whether the function may bend at this unit.
    public var bends: Bool {
      switch kind {
      case .hinge(let below, let above): below != above
      case .maximum: forms.count > 1
      }
    }
  }

  /// Units that read no unit of the same stage.
  public struct Stage: Sendable, Equatable {
    /// What the units are, for people: the name of the node, or "layer 2".
    public var name: String
    public var units: [Unit]

    public init(name: String, units: [Unit]) {
      self.name = name
      self.units = units
    }
  }

  public let inputCount: Int
  public let stages: [Stage]
  /// The outputs, forms over all values.
  public let outputs: [AffineForm]

  /// The number of units, those that never bend included.
  public var unitCount: Int { stages.reduce(0) { $0 + $1.units.count } }

  /// For each stage, the number of its first value; one entry more, the number of all values, at the end.
  public var stageOffsets: [Int] {
    stages.reduce(into: [inputCount]) { $0.append($0.last! + $1.units.count) }
  }

  /// A network from its units. O(parameters).
  ///
  /// - Throws: `NetworkError` when a form reads a value of its own stage, a later one, or one that is not there, when a
  ///   unit has no form, or when a number is NaN or infinite; the stage and the unit are named.
  public init(inputCount: Int, stages: [Stage], outputs: [AffineForm]) throws {
    guard inputCount > 0 else { throw NetworkError("a network needs at least one input") }
    guard !outputs.isEmpty else { throw NetworkError("a network needs at least one output") }
    var known = inputCount
    for stage in stages {
      for (index, unit) in stage.units.enumerated() {
        try Self.check(unit, known: known, place: "unit \(index) of \(stage.name)")
      }
      known += stage.units.count
    }
    for (index, output) in outputs.enumerated() { try Self.check(output, known: known, place: "output \(index)") }
    self.inputCount = inputCount
    self.stages = stages
    self.outputs = outputs
  }

  private static func check(_ unit: Unit, known: Int, place: String) throws {
    switch unit.kind {
    case .hinge(let below, let above):
      guard unit.forms.count == 1 else { throw NetworkError("\(place) is a hinge with \(unit.forms.count) forms") }
      guard below.isFinite, above.isFinite else {
        throw NetworkError("\(place) has the slopes \(below) and \(above); slopes must be finite")
      }
    case .maximum:
      guard !unit.forms.isEmpty else { throw NetworkError("\(place) is a maximum of nothing") }
    }
    for form in unit.forms { try check(form, known: known, place: place) }
  }

  private static func check(_ form: AffineForm, known: Int, place: String) throws {
    guard form.constant.isFinite else {
      throw NetworkError("\(place) has the bias \(form.constant); biases must be finite")
    }
    var previous = -1
    for term in form.terms {
      guard term.value > previous, term.value < known else {
        throw NetworkError(
          "\(place) reads value \(term.value); it may read the values 0 to \(known - 1), in order, once")
      }
      guard term.weight.isFinite else {
        throw NetworkError("\(place) has the weight \(term.weight); weights must be finite")
      }
      previous = term.value
    }
  }
}
