import CGMP

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Rational: LosslessStringConvertible, CustomDebugStringConvertible {
  /// The longest decimal exponent that is read: what lies beyond is no measurement, and would take all memory.
  static let largestDecimalExponent = 5000

  /// Reads an integer, a fraction `p/q` or a decimal such as `-1.25e-3`, exactly; nil when the text is none of these.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count <= 2, let numerator = Rational(decimal: parts[0]) else { return nil }
    guard parts.count == 2 else {
      self = numerator
      return
    }
    guard let denominator = Rational(decimal: parts[1]), denominator.signum != 0 else { return nil }
    self = numerator / denominator
  }

  private init?(decimal text: Substring) {
    var digits = ""
    var exponent = 0
    var sawPoint = false
    var rest = text[...]
    if let first = rest.first, first == "-" || first == "+" {
      if first == "-" { digits.append("-") }
      rest = rest.dropFirst()
    }
    var digitCount = 0
    while let character = rest.first {
      if character.isASCII, character.isNumber {
        digits.append(character)
        digitCount += 1
        if sawPoint { exponent -= 1 }
      } else if character == ".", !sawPoint {
        sawPoint = true
      } else {
        break
      }
      rest = rest.dropFirst()
    }
    guard digitCount > 0 else { return nil }
    if let mark = rest.first {
      guard mark == "e" || mark == "E", let power = Int(rest.dropFirst()),
        power.magnitude <= UInt(Self.largestDecimalExponent)
      else { return nil }
      exponent += power
    }
    var valid = false
    self.init { number in
      valid = __gmpz_set_str(pleat_mpq_numerator(number), digits, 10) == 0
      guard valid, exponent != 0 else { return }
      if exponent < 0 {
        __gmpz_ui_pow_ui(pleat_mpq_denominator(number), 10, UInt(-exponent))
        __gmpq_canonicalize(number)
      } else {
        var scale = __mpz_struct()
        __gmpz_init(&scale)
        __gmpz_ui_pow_ui(&scale, 10, UInt(exponent))
        __gmpz_mul(pleat_mpq_numerator(number), pleat_mpq_numerator(number), &scale)
        __gmpz_clear(&scale)
      }
    }
    if !valid { return nil }
  }

  /// The integer or the fraction `p/q` in lowest terms.
  public var description: String {
    guard let characters = __gmpq_get_str(nil, 10, &storage.number) else { return "" }
    defer { free(characters) }
    return String(cString: characters)
  }

  public var debugDescription: String { description }
}
