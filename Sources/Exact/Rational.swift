import CGMP

/// An exact rational number of any size, in lowest terms, over GNU MP.
///
/// A value type over immutable shared storage, so it may cross threads freely. Every operation allocates; loops over
/// many products use ``IntegerMatrix`` and ``IntegerVector`` instead.
public struct Rational: Sendable {
  /// Owns one `mpq_t`. It is written only while the value is being made, by the one reference to it.
  @usableFromInline
  final class Storage: @unchecked Sendable {
    // Written by nobody else while it is read, so that checks of exclusive access, a fifth of the time, are for nothing.
    @exclusivity(unchecked) var number = __mpq_struct()
    init() { __gmpq_init(&number) }
    deinit { __gmpq_clear(&number) }
  }

  let storage: Storage

  init(_ body: (UnsafeMutablePointer<__mpq_struct>) -> Void) {
    storage = Storage()
    body(&storage.number)
  }

  /// The value of an integer.
  public init(_ value: Int) {
    self.init { __gmpq_set_si($0, value, 1) }
  }

  /// The quotient of two integers; `denominator` must not be zero.
  public init(_ numerator: Int, _ denominator: Int) {
    precondition(denominator != 0, "division by zero")
    self = Rational(numerator) / Rational(denominator)
  }

  /// The exact value of a finite floating-point number: a dyadic rational.
  public init(exactly value: Double) {
    precondition(value.isFinite, "only finite numbers are rational")
    self.init { __gmpq_set_d($0, value) }
  }

  /// 2 to the power `exponent`, of either sign.
  public init(powerOfTwo exponent: Int) {
    self.init {
      __gmpq_set_si($0, 1, 1)
      if exponent >= 0 {
        __gmpq_mul_2exp($0, $0, UInt(exponent))
      } else {
        __gmpq_div_2exp($0, $0, UInt(-exponent))
      }
    }
  }

  public static let zero = Rational(0)
  public static let one = Rational(1)

  /// −1, 0 or +1.
  public var signum: Int { Int(pleat_mpq_sgn(&storage.number)) }

  public var magnitude: Rational { Rational { __gmpq_abs($0, &storage.number) } }

  /// The denominator in lowest terms, as a rational.
  public var denominator: Rational {
    Rational { __gmpz_set(pleat_mpq_numerator($0), pleat_mpq_denominator(&storage.number)) }
  }

  /// The numerator in lowest terms, as a rational.
  public var numerator: Rational {
    Rational { __gmpz_set(pleat_mpq_numerator($0), pleat_mpq_numerator(&storage.number)) }
  }
}

extension Rational: Comparable, Hashable {
  public static func == (left: Rational, right: Rational) -> Bool {
    __gmpq_equal(&left.storage.number, &right.storage.number) != 0
  }

  public static func < (left: Rational, right: Rational) -> Bool {
    __gmpq_cmp(&left.storage.number, &right.storage.number) < 0
  }

  /// Equal numbers have one floating-point approximation.
  public func hash(into hasher: inout Hasher) { hasher.combine(__gmpq_get_d(&storage.number)) }
}

extension Rational: ExpressibleByIntegerLiteral, SignedNumeric {
  public init(integerLiteral value: Int) { self.init(value) }

  public init?<T: BinaryInteger>(exactly source: T) {
    guard let value = Int(exactly: source) else { return nil }
    self.init(value)
  }

  public static func + (left: Rational, right: Rational) -> Rational {
    Rational { __gmpq_add($0, &left.storage.number, &right.storage.number) }
  }

  public static func - (left: Rational, right: Rational) -> Rational {
    Rational { __gmpq_sub($0, &left.storage.number, &right.storage.number) }
  }

  public static func * (left: Rational, right: Rational) -> Rational {
    Rational { __gmpq_mul($0, &left.storage.number, &right.storage.number) }
  }

  /// The quotient; `right` must not be zero.
  public static func / (left: Rational, right: Rational) -> Rational {
    precondition(right.signum != 0, "division by zero")
    return Rational { __gmpq_div($0, &left.storage.number, &right.storage.number) }
  }

  public static prefix func - (value: Rational) -> Rational {
    Rational { __gmpq_neg($0, &value.storage.number) }
  }

  public static func += (left: inout Rational, right: Rational) { left = left + right }
  public static func -= (left: inout Rational, right: Rational) { left = left - right }
  public static func *= (left: inout Rational, right: Rational) { left = left * right }
  public static func /= (left: inout Rational, right: Rational) { left = left / right }
}
