import CGMP

extension IntegerVector {
  /// self[index] = 0 for every index. O(count).
  public func clear() {
    for index in 0..<count { __gmpz_set_ui(base + index, 0) }
  }

  /// self[index] = value · 2^shift, shift ≥ 0.
  public func set(_ index: Int, to value: Int, shiftedBy shift: Int) {
    __gmpz_set_si(pointer(index), value)
    __gmpz_mul_2exp(pointer(index), pointer(index), UInt(shift))
  }

  /// self[index] = other[otherIndex] · factor · 2^shift, shift ≥ 0.
  public func set(_ index: Int, to other: IntegerVector, _ otherIndex: Int, times factor: Int, shiftedBy shift: Int) {
    __gmpz_mul_si(pointer(index), other.pointer(otherIndex), factor)
    if shift > 0 { __gmpz_mul_2exp(pointer(index), pointer(index), UInt(shift)) }
  }

  /// self[index] += other[otherIndex]
  public func add(_ index: Int, _ other: IntegerVector, _ otherIndex: Int) {
    __gmpz_add(pointer(index), pointer(index), other.pointer(otherIndex))
  }

  /// self[index] −= other[otherIndex]
  public func subtract(_ index: Int, _ other: IntegerVector, _ otherIndex: Int) {
    __gmpz_sub(pointer(index), pointer(index), other.pointer(otherIndex))
  }

  /// self[index] /= other[otherIndex], which must leave no remainder.
  public func divide(_ index: Int, exactlyBy other: IntegerVector, _ otherIndex: Int) {
    __gmpz_divexact(pointer(index), pointer(index), other.pointer(otherIndex))
  }

  /// Σ self[i] · other[i], written to result[0]. O(count) products.
  public func dot(_ other: IntegerVector, into result: IntegerVector) {
    __gmpz_set_ui(result.base, 0)
    for index in 0..<count { __gmpz_addmul(result.base, base + index, other.pointer(index)) }
  }

  /// Divides all elements by their greatest common divisor; nothing happens to a vector of zeros. O(count) divisions.
  public func removeContent() {
    let divisor = UnsafeMutablePointer<__mpz_struct>.allocate(capacity: 1)
    __gmpz_init(divisor)
    defer {
      __gmpz_clear(divisor)
      divisor.deallocate()
    }
    for index in 0..<count {
      __gmpz_gcd(divisor, divisor, base + index)
      if __gmpz_cmp_ui(divisor, 1) == 0 { return }
    }
    guard pleat_mpz_sgn(divisor) != 0 else { return }
    for index in 0..<count { __gmpz_divexact(base + index, base + index, divisor) }
  }
}
