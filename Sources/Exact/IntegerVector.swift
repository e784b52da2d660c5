import CGMP

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

/// A fixed number of big integers in one buffer, for loops that must not allocate.
///
/// A reference type: it owns GMP's storage, and a copy would share it. Not for use from several threads at once.
public final class IntegerVector {
  public let count: Int
  let base: UnsafeMutablePointer<__mpz_struct>

  /// `count` zeros.
  public init(count: Int) {
    self.count = count
    base = .allocate(capacity: max(count, 1))
    for index in 0..<count { __gmpz_init(base + index) }
  }

  deinit {
    for index in 0..<count { __gmpz_clear(base + index) }
    base.deallocate()
  }

  @inline(__always)
  func pointer(_ index: Int) -> UnsafeMutablePointer<__mpz_struct> {
    precondition(index >= 0 && index < count, "index out of range")
    return base + index
  }

  public func set(_ index: Int, to value: Int) { __gmpz_set_si(pointer(index), value) }

  public func set(_ index: Int, to other: IntegerVector, _ otherIndex: Int) {
    __gmpz_set(pointer(index), other.pointer(otherIndex))
  }

  /// Sets an element to a rational that must be an integer.
  public func set(_ index: Int, to value: Rational) {
    precondition(__gmpz_cmp_ui(pleat_mpq_denominator(&value.storage.number), 1) == 0, "\(value) is no integer")
    __gmpz_set(pointer(index), pleat_mpq_numerator(&value.storage.number))
  }

  /// Reads hexadecimal digits, with an optional minus sign; false when the text is something else.
  public func set(_ index: Int, hexadecimal digits: some Collection<UInt8>) -> Bool {
    let target = pointer(index)
    return withUnsafeTemporaryAllocation(of: CChar.self, capacity: digits.count + 1) { text in
      for (position, digit) in digits.enumerated() { text[position] = CChar(bitPattern: digit) }
      text[digits.count] = 0
      return __gmpz_set_str(target, text.baseAddress, 16) == 0
    }
  }

  /// Appends an element's hexadecimal digits, with a minus sign where negative.
  public func appendHexadecimal(_ index: Int, to text: inout [UInt8]) {
    let source = pointer(index)
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: __gmpz_sizeinbase(source, 16) + 2) { digits in
      _ = __gmpz_get_str(digits.baseAddress, 16, source)
      for digit in digits {
        guard digit != 0 else { break }
        text.append(UInt8(bitPattern: digit))
      }
    }
  }

  /// self[index] / other[otherIndex] to within rounding, whatever their size; the divisor must not be zero.
  public func quotient(_ index: Int, _ other: IntegerVector, _ otherIndex: Int) -> Double {
    var exponent = 0
    var otherExponent = 0
    let numerator = __gmpz_get_d_2exp(&exponent, pointer(index))
    let denominator = __gmpz_get_d_2exp(&otherExponent, other.pointer(otherIndex))
    return Double(sign: .plus, exponent: exponent - otherExponent, significand: numerator / denominator)
  }

  /// −1, 0 or +1.
  public func signum(_ index: Int) -> Int { Int(pleat_mpz_sgn(pointer(index))) }

  public func negate(_ index: Int) { __gmpz_neg(pointer(index), pointer(index)) }

  /// self[index] += left · right
  @inline(__always)
  public func addProduct(_ index: Int, _ left: IntegerVector, _ leftIndex: Int, times right: Int) {
    if right >= 0 {
      __gmpz_addmul_ui(pointer(index), left.pointer(leftIndex), UInt(right))
    } else {
      __gmpz_submul_ui(pointer(index), left.pointer(leftIndex), right.magnitude)
    }
  }

  /// self[index] += left · right
  @inline(__always)
  public func addProduct(
    _ index: Int, _ left: IntegerVector, _ leftIndex: Int, _ right: IntegerVector, _ rightIndex: Int
  ) {
    __gmpz_addmul(pointer(index), left.pointer(leftIndex), right.pointer(rightIndex))
  }

  /// self[index] −= left · right
  @inline(__always)
  public func subtractProduct(
    _ index: Int, _ left: IntegerVector, _ leftIndex: Int, _ right: IntegerVector, _ rightIndex: Int
  ) {
    __gmpz_submul(pointer(index), left.pointer(leftIndex), right.pointer(rightIndex))
  }

  /// self[index] *= other
  public func multiply(_ index: Int, by other: IntegerVector, _ otherIndex: Int) {
    __gmpz_mul(pointer(index), pointer(index), other.pointer(otherIndex))
  }

  /// An element as a rational.
  public func rational(_ index: Int) -> Rational {
    Rational { __gmpz_set(pleat_mpq_numerator($0), pointer(index)) }
  }
}
