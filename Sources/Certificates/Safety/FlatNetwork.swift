import Networks

/// A network of hinges, laid out for the checker's loops. Values are numbered as in `UnitNetwork`; units count from 0.
struct FlatNetwork: Sendable {
  struct Stage: Sendable {
    let units: Range<Int>
    /// All values that its forms read lie in here.
    let window: Range<Int>
    /// The weights of its forms, row by row over the window; empty when most of them are zero. The rows are filled up
    /// with zeros to ``blockWidth``.
    let block: [Double]
    /// The width of the window, rounded up to a multiple of eight.
    let blockWidth: Int
    /// Whether its forms read more than inputs, so that substitution says more about them than interval arithmetic.
    let readsUnits: Bool
  }

  let inputCount: Int
  let stages: [Stage]
  let forms: [AffineForm]
  /// Each unit's slopes below and above 0.
  let below: [Double]
  let above: [Double]
  let constants: [Double]
  /// The terms of unit k's form are the entries starts[k] ..< starts[k + 1] of `columns` and `weights`.
  let starts: [Int]
  let columns: [Int]
  let weights: [Double]

  var unitCount: Int { forms.count }
  var valueCount: Int { inputCount + unitCount }

  /// O(parameters). Throws ``CertificateError`` when the network has a maximum.
  init(_ network: UnitNetwork) throws {
    inputCount = network.inputCount
    let units = network.stages.flatMap(\.units)
    forms = units.map { $0.forms[0] }
    let slopes = try units.enumerated().map { index, unit in
      guard case .hinge(let below, let above) = unit.kind else {
        throw CertificateError(at: "network, unit \(index)", "is a maximum; proofs speak of hinges only")
      }
      return (below: below, above: above)
    }
    below = slopes.map(\.below)
    above = slopes.map(\.above)
    constants = forms.map(\.constant)
    starts = forms.reduce(into: [0]) { $0.append($0[$0.count - 1] + $1.terms.count) }
    columns = forms.flatMap { $0.terms.lazy.map(\.value) }
    weights = forms.flatMap { $0.terms.lazy.map(\.weight) }
    var stages: [Stage] = []
    var first = 0
    for stage in network.stages where !stage.units.isEmpty {
      stages.append(Self.stage(forms[first..<first + stage.units.count], inputCount: inputCount))
      first += stage.units.count
    }
    self.stages = stages
  }

  private static func stage(_ forms: ArraySlice<AffineForm>, inputCount: Int) -> Stage {
    let first = forms.lazy.compactMap(\.terms.first?.value).min() ?? 0
    let end = forms.lazy.compactMap(\.terms.last?.value).max().map { $0 + 1 } ?? 0
    let width = (end - first + 7) / 8 * 8
    var block: [Double] = []
    if (end - first) * forms.count <= 4 * forms.reduce(0, { $0 + $1.terms.count }) {
      block = Array(repeating: 0, count: width * forms.count)
      for (row, form) in forms.enumerated() {
        for term in form.terms { block[row * width + term.value - first] = term.weight }
      }
    }
    return Stage(
      units: forms.indices, window: first..<end, block: block, blockWidth: width, readsUnits: end > inputCount)
  }
}
