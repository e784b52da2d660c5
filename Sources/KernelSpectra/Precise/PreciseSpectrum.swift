import Activations
import CGMP
import Foundation
import LinearAlgebra

/// The spectrum of a kernel matrix of one hidden layer, from its Hermite series in numbers of 384 bits.
///
/// G = Σ c_k R^∘k with non-negative c_k and R the matrix of cosines. What is left out is positive semidefinite with a
/// diagonal of at most the tail, so that each eigenvalue grows by n times the tail at most.
struct PreciseSpectrum {
  /// Ascending.
  let eigenvalues: [CertifiedEigenvalue]

  /// Nil for activations with kinks, rows of different lengths, several layers, and when asked to stop.
  init?(_ setting: KernelSetting, rows: SampleRows, shouldStop: () -> Bool) {
    guard setting.depth == 1, Set(rows.squaredLengths).count == 1, setting.activation.breakpoints.isEmpty else {
      return nil
    }
    let n = rows.count
    let squaredLength = PreciseNumber(rows.squaredLengths[0])
    let inputWeight = PreciseNumber(setting.weightVariance)
    let shift = PreciseNumber(setting.bias.variance)
    let extra = PreciseNumber(setting.bias.gradient)
    let variance = inputWeight * squaredLength + shift
    guard
      let series = PreciseHermite(setting.activation, variance: variance.doubleValue, shouldStop: shouldStop)
    else { return nil }
    let cosines = Self.cosines(rows)
    let matrix = PreciseVector(count: n * n)
    let (value, slope) = (PreciseNumber(), PreciseNumber())
    let scale = inputWeight * squaredLength
    let weight = setting.isRescaled ? inputWeight / series.secondMoment : inputWeight
    for i in 0..<n {
      if shouldStop() { return nil }
      for j in 0...i {
        let base = scale * cosines.number(i * n + j)
        let rho = (base + shift) / variance
        if setting.trained != .input { Self.horner(series.value, rho, series.terms, value) }
        if setting.trained != .output { Self.horner(series.derivative, rho, series.terms - 1, slope) }
        var entry = PreciseNumber()
        switch setting.trained {
        case .input: entry = weight * slope * (base + extra)
        case .output: entry = weight * value + extra
        case .both: entry = weight * (value + slope * (base + extra)) + extra
        }
        matrix.set(i * n + j, entry)
      }
    }
    let norm = (0..<n).reduce(0) { $0 + abs(matrix.double($1 * n + $1)) }
    guard let values = PreciseEigenvalues.eigenvalues(matrix, size: n, shouldStop: shouldStop) else { return nil }
    let size = Double(n)
    let first = setting.weightVariance * rows.squaredLengths[0] + setting.bias.gradient
    let (valueOff, slopeOff) = (series.valueError, series.derivativeError * first)
    let (valueTail, slopeTail) = (series.valueTail, series.derivativeTail * first)
    let (off, tail) =
      switch setting.trained {
      case .input: (slopeOff, slopeTail)
      case .output: (valueOff, valueTail)
      case .both: (valueOff + slopeOff, valueTail + slopeTail)
      }
    let rounding = norm * size * size * size * 0x1p-330 + size * weight.doubleValue * off
    let gain = weight.doubleValue
    eigenvalues = (0..<n).map { k in
      let value = values.double(k)
      // Beside the absolute errors, the conversion to a double.
      let relative = 0x1p-50 * abs(value)
      return CertifiedEigenvalue(
        value: max(0, value), lower: max(0, value - rounding - relative),
        upper: max(0, value + rounding + relative + size * gain * tail))
    }
  }

  /// Σ c_k ρᵏ for k ≤ order.
  private static func horner(
    _ coefficients: PreciseVector, _ rho: PreciseNumber, _ order: Int, _ sum: PreciseNumber
  ) {
    __gmpf_set_ui(sum.pointer, 0)
    for k in stride(from: min(order, coefficients.count - 1), through: 0, by: -1) {
      __gmpf_mul(sum.pointer, sum.pointer, rho.pointer)
      __gmpf_add(sum.pointer, sum.pointer, coefficients.elements + k)
    }
  }

  /// x_i·x_j / |x_i||x_j| of the rows as given, in the lower triangle.
  private static func cosines(_ rows: SampleRows) -> PreciseVector {
    let (n, d) = (rows.count, rows.dimension)
    let points = PreciseVector(count: n * d)
    for k in 0..<n * d { __gmpf_set_d(points.elements + k, rows.original.elements[k]) }
    let result = PreciseVector(count: n * n)
    let (term, sum) = (PreciseNumber(), PreciseNumber())
    func dot(_ i: Int, _ j: Int) -> PreciseNumber {
      __gmpf_set_ui(sum.pointer, 0)
      for k in 0..<d {
        __gmpf_mul(term.pointer, points.elements + i * d + k, points.elements + j * d + k)
        __gmpf_add(sum.pointer, sum.pointer, term.pointer)
      }
      return PreciseNumber(copying: sum.pointer)
    }
    let lengths = (0..<n).map { dot($0, $0).squareRoot }
    for i in 0..<n {
      for j in 0..<i { result.set(i * n + j, dot(i, j) / (lengths[i] * lengths[j])) }
      result.set(i * n + i, PreciseNumber(1))
    }
    return result
  }
}
