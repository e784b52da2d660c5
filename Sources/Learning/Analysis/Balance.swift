import Foundation

extension Rescaling {
  /// The rescaling after which the weights into every hidden unit are as long as those out of it, a recurrent weight from a
  /// unit to itself left out: the network of least Σ w² among all rescalings.
  ///
  /// Each round sets every unit in turn to √(out / in); rounds end when no factor differs from 1 by more than `tolerance`. A
  /// unit without incoming or outgoing weights keeps its own. O(parameters · rounds).
  /// - Returns: the rescaling, and the rounds it took.
  public static func balancing<S: Scalar>(
    _ model: Model, _ parameters: [S], tolerance: Double = 1e-10, rounds: Int = 1000
  ) throws -> (rescaling: Rescaling, rounds: Int) {
    var total = try Rescaling(model) { _, _ in 1 }
    var values = parameters.map { Double($0) }
    let hidden = try hiddenLayers(of: model)
    for round in 1...max(1, rounds) {
      var largest = 0.0
      for (layer, units) in hidden {
        let (incoming, outgoing) = squares(model, layer, units, values)
        // Units of a recurrent layer share weights: half a step towards the balance of all keeps the rounds from swinging.
        let damping = model.layers[layer].isRecurrent ? 0.125 : 0.25
        let factors = (0..<units).map { unit in
          incoming[unit] > 0 && outgoing[unit] > 0 ? pow(outgoing[unit] / incoming[unit], damping) : 1
        }
        largest = max(largest, factors.map { abs(log($0)) }.max() ?? 0)
        var step = try Rescaling(model) { _, _ in 1 }
        step.factors[layer] = factors
        values = try step.applied(to: values, of: model)
        total.factors[layer] = zip(total.factors[layer] ?? [], factors).map(*)
      }
      if largest <= tolerance { return (total, round) }
    }
    return (total, rounds)
  }

  /// Σ w² into and out of every unit of a layer.
  private static func squares(
    _ model: Model, _ layer: Int, _ units: Int, _ values: [Double]
  ) -> (incoming: [Double], outgoing: [Double]) {
    var incoming = [Double](repeating: 0, count: units)
    var outgoing = incoming
    for tensor in model.tensors(ofLayer: layer) {
      for row in 0..<tensor.rows {
        for column in 0..<tensor.columns {
          let square =
            values[tensor.offset + row * tensor.columns + column]
            * values[tensor.offset + row * tensor.columns + column]
          guard tensor.role == .recurrentWeights else {
            incoming[row] += square
            continue
          }
          guard row != column else { continue }
          incoming[row] += square
          outgoing[column] += square
        }
      }
    }
    let next = model.layers.indices[(layer + 1)...].first { !model.tensors(ofLayer: $0).isEmpty }
    for tensor in next.map({ model.tensors(ofLayer: $0) }) ?? [] where tensor.role == .weights {
      let perUnit = max(1, tensor.columns / units)
      for row in 0..<tensor.rows {
        for column in 0..<tensor.columns {
          let value = values[tensor.offset + row * tensor.columns + column]
          outgoing[column / perUnit] += value * value
        }
      }
    }
    return (incoming, outgoing)
  }
}
