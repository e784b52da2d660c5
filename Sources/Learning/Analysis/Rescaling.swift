import Foundation
import Probability

/// A rescaling of hidden units that leaves the function as it is: incoming weights times a > 0, outgoing ones divided by it;
/// where weights are shared, by time or by place, all copies alike.
///
/// For a recurrent layer W_in ↦ a_j W_in / a′_k, W_rec ↦ a_j W_rec / a_k, and its diagonal stays; these are all feasible
/// rescalings (Neyshabur et al. 2016, Theorem 1). Biases and learned first states go with their unit.
public struct Rescaling: Sendable, Hashable {
  /// For each layer with hidden units its factors, one a unit or channel.
  public internal(set) var factors: [Int: [Double]]

  /// The layers whose units can be rescaled, with how many they have; throws `PathNormError` for units that are neither
  /// rectified nor linear.
  static func hiddenLayers(of model: Model) throws -> [(layer: Int, units: Int)] {
    _ = try PathNormPass<Double>(model: model, steps: 1, options: PathNormOptions())
    let weighted = model.layers.indices.filter { !model.tensors(ofLayer: $0).isEmpty }
    return weighted.dropLast().map { index in
      switch model.layers[index] {
      case .convolution(let layer): (index, layer.channels)
      default: (index, model.signals[index + 1].width)
      }
    }
  }

  /// One factor for every hidden unit, by `factor(layer, unit)`.
  public init(_ model: Model, _ factor: (_ layer: Int, _ unit: Int) -> Double) throws {
    factors = [:]
    for (layer, units) in try Self.hiddenLayers(of: model) {
      let values = (0..<units).map { factor(layer, $0) }
      guard values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
        throw ModelError("a rescaling needs positive finite factors")
      }
      factors[layer] = values
    }
  }

  /// Factors exp(deviation · z), z standard normal.
  public static func logNormal(
    _ model: Model, deviation: Double = 1, _ source: inout RandomSource
  ) throws -> Rescaling {
    try Rescaling(model) { _, _ in exp(deviation * source.normal()) }
  }

  /// `times` times a random hidden unit, with replacement, gets a factor of 10 c, c log-normal.
  ///
  /// Source: Neyshabur, Salakhutdinov, Srebro 2015, section 5.
  public static func unbalancing(
    _ model: Model, times: Int, _ source: inout RandomSource
  ) throws -> Rescaling {
    let layers = try hiddenLayers(of: model)
    let total = layers.reduce(0) { $0 + $1.units }
    var logarithms = [Double](repeating: 0, count: total)
    if total > 0 {
      for _ in 0..<times { logarithms[source.index(below: total)] += log(10) + source.normal() }
    }
    var starts: [Int: Int] = [:]
    var start = 0
    for (layer, units) in layers {
      starts[layer] = start
      start += units
    }
    return try Rescaling(model) { exp(logarithms[(starts[$0] ?? 0) + $1]) }
  }

  /// The parameters of the rescaled network. O(parameters). Throws `ModelError` for a wrong number of parameters.
  public func applied<S: Scalar>(to parameters: [S], of model: Model) throws -> [S] {
    guard parameters.count == model.parameterCount else {
      throw ModelError("\(parameters.count) parameters are given, the model has \(model.parameterCount)")
    }
    var result = parameters
    // What the numbers that enter the next layer have been multiplied by.
    var incoming = [1.0]
    for index in model.layers.indices {
      let tensors = model.tensors(ofLayer: index)
      guard !tensors.isEmpty else {
        continue
      }
      let count = Self.units(model, index)
      let own = factors[index] ?? Array(repeating: 1, count: count)
      for tensor in tensors {
        // A plane of an image has one factor, whatever reads it: kernels, or units that read each pixel.
        let perInput = max(1, tensor.columns / incoming.count)
        for row in 0..<tensor.rows {
          for column in 0..<tensor.columns {
            let factor: Double
            switch tensor.role {
            case .weights: factor = own[row] / incoming[column / perInput]
            case .recurrentWeights: factor = own[row] / own[column]
            default: factor = own[row]
            }
            let place = tensor.offset + row * tensor.columns + column
            result[place] = S(Double(result[place]) * factor)
          }
        }
      }
      incoming = own
    }
    return result
  }

  static func units(_ model: Model, _ index: Int) -> Int {
    if case .convolution(let layer) = model.layers[index] { return layer.channels }
    return model.signals[index + 1].width
  }
}
