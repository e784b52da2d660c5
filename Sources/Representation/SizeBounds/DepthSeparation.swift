import Exact

/// A row of the table of Corollaries 3.3 and 3.4: a function that k^(1+ε) hidden layers of k units compute, and how many
/// units every network with at most k hidden layers needs.
///
/// | k | layers | units | ½ k^(k+1) − 1, ε = 1 |
/// |---|---|---|---|
/// | 2 | 4 | 8 | 3 |
/// | 3 | 9 | 27 | 39½ |
/// | 4 | 16 | 64 | 511 |
///
/// Source: R. Arora, A. Basu, P. Mianjy, A. Mukherjee, *Understanding deep neural networks with rectified linear units*
/// (2018), Corollaries 3.3 and 3.4, which need k^(1+ε) to be an integer and k ≥ 2.
public struct DepthSeparation: Sendable, Equatable {
  /// The largest ½ k^(k^ε+1) − 1 has at most so many binary digits.
  public static let largestDigits = 1 << 16

  /// k ≥ 2, the width of the deep network and the layers of the shallow ones.
  public let k: Int
  /// ε ≥ 1
  public let exponent: Int
  /// k^(1+ε), the hidden layers of the deep network.
  public let deepLayers: Rational
  /// k^(2+ε), its hidden units.
  public let deepSize: Rational
  /// ½ k^(k^ε+1) − 1, the paper's lower bound on the units of networks with k hidden layers.
  public let bound: Rational
  /// The least Σ wᵢ over at most k hidden layers with Π (wᵢ + 1) ≥ the exact number of pieces: the sharper bound.
  public let productBound: Rational

  /// - Throws: `RepresentationError` unless k ≥ 2, ε ≥ 1 and the bound has at most `largestDigits` binary digits.
  public init(k: Int, exponent: Int = 1) throws {
    guard k >= 2 else { throw RepresentationError("k is \(k); the corollary needs k ≥ 2") }
    guard exponent >= 1 else { throw RepresentationError("the exponent is \(exponent); accepted are integers from 1") }
    // The number of pieces, k^(k^(1+ε)), has k^(1+ε) log₂ k digits.
    var layers = k
    for _ in 0..<exponent {
      let (product, overflow) = layers.multipliedReportingOverflow(by: k)
      guard !overflow, product <= Self.largestDigits else {
        throw RepresentationError("k = \(k) with the exponent \(exponent) gives numbers too large to write down")
      }
      layers = product
    }
    guard Double(layers) * NaturalArithmetic.binaryLogarithm(Rational(k)) <= Double(Self.largestDigits) else {
      throw RepresentationError("k = \(k) with the exponent \(exponent) gives numbers too large to write down")
    }
    self.k = k
    self.exponent = exponent
    deepLayers = Rational(layers)
    deepSize = Rational(layers) * Rational(k)
    // p = w^(layers) by Theorem 3.1 gives p^(1/k) = k^(k^ε).
    bound = NaturalArithmetic.power(Rational(k), layers / k + 1) / 2 - 1
    let pieces = NaturalArithmetic.power(Rational(k), layers) + (k.isMultiple(of: 2) ? 2 : 1)
    productBound = SizeBound.leastUnits(pieces: pieces, layers: k)
  }

  /// The rows k = 2, 3, … `largest` with ε = 1: k² layers, k³ units.
  ///
  /// - Throws: as `init(k:exponent:)`.
  public static func table(largest: Int) throws -> [DepthSeparation] {
    try stride(from: 2, through: largest, by: 1).map { try DepthSeparation(k: $0) }
  }
}
