import Exact

/// The samples of one part of a certificate as integers, so that the checks are integer products.
///
/// A *site* is a distinct input point; sites are numbered in the order in which the samples first show them. Each input
/// column is multiplied by the least common denominator of its entries, which rescales the weights of a unit and nothing
/// else; the last coordinate of a site is 1.
public struct ScaledSamples {
  /// n + 1.
  public let dimension: Int
  public let siteCount: Int
  /// The site of each sample.
  public let site: [Int]
  /// `siteCount × dimension` integers.
  public let points: IntegerVector
  /// For each input column the factor that made its entries integers.
  public let columnScales: [Rational]
  public let targets: [Rational]
  public let weights: [Rational]
  /// yₛ = `targetNumerators[s] / targetScale`
  public let targetNumerators: IntegerVector
  public let targetScale: Rational
  /// 1 / wₛ = `inverseWeights[s] / inverseWeightScale`
  public let inverseWeights: IntegerVector
  public let inverseWeightScale: Rational

  public init(inputs: [[Rational]], targets: [Rational], weights: [Rational]) {
    let columns = inputs.first?.count ?? 0
    dimension = columns + 1
    var numbers: [[Rational]: Int] = [:]
    var site: [Int] = []
    var points: [[Rational]] = []
    for row in inputs {
      if let known = numbers[row] {
        site.append(known)
      } else {
        numbers[row] = points.count
        site.append(points.count)
        points.append(row)
      }
    }
    self.site = site
    siteCount = points.count
    let scaled = IntegerVector(count: points.count * dimension)
    var columnScales: [Rational] = []
    for column in 0..<columns {
      let scale = Self.commonDenominator(points.lazy.map { $0[column] })
      for (index, point) in points.enumerated() { scaled.set(index * dimension + column, to: point[column] * scale) }
      columnScales.append(scale)
    }
    self.columnScales = columnScales
    for index in points.indices { scaled.set(index * dimension + columns, to: 1) }
    self.points = scaled
    self.targets = targets
    self.weights = weights
    targetScale = Self.commonDenominator(targets)
    targetNumerators = IntegerVector(count: targets.count)
    for (index, target) in targets.enumerated() { targetNumerators.set(index, to: target * targetScale) }
    inverseWeightScale = Self.commonDenominator(weights.lazy.map { Rational.one / $0 })
    inverseWeights = IntegerVector(count: weights.count)
    for (index, weight) in weights.enumerated() { inverseWeights.set(index, to: inverseWeightScale / weight) }
  }

  /// The least common multiple of the denominators.
  static func commonDenominator(_ values: some Sequence<Rational>) -> Rational {
    var result = Rational.one
    for value in values {
      // The denominator of value · result is what is still missing.
      result *= (value * result).denominator
    }
    return result
  }
}
