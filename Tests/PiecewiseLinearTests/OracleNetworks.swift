import Networks
import Probability

/// Small networks to test against the oracle: random ones, degenerate on purpose or generic, and a few with known counts.
enum OracleNetworks {
  /// What the weights are drawn from.
  enum Weights: CaseIterable {
    /// Integers −2 … 2 with many zeros: duplicate, parallel, opposite and zero rows, common points, exact ties.
    case degenerate
    /// Normal numbers: general position, with probability one.
    case generic
  }

  /// Random units of every kind, with skip connections.
  ///
  /// - Parameters:
  ///   - inputs: the number of inputs; 1 to 3 by chance when nil.
  ///   - units: the largest number of units, in 1 to 3 stages.
  static func random(
    _ weights: Weights, inputs: Int? = nil, units: Int = 8, onlyReLU: Bool = false,
    using source: inout RandomSource
  ) -> UnitNetwork {
    let n = inputs ?? 1 + source.index(below: 3)
    let stageCount = 1 + source.index(below: 3)
    var left = max(stageCount, 1 + source.index(below: units))
    var known = n
    var previous = 0..<n
    let skips = !onlyReLU && source.index(below: 2) == 0
    var stages: [UnitNetwork.Stage] = []
    for index in 0..<stageCount {
      let later = stageCount - 1 - index
      let width = later == 0 ? left : 1 + source.index(below: max(1, left - later))
      left -= width
      let readable = skips ? 0..<known : previous
      var made: [UnitNetwork.Unit] = []
      for _ in 0..<width {
        if weights == .degenerate, let twin = made.randomElement(using: &source), source.index(below: 5) == 0 {
          made.append(related(to: twin, using: &source))
        } else {
          made.append(unit(weights, reading: readable, onlyReLU: onlyReLU, using: &source))
        }
      }
      stages.append(.init(name: "layer \(index + 1)", units: made))
      previous = known..<known + width
      known += width
    }
    let outputs = (0..<1 + source.index(below: 2)).map { _ in
      form(weights, reading: skips ? 0..<known : previous, using: &source)
    }
    return makeNetwork(inputs: n, stages: stages, outputs: outputs)
  }

  /// Inputs, then layers of ReLUs given as rows [bias, weights on the layer before], then one output: their sum.
  static func layers(inputs: Int, _ layers: [[[Double]]]) -> UnitNetwork {
    var first = 0
    var known = inputs
    var stages: [UnitNetwork.Stage] = []
    for rows in layers {
      let units = rows.map { row in
        UnitNetwork.Unit.relu(AffineForm(constant: row[0], weights: row.dropFirst(), first: first))
      }
      stages.append(.init(name: "layer \(stages.count + 1)", units: units))
      first = known
      known += rows.count
    }
    let sum = AffineForm(constant: 0, weights: (first..<known).map { _ in 1 }, first: first)
    return makeNetwork(inputs: inputs, stages: stages, outputs: [sum])
  }

  /// Planes orthogonal to the axes at the given coordinates on every axis: (planes + 1)ⁿ regions.
  static func grid(inputs: Int, at coordinates: [Double]) -> UnitNetwork {
    let rows = (0..<inputs).flatMap { input in
      coordinates.map { coordinate -> [Double] in [-coordinate] + (0..<inputs).map { $0 == input ? 1 : 0 } }
    }
    return layers(inputs: inputs, [rows])
  }

  /// Planes through the origin in general position, 2 Σ_{i<n} C(planes − 1, i) regions: their normals lie on the moment
  /// curve, so that any n of them are independent.
  static func fan(inputs: Int, planes: Int) -> UnitNetwork {
    let rows = (0..<planes).map { plane -> [Double] in
      var power = 1.0
      return [0]
        + (0..<inputs).map { _ in
          defer { power *= Double(plane) - 3 }
          return power
        }
    }
    return layers(inputs: inputs, [rows])
  }

  /// relu(|x| + |y| − 1/2), of four ReLUs and one: 8 regions, 5 pieces.
  static let diamond = layers(inputs: 2, [[[0, 1, 0], [0, -1, 0], [0, 0, 1], [0, 0, -1]], [[-0.5, 1, 1, 1, 1]]])

  private static func makeNetwork(
    inputs: Int, stages: [UnitNetwork.Stage], outputs: [AffineForm]
  ) -> UnitNetwork {
    do {
      return try UnitNetwork(inputCount: inputs, stages: stages, outputs: outputs)
    } catch {
      preconditionFailure("the generator made a network that is none: \(error)")
    }
  }

  private static func unit(
    _ weights: Weights, reading values: Range<Int>, onlyReLU: Bool, using source: inout RandomSource
  ) -> UnitNetwork.Unit {
    let first = form(weights, reading: values, using: &source)
    switch onlyReLU ? 0 : source.index(below: 8) {
    case 0...3: return .relu(first)
    case 4: return .init(kind: .hinge(below: 0.25, above: 1), forms: [first])
    case 5: return .init(kind: .hinge(below: -1, above: 1), forms: [first])
    case 6 where source.index(below: 3) == 0: return .init(kind: .hinge(below: 1, above: 1), forms: [first])
    default:
      let more = (0..<1 + source.index(below: 2)).map { _ in form(weights, reading: values, using: &source) }
      return .init(kind: .maximum, forms: [first] + more)
    }
  }

  /// The same unit again, or one whose forms are parallel or opposite.
  private static func related(
    to unit: UnitNetwork.Unit, using source: inout RandomSource
  ) -> UnitNetwork.Unit {
    let factor = [1.0, 2, -1].randomElement(using: &source)!
    let shift = [0.0, 0, 1].randomElement(using: &source)!
    var twin = unit
    twin.forms = unit.forms.map { form in
      AffineForm(
        constant: factor * form.constant + shift,
        terms: form.terms.map { .init(value: $0.value, weight: factor * $0.weight) })
    }
    return twin
  }

  private static func form(
    _ weights: Weights, reading values: Range<Int>, using source: inout RandomSource
  ) -> AffineForm {
    switch weights {
    case .degenerate:
      let bias = [0, 0, 0, 1, -1, 0.5].randomElement(using: &source)!
      let row: [Double] = values.map { _ in [0, 0, 1, 1, -1, -1, 2, -2].randomElement(using: &source)! }
      return AffineForm(constant: bias, weights: row, first: values.lowerBound)
    case .generic:
      let bias = 0.5 * source.normal()
      let row = values.map { _ in source.normal() }
      return AffineForm(constant: bias, weights: row, first: values.lowerBound)
    }
  }
}
