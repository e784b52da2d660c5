import Foundation
import LinearAlgebra
import Testing

@testable import Networks

/// What is no chain of affine steps and ReLUs, or no sound file, is refused with a message that says where.
@Suite struct ONNXErrorTests {
  /// A sound model, for each case to break: y = W x + b with W `[2 × 3]`.
  private var sound: Onnx_ModelProto {
    Message.model(
      [Message.node("Gemm", ["x", "W", "b"], "y", name: "fc", [Message.integer("transB", 1)])],
      [Message.tensor("W", [2, 3], [1, 2, 3, 4, 5, 6]), Message.tensor("b", [2], [1, 2])])
  }

  private func expectFault(_ model: Onnx_ModelProto, _ words: String...) {
    expectFault(model, words)
  }

  private func expectFault(_ words: String..., breaking change: (inout Onnx_ModelProto) -> Void) {
    var model = sound
    change(&model)
    expectFault(model, words)
  }

  private func expectFault(_ model: Onnx_ModelProto, _ words: [String]) {
    let error = #expect(throws: ONNXError.self, "\(words)") { try Network(model, source: "bad.onnx") }
    let missing = (["bad.onnx: "] + words).filter { error?.description.contains($0) != true }
    #expect(missing.isEmpty, "\(error?.description ?? "no error")")
  }

  @Test func theModelToBreakIsSound() throws {
    #expect(try Network(sound, source: "sound")([1, -1, 2]) == [6, 13])
  }

  @Test func bytesThatAreNoModel() {
    for data in [Data(), Data("a text, not a model".utf8), Data(repeating: 0xFF, count: 100), Data([0x3A, 0x00])] {
      #expect(throws: ONNXError.self) { try Network(onnx: data, source: "bad.onnx") }
    }
    expectFault("no graph") { $0.clearGraph() }
  }

  @Test func operatorSets() {
    expectFault("version 29", "from 7 to 28") { $0.opsetImport[0].version = 29 }
    expectFault("version 6") { $0.opsetImport[0].version = 6 }
    expectFault("no standard operator set") { $0.opsetImport = [] }
    expectFault("no standard operator set") { $0.opsetImport[0].domain = "com.example" }
    expectFault("version 12, 13") {
      $0.opsetImport.append($0.opsetImport[0])
      $0.opsetImport[1].version = 12
    }
  }

  @Test func tensors() {
    expectFault("node 0 \"fc\" (Gemm)", "initializer \"W\"", "[2, 3]", "6 elements", "holds 5") {
      $0.graph.initializer[0].doubleData.removeLast()
    }
    expectFault("\"W\"", "47 bytes", "8-byte") { $0.graph.initializer[0].rawData = Data(count: 47) }
    expectFault("\"W\"", "6 elements", "holds 5") { $0.graph.initializer[0].rawData = Data(count: 40) }
    expectFault("\"W\"", "negative dimension", "[-2, -3]") { $0.graph.initializer[0].dims = [-2, -3] }
    expectFault("\"W\"", "out of range") { $0.graph.initializer[0].dims = [1 << 62, 1 << 62] }
    expectFault("\"W\"", "holds 6") { $0.graph.initializer[0].dims = [1 << 40, 1 << 20] }
    expectFault("\"W\"", "1000 dimensions") { $0.graph.initializer[0].dims = Array(repeating: 1, count: 1000) }
    expectFault("\"W\"", "empty") { ($0.graph.initializer[0].dims, $0.graph.initializer[0].doubleData) = ([0, 3], []) }
    expectFault("\"W\"", "complex64", "accepted are float") { $0.graph.initializer[0].dataType = 14 }
    expectFault("\"W\"", "number 99") { $0.graph.initializer[0].dataType = 99 }
    expectFault("\"W\"", "another file") { $0.graph.initializer[0].dataLocation = .external }
    expectFault("\"W\"", "segment") { $0.graph.initializer[0].segment.begin = 0 }
    expectFault("\"W\"", "nan", "element 4") { $0.graph.initializer[0].doubleData[4] = .nan }
    expectFault("\"b\"", "-inf", "element 0") { $0.graph.initializer[1].doubleData[0] = -.infinity }
    expectFault("two initializers", "\"W\"") { $0.graph.initializer[1].name = "W" }
    expectFault("\"s\"", "sparse") {
      $0.graph.sparseInitializer = [Onnx_SparseTensorProto()]
      $0.graph.sparseInitializer[0].values.name = "s"
    }
    expectFault("\"b\"", "[3]", "broadcast") {
      ($0.graph.initializer[1].dims, $0.graph.initializer[1].doubleData) = ([3], [1, 2, 3])
    }
    expectFault("\"W\"", "9007199254740993", "2^53") {
      let name = $0.graph.initializer[0].name
      $0.graph.initializer[0] = Message.tensor(name, integers: [1, 2, 3, 4, 5, 9_007_199_254_740_993])
      $0.graph.initializer[0].dims = [2, 3]
    }
  }

  @Test func inputsAndOutputs() {
    expectFault("2 inputs (\"x\", \"z\")", "one input") { $0.graph.input.append(Message.value("z", [nil, 1])) }
    expectFault("no input") { $0.graph.input = [] }
    expectFault("2 outputs") { $0.graph.output.append(Message.value("z", [nil, 1])) }
    expectFault("no output") { $0.graph.output = [] }
    expectFault("no node produces", "\"elsewhere\"") { $0.graph.output[0].name = "elsewhere" }
    expectFault("does not depend on the input") { $0.graph.output[0].name = "W" }
    expectFault("input \"x\"", "dimension 1 open") { $0.graph.input = [Message.value("x", [nil, nil])] }
    expectFault("input \"x\"", "dimension 0 open") { $0.graph.input = [Message.value("x", [nil])] }
    expectFault("input \"x\"", "no shape") { $0.graph.input[0].type.tensorType.clearShape() }
    expectFault("input \"x\"", "int64") { $0.graph.input[0].type.tensorType.elemType = 7 }
    expectFault("input \"x\"", "not a tensor") { $0.graph.input[0].clearType() }
    expectFault("input \"x\"", "accepted are up to") { $0.graph.input = [Message.value("x", [nil, 1 << 50])] }
    expectFault("input \"x\"", "accepted are up to") { $0.graph.input = [Message.value("x", [1 << 62, 1 << 62])] }
    expectFault("(Gemm)", "4 rows") { $0.graph.input = [Message.value("x", [4, 3])] }
    expectFault("(Gemm)", "5 and 3") { $0.graph.input = [Message.value("x", [nil, 5])] }
    expectFault("(Gemm)", "matrices") { $0.graph.input = [Message.value("x", [nil, 1, 3])] }
  }

  @Test func nodes() {
    expectFault("node 0 \"fc\" (Einsum)", "not accepted", "Gemm, MatMul") { $0.graph.node[0].opType = "Einsum" }
    expectFault("node 0 producing \"y\" (Einsum)") { ($0.graph.node[0].opType, $0.graph.node[0].name) = ("Einsum", "") }
    expectFault("node 0 \"fc\" (Tanh)", "not piecewise linear", "so that \"x\" is the output") {
      $0.graph.node[0].opType = "Tanh"
    }
    expectFault("(ThresholdedRelu)", "not continuous") { $0.graph.node[0].opType = "ThresholdedRelu" }
    expectFault("\"com.example\"", "standard domain") { $0.graph.node[0].domain = "com.example" }
    expectFault("\"nowhere\"", "nothing produces") { $0.graph.node[0].input[1] = "nowhere" }
    expectFault("input 1 is missing") { $0.graph.node[0].input = ["x"] }
    expectFault("\"transB\"", "type") { $0.graph.node[0].attribute[0].type = .float }
    expectFault("\"transB\"", "function") { $0.graph.node[0].attribute[0].refAttrName = "t" }
    expectFault("\"alpha\"", "nan") { $0.graph.node[0].attribute.append(Message.float("alpha", .nan)) }
    expectFault("both produce \"y\"") { $0.graph.node.append($0.graph.node[0]) }
    expectFault("produces \"W\"", "already") { $0.graph.node[0].output = ["y", "W"] }
    // A name from a file cannot draw on the terminal.
    expectFault("\\u{1B}[31m") {
      $0.graph.node[0].name = "\u{1B}[31m"
      $0.graph.node[0].opType = "Sin"
    }
  }

  @Test func graphsThatAreNoChain() {
    typealias M = Message
    expectFault(
      M.model([M.node("Relu", ["x"], "r", name: "act"), M.node("Add", ["r", "x"], "y", name: "skip")]),
      "the output", "without branches or skip connections")
    expectFault(
      M.model([
        M.node("Relu", ["x"], "r"), M.node("Neg", ["x"], "n"), M.node("Relu", ["n"], "s", name: "act"),
        M.node("Add", ["r", "s"], "y"),
      ]),
      "layer act", "without branches")
    expectFault(M.model([M.node("Abs", ["x"], "y", name: "fold")]), "layer fold", "not of ReLUs")
    expectFault(
      M.model([M.node("Relu", ["b"], "a"), M.node("Relu", ["a"], "b"), M.node("Add", ["x", "b"], "y")]), "cycle")
    expectFault(M.model([M.node("Relu", ["y"], "y")]), "cycle")
    expectFault(M.model([M.node("Relu", ["c"], "y")], [M.tensor("c", [3], [1, 2, 3])]), "does not depend on the input")
    var dropout = M.node("Dropout", ["x"], "d")
    dropout.output.append("mask")
    expectFault(M.model([dropout, M.node("Relu", ["mask"], "y")]), "\"mask\"", "not the first output")
  }

  @Test func operatorsBeyondAffine() {
    typealias M = Message
    let c = M.tensor("c", [3], [1, 0, 2])
    expectFault(M.model([M.node("Div", ["x", "c"], "y")], [c]), "divisor", "zero")
    expectFault(M.model([M.node("Div", ["c", "x"], "y")], [c]), "division by a constant")
    expectFault(M.model([M.node("Add", ["x", "c"], "y")], [M.tensor("c", [4], [1, 2, 3, 4])]), "[4]", "broadcast")
    expectFault(M.model([M.node("Add", ["x", "c"], "y")], [M.tensor("c", [0], [])]), "[0]", "broadcast")
    expectFault(M.model([M.node("Cast", ["x"], "y", [M.integer("to", 7)])]), "int64", "float and double")
    expectFault(M.model([M.node("Cast", ["x"], "y", [M.integer("to", 1 << 40)])]), "number 1099511627776")
    expectFault(M.model([M.node("Flatten", ["x"], "y", [M.integer("axis", .min)])]), "out of range")
    expectFault(M.model([M.node("Transpose", ["x"], "y", [M.integers("perm", [0, 0])])]), "permutation")
    expectFault(M.model([M.node("Constant", [], "k"), M.node("Add", ["x", "k"], "y")]), "(Constant)", "one attribute")
    for (shape, word) in [
      ([-1, 2], "cannot become [-1, 2]"), ([-1, -1], "cannot become"), ([-5, 3], "-5"),
      ([1 << 62, 1 << 62, -1], "cannot"),
      ([0, 0, 0], "asks for 0"), ([Int64.min], "\(Int64.min)"),
    ] as [([Int64], String)] {
      expectFault(M.model([M.node("Reshape", ["x", "s"], "y")], [M.tensor("s", integers: shape)]), "(Reshape)", word)
    }
    for (operation, axes, word) in [
      ("Squeeze", [1], "not 1"), ("Squeeze", [7], "out of range"), ("Unsqueeze", [0, 0], "twice"),
      ("Unsqueeze", [Int64.max], "out of range"),
    ] as [(String, [Int64], String)] {
      expectFault(M.model([M.node(operation, ["x", "a"], "y")], [M.tensor("a", integers: axes)]), operation, word)
    }
    let many = M.tensor("a", integers: (0..<100).map { $0 })
    expectFault(M.model([M.node("Unsqueeze", ["x", "a"], "y")], [many]), "102 dimensions")
  }

  /// Small files that ask for terabytes.
  @Test func foldingIsBounded() {
    typealias M = Message
    let width = 20_000
    let ones = Array(repeating: 1.0, count: width)
    expectFault(
      M.model(
        [M.node("MatMul", ["x", "a"], "h"), M.node("MatMul", ["h", "b"], "y")],
        [M.tensor("a", [width, 1], ones), M.tensor("b", [1, width], ones)], input: [nil, width]),
      "node 1", "too many weights", "accepted are up to")
    expectFault(
      M.model([M.node("Relu", ["x"], "y", name: "act")], input: [nil, 1 << 16]), "layer act", "65536 × 65536")
    expectFault(
      M.model([M.node("Mul", ["x", "c"], "y")], [M.tensor("c", [width], ones)], input: [nil, 1 << 12, 1]),
      "node 0", "accepted are up to")
    let huge = M.tensor("c", [3], [1e300, 1, 1])
    expectFault(
      M.model([M.node("Mul", ["x", "c"], "a"), M.node("Mul", ["a", "c"], "y")], [huge]), "range of double precision")
  }

  @Test func truncatedFiles() {
    for fixture in ONNXFixture.all {
      for length in 0..<fixture.data.count {
        // A prefix may end between two fields; then what is left must still be read or refused.
        do {
          _ = try Network(onnx: fixture.data.prefix(length), source: "prefix")
        } catch {
          #expect(error is ONNXError, "\(fixture), \(length) bytes: \(error)")
        }
      }
    }
  }

  /// Damaged files are refused, or read as some other finite network; nothing traps.
  @Test(arguments: [UInt64(61), 62, 63, 64])
  func damagedFiles(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<1500 {
      guard var bytes = ONNXFixture.all.randomElement(using: &generator)?.data else { return }
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[position] = .random(in: 0...255, using: &generator)
        case 1: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        default: bytes.remove(at: position)
        }
      }
      do {
        let network = try Network(onnx: bytes, source: "damaged")
        #expect(network.parameterCount > 0)
      } catch {
        #expect(error is ONNXError, "seed \(seed): \(error), \(bytes.base64EncodedString())")
      }
    }
  }
}
