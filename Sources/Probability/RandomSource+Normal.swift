import Foundation

extension RandomSource {
  /// A standard normal number, by the polar method of Marsaglia and Bray (1964).
  public mutating func normal() -> Double {
    while true {
      let u = 2 * uniform() - 1
      let v = 2 * uniform() - 1
      let s = u * u + v * v
      if s > 0, s < 1 { return u * (-2 * log(s) / s).squareRoot() }
    }
  }
}
