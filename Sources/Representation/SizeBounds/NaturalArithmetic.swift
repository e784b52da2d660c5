import Exact

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// Powers, roots and binomial sums of natural numbers of any size, held as `Rational` with denominator 1.
enum NaturalArithmetic {
  static func isNatural(_ value: Rational) -> Bool { value.signum >= 0 && value.denominator == .one }

  static func floor(_ value: Rational) -> Rational { value.roundedDown(bits: 0) }

  static func ceiling(_ value: Rational) -> Rational { value.roundedUp(bits: 0) }

  /// base^exponent, exponent ≥ 0. O(log exponent) products.
  static func power(_ base: Rational, _ exponent: Int) -> Rational {
    var result = Rational.one
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      rest >>= 1
      if rest > 0 { square *= square }
    }
    return result
  }

  /// The largest natural r with r^degree ≤ value, for a natural value and degree ≥ 1.
  ///
  /// Newton's iteration from above in integers; a handful of powers.
  static func floorRoot(_ value: Rational, degree: Int) -> Rational {
    guard value > .one, degree > 1 else { return value }
    var root = rootGuess(value, degree: degree)
    let lower = Rational(degree - 1)
    while true {
      let next = floor((lower * root + floor(value / power(root, degree - 1))) / Rational(degree))
      guard next < root else { break }
      root = next
    }
    // The guess comes from floating point; these two loops make the answer right wherever it started.
    while power(root, degree) > value { root -= .one }
    while power(root + .one, degree) <= value { root += .one }
    return root
  }

  /// The least natural r with r^degree ≥ value, for a natural value and degree ≥ 1.
  static func ceilingRoot(_ value: Rational, degree: Int) -> Rational {
    let root = floorRoot(value, degree: degree)
    return power(root, degree) == value ? root : root + .one
  }

  /// value^(1/degree) to within 2⁻⁶⁴ and the rounding of the result, for a value ≥ 0 and degree ≥ 1.
  static func root(_ value: Rational, degree: Int) -> Double {
    let bits = 64
    let scaled = floor(value * Rational(powerOfTwo: bits * degree))
    return (floorRoot(scaled, degree: degree) / Rational(powerOfTwo: bits)).doubleValue
  }

  /// A little more than value^(1/degree).
  private static func rootGuess(_ value: Rational, degree: Int) -> Rational {
    let exponent = binaryLogarithm(value) / Double(degree)
    let whole = exponent.rounded(.down)
    let mantissa = Rational(exactly: exp2(exponent - whole) * (1 + 0x1p-20))
    return ceiling(mantissa * Rational(powerOfTwo: Int(whole)))
  }

  /// log₂ of a positive number, to within rounding, whatever its size.
  static func binaryLogarithm(_ value: Rational) -> Double {
    let exponent = value.approximateExponent
    return log2((value / Rational(powerOfTwo: exponent)).doubleValue) + Double(exponent)
  }

  /// Σ_{j ≤ most} C(count, j) for a natural count; 0 when most < 0. O(min(most, count)) products.
  static func binomialSum(_ count: Rational, upTo most: Int) -> Rational {
    guard most >= 0 else { return .zero }
    var term = Rational.one
    var sum = Rational.one
    var index = 1
    while index <= most {
      let factor = count - Rational(index - 1)
      guard factor.signum > 0 else { break }
      term = term * factor / Rational(index)
      sum += term
      index += 1
    }
    return sum
  }

  /// The least Σ xᵢ over `factors` integers xᵢ ≥ 1 with Π xᵢ ≥ product, and ≥ `factors` for a product of at most 1.
  ///
  /// Among integers with one sum those that differ by at most 1 have the largest product, so that only how many of them
  /// are larger is searched. O(log factors) powers.
  static func leastSum(product: Rational, factors: Int) -> Rational {
    let root = max(floorRoot(product, degree: factors), .one)
    var low = 0
    var high = factors
    while low < high {
      let raised = (low + high) / 2
      if power(root + .one, raised) * power(root, factors - raised) >= product {
        high = raised
      } else {
        low = raised + 1
      }
    }
    return root * Rational(factors) + Rational(low)
  }

  /// The largest Π xᵢ over `factors` natural numbers xᵢ with Σ xᵢ = sum.
  static func largestProduct(sum: Rational, factors: Int) -> Rational {
    let root = floor(sum / Rational(factors))
    let raised = Int((sum - root * Rational(factors)).doubleValue)
    return power(root + .one, raised) * power(root, factors - raised)
  }
}
