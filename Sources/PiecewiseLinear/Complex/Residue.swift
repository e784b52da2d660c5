import Exact

/// An integer modulo the prime 2⁶¹ − 1.
///
/// Dyadic numbers have residues, too, for 2 has an inverse: sums and products of weights can be followed exactly at the
/// price of machine arithmetic. What differs here differs; what is equal here is equal but for an accident that exact
/// integers must exclude.
struct Residue: Sendable, Hashable {
  private(set) var value: UInt64

  private static let modulus: UInt64 = 1 << 61 - 1

  static let zero = Residue(value: 0)
  static let one = Residue(value: 1)

  private init(value: UInt64) { self.value = value }

  /// The residue of a finite number.
  init(_ number: Double) {
    let dyadic = Dyadic(number)
    let size = Residue(value: UInt64(dyadic.mantissa.magnitude))
    // 2⁶¹ ≡ 1, so that a power of two has one of 61 residues.
    let shift = (dyadic.exponent % 61 + 61) % 61
    let product = size * Residue(value: 1 << UInt64(shift))
    self = dyadic.mantissa < 0 ? .zero - product : product
  }

  /// The residue of an element of a vector of big integers. O(digits).
  init(_ vector: IntegerVector, _ index: Int) {
    var text: [UInt8] = []
    vector.appendHexadecimal(index, to: &text)
    let sixteen = Residue(value: 16)
    var sum = Residue.zero
    for character in text where character != UInt8(ascii: "-") {
      let digit = Character(Unicode.Scalar(character)).hexDigitValue ?? 0
      sum = sum * sixteen + Residue(value: UInt64(digit))
    }
    self = text.first == UInt8(ascii: "-") ? .zero - sum : sum
  }

  @inline(__always)
  static func + (left: Residue, right: Residue) -> Residue {
    let sum = left.value + right.value
    return Residue(value: sum >= modulus ? sum - modulus : sum)
  }

  @inline(__always)
  static func - (left: Residue, right: Residue) -> Residue {
    left.value >= right.value
      ? Residue(value: left.value - right.value) : Residue(value: left.value + modulus - right.value)
  }

  @inline(__always)
  static func * (left: Residue, right: Residue) -> Residue {
    let product = left.value.multipliedFullWidth(by: right.value)
    let sum = (product.low & modulus) + (product.high << 3 | product.low >> 61)
    return Residue(value: sum >= modulus ? sum - modulus : sum)
  }

  /// The inverse; zero for zero. By Fermat, the power modulus − 2.
  var inverse: Residue {
    var power = self
    var product = Residue.one
    var exponent = Self.modulus - 2
    while exponent > 0 {
      if exponent & 1 == 1 { product = product * power }
      power = power * power
      exponent >>= 1
    }
    return product
  }

  /// One number for a sequence: the value of the polynomial with these coefficients at a fixed place.
  static func fingerprint(_ sequence: some Sequence<Residue>) -> UInt64 {
    let place = Residue(value: 0x1b87_3593_c2b2_ae35 & modulus)
    return sequence.reduce(.one) { $0 * place + $1 }.value
  }
}

/// Finds the direction that rows of residues leave free, by elimination.
struct ResidueKernel {
  private let dimension: Int
  /// Reduced rows, each 1 at its own pivot and 0 at those of the others, one after the other.
  private var rows: [Residue] = []
  private var pivots: [Int] = []

  init(dimension: Int) { self.dimension = dimension }

  mutating func reset() {
    rows.removeAll(keepingCapacity: true)
    pivots.removeAll(keepingCapacity: true)
  }

  var isDetermined: Bool { pivots.count == dimension - 1 }

  /// Takes a row; a dependent one changes nothing. O(d · rank) products.
  mutating func insert(_ row: [Residue]) {
    let new = rows.count
    rows += row
    for (index, pivot) in pivots.enumerated() { subtract(index * dimension, from: new, pivot) }
    guard let pivot = (0..<dimension).first(where: { rows[new + $0] != .zero }) else {
      rows.removeLast(dimension)
      return
    }
    let scale = rows[new + pivot].inverse
    for j in 0..<dimension { rows[new + j] = rows[new + j] * scale }
    for index in pivots.indices { subtract(new, from: index * dimension, pivot) }
    pivots.append(pivot)
  }

  /// Makes a row 0 at another one's pivot.
  private mutating func subtract(_ row: Int, from target: Int, _ pivot: Int) {
    let factor = rows[target + pivot]
    guard factor != .zero else { return }
    for j in 0..<dimension { rows[target + j] = rows[target + j] - factor * rows[row + j] }
  }

  /// The free direction, its first element that is not zero being 1; nil unless the rank is d − 1.
  var direction: [Residue]? {
    guard isDetermined, let free = (0..<dimension).first(where: { !pivots.contains($0) }) else { return nil }
    var vector = Array(repeating: Residue.zero, count: dimension)
    vector[free] = .one
    for (index, pivot) in pivots.enumerated() { vector[pivot] = .zero - rows[index * dimension + free] }
    return Self.normalised(vector)
  }

  static func normalised(_ vector: [Residue]) -> [Residue] {
    guard let first = vector.first(where: { $0 != .zero }), first != .one else { return vector }
    let scale = first.inverse
    return vector.map { $0 * scale }
  }
}
