import Exact

/// A number as it is written.
struct VNNLIBNumeral {
  /// What no measurement needs, and what would let a short text ask for much memory.
  static let digitLimit = 1000
  static let exponentLimit = 400

  let value: Rational
  /// Whether it has a point or an exponent.
  let isDecimal: Bool

  /// The numeral in `bytes`, or the reason why it is none. O(digits).
  static func read(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, version: VNNLIBQuery.Version) -> Result {
    // Room for a sign, a point and zeros before and after it, which are not counted as digits.
    let tooLong = Result.refused("numbers have at most \(digitLimit) digits")
    guard bytes.count <= digitLimit + 8 else { return tooLong }
    var mantissa = 0
    var mantissaDigits = 0
    var decimals = 0
    var point: Int?
    var exponentMark: Int?
    for (index, byte) in zip(bytes.indices, bytes) {
      if VNNLIBByte.isDigit(byte) {
        // The product is used only while it is surely exact.
        mantissa = mantissa &* 10 &+ Int(byte &- 0x30)
        if mantissa != 0 || mantissaDigits > 0 { mantissaDigits += 1 }
        if point != nil { decimals += 1 }
      } else if byte == VNNLIBByte.point {
        point = index
      } else if byte != VNNLIBByte.hyphen {
        exponentMark = index
        break
      }
    }
    if version != .one {
      if exponentMark != nil {
        return .refused("version 2.0 has no exponents; write the number as a decimal, such as 0.00001 for 1e-05")
      }
      if let point, decimals == 0 || point == bytes.startIndex || !VNNLIBByte.isDigit(bytes[point - 1]) {
        return .refused("digits are wanted on both sides of the point, as in 0.5")
      }
    }
    let isNegative = bytes.first == VNNLIBByte.hyphen
    let isDecimal = point != nil || exponentMark != nil
    if exponentMark == nil, mantissaDigits <= 18, decimals <= 18 {
      let numerator = isNegative ? -mantissa : mantissa
      let value =
        mantissa == 0 ? .zero : decimals == 0 ? Rational(numerator) : Rational(numerator, powersOfTen[decimals])
      return .number(VNNLIBNumeral(value: value, isDecimal: isDecimal))
    }
    var expansion = significantDigits(bytes, until: exponentMark)
    if let exponentMark {
      let exponent = Int(String(decoding: bytes[(exponentMark + 1)...], as: UTF8.self))
      guard let exponent, exponent.magnitude <= exponentLimit else {
        return .refused("exponents lie between -\(exponentLimit) and \(exponentLimit)")
      }
      expansion += Int(exponent.magnitude)
    }
    guard expansion <= digitLimit else { return tooLong }
    guard let value = Rational(String(decoding: bytes, as: UTF8.self)) else { return .refused("this is not a number") }
    return .number(VNNLIBNumeral(value: value, isDecimal: isDecimal))
  }

  /// The digits before the point but for leading zeros, and those after it but for trailing ones.
  private static func significantDigits(_ bytes: Slice<UnsafeBufferPointer<UInt8>>, until end: Int?) -> Int {
    let mantissa = bytes[..<(end ?? bytes.endIndex)].drop { $0 == VNNLIBByte.hyphen }
    let whole = mantissa.prefix { $0 != VNNLIBByte.point }
    let zero = UInt8(ascii: "0")
    let fraction = mantissa.dropFirst(whole.count + 1).reversed().drop { $0 == zero }
    return whole.drop { $0 == zero }.count + fraction.count
  }

  enum Result {
    case number(VNNLIBNumeral)
    case refused(String)
  }

  private static let powersOfTen = (0...18).map { exponent in (0..<exponent).reduce(1) { power, _ in power * 10 } }
}
