import CGMP

extension Rational {
  /// The number rounded towards zero to a `Double`; ±infinity beyond its range.
  var truncated: Double {
    __gmpq_get_d(&storage.number)
  }

  /// A `Double` less than one unit in the last place from the number, towards zero; ±infinity beyond its range. Several
  /// times faster than `doubleValue`.
  public var nearbyDouble: Double { truncated }

  /// The largest `Double` that is not above the number.
  public var roundedDown: Double {
    let value = truncated
    guard value.isFinite else { return value < 0 ? value : Double.greatestFiniteMagnitude }
    return Rational(exactly: value) > self ? value.nextDown : value
  }

  /// The smallest `Double` that is not below the number.
  public var roundedUp: Double { 0 - (-self).roundedDown }

  /// The nearest `Double`.
  public var doubleValue: Double {
    let low = roundedDown
    let high = roundedUp
    guard low.isFinite, high.isFinite, low < high else { return low }
    return self - Rational(exactly: low) <= Rational(exactly: high) - self ? low : high
  }

  /// The largest multiple of 2^−`bits` that is not above the number.
  public func roundedDown(bits: Int) -> Rational {
    Rational { result in
      if bits >= 0 {
        __gmpq_mul_2exp(result, &storage.number, UInt(bits))
      } else {
        __gmpq_div_2exp(result, &storage.number, UInt(-bits))
      }
      let numerator = pleat_mpq_numerator(result)!
      let denominator = pleat_mpq_denominator(result)!
      __gmpz_fdiv_q(numerator, numerator, denominator)
      __gmpz_set_ui(denominator, 1)
      if bits >= 0 {
        __gmpq_div_2exp(result, result, UInt(bits))
      } else {
        __gmpq_mul_2exp(result, result, UInt(-bits))
      }
    }
  }

  /// The smallest multiple of 2^−`bits` that is not below the number.
  public func roundedUp(bits: Int) -> Rational { -(-self).roundedDown(bits: bits) }
}
