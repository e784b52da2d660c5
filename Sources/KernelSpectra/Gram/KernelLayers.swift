import Activations
import CKernels
import Foundation

/// The layers of an infinitely wide network on inputs of one length: a table for each, and the recursion over them.
///
///     S⁰ = σ_w² x·x′ + σ_b²,   S^{l+1} = σ_w² K(S^l) + σ_b²,   T^{l+1} = σ_w² K(S^l) + τ² + σ_w² D(S^l) T^l
///
/// with τ² what the training of a bias adds. Sources: A. Jacot, F. Gabriel, C. Hongler, Neural tangent kernel (2018);
/// J. Lee et al., Deep neural networks as Gaussian processes (2018).
public struct KernelLayers: Sendable {
  public let setting: KernelSetting
  /// The variance of the pre-activations of each hidden layer.
  public let variances: [Double]
  let tables: [AngularTable]
  /// σ_w² for what each hidden layer puts out, times c_φ² where outputs are rescaled.
  private let weights: [Double]
  /// The variance of the output of the last hidden layer's kernel, S^depth on the diagonal.
  public let outputVariance: Double

  /// - Parameter squaredLength: |x|² of all rows.
  /// - Throws: ``SpectrumError``, and ``ActivationError`` where variances overflow.
  public init(_ setting: KernelSetting, squaredLength: Double = 1) throws {
    try setting.check()
    self.setting = setting
    var variances: [Double] = []
    var tables: [AngularTable] = []
    var weights: [Double] = []
    var q = setting.weightVariance * squaredLength + setting.bias.variance
    for _ in 0..<setting.depth {
      // Layers at a fixed point share their table.
      let isFixed = variances.last == q
      let table = try isFixed ? tables[tables.count - 1] : AngularTable(setting.activation, variance: q)
      tables.append(table)
      weights.append(setting.weightVariance / (setting.isRescaled ? table.valueAtZero : 1))
      variances.append(q)
      q =
        setting.isRescaled
        ? setting.weightVariance + setting.bias.variance
        : setting.weightVariance * table.valueAtZero + setting.bias.variance
    }
    self.variances = variances
    self.tables = tables
    outputVariance = q
    self.weights = weights
    self.squaredLength = squaredLength
  }

  let squaredLength: Double

  /// Kernel values for a row of pairs with the input angles `angles`, which are overwritten. O(count × terms × depth).
  func evaluate(
    angles: UnsafeMutableBufferPointer<Double>, into result: UnsafeMutableBufferPointer<Double>
  ) {
    let count = angles.count
    guard count > 0, let theta = angles.baseAddress, let out = result.baseAddress else { return }
    let (weight, shift, extra) = (setting.weightVariance, setting.bias.variance, setting.bias.gradient)
    let trained = setting.trained
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * count) { room in
      guard let values = room.baseAddress else { return }
      let slopes = values + count
      if trained != .output {
        for j in 0..<count { out[j] = weight * squaredLength * cos(theta[j]) + extra }
      }
      if shift > 0 {
        let ratio = (weight * squaredLength / variances[0]).squareRoot()
        for j in 0..<count { theta[j] = 2 * asin(min(1, ratio * sin(0.5 * theta[j]))) }
      }
      for (layer, table) in tables.enumerated() {
        let isLast = layer == tables.count - 1
        let needsValue = !isLast || trained != .input
        let needsSlope = trained != .output
        let gain = weights[layer]
        table.evaluate(
          angles: theta, count: count, values: needsValue ? values : nil, derivatives: needsSlope ? slopes : nil)
        switch trained {
        case .input: for j in 0..<count { out[j] *= gain * slopes[j] }
        case .both: for j in 0..<count { out[j] = gain * (values[j] + slopes[j] * out[j]) + extra }
        case .output: if isLast { for j in 0..<count { out[j] = gain * values[j] + extra } }
        }
        if !isLast {
          // sin²(θ′/2) = (1 − ρ′)/2 = σ_w² (K(0) − K(θ))/(2 q′), which keeps its digits for small angles.
          let scale = gain / (2 * variances[layer + 1])
          for j in 0..<count {
            let drop = theta[j] < 0.5 ? table.drop(angle: theta[j]) : table.valueAtZero - values[j]
            theta[j] = 2 * asin(min(1, max(0, scale * drop).squareRoot()))
          }
        }
      }
    }
  }

  /// The kernel at one input angle.
  public func value(angle: Double) -> Double {
    var result = 0.0
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 2) { room in
      room[0] = angle
      evaluate(
        angles: UnsafeMutableBufferPointer(rebasing: room[0..<1]),
        into: UnsafeMutableBufferPointer(rebasing: room[1..<2]))
      result = room[1]
    }
    return result
  }

  /// Whether ``error(angleError:)`` is a bound.
  var isErrorProved: Bool { tables.count == 1 && tables[0].isErrorProved }

  /// How far a value may be off when the input angle is off by `angleError`.
  ///
  /// For one hidden layer a bound; for more, the largest stretching of angles by each layer is taken to be that at
  /// angle 0.
  func error(angleError: Double) -> Double {
    let unit = 0x1p-53
    let weight = setting.weightVariance
    var angle = angleError
    var size = weight * squaredLength + setting.bias.gradient
    var off = weight * squaredLength * angleError + 4 * unit * size
    for (layer, table) in tables.enumerated() {
      let isLast = layer == tables.count - 1
      let (q, gain) = (variances[layer], weights[layer])
      let slope = abs(table.derivativeAtZero)
      let valueOff = table.valueError + q * (slope.isNaN ? 1 : slope) * angle + 4 * unit * table.valueAtZero
      let bend = 2 / Double.pi * table.derivative.enumerated().reduce(0) { $0 + Double($1.0 * $1.0) * abs($1.1) }
      let slopeOff = setting.trained == .output ? 0 : table.derivativeError + bend * angle + 4 * unit * slope
      switch setting.trained {
      case .input:
        off = gain * (slope * off + size * slopeOff + off * slopeOff)
        size *= gain * slope
      case .both:
        off = gain * (valueOff + slope * off + size * slopeOff + off * slopeOff)
        size = gain * (table.valueAtZero + slope * size) + setting.bias.gradient
      case .output:
        off = gain * valueOff
        size = gain * table.valueAtZero
      }
      if !isLast {
        let stretch = (gain * q * (slope.isNaN ? 1 : slope) / variances[layer + 1]).squareRoot()
        angle = max(1, stretch) * angle + 8 * unit
      }
    }
    return off + 8 * unit * size
  }
}
