import Execution
import Foundation
import LinearAlgebra
import Probability

/// Gradient descent on a two-layer network beside what its kernel predicts.
public struct TrainingRun: Sendable {
  /// A moment of the run.
  public struct Moment: Sendable, Equatable {
    public let step: Int
    /// ½ Σ (F − y)² as measured.
    public let loss: Double
    /// The same as the kernel at the start predicts.
    public let predicted: Double
    /// |v_kᵀ r| for each mode k of the kernel at the start.
    public let modes: [Double]
  }

  public let moments: [Moment]
  public let stepSize: Double
  /// The spectrum of the network's own kernel at the start.
  public let start: SymmetricEigen
  /// ‖G_T − G_0‖ in the spectral norm.
  public let drift: Double
  /// ‖W_T − W_0‖ in the Frobenius norm.
  public let movement: Double
  /// The smallest eigenvalue of the kernel at the end.
  public let finalSmallest: Double
  public let network: TwoLayerNetwork

  /// Whether the prediction binds: the kernel moved by less than half its smallest eigenvalue.
  public var isPredictionBinding: Bool { drift <= 0.5 * max(0, start.values.first ?? 0) }

  /// ln |v_kᵀ r| per step, from the start to the first moment at which mode k has fallen by the factor e, or the last;
  /// beside them belongs ln |1 − ηλ_k|. Nil for modes that begin at nothing.
  public var measuredRates: [Double?] {
    (0..<start.values.count).map { k in
      guard let first = moments.first, first.modes[k] > 1e-12 else { return nil }
      let later = moments.dropFirst()
      guard let end = later.first(where: { $0.modes[k] < first.modes[k] / M_E }) ?? later.last else { return nil }
      return log(end.modes[k] / first.modes[k]) / Double(end.step - first.step)
    }
  }

  /// - Parameters:
  ///   - rows: inputs `n × d`, as the network sees them.
  ///   - stepSize: nil for 1/λ_max of the kernel at the start.
  ///   - recording: the steps at which to look; the run ends with the last of them.
  /// - Throws: `EigenFailure`, and ``SpectrumError`` when the loss is no number any more.
  /// - Complexity: O(steps · n m d).
  public init(
    _ network: TwoLayerNetwork, inputs rows: Matrix, labels: [Double], trained: KernelSetting.TrainedPart,
    bias: KernelSetting.Bias = .none, stepSize: Double? = nil, recording: [Int],
    cancellation: Cancellation = Cancellation()
  ) throws {
    precondition(rows.rows == labels.count, "one label for each row")
    var network = network
    var gram = network.gram(rows, trained: trained, bias: bias)
    let first = gram
    let eigen = try SymmetricEigen(&gram)
    let step = stepSize ?? (eigen.values.last.map { $0 > 0 ? 1 / $0 : 1 } ?? 1)
    let weights = network.weights
    let marks = Set(recording)
    let last = recording.max() ?? 0
    var moments: [Moment] = []
    var amplitudes: [Double] = []
    for t in 0...last {
      let z = network.preactivations(rows)
      let values = network.activation.formula.values(at: z.elements)
      let residual = zip(network.outputs(values: values), labels).map { $0 - $1 }
      let loss = 0.5 * residual.reduce(0) { $0 + $1 * $1 }
      guard loss.isFinite else {
        throw SpectrumError("after \(t) steps of size \(step) the loss is no number any more; take a smaller step")
      }
      if t == 0 || marks.contains(t) {
        let modes = (0..<eigen.values.count).map { k in
          zip(eigen.vectors.row(k), residual).reduce(0) { $0 + $1.0 * $1.1 }
        }
        if t == 0 { amplitudes = modes }
        let predicted = zip(eigen.values, amplitudes).reduce(0) { sum, mode in
          let left = mode.1 * pow(1 - step * mode.0, Double(t))
          return sum + 0.5 * left * left
        }
        moments.append(Moment(step: t, loss: loss, predicted: predicted, modes: modes.map(abs)))
      }
      if t == last || cancellation.shouldStop { break }
      network.descend(
        rows, preactivations: z, values: values, residual: residual, stepSize: step, trained: trained,
        trainsBias: bias.gradient > 0)
    }
    var after = network.gram(rows, trained: trained, bias: bias)
    finalSmallest = try SymmetricEigen(&after).values.first ?? 0
    for e in after.elements.indices { after.elements[e] -= first.elements[e] }
    drift = try SymmetricEigen(&after).values.reduce(0) { max($0, abs($1)) }
    movement = zip(network.weights.elements, weights.elements).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      .squareRoot()
    self.moments = moments
    self.stepSize = step
    start = eigen
    self.network = network
  }
}

/// How the kernel of finite width gathers about that of infinite width.
public struct WidthSample: Sendable, Equatable {
  public let width: Int
  public let seed: UInt64
  /// ‖G_m − G‖ in the spectral norm.
  public let distance: Double
  /// λ_min(G_m).
  public let smallest: Double

  /// Kernels of random networks of a width, for several seeds. O(n m (n + d)) each, and O(n³).
  public static func samples(
    _ setting: KernelSetting, rows: SampleRows, limit: GramMatrix, width: Int, seeds: [UInt64]
  ) throws -> [WidthSample] {
    let x = rows.isNormalised ? rows.directions : rows.original
    return try seeds.map { seed in
      var source = RandomSource(seed: seed, index: width)
      let network = TwoLayerNetwork(setting, width: width, inputs: x.columns, source: &source)
      var gram = network.gram(x, trained: setting.trained, bias: setting.bias)
      let smallest = try SymmetricEigen(&gram).values.first ?? 0
      for e in gram.elements.indices { gram.elements[e] -= limit.matrix.elements[e] }
      let distance = try SymmetricEigen(&gram).values.reduce(0) { max($0, abs($1)) }
      return WidthSample(width: width, seed: seed, distance: distance, smallest: smallest)
    }
  }
}
