import Exact

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A number of regions: a natural number of any size.
public struct RegionCount: Sendable, Comparable, CustomStringConvertible {
  /// The number itself; its denominator is 1.
  public let value: Rational

  init(_ value: Rational) { self.value = value }

  public init(_ value: Int) { self.value = Rational(value) }

  /// The decimal digits.
  public var description: String { value.description }

  /// The decimal logarithm, to within rounding, whatever the size; −∞ for 0.
  public var log10: Double {
    guard value.signum > 0 else { return -.infinity }
    let exponent = value.approximateExponent
    let mantissa = (value / Rational(powerOfTwo: exponent)).doubleValue
    return (log2(mantissa) + Double(exponent)) * log10Of2
  }

  public static func < (left: RegionCount, right: RegionCount) -> Bool { left.value < right.value }
}

private let log10Of2 = 0.301029995663981195213738894724493
