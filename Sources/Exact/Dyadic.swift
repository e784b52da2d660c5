/// A finite double as an integer times a power of two: x = mantissa · 2^exponent, the mantissa odd, or 0 for 0.
public struct Dyadic: Sendable, Equatable {
  public let mantissa: Int
  public let exponent: Int

  /// The exact value of a finite double. O(1).
  public init(_ value: Double) {
    precondition(value.isFinite, "only finite numbers are dyadic")
    guard value != 0 else {
      (mantissa, exponent) = (0, 0)
      return
    }
    let bits = Int(value.isNormal ? value.significandBitPattern | 1 << 52 : value.significandBitPattern)
    let power = value.isNormal ? Int(value.exponent) - 52 : -1074
    let zeros = bits.trailingZeroBitCount
    mantissa = value < 0 ? -(bits >> zeros) : bits >> zeros
    exponent = power + zeros
  }

  /// How many binary digits stand behind the point, at least 0.
  public var fractionBits: Int { max(0, -exponent) }
}
