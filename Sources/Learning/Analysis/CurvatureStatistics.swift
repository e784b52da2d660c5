import Foundation

/// κ of one tensor in a few numbers.
public struct CurvatureStatistics: Sendable, Hashable {
  public let name: String
  public let shape: [Int]
  public let least: Double
  public let median: Double
  public let largest: Double
  /// Numbers that lie on no live path: κ = 0.
  public let deadCount: Int
  /// Σ κ w²: for the weights next to the inputs together with all biases it is γ², and so for those of the output.
  public let weighted: Double
  /// |c · S| / |κ⁽¹⁾| for the second term, where it was asked for.
  public let secondTermShare: Double?
}

extension Model {
  /// κ by tensor, and what the second term adds to it.
  ///
  /// - Throws: what `pathCurvature` throws.
  public func curvatureStatistics<S: Scalar>(
    at parameters: [S], steps: Int = 1, options: PathNormOptions = PathNormOptions()
  ) throws -> (squaredNorm: ScaledNumber, tensors: [CurvatureStatistics]) {
    let curvature = try pathCurvature(at: parameters, steps: steps, options: options)
    let first =
      options.secondTerm == nil
      ? nil : try pathCurvature(at: parameters, steps: steps, options: PathNormOptions(exponent: options.exponent))
    let tensors = curvature.tensors.enumerated().map { index, tensor in
      let values = tensor.values
      let sorted = values.sorted()
      let weighted = zip(values, parameters[tensor.tensor.range]).reduce(0) { $0 + $1.0 * Double($1.1) * Double($1.1) }
      var share: Double?
      if let first, tensor.tensor.role == .recurrentWeights {
        let base = first.tensors[index].values
        let added = zip(values, base).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
        share = (added / base.reduce(0) { $0 + $1 * $1 }).squareRoot()
      }
      return CurvatureStatistics(
        name: tensor.tensor.name, shape: tensor.tensor.shape, least: sorted.first ?? 0,
        median: sorted.isEmpty ? 0 : sorted[sorted.count / 2], largest: sorted.last ?? 0,
        deadCount: values.count { $0 == 0 }, weighted: weighted, secondTermShare: share)
    }
    return (curvature.squaredNorm, tensors)
  }
}
