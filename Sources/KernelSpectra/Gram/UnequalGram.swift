import Activations
import Execution
import Foundation
import LinearAlgebra

/// Kernel matrices of rows of different lengths: the variances of a pair differ, so that one table does not do.
///
/// Homogeneous activations (ReLU and its relatives) need only the table for variance 1. Smooth ones take a Hermite
/// series for each row, others a closed form or a quadrature for each pair.
struct UnequalGram {
  let setting: KernelSetting
  let rows: SampleRows
  let threads: Int

  init(_ setting: KernelSetting, rows: SampleRows, threads: Int) {
    self.setting = setting
    self.rows = rows
    self.threads = threads
  }

  func run(cancellation: Cancellation) throws -> GramMatrix {
    let n = rows.count
    let (weight, shift, extra) = (setting.weightVariance, setting.bias.variance, setting.bias.gradient)
    let kernel = DualKernel(setting.activation)
    // q for each row and layer.
    var variances = [rows.squaredLengths.map { weight * $0 + shift }]
    var pairings: [any PairKernel] = []
    for layer in 0..<setting.depth {
      let q = variances[layer]
      guard let bad = q.first(where: { !($0 > 0 && $0.isFinite) }) else {
        let pairing = try Self.pairing(kernel, variances: q)
        pairings.append(pairing)
        variances.append(q.indices.map { weight * pairing.values($0, $0, angle: 0).value + shift })
        continue
      }
      throw SpectrumError("in layer \(layer + 1) a pre-activation has variance \(bad); rescale the rows or the weights")
    }
    let (all, layers, part) = (variances, pairings, setting.trained)
    var matrix = Matrix(rows: n, columns: n)
    var computation = GramComputation(setting)
    computation.threads = threads
    computation.fill(&matrix, rows: rows, cancellation: cancellation) { angles, i, result in
      for j in angles.indices {
        let lengths = (rows.squaredLengths[i] * rows.squaredLengths[j]).squareRoot()
        var covariance = weight * lengths * cos(angles[j]) + shift
        var angle = shift == 0 ? angles[j] : acos(Self.cosine(covariance, all[0][i], all[0][j]))
        if i == j { angle = 0 }
        var tangent = part == .output ? 0 : covariance - shift + extra
        for (layer, pairing) in layers.enumerated() {
          let values = pairing.values(i, j, angle: angle)
          switch part {
          case .input: tangent *= weight * values.derivative
          case .both: tangent = weight * (values.value + values.derivative * tangent) + extra
          case .output: tangent = weight * values.value + extra
          }
          covariance = weight * values.value + shift
          if i != j { angle = acos(Self.cosine(covariance, all[layer + 1][i], all[layer + 1][j])) }
        }
        result[j] = tangent
      }
    }
    if cancellation.shouldStop { throw SpectrumError("interrupted before the kernel matrix was complete") }
    let size = (0..<n).reduce(0) { max($0, abs(matrix[$1, $1])) }
    return GramMatrix(
      matrix: matrix, entryError: 64 * GramComputation.angleError(dimension: rows.dimension) * max(size, 1),
      isErrorProved: false)
  }

  private static func cosine(_ covariance: Double, _ q1: Double, _ q2: Double) -> Double {
    min(max(covariance / (q1 * q2).squareRoot(), -1), 1)
  }

  private static func pairing(_ kernel: DualKernel, variances: [Double]) throws -> any PairKernel {
    if let degree = kernel.homogeneousDegree {
      return HomogeneousPairs(
        table: try AngularTable(kernel.activation, variance: 1), degree: degree, variances: variances)
    }
    return SeriesPairs(kernel.activation, variances: variances) ?? DirectPairs(kernel: kernel, variances: variances)
  }
}

/// K and D of two rows.
private protocol PairKernel: Sendable {
  func values(_ i: Int, _ j: Int, angle: Double) -> DualValues
}

private struct HomogeneousPairs: PairKernel {
  let table: AngularTable
  let degree: Int
  let variances: [Double]

  func values(_ i: Int, _ j: Int, angle: Double) -> DualValues {
    let scale = (variances[i] * variances[j]).squareRoot()
    let unit = table.values(angle: angle)
    let below = pow(scale, Double(degree - 1))
    return DualValues(value: below * scale * unit.value, derivative: below * unit.derivative)
  }
}

private struct SeriesPairs: PairKernel {
  let coefficients: [[Double]]
  let slopes: [[Double]]

  init?(_ activation: Activation, variances: [Double]) {
    guard activation.breakpoints.isEmpty, let largest = variances.max() else { return nil }
    let widest = HermiteExpansion(activation, variance: largest, tolerance: 1e-17, limit: 4096)
    guard widest.derivativeRemainder <= 1e-13 * widest.derivativeSecondMoment else { return nil }
    let order = widest.coefficients.count - 1
    let expansions = variances.map { HermiteExpansion(activation, variance: $0, order: order) }
    coefficients = expansions.map(\.coefficients)
    slopes = expansions.map(\.derivativeCoefficients)
  }

  func values(_ i: Int, _ j: Int, angle: Double) -> DualValues {
    let rho = cos(angle)
    func sum(_ a: [Double], _ b: [Double]) -> Double {
      var result = 0.0
      for k in a.indices.reversed() { result = result * rho + a[k] * b[k] }
      return result
    }
    return DualValues(
      value: sum(coefficients[i], coefficients[j]), derivative: sum(slopes[i], slopes[j]))
  }
}

private struct DirectPairs: PairKernel {
  let kernel: DualKernel
  let variances: [Double]

  func values(_ i: Int, _ j: Int, angle: Double) -> DualValues {
    kernel.values(variances[i], variances[j], angle: angle)
  }
}
