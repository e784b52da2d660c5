import Foundation

/// A number beyond the range of a `Double`: `mantissa` · 2^`exponent`.
public struct ScaledNumber: Sendable, Hashable {
  public var mantissa: Double
  public var exponent: Int

  public init(_ mantissa: Double, exponent: Int = 0) {
    self.mantissa = mantissa
    self.exponent = exponent
  }

  /// The value, infinite or 0 where a `Double` ends.
  public var value: Double { scalbn(mantissa, Int32(clamping: exponent)) }

  /// The logarithm to base 2; −∞ for 0.
  public var logarithm: Double { log2(mantissa) + Double(exponent) }

  static func + (left: Self, right: Self) -> Self {
    guard left.mantissa != 0 else { return right }
    guard right.mantissa != 0 else { return left }
    let exponent = max(left.exponent, right.exponent)
    return Self(
      scalbn(left.mantissa, Int32(clamping: left.exponent - exponent))
        + scalbn(right.mantissa, Int32(clamping: right.exponent - exponent)), exponent: exponent)
  }

  static func * (left: Self, right: Self) -> Self {
    Self(left.mantissa * right.mantissa, exponent: left.exponent + right.exponent)
  }
}
