import Exact
import Foundation

/// A tensor as the bytes of an ONNX `TensorProto` message, the form in which solvers of VNN-LIB exchange assignments.
public struct TensorFile: Sendable {
  /// The element types that are written; the raw value is the name that the ONNX IR gives the type.
  public enum ElementType: String, Sendable, CaseIterable {
    case float16
    case bfloat16
    case float32
    case float64
    case int8
    case int16
    case int32
    case int64
    case uint8
    case uint16
    case uint32
    case uint64
    case bool
  }

  public var name: String
  /// None for a scalar.
  public var shape: [Int]
  public var elementType: ElementType
  /// In row-major order, as many as the shape says.
  public var elements: [Rational]

  public init(name: String, shape: [Int], elementType: ElementType, elements: [Rational]) {
    self.name = name
    self.shape = shape
    self.elementType = elementType
    self.elements = elements
  }

  /// The message. Elements are rounded to the nearest number of a floating-point type; O(elements).
  ///
  /// - Throws: `ONNXError` when the number of elements does not fit the shape, or an element is no number of an integer type
  ///   or is beyond the range of a floating-point type.
  public func data() throws -> Data {
    guard shape.allSatisfy({ $0 >= 0 }), elementCount(shape) == elements.count else {
      throw ONNXError(
        source: nil,
        message: "tensor \(quoted(name)) has shape \(shapeText(shape)), which does not fit \(elements.count) elements")
    }
    var raw = Data()
    for (position, element) in elements.enumerated() { raw += try bytes(element, position) }
    let message = Onnx_TensorProto.with {
      $0.name = name
      $0.dims = shape.map(Int64.init)
      $0.dataType = elementType.number
      $0.rawData = raw
    }
    do {
      return try message.serializedBytes()
    } catch {
      throw ONNXError(source: nil, message: "tensor \(quoted(name)) is too large for one message")
    }
  }

  private func bytes(_ element: Rational, _ position: Int) throws -> Data {
    func little<Word: FixedWidthInteger>(_ word: Word) -> Data { withUnsafeBytes(of: word.littleEndian) { Data($0) } }
    func integer<Word: FixedWidthInteger>(_: Word.Type) throws -> Data {
      guard let word = Word(element.description) else { throw outOfRange(element, position) }
      return little(word)
    }
    let double = element.doubleValue
    switch elementType {
    case .float64:
      guard double.isFinite else { throw outOfRange(element, position) }
      return little(double.bitPattern)
    case .float32:
      guard Float(double).isFinite else { throw outOfRange(element, position) }
      return little(Float(double).bitPattern)
    case .bfloat16:
      // The upper half of single precision, rounded to the nearest, ties to even.
      let bits = Float(double).bitPattern
      let rounded = UInt32(bits >> 16) &+ (bits & 0xFFFF > 0x7FFF &+ (bits >> 16 & 1 == 0 ? 1 : 0) ? 1 : 0)
      guard rounded & 0x7F80 != 0x7F80 else { throw outOfRange(element, position) }
      return little(UInt16(truncatingIfNeeded: rounded))
    case .float16:
      guard abs(double) < 65520 else { throw outOfRange(element, position) }
      return little(Self.float16Bits(double))
    case .int8: return try integer(Int8.self)
    case .int16: return try integer(Int16.self)
    case .int32: return try integer(Int32.self)
    case .int64: return try integer(Int64.self)
    case .uint8: return try integer(UInt8.self)
    case .uint16: return try integer(UInt16.self)
    case .uint32: return try integer(UInt32.self)
    case .uint64: return try integer(UInt64.self)
    case .bool:
      guard element == .zero || element == .one else { throw outOfRange(element, position) }
      return little(UInt8(element == .one ? 1 : 0))
    }
  }

  /// The nearest half-precision number to one of magnitude less than 65520, ties to even.
  ///
  /// By hand, since Swift has no `Float16` on Intel Macs.
  static func float16Bits(_ value: Double) -> UInt16 {
    let sign: UInt16 = value.sign == .minus ? 0x8000 : 0
    let exponent = value == 0 ? -14 : max(-14, Int(value.exponent))
    // In units of the last place a normal number has 1024 to 2048 steps; a carry moves on to the next exponent by itself.
    let steps = (abs(value) * Double(sign: .plus, exponent: 10 - exponent, significand: 1)).rounded(.toNearestOrEven)
    return sign | UInt16((exponent + 14) << 10 + Int(steps))
  }

  private func outOfRange(_ element: Rational, _ position: Int) -> ONNXError {
    ONNXError(
      source: nil,
      message: "tensor \(quoted(name)) holds \(element.doubleValue) at element \(position), which is no"
        + " \(elementType.rawValue)")
  }
}

extension TensorFile.ElementType {
  /// The number in `TensorProto.DataType`.
  fileprivate var number: Int32 {
    switch self {
    case .float32: 1
    case .uint8: 2
    case .int8: 3
    case .uint16: 4
    case .int16: 5
    case .int32: 6
    case .int64: 7
    case .bool: 9
    case .float16: 10
    case .float64: 11
    case .uint32: 12
    case .uint64: 13
    case .bfloat16: 16
    }
  }
}
