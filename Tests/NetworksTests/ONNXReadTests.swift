import Foundation
import LinearAlgebra
import Testing

@testable import Networks

@Suite struct ONNXReadTests {
  @Test(arguments: ONNXFixture.all)
  func agreesWithTheRuntime(fixture: ONNXFixture) throws {
    let network = try Network(onnx: fixture.data, source: fixture.name)
    for (input, output) in zip(fixture.inputs, fixture.outputs) {
      #expect(deviation(network(input), from: output) < fixture.tolerance)
    }
  }

  @Test func foldsToAlternatingLayers() throws {
    let gemm = try Network(onnx: ONNXFixture.gemm.data, source: "gemm")
    #expect(gemm.hiddenWidths == [3])
    #expect(gemm.layers.count == 3)
    #expect(
      gemm.layers[2] == .affine(weights: Matrix([[1, -1, 2], [0.5, 0.25, -3]]), bias: [Double(Float(0.01)), -1]))

    let matMul = try Network(onnx: ONNXFixture.matMul.data, source: "matmul")
    #expect(matMul.layers[0] == .affine(weights: Matrix([[0.1, -0.3, 0.5], [0.2, 0.4, -0.6]]), bias: [0.7, -0.8]))
    #expect(matMul.layers[2] == .affine(weights: Matrix([[1.0 / 3, -2.0 / 7]]), bias: [0]))

    let steps = try Network(onnx: ONNXFixture.steps.data, source: "steps")
    #expect(steps.inputs == 4 && steps.hiddenWidths == [2] && steps.outputs == 2)
    #expect(steps.layers[2] == .affine(weights: Matrix([[-2, 0], [0, -2]]), bias: [0, 0]))
  }

  @Test func readsFiles() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("network.onnx").path
    try ONNXFixture.gemm.data.write(to: URL(fileURLWithPath: path))
    #expect(try Network.readONNX(path: path) == Network(onnx: ONNXFixture.gemm.data, source: "gemm"))
    let folderError = #expect(throws: ONNXError.self) { try Network.readONNX(path: folder.path) }
    #expect(folderError?.message.contains("directory") == true)
    let error = #expect(throws: ONNXError.self) { try Network.readONNX(path: path + ".missing") }
    #expect(error?.source == path + ".missing")
    #expect(error?.message.contains("cannot read the file") == true)
  }

  /// Every bit pattern of float16 against its definition.
  @Test func halfPrecision() {
    for bits in UInt16.min...UInt16.max {
      let (sign, exponent, fraction) = (bits >> 15 == 0 ? 1.0 : -1.0, Int(bits >> 10 & 31), Double(bits & 1023))
      let value = double(fromFloat16: bits)
      if exponent == 31 {
        #expect(fraction == 0 ? value == sign * .infinity : value.isNaN)
      } else {
        let expected =
          exponent == 0 ? fraction / 1024 * pow(2, -14) : (1 + fraction / 1024) * pow(2, Double(exponent - 15))
        if value != sign * expected { Issue.record("\(bits) gives \(value), not \(sign * expected)") }
      }
    }
  }

  @Test func theSameWeightsInEveryElementType() throws {
    let values: [Double] = [1, -2, 0, 3, 4, -1]
    let floats = values.map(Float.init)
    func bytes<Word: FixedWidthInteger>(_ words: [Word]) -> Data {
      words.map(\.littleEndian).withUnsafeBytes { Data($0) }
    }
    let halves: [UInt16] = [0x3C00, 0xC000, 0, 0x4200, 0x4400, 0xBC00]
    let fillers: [(String, Int32, (inout Onnx_TensorProto) -> Void)] = [
      ("float, typed", 1, { $0.floatData = floats }),
      ("float, raw", 1, { $0.rawData = bytes(floats.map(\.bitPattern)) }),
      ("double, typed", 11, { $0.doubleData = values }),
      ("double, raw", 11, { $0.rawData = bytes(values.map(\.bitPattern)) }),
      ("float16, typed", 10, { $0.int32Data = halves.map(Int32.init) }),
      ("float16, raw", 10, { $0.rawData = bytes(halves) }),
      ("int32, typed", 6, { $0.int32Data = values.map { Int32($0) } }),
      ("int32, raw", 6, { $0.rawData = bytes(values.map { Int32($0) }) }),
      ("int64, typed", 7, { $0.int64Data = values.map { Int64($0) } }),
      ("int64, raw", 7, { $0.rawData = bytes(values.map { Int64($0) }) }),
    ]
    for (label, type, fill) in fillers {
      var tensor = Onnx_TensorProto()
      (tensor.name, tensor.dims, tensor.dataType) = ("W", [2, 3], type)
      fill(&tensor)
      let model = Message.model([Message.node("Gemm", ["x", "W"], "y", [Message.integer("transB", 1)])], [tensor])
      let network = try Network(model, source: label)
      #expect(network.layers == [.affine(weights: Matrix([[1, -2, 0], [3, 4, -1]]), bias: [0, 0])], "\(label)")
    }
  }

  @Test func acceptsEveryOperatorSetInRange() throws {
    for version in ONNXReader.operatorSets {
      let axes = version < 13 ? [] : ["axes"]
      let attributes = version < 13 ? [Message.integers("axes", [1])] : []
      let network = try Network(
        Message.model(
          [
            Message.node("Unsqueeze", ["x"] + axes, "u", attributes),
            Message.node("Squeeze", ["u"] + axes, "s", attributes),
          ]
            + [Message.node("Relu", ["s"], "y")],
          version < 13 ? [] : [Message.tensor("axes", integers: [1])], operatorSet: version),
        source: "set \(version)")
      #expect(network([1, -1, 2]) == [1, 0, 2])
    }
  }

  @Test func repeatedReLUsCountOnce() throws {
    let nodes = [("Relu", "x", "a"), ("Relu", "a", "b"), ("Identity", "b", "c"), ("Relu", "c", "y")]
    let network = try Network(Message.model(nodes.map { Message.node($0, [$1], $2) }), source: "relus")
    #expect(network.hiddenWidths == [3])
    #expect(network([1, -1, 2]) == [1, 0, 2])
  }

  @Test func ordersNodesAndIgnoresDeadOnes() throws {
    let model = Message.model(
      [
        Message.node("Add", ["r", "c"], "y"), Message.node("Sin", ["r"], "dead"), Message.node("Relu", ["x"], "r"),
        Message.node("Neg", ["b"], "c"),
      ], [Message.tensor("b", [3], [1, 2, 3])])
    #expect(try Network(model, source: "order")([1, -1, 2]) == [0, -2, -1])
  }

  @Test func theIdentityGraph() throws {
    var model = Message.model([], input: [nil, 2])
    model.graph.output[0].name = "x"
    #expect(
      try Network(model, source: "identity").layers == [.affine(weights: Matrix([[1, 0], [0, 1]]), bias: [0, 0])])
  }

  /// Image-sized standardising stays linear in the input: a square matrix of it would have 10¹⁰ elements.
  @Test func standardisingALargeInputTakesNoSquareMatrix() throws {
    let width = 100_000
    let model = Message.model(
      [
        Message.node("Sub", ["x", "mean"], "c"), Message.node("Div", ["c", "deviation"], "s"),
        Message.node("MatMul", ["s", "W"], "y"),
      ],
      [
        Message.tensor("mean", [], [1]), Message.tensor("deviation", [], [4]),
        Message.tensor("W", [width, 1], Array(repeating: 0.5, count: width)),
      ], input: [nil, width])
    let network = try Network(model, source: "large")
    #expect(network.parameterCount == width + 1)
    #expect(network(Array(repeating: 9, count: width)) == [Double(width)])
  }
}
