import Foundation
import LinearAlgebra
import Testing

@testable import Networks

@Suite struct ONNXWriteTests {
  private let network = Result {
    try Network.oneHiddenLayer(
      inputWeights: Matrix([[0.1, -2], [3, 1.0 / 3]]), biases: [0.5, -0.25], outputWeights: Matrix([[1, 1e-3]]),
      outputBias: [7])
  }

  @Test(arguments: [UInt64(71), 72, 73])
  func float64RoundTripsExactly(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for depth in 1...5 {
      let network = try generator.network(depth: depth)
      let data = try network.onnx(elementType: .float64)
      #expect(try Network(onnx: data, source: "round trip") == network, "seed \(seed), depth \(depth)")
    }
  }

  @Test(arguments: [UInt64(81), 82, 83])
  func float32RoundsToNearest(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let network = try generator.network(depth: 3)
    let rounded = try Network(
      network.layers.map { layer in
        guard case .affine(var weights, let bias) = layer else { return layer }
        weights.elements = weights.elements.map { Double(Float($0)) }
        return .affine(weights: weights, bias: bias.map { Double(Float($0)) })
      })
    #expect(try Network(onnx: network.onnx(), source: "round trip") == rounded, "seed \(seed)")
    #expect(try rounded.onnx() == network.onnx(), "seed \(seed)")
  }

  @Test func consecutiveAffineLayersAndAFinalReLU() throws {
    let network = try Network([
      .affine(weights: Matrix([[1, 2]]), bias: [1]), .affine(weights: Matrix([[3], [-1]]), bias: [0, 1]), .relu,
    ])
    let read = try Network(onnx: network.onnx(elementType: .float64), source: "round trip")
    #expect(read.layers == [.affine(weights: Matrix([[3, 6], [-1, -2]]), bias: [3, 0]), .relu])
  }

  @Test func theModelAsWritten() throws {
    let data = try network.get().onnx(name: "fit", metadata: [("status", "optimal (certified)"), ("gap", "0")])
    let model = try Onnx_ModelProto(serializedBytes: data)
    #expect(model.irVersion == 8)
    #expect(model.opsetImport.map(\.version) == [13])
    #expect(model.producerName == "pleat")
    #expect(model.metadataProps.map(\.key) == ["status", "gap"])
    #expect(model.metadataProps.map(\.value) == ["optimal (certified)", "0"])
    #expect(model.graph.name == "fit")
    #expect(model.graph.node.map(\.opType) == ["Gemm", "Relu", "Gemm"])
    #expect(model.graph.node.map(\.input) == [["x", "W0", "b0"], ["h0"], ["h1", "W1", "b1"]])
    #expect(model.graph.node.map(\.output) == [["h0"], ["h1"], ["y"]])
    #expect(model.graph.initializer.map(\.dims) == [[2, 2], [2], [1, 2], [1]])
    #expect(model.graph.input[0].type.tensorType.shape.dim[0].dimParam == "N")
    #expect(model.graph.input[0].type.tensorType.shape.dim[1].dimValue == 2)
    #expect(model.graph.output[0].type.tensorType.shape.dim[1].dimValue == 1)
    #expect(model.graph.output[0].type.tensorType.elemType == 1)
  }

  @Test func theSameBytesEveryTime() throws {
    let network = try network.get()
    #expect(try network.onnx(elementType: .float64) == network.onnx(elementType: .float64))
  }

  @Test(arguments: [("W0", "b0"), ("h0", "h1"), ("b1", "h0_"), ("h0", "h0_")])
  func namesOfTheCallerMayCollideWithOurs(inputName: String, outputName: String) throws {
    let network = try network.get()
    let data = try network.onnx(inputName: inputName, outputName: outputName, elementType: .float64)
    #expect(try Network(onnx: data, source: "names") == network)
  }

  @Test func refusesWhatAModelCannotHold() throws {
    let network = try network.get()
    #expect(throws: ONNXError.self) { try network.onnx(name: "") }
    #expect(throws: ONNXError.self) { try network.onnx(inputName: "v", outputName: "v") }
    #expect(throws: ONNXError.self) { try network.onnx(metadata: [("a", "1"), ("a", "2")]) }
    let large = try Network([
      .affine(weights: Matrix([[1]]), bias: [0]), .relu, .affine(weights: Matrix([[1e39]]), bias: [0]),
    ])
    let error = #expect(throws: ONNXError.self) { try large.onnx() }
    #expect(error?.description.contains("layer 2") == true)
    #expect(error?.description.contains("float64") == true)
    #expect(try Network(onnx: large.onnx(elementType: .float64), source: "large") == large)
  }
}
