/// The element types of tensors that Pleat decodes, by their number in `TensorProto.DataType`.
enum ONNXElementType: Int32 {
  case float = 1
  case int32 = 6
  case int64 = 7
  case bool = 9
  case float16 = 10
  case double = 11
  case bfloat16 = 16

  private static let names = [
    "undefined", "float", "uint8", "int8", "uint16", "int16", "int32", "int64", "string", "bool", "float16", "double",
    "uint32", "uint64", "complex64", "complex128", "bfloat16", "float8e4m3fn", "float8e4m3fnuz", "float8e5m2",
    "float8e5m2fnuz", "uint4", "int4", "float4e2m1", "float8e8m0", "uint2", "int2",
  ]

  /// As `TensorProto.DataType` writes it, in small letters.
  static func name(of type: Int32) -> String {
    Int(exactly: type).flatMap { names.indices.contains($0) ? names[$0] : nil } ?? "number \(type)"
  }

  /// As other formats write it, with the width of every type: float32 and float64.
  static func standardName(of type: Int32) -> String {
    switch Self(rawValue: type) {
    case .float: "float32"
    case .double: "float64"
    default: name(of: type)
    }
  }
}

/// The value of an IEEE 754 half-precision number, exactly.
///
/// By hand, since Swift has no `Float16` on Intel Macs.
func double(fromFloat16 bits: UInt16) -> Double {
  let sign: Double = bits & 0x8000 == 0 ? 1 : -1
  let exponent = Int(bits >> 10 & 0x1F)
  let fraction = Double(bits & 0x3FF)
  switch exponent {
  case 0: return sign * fraction * 0x1p-24
  case 0x1F: return fraction == 0 ? sign * .infinity : .nan
  default: return sign * Double(sign: .plus, exponent: exponent - 25, significand: 1024 + fraction)
  }
}

/// The value of a bfloat16, the upper half of a float, exactly.
func double(fromBFloat16 bits: UInt16) -> Double { Double(Float(bitPattern: UInt32(bits) << 16)) }

/// The nearest number with 10 explicit bits of its significand and exponents from -14 to 15, ties to even.
func roundedToFloat16(_ value: Double) -> Double {
  rounded(value, explicitBits: 10, leastExponent: -14, largest: 65504)
}

/// The nearest bfloat16, ties to even.
func roundedToBFloat16(_ value: Double) -> Double {
  rounded(value, explicitBits: 7, leastExponent: -126, largest: 0x1.FEp127)
}

private func rounded(_ value: Double, explicitBits: Int, leastExponent: Int, largest: Double) -> Double {
  guard value.isFinite, value != 0 else { return value }
  let exponent = max(Int(value.exponent), leastExponent) - explicitBits
  let step = Double(sign: .plus, exponent: exponent, significand: 1)
  let rounded = (value / step).rounded(.toNearestOrEven) * step
  return abs(rounded) > largest ? (value < 0 ? -.infinity : .infinity) : rounded
}
