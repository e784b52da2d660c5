import LinearAlgebra

extension UnitNetwork {
  /// The units of a chain of affine layers and ReLUs: one stage for each ReLU layer. O(parameters).
  ///
  /// - Throws: `NetworkError` when folding two affine layers that follow one another leaves the range of doubles.
  public init(_ network: Network) throws {
    var stages: [Stage] = []
    var first = 0
    var next = network.inputs
    var pending: (weights: Matrix, bias: [Double])?
    func forms(_ map: (weights: Matrix, bias: [Double])) -> [AffineForm] {
      map.bias.indices.map { AffineForm(constant: map.bias[$0], weights: map.weights.row($0), first: first) }
    }
    for layer in network.layers {
      switch layer {
      case .affine(let weights, let bias):
        if let before = pending {
          let shifted = weights * Matrix(rows: before.bias.count, columns: 1, elements: before.bias)
          pending = (weights * before.weights, zip(shifted.elements, bias).map(+))
        } else {
          pending = (weights, bias)
        }
      case .relu:
        guard let map = pending else { continue }
        stages.append(Stage(name: "layer \(stages.count + 1)", units: forms(map).map(Unit.relu)))
        first = next
        next += map.bias.count
        pending = nil
      }
    }
    let outputs =
      pending.map(forms) ?? (first..<next).map { AffineForm(value: $0) }
    try self.init(inputCount: network.inputs, stages: stages, outputs: outputs)
  }
}
