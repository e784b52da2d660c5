import CGMP

/// Rational enclosures of logarithms and exponentials: what a proof about cross-entropy loss stands on.
///
/// Every function returns two rationals with lower ≤ f(x) ≤ upper, by argument reduction and a power series with a
/// remainder bound. All intermediate values are rounded outwards to multiples of a power of two, so their sizes depend
/// on the precision asked for and not on the argument.
public enum Elementary {
  /// The largest argument of ``exp(_:bits:)``: the result has 1.5 million bits before the point.
  public static let largestExponent = 1_048_576

  /// Encloses the natural logarithm of a positive number.
  ///
  /// x = 2^e·m with 2/3 ≤ m ≤ 4/3, and log m = 2 artanh((m − 1)/(m + 1)), whose argument is at most 1/5.
  ///
  /// - Parameter bits: the width upper − lower is at most 2^−bits.
  /// - Throws: ``ElementaryError`` when `x` is not positive.
  /// - Complexity: O(bits) products of `bits`-bit numbers.
  public static func log(_ x: Rational, bits: Int) throws(ElementaryError) -> (lower: Rational, upper: Rational) {
    guard x.signum > 0 else { throw ElementaryError("log needs a positive number, got \(x.abbreviated)") }
    var exponent = x.approximateExponent
    var mantissa = x / Rational(powerOfTwo: exponent)
    // The exponent from the sizes of numerator and denominator is off by at most one: 1/2 < m < 2.
    if mantissa > Rational(4, 3) {
      mantissa /= 2
      exponent += 1
    } else if mantissa < Rational(2, 3) {
      mantissa *= 2
      exponent -= 1
    }
    let precision = max(bits, 1) + 8 + bitWidth(bits) + bitWidth(exponent)
    let argument = (mantissa - 1) / (mantissa + 1)
    let low = artanh(argument.roundedDown(bits: precision), precision).lower
    let high = artanh(argument.roundedUp(bits: precision), precision).upper
    let two = artanh(Rational(1, 3), precision)
    let scale = Rational(exponent)
    let products = (scale * two.lower, scale * two.upper)
    return (2 * (low + min(products.0, products.1)), 2 * (high + max(products.0, products.1)))
  }

  /// Encloses e^x.
  ///
  /// x = n·log 2 + r with |r| < 1; then e^x = 2^n·(e^{r/2^s})^{2^s}, and the Taylor series of e^t for |t| ≤ 2^−s.
  ///
  /// - Parameter bits: upper ≤ lower·(1 + 2^−bits), a relative width. Below −``largestExponent`` the answer is
  ///   (0, 2^−``largestExponent``).
  /// - Throws: ``ElementaryError`` when x > ``largestExponent``: the result would take all memory.
  /// - Complexity: O(√bits) products of `bits`-bit numbers.
  public static func exp(_ x: Rational, bits: Int) throws(ElementaryError) -> (lower: Rational, upper: Rational) {
    guard x <= Rational(largestExponent) else {
      throw ElementaryError("exp takes numbers up to \(largestExponent), got \(x.abbreviated)")
    }
    guard x >= Rational(-largestExponent) else { return (.zero, Rational(powerOfTwo: -largestExponent)) }
    let halvings = Int(Double(max(bits, 1)).squareRoot())
    let precision = max(bits, 1) + 2 * halvings + 8 + bitWidth(bits)
    let logTwo = try log(2, bits: precision + 24)
    let turns = Int((x / logTwo.lower).doubleValue.rounded())
    let multiples = (Rational(turns) * logTwo.lower, Rational(turns) * logTwo.upper)
    let step = Rational(powerOfTwo: -halvings)
    var low = seriesOfExp((x - max(multiples.0, multiples.1)) * step, precision).lower
    var high = seriesOfExp((x - min(multiples.0, multiples.1)) * step, precision).upper
    for _ in 0..<halvings {
      low = (low * low).roundedDown(bits: precision)
      high = (high * high).roundedUp(bits: precision)
    }
    let scale = Rational(powerOfTwo: turns)
    return (low * scale, high * scale)
  }

  /// Encloses log(1 + e^x), the softplus of x: the loss of one sample in logistic regression with margin −x.
  ///
  /// log(1 + e^x) = max(x, 0) + log(1 + e^{−|x|}), and log(1 + t) = 2 artanh(t/(2 + t)), whose argument is at most 1/3.
  ///
  /// - Parameter bits: the width upper − lower is at most 2^−bits.
  /// - Complexity: O(bits) products of `bits`-bit numbers; less when |x| is large.
  public static func log1pExp(_ x: Rational, bits: Int) -> (lower: Rational, upper: Rational) {
    let precision = max(bits, 1) + 8 + bitWidth(bits)
    let positivePart = x.signum > 0 ? x : .zero
    // e^{−|x|} < 2^−precision beyond: 0 ≤ log(1 + t) ≤ t.
    guard x.magnitude < Rational(precision), let tail = try? exp(-x.magnitude, bits: precision) else {
      return (positivePart, positivePart + Rational(powerOfTwo: -precision))
    }
    let low = tail.lower / (2 + tail.lower)
    let high = tail.upper / (2 + tail.upper)
    return (
      positivePart + 2 * artanh(low.roundedDown(bits: precision), precision).lower,
      positivePart + 2 * artanh(high.roundedUp(bits: precision), precision).upper
    )
  }
}

// The series.
extension Elementary {
  /// Encloses artanh z = Σ z^{2k+1}/(2k + 1) for |z| ≤ 1/2, an odd and increasing function.
  ///
  /// After the term with z^n the rest is at most z^{n+2}/(1 − z²) ≤ 2 z^{n+2}.
  private static func artanh(_ z: Rational, _ precision: Int) -> (lower: Rational, upper: Rational) {
    guard z.signum >= 0 else {
      let mirrored = artanh(-z, precision)
      return (-mirrored.upper, -mirrored.lower)
    }
    let square = z * z
    let squareUp = square.roundedUp(bits: precision)
    let squareDown = square.roundedDown(bits: precision)
    var powerUp = z.roundedUp(bits: precision)
    var powerDown = z.roundedDown(bits: precision)
    var low = Rational.zero
    var high = Rational.zero
    let negligible = Rational(powerOfTwo: 2 - precision)
    var order = 1
    while true {
      low += (powerDown / Rational(order)).roundedDown(bits: precision)
      high += (powerUp / Rational(order)).roundedUp(bits: precision)
      powerDown = (powerDown * squareDown).roundedDown(bits: precision)
      powerUp = (powerUp * squareUp).roundedUp(bits: precision)
      if powerUp <= negligible { return (low, high + 2 * powerUp) }
      order += 2
    }
  }

  /// Encloses e^t = Σ t^k/k! for |t| ≤ 1, an increasing function.
  ///
  /// After the term with t^n the rest is at most 2 |t|^{n+1}/(n + 1)!.
  private static func seriesOfExp(_ t: Rational, _ precision: Int) -> (lower: Rational, upper: Rational) {
    let downwards = t.roundedDown(bits: precision)
    let upwards = t.roundedUp(bits: precision)
    return (sum(downwards).lower, sum(upwards).upper)

    func sum(_ t: Rational) -> (lower: Rational, upper: Rational) {
      let negligible = Rational(powerOfTwo: -precision)
      // The powers of |t| carry the sign apart, so that rounding down and up keep their meaning.
      let size = t.magnitude
      var low = Rational.one
      var high = Rational.one
      var termDown = size
      var termUp = size
      var order = 1
      while termUp > negligible {
        let isNegative = t.signum < 0 && order % 2 == 1
        low += isNegative ? -termUp : termDown
        high += isNegative ? -termDown : termUp
        order += 1
        termDown = (termDown * size / Rational(order)).roundedDown(bits: precision)
        termUp = (termUp * size / Rational(order)).roundedUp(bits: precision)
      }
      return (low - 2 * termUp, high + 2 * termUp)
    }
  }

  /// The number of binary digits of |value|.
  private static func bitWidth(_ value: Int) -> Int { Int.bitWidth - value.magnitude.leadingZeroBitCount }
}

/// What ``Elementary`` could not compute, in words.
public struct ElementaryError: Error, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}

extension Rational {
  /// An e with 2^{e−1} < |x| < 2^{e+1}: the order of magnitude of a number of any size; 0 for zero.
  public var approximateExponent: Int {
    signum == 0
      ? 0
      : __gmpz_sizeinbase(pleat_mpq_numerator(&storage.number), 2)
        - __gmpz_sizeinbase(pleat_mpq_denominator(&storage.number), 2)
  }

  /// The number for a message: exact when short, else its nearest `Double`.
  fileprivate var abbreviated: String {
    let exact = description
    return exact.count <= 40 ? exact : "about \(doubleValue)"
  }
}
