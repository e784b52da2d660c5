import Foundation
import LinearAlgebra

/// Kernel ridge regression: f(x) = Σ α_i k(x, x_i) with (K + μI) α = y. With μ = 0 it is what gradient descent on the
/// infinitely wide network from zero output converges to.
public struct KernelRegression: Sendable {
  public let setting: KernelSetting
  public let rows: SampleRows
  /// μ.
  public let ridge: Double
  /// α.
  public let coefficients: [Double]
  /// y_i − f_{−i}(x_i): what the fit without row i errs by at row i, from one decomposition (Allen's identity).
  public let leaveOneOutResiduals: [Double]
  private let layers: KernelLayers

  public var leaveOneOutError: Double {
    leaveOneOutResiduals.reduce(0) { $0 + $1 * $1 } / Double(leaveOneOutResiduals.count)
  }

  /// O(n²), given the decomposition.
  ///
  /// - Throws: ``SpectrumError`` where the kernel is singular to working precision and no ridge is given, with the
  ///   least ridge that helps; and for rows of different lengths, whose predictions need normalised rows.
  public init(_ setting: KernelSetting, rows: SampleRows, spectrum: GramSpectrum, labels: [Double], ridge: Double)
    throws
  {
    guard labels.count == rows.count else {
      throw SpectrumError("\(labels.count) labels for \(rows.count) rows; one for each row is needed")
    }
    guard ridge >= 0, ridge.isFinite else { throw SpectrumError("a ridge of \(ridge): a number from 0 on is needed") }
    let values = spectrum.eigenvalues.map(\.value)
    guard (values.first ?? 0) + ridge > 2 * spectrum.noise else {
      throw SpectrumError(
        String(
          format:
            "the kernel is singular to working precision (smallest eigenvalue at most %.2g); give a ridge of at least %.2g",
          spectrum.smallest.upper, 4 * spectrum.noise))
    }
    layers = try KernelLayers(setting, squaredLength: rows.squaredLengths[0])
    guard Set(rows.squaredLengths).count == 1 else {
      throw SpectrumError("regression needs rows of one length; normalise them")
    }
    let n = rows.count
    let v = spectrum.eigenvectors
    var alpha = [Double](repeating: 0, count: n)
    var inverse = alpha
    for k in 0..<n {
      let row = v.row(k)
      let gain = 1 / (values[k] + ridge)
      let c = zip(row, labels).reduce(0) { $0 + $1.0 * $1.1 } * gain
      for (i, x) in row.enumerated() {
        alpha[i] += c * x
        inverse[i] += gain * x * x
      }
    }
    coefficients = alpha
    leaveOneOutResiduals = zip(alpha, inverse).map { $0 / $1 }
    self.setting = setting
    self.rows = rows
    self.ridge = ridge
  }

  /// f at other rows, which are normalised as those of the fit were. O(count · n (d + terms)).
  public func predict(_ matrix: Matrix) throws -> [Double] {
    guard matrix.columns == rows.dimension else {
      throw SpectrumError("\(matrix.columns) columns to predict from, \(rows.dimension) in the fit; they must agree")
    }
    let others = try SampleRows(matrix, normalised: true)
    let n = rows.count
    return (0..<others.count).map { i in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * n) { room in
        for j in 0..<n { room[j] = Self.angle(others, i, rows, j) }
        let values = UnsafeMutableBufferPointer(rebasing: room[n...])
        layers.evaluate(angles: UnsafeMutableBufferPointer(rebasing: room[..<n]), into: values)
        return zip(values, coefficients).reduce(0) { $0 + $1.0 * $1.1 }
      }
    }
  }

  private static func angle(_ a: SampleRows, _ i: Int, _ b: SampleRows, _ j: Int) -> Double {
    var (difference, sum) = (0.0, 0.0)
    for (x, y) in zip(a.directions.row(i), b.directions.row(j)) {
      difference += (x - y) * (x - y)
      sum += (x + y) * (x + y)
    }
    return 2 * atan2(difference.squareRoot(), sum.squareRoot())
  }
}
