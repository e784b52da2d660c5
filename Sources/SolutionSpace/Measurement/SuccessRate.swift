import Foundation
import Probability

/// A share of successes with its 95 % confidence interval by Wilson's formula.
///
/// Source: E. B. Wilson, J. Am. Stat. Assoc. 22, 209 (1927).
public struct SuccessRate: Sendable, Equatable {
  public var successes: Int
  public var trials: Int

  public init(successes: Int, trials: Int) {
    self.successes = successes
    self.trials = trials
  }

  public var share: Double { trials > 0 ? Double(successes) / Double(trials) : 0 }

  public var interval: (low: Double, high: Double) {
    guard trials > 0 else { return (0, 1) }
    let (n, z) = (Double(trials), 1.959963984540054)
    let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    let half = z / (1 + z * z / n) * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    return (max(0, centre - half), min(1, centre + half))
  }
}

/// Success against load at one size, as a logistic law 1 / (1 + exp((α − α½)/w)): the load at which half of the
/// instances are solved.
public struct SuccessThreshold: Sendable, Equatable {
  /// N.
  public var inputs: Int
  /// α½.
  public var load: Estimate
  /// w.
  public var width: Double

  /// The posterior means, for a flat prior of α½ over the loads and half their span beyond, and one of ln w flat
  /// between 1/200 of the span and the span; the error is the posterior's deviation, which has an answer where success
  /// falls from all to none between two loads. Nil for fewer than two loads.
  public init?(inputs: Int, loads: [Double], rates: [SuccessRate]) {
    guard loads.count >= 2, loads.count == rates.count, let low = loads.min(), let high = loads.max(), high > low else {
      return nil
    }
    let span = high - low
    let places = (0...400).map { low - 0.5 * span + 2 * span * Double($0) / 400 }
    let widths = (0...40).map { span * pow(200, Double($0) / 40 - 1) }
    // ln of the chance of success and of failure at x = (α½ − α)/w.
    func logistic(_ x: Double) -> Double { -logSumExp(0, -x) }
    var points: [(place: Double, width: Double, logarithm: Double)] = []
    for place in places {
      for width in widths {
        let logarithm = zip(loads, rates).reduce(0.0) { sum, observation in
          let x = (place - observation.0) / width
          let (successes, trials) = (Double(observation.1.successes), Double(observation.1.trials))
          return sum + successes * logistic(x) + (trials - successes) * logistic(-x)
        }
        points.append((place, width, logarithm))
      }
    }
    let top = points.reduce(-Double.infinity) { max($0, $1.logarithm) }
    var (norm, mean, square, scale) = (0.0, 0.0, 0.0, 0.0)
    for point in points {
      let weight = exp(point.logarithm - top)
      norm += weight
      mean += weight * point.place
      square += weight * point.place * point.place
      scale += weight * log(point.width)
    }
    mean /= norm
    self.inputs = inputs
    load = Estimate(mean, error: max(square / norm - mean * mean, 0).squareRoot())
    width = exp(scale / norm)
  }
}

extension [SuccessThreshold] {
  /// The threshold of infinitely many inputs, from α½(N) = α∞ + c N^(−2/3) by weighted least squares; nil for fewer
  /// than two sizes.
  public var extrapolated: Estimate? {
    guard Set(map(\.inputs)).count >= 2 else { return nil }
    var (s, sx, sy, sxx, sxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for threshold in self {
      let x = pow(Double(threshold.inputs), -2.0 / 3)
      let weight = 1 / Swift.max(threshold.load.error * threshold.load.error, 1e-12)
      s += weight
      sx += weight * x
      sy += weight * threshold.load.value
      sxx += weight * x * x
      sxy += weight * x * threshold.load.value
    }
    let determinant = s * sxx - sx * sx
    guard determinant > 0 else { return nil }
    return Estimate((sxx * sy - sx * sxy) / determinant, error: (sxx / determinant).squareRoot())
  }
}
