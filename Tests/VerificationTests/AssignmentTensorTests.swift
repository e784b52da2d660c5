import Exact
import Foundation
import Testing

@testable import Networks
@testable import Queries
@testable import Verification

/// Assignments as ONNX tensors, byte for byte.
@Suite struct AssignmentTensorTests {
  @Test func oneFileForEachVariable() throws {
    let text = """
      (vnnlib-version <2.0>)
      (declare-network N (declare-input A float32 [1,2]) (declare-input B int64 [1]) (declare-output Y float32 []))
      (assert (<= Y 0.5))
      """
    let problem = try Problems.problem(text, outputs: [Problems.sum(constant: 0.25)])
    let tensors = try Assignment(problem, at: [Rational(1, 2), -1, 3]).tensors()
    #expect(tensors.map(\.file) == ["A.pb", "B.pb", "Y.pb"])
    // The fields of TensorProto: dims 1, data_type 2, name 8, raw_data 9.
    let floats: [UInt8] = [0, 0, 0, 0x3F, 0, 0, 0x80, 0xBF]
    #expect(Array(tensors[0].data) == [0x08, 1, 0x08, 2, 0x10, 1, 0x42, 1, 0x41, 0x4A, 8] + floats)
    #expect(
      Array(tensors[1].data) == [0x08, 1, 0x10, 7, 0x42, 1, 0x42, 0x4A, 8] + [3, 0, 0, 0, 0, 0, 0, 0])
    #expect(Array(tensors[2].data) == [0x10, 1, 0x42, 1, 0x59, 0x4A, 4] + [0, 0, 0x80, 0x3E])
  }

  @Test func realBecomesFloat64() throws {
    let text = """
      (vnnlib-version <2.0>)
      (declare-network N (declare-input X real [1]) (declare-output Y real [1]))
      (assert (<= Y[0] 0.5))
      """
    let problem = try Problems.problem(text, outputs: [Problems.sum(constant: 0.25)])
    let tensors = try Assignment(problem, at: [1]).tensors()
    #expect(Array(tensors[0].data.suffix(8)) == [0, 0, 0, 0, 0, 0, 0xF0, 0x3F])
    #expect(tensors[0].data.contains(11))
  }

  /// Every finite half-precision number is written as itself, and the middle between neighbours as the even one.
  @Test func halfPrecision() {
    for bits in UInt16(0)..<0x7C00 {
      let value = double(fromFloat16: bits)
      #expect(TensorFile.float16Bits(value) == bits)
      guard bits + 1 < 0x7C00 else { continue }
      let middle = (value + double(fromFloat16: bits + 1)) / 2
      #expect(TensorFile.float16Bits(middle) == (bits % 2 == 0 ? bits : bits + 1))
    }
    #expect(TensorFile.float16Bits(-1.5) == 0xBE00)
  }

  @Test func bfloat16Ties() throws {
    func bits(_ value: Float) throws -> [UInt8] {
      let tensor = TensorFile(
        name: "", shape: [], elementType: .bfloat16, elements: [Rational(exactly: Double(value))])
      return Array(try tensor.data().suffix(2))
    }
    #expect(try bits(1) == [0x80, 0x3F])
    #expect(try bits(Float(bitPattern: 0x3F80_8000)) == [0x80, 0x3F])
    #expect(try bits(Float(bitPattern: 0x3F81_8000)) == [0x82, 0x3F])
    #expect(try bits(Float(bitPattern: 0x3F80_8001)) == [0x81, 0x3F])
    #expect(throws: ONNXError.self) { try bits(.greatestFiniteMagnitude) }
  }

  @Test func whatDoesNotFit() {
    func tensor(_ type: TensorFile.ElementType, _ value: Rational, shape: [Int] = []) -> TensorFile {
      TensorFile(name: "T", shape: shape, elementType: type, elements: [value])
    }
    for bad in [
      tensor(.int8, 128), tensor(.uint8, -1), tensor(.int32, Rational(1, 2)), tensor(.float16, 65520),
      tensor(.bool, 2), tensor(.float32, Rational(powerOfTwo: 128)), tensor(.float64, 1, shape: [2]),
      tensor(.float64, 1, shape: [-1]), tensor(.float64, 1, shape: [.max, .max]),
    ] {
      #expect(throws: ONNXError.self) { try bad.data() }
    }
  }
}
