import Foundation

/// How the eigenvalues fall with their rank k: as a power k^−p, or as exp(−B k^s).
public struct DecayFit: Sendable, Equatable {
  public enum Law: Sendable, Equatable {
    case power(exponent: Double)
    case stretchedExponential(rate: Double, exponent: Double)
  }

  public let law: Law
  /// ln of the constant in front.
  public let intercept: Double
  /// The root mean square of what is left in ln λ.
  public let deviation: Double

  /// The better of both laws by least squares in ln λ over the eigenvalues above `floor`, largest first; nil for fewer
  /// than 6.
  ///
  /// The exponent s is the best of 0.2, 0.25, … 1.5.
  public init?(descending eigenvalues: [Double], floor: Double) {
    let used = eigenvalues.prefix { $0 > max(floor, 1e-300) }
    guard used.count >= 6 else { return nil }
    let y = used.map { Foundation.log($0) }
    let power = Self.line(y.indices.map { Foundation.log(Double($0 + 1)) }, y)
    var best = (law: Law.power(exponent: -power.slope), fit: power)
    for step in 4...30 {
      let s = 0.05 * Double(step)
      let fit = Self.line(y.indices.map { pow(Double($0 + 1), s) }, y)
      // The extra parameter must earn its place.
      if fit.slope < 0, fit.deviation < 0.8 * power.deviation, fit.deviation < best.fit.deviation {
        best = (.stretchedExponential(rate: -fit.slope, exponent: s), fit)
      }
    }
    (law, intercept, deviation) = (best.law, best.fit.intercept, best.fit.deviation)
  }

  /// λ at rank k, from 1.
  public func value(_ k: Double) -> Double {
    switch law {
    case .power(let exponent): exp(intercept - exponent * Foundation.log(k))
    case .stretchedExponential(let rate, let exponent): exp(intercept - rate * pow(k, exponent))
    }
  }

  private static func line(_ x: [Double], _ y: [Double]) -> (slope: Double, intercept: Double, deviation: Double) {
    let n = Double(x.count)
    let (mx, my) = (x.reduce(0, +) / n, y.reduce(0, +) / n)
    let xx = x.reduce(0) { $0 + ($1 - mx) * ($1 - mx) }
    let xy = zip(x, y).reduce(0) { $0 + ($1.0 - mx) * ($1.1 - my) }
    let slope = xy / xx
    let rest = zip(x, y).reduce(0) { sum, p in
      let r = p.1 - my - slope * (p.0 - mx)
      return sum + r * r
    }
    return (slope, my - slope * mx, (rest / n).squareRoot())
  }
}
