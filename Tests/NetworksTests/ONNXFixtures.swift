import Foundation

/// A model made by the Python package onnx 1.23.2 (its helper functions), with the outputs of onnxruntime 1.31.1.
struct ONNXFixture: Sendable, CustomStringConvertible {
  let name: String
  let base64: String
  let inputs: [[Double]]
  let outputs: [[Double]]
  /// How far the outputs may be off: the runtime computed in the element type of the model.
  let tolerance: Double

  var description: String { name }

  var data: Data { Data(base64Encoded: base64.filter { !$0.isWhitespace }) ?? Data() }

  /// Two `Gemm`, float32: with alpha, beta and typed data; with transB and raw data.
  static let gemm = ONNXFixture(
    name: "gemm",
    base64: """
      CAg6owIKOgoBeAoCVzEKAmIxEgFoGgNmYzEiBEdlbW0qDwoFYWxwaGEVAAAAP6ABASoOCgRiZXRhFQAAAECgAQEKEQoBaBIBchoDYWN0IgRSZWx1
      CigKAXIKAlcyCgJiMhIBeRoDZmMyIgRHZW1tKg0KBnRyYW5zQhgBoAECEgRnZW1tKiQIAggDEAEiGAAAgD8AAADAmpmZPjMzMz8AAMA/AACAvkIC
      VzEqFggDEAEiDM3MzD3NzEy+zczMPkICYjEqJAgCCAMQAUICVzJKGAAAgD8AAIC/AAAAQAAAAD8AAIA+AABAwCoSCAIQAUICYjJKCArXIzwAAIC/
      WhQKAXgSDwoNCAESCQoDEgFOCgIIAmIUCgF5Eg8KDQgBEgkKAxIBTgoCCAJCBAoAEA0=
      """,
    inputs: [[1, 2], [-3, 0.5], [0.25, -4]],
    outputs: [
      [2.7100002765655518, -2.375], [-2.390000104904175, -1.1187498569488525], [2.68500018119812, -5.012500286102295],
    ],
    tolerance: 1e-6)

  /// `MatMul` and `Add`, float64, operator set 17, an unnamed batch dimension.
  static let matMul = ONNXFixture(
    name: "matmul",
    base64: """
      CAg67QEKEgoBeAoCVzESAW0iBk1hdE11bAoPCgJiMQoBbRIBYSIDQWRkCgwKAWESAXIiBFJlbHUKEgoBcgoCVzISAXkiBk1hdE11bBIGbWF0bXVs
      KjwIAwgCEAtCAlcxUjCamZmZmZm5P5qZmZmZmck/MzMzMzMz07+amZmZmZnZPwAAAAAAAOA/MzMzMzMz478qGggCEAtCAmIxShBmZmZmZmbmP5qZ
      mZmZmem/KhwIAggBEAtCAlcyShBVVVVVVVXVP5IkSZIkSdK/WhEKAXgSDAoKCAsSBgoACgIIA2IRCgF5EgwKCggLEgYKAAoCCAFCBAoAEBE=
      """,
    inputs: [[1, 2, 3], [-1, 4, -0.1], [0, 0, 0]],
    outputs: [[0.5666666666666667], [-0.1885714285714286], [0.2333333333333333]],
    tolerance: 1e-14)

  /// An image-shaped input: `Sub`, `Div`, `Reshape`, `MatMul`, `Relu`, `Neg`, `Unsqueeze`, `Mul`; float16 weights
  /// through `Cast`; `Constant` nodes with value, value_float and value_ints.
  static let steps = ONNXFixture(
    name: "steps",
    base64: """
      CAg60QMKOxICbXUiCENvbnN0YW50KisKBXZhbHVlKh8IAQgBCAIIAhABQgF0ShAAAAA/AACAvwAAAEAAAAAAoAEEChcKAXgKAm11EgFzGgZjZW50
      cmUiA1N1YgolEgJzZCIIQ29uc3RhbnQqFQoLdmFsdWVfZmxvYXQVAACAQKABAQoWCgFzCgJzZBIBZBoFc2NhbGUiA0RpdgovEgVzaGFwZSIIQ29u
      c3RhbnQqHAoKdmFsdWVfaW50c0D///////////8BQASgAQcKFgoBZAoFc2hhcGUSAXYiB1Jlc2hhcGUKGQoDVzE2EgFXIgRDYXN0KgkKAnRvGAGg
      AQIKEQoBdgoBVxIBbSIGTWF0TXVsCgwKAW0SAXIiBFJlbHUKCwoBchIBbiIDTmVnChcKAW4KBGF4ZXMSAXUiCVVuc3F1ZWV6ZQoQCgF1CgN0d28S
      AXkiA011bBIFc3RlcHMqIAgECAIQCioTgHjm3ALNaYCAAYCKA5koAYDIAUIDVzE2Kg0IARAHOgEBQgRheGVzKg0QAUIDdHdvSgQAAABAWhwKAXgS
      FwoVCAESEQoDEgFOCgIIAQoCCAIKAggCYhgKAXkSEwoRCAESDQoDEgFOCgIIAQoCCAJCBAoAEA0=
      """,
    inputs: [[1, 2, 3, 4], [-1, 0.5, -2.5, 8], [0, 1, 0, -1]],
    outputs: [[0, -2050.9755859375], [-10.72503662109375, -4097.57275390625], [-5.050048828125, 0]],
    tolerance: 1e-6)

  static let all = [gemm, matMul, steps]
}
