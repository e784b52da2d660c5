/// The type of a tensor's elements in a VNN-LIB declaration: an ONNX element type, under the name that the ONNX IR
/// gives it, or `real`.
///
/// A query over `real` allows its solver to read the networks as functions over the real numbers.
///
/// Source: VNN-LIB 2.0, sections "Queries over ℝ" and "Element types".
public enum VNNLIBElementType: String, Sendable, Hashable, CaseIterable {
  case real
  case float16
  case float32
  case float64
  case bfloat16
  case float8e4m3fn
  case float8e4m3fnuz
  case float8e5m2
  case float8e5m2fnuz
  case float8e8m0
  case float4e2m1
  case int2
  case int4
  case int8
  case int16
  case int32
  case int64
  case uint2
  case uint4
  case uint8
  case uint16
  case uint32
  case uint64
  case bool
  case string
  case complex64
  case complex128

  /// The least and the largest value of an integer type; nil for the others.
  public var integerRange: ClosedRange<Int128>? {
    let name = rawValue
    if name.hasPrefix("int"), let bits = Int128(name.dropFirst(3)) {
      return -(1 << (bits - 1))...((1 << (bits - 1)) - 1)
    }
    if name.hasPrefix("uint"), let bits = Int128(name.dropFirst(4)) { return 0...((1 << bits) - 1) }
    return nil
  }

  /// Whether elements can be added, multiplied and ordered, and so stand in a comparison.
  public var isNumeric: Bool {
    switch self {
    case .bool, .string, .complex64, .complex128: false
    default: true
    }
  }
}
