import Activations
import COpenBLAS
import Foundation
import LinearAlgebra
import Probability

/// F(x) = 1/√m Σ_k a_k φ(w_k·x + b_k), and what gradient descent on it needs.
///
/// The derivative of ReLU at 0 is 0.
public struct TwoLayerNetwork: Sendable {
  public let activation: Activation
  /// `m × d`.
  public var weights: Matrix
  /// b_k, m of them.
  public var biases: [Double]
  /// a_k, m of them.
  public var outputWeights: [Double]

  public var width: Int { outputWeights.count }

  /// A network with given weights.
  public init(activation: Activation, weights: Matrix, biases: [Double]? = nil, outputWeights: [Double]) {
    precondition(weights.rows == outputWeights.count, "one output weight for each unit")
    self.activation = activation
    self.weights = weights
    self.biases = biases ?? [Double](repeating: 0, count: weights.rows)
    self.outputWeights = outputWeights
  }

  /// A random network: w_k ~ N(0, σ_w² I), b_k ~ N(0, σ_b²), a_k = ±1.
  ///
  /// - Parameters:
  ///   - startsAtZero: whether units come in pairs of equal weights and opposite output weights, so that F = 0 at
  ///     first; the width is then rounded up to an even number.
  public init(_ setting: KernelSetting, width: Int, inputs: Int, startsAtZero: Bool = false, source: inout RandomSource)
  {
    let units = startsAtZero ? (width + 1) / 2 : width
    let (scale, shift) = (setting.weightVariance.squareRoot(), setting.bias.variance.squareRoot())
    var weights = Matrix(rows: units, columns: inputs)
    for e in weights.elements.indices { weights.elements[e] = scale * source.normal() }
    var biases = (0..<units).map { _ in shift == 0 ? 0 : shift * source.normal() }
    var signs = (0..<units).map { _ in source.next() & 1 == 0 ? 1.0 : -1.0 }
    if startsAtZero {
      weights = Matrix(rows: 2 * units, columns: inputs, elements: weights.elements + weights.elements)
      biases += biases
      signs += signs.map { -$0 }
    }
    self.init(activation: setting.activation, weights: weights, biases: biases, outputWeights: signs)
  }

  /// Pre-activations, `n × m`.
  func preactivations(_ x: Matrix) -> Matrix {
    var z = Matrix(rows: x.rows, columns: width)
    for i in 0..<x.rows { for k in 0..<width { z[i, k] = biases[k] } }
    openblas_set_num_threads(1)
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(x.rows), Int32(width), Int32(x.columns), 1, x.elements,
      Int32(x.columns), weights.elements, Int32(x.columns), 1, &z.elements, Int32(width))
    return z
  }

  /// F at each row of `x`. O(n m d).
  public func outputs(_ x: Matrix) -> [Double] {
    outputs(values: activation.formula.values(at: preactivations(x).elements))
  }

  func outputs(values: [Double]) -> [Double] {
    let scale = 1 / Double(width).squareRoot()
    return (0..<values.count / max(width, 1)).map { i in
      var sum = 0.0
      for k in 0..<width { sum += outputWeights[k] * values[i * width + k] }
      return scale * sum
    }
  }

  /// The Gram matrix of the gradients with respect to the trained part, `n × n`, by two products: 2nmd + n²m
  /// operations. The n × md Jacobian is never formed.
  public func gram(_ x: Matrix, trained: KernelSetting.TrainedPart, bias: KernelSetting.Bias = .none) -> Matrix {
    let n = x.rows
    let z = preactivations(x)
    var result = Matrix(rows: n, columns: n)
    func addSquare(_ features: [Double], _ columns: Int, scale: Double, adding: Double, to matrix: inout Matrix) {
      cblas_dsyrk(
        CblasRowMajor, CblasLower, CblasNoTrans, Int32(n), Int32(columns), scale, features, Int32(columns), adding,
        &matrix.elements, Int32(n))
    }
    if trained != .output {
      var slopes = activation.derivativeFormula.values(at: z.elements)
      for i in 0..<n { for k in 0..<width { slopes[i * width + k] *= outputWeights[k] } }
      var products = Matrix(rows: n, columns: n)
      addSquare(slopes, width, scale: 1 / Double(width), adding: 0, to: &result)
      addSquare(x.elements, x.columns, scale: 1, adding: 0, to: &products)
      for i in 0..<n { for j in 0...i { result[i, j] *= products[i, j] + (bias.gradient > 0 ? 1 : 0) } }
    }
    if trained != .input {
      let values = activation.formula.values(at: z.elements)
      addSquare(values, width, scale: 1 / Double(width), adding: 1, to: &result)
      if bias.gradient > 0 { for i in 0..<n { for j in 0...i { result[i, j] += 1 } } }
    }
    for i in 0..<n { for j in 0..<i { result[j, i] = result[i, j] } }
    return result
  }

  /// One step of gradient descent on ½ Σ (F(x_i) − y_i)², given the residuals and pre-activations.
  mutating func descend(
    _ x: Matrix, preactivations z: Matrix, values: [Double], residual: [Double], stepSize: Double,
    trained: KernelSetting.TrainedPart, trainsBias: Bool
  ) {
    let (n, m) = (x.rows, width)
    let scale = stepSize / Double(m).squareRoot()
    let before = outputWeights
    if trained != .input {
      cblas_dgemv(
        CblasRowMajor, CblasTrans, Int32(n), Int32(m), -scale, values, Int32(m), residual, 1, 1, &outputWeights, 1)
    }
    guard trained != .output else { return }
    var slopes = activation.derivativeFormula.values(at: z.elements)
    for i in 0..<n { for k in 0..<m { slopes[i * m + k] *= before[k] * residual[i] } }
    cblas_dgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, Int32(m), Int32(x.columns), Int32(n), -scale, slopes, Int32(m),
      x.elements, Int32(x.columns), 1, &weights.elements, Int32(x.columns))
    if trainsBias { for i in 0..<n { for k in 0..<m { biases[k] -= scale * slopes[i * m + k] } } }
  }
}
