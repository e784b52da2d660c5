import CGMP

/// A floating-point number of ``precision`` bits, for the few hundred values that need them: each operation is within
/// one unit of the last bit.
final class PreciseNumber {
  /// Bits of every number: 320 for the results, 64 to lose on the way.
  static let precision: UInt = 384

  private let storage: UnsafeMutablePointer<__mpf_struct>

  var pointer: UnsafeMutablePointer<__mpf_struct> { storage }

  init(_ value: Double = 0) {
    storage = .allocate(capacity: 1)
    __gmpf_init2(storage, Self.precision)
    __gmpf_set_d(storage, value)
  }

  init(copying other: UnsafePointer<__mpf_struct>) {
    storage = .allocate(capacity: 1)
    __gmpf_init2(storage, Self.precision)
    __gmpf_set(storage, other)
  }

  deinit {
    __gmpf_clear(storage)
    storage.deallocate()
  }

  var doubleValue: Double { __gmpf_get_d(storage) }

  /// x = mantissa · 2^exponent with ½ ≤ |mantissa| < 1, also where a double overflows.
  var parts: (mantissa: Double, exponent: Int) {
    var exponent = 0
    let mantissa = __gmpf_get_d_2exp(&exponent, storage)
    return (mantissa, exponent)
  }

  /// −1, 0 or 1.
  var signum: Int { Int(pleat_mpf_sgn(storage)) }

  var squareRoot: PreciseNumber {
    let result = PreciseNumber()
    __gmpf_sqrt(result.storage, storage)
    return result
  }

  var magnitude: PreciseNumber {
    let result = PreciseNumber()
    __gmpf_abs(result.storage, storage)
    return result
  }

  /// This number times 2^exponent.
  func scaled(by exponent: Int) -> PreciseNumber {
    let result = PreciseNumber()
    if exponent >= 0 {
      __gmpf_mul_2exp(result.storage, storage, UInt(exponent))
    } else {
      __gmpf_div_2exp(result.storage, storage, UInt(-exponent))
    }
    return result
  }

  static func + (a: PreciseNumber, b: PreciseNumber) -> PreciseNumber { combined(a, b, __gmpf_add) }
  static func - (a: PreciseNumber, b: PreciseNumber) -> PreciseNumber { combined(a, b, __gmpf_sub) }
  static func * (a: PreciseNumber, b: PreciseNumber) -> PreciseNumber { combined(a, b, __gmpf_mul) }

  /// The quotient; division by zero gives zero, so that a formula's unused branch does no harm.
  static func / (a: PreciseNumber, b: PreciseNumber) -> PreciseNumber {
    b.signum == 0 ? PreciseNumber() : combined(a, b, __gmpf_div)
  }

  static prefix func - (a: PreciseNumber) -> PreciseNumber {
    let result = PreciseNumber()
    __gmpf_neg(result.storage, a.storage)
    return result
  }

  private static func combined(
    _ a: PreciseNumber, _ b: PreciseNumber,
    _ operation: (
      UnsafeMutablePointer<__mpf_struct>?, UnsafePointer<__mpf_struct>?, UnsafePointer<__mpf_struct>?
    ) -> Void
  ) -> PreciseNumber {
    let result = PreciseNumber()
    operation(result.storage, a.storage, b.storage)
    return result
  }
}

/// Many numbers of that precision in one buffer, for loops that must not allocate.
final class PreciseVector {
  let count: Int
  let elements: UnsafeMutablePointer<__mpf_struct>

  init(count: Int) {
    self.count = count
    elements = .allocate(capacity: max(count, 1))
    for i in 0..<count { __gmpf_init2(elements + i, PreciseNumber.precision) }
  }

  deinit {
    for i in 0..<count { __gmpf_clear(elements + i) }
    elements.deallocate()
  }

  func set(_ index: Int, _ value: PreciseNumber) { __gmpf_set(elements + index, value.pointer) }

  func number(_ index: Int) -> PreciseNumber { PreciseNumber(copying: elements + index) }

  func double(_ index: Int) -> Double { __gmpf_get_d(elements + index) }
}
