import LinearAlgebra
import Testing

@testable import Networks

/// Each operator against its definition in the ONNX specification, written out by hand.
@Suite struct ONNXOperatorTests {
  private func output(
    _ nodes: [Onnx_NodeProto], _ initializers: [Onnx_TensorProto] = [], input: [Int?] = [nil, 3], at x: [Double]
  ) throws -> [Double] {
    try Network(Message.model(nodes, initializers, input: input), source: "operator")(x)
  }

  @Test func gemmInEveryOrientation() throws {
    // W = [[1, 2, 3], [4, 5, 6]] and its transpose; x = (1, -1, 2); W x = (5, 11).
    let w = Message.tensor("W", [2, 3], [1, 2, 3, 4, 5, 6])
    let wt = Message.tensor("W", [3, 2], [1, 4, 2, 5, 3, 6])
    let x = [1.0, -1, 2]
    func flags(_ a: Int64, _ b: Int64) -> [Onnx_AttributeProto] {
      [Message.integer("transA", a), Message.integer("transB", b)]
    }
    let cases: [([String], Onnx_TensorProto, Int64, Int64, [Int?])] = [
      (["x", "W"], wt, 0, 0, [nil, 3]), (["x", "W"], w, 0, 1, [nil, 3]), (["x", "W"], wt, 1, 0, [3, 1]),
      (["x", "W"], w, 1, 1, [3, 1]), (["W", "x"], w, 0, 0, [3, 1]), (["W", "x"], wt, 1, 0, [3, 1]),
      (["W", "x"], w, 0, 1, [1, 3]), (["W", "x"], wt, 1, 1, [1, 3]),
    ]
    for (inputs, tensor, a, b, shape) in cases {
      let label: Comment = "\(inputs), transA \(a), transB \(b), \(shape)"
      #expect(
        try output([Message.node("Gemm", inputs, "y", flags(a, b))], [tensor], input: shape, at: x) == [5, 11], label)
    }
  }

  @Test func gemmScalesAndBroadcastsC() throws {
    let attributes = [Message.float("alpha", 0.5), Message.float("beta", -2), Message.integer("transB", 1)]
    let w = Message.tensor("W", [2, 3], [1, 2, 3, 4, 5, 6])
    let cases: [([Int], [Double], [Double])] = [
      ([], [10], [-17.5, -14.5]), ([1], [10], [-17.5, -14.5]), ([2], [1, 10], [0.5, -14.5]),
      ([1, 2], [1, 10], [0.5, -14.5]), ([1, 1], [10], [-17.5, -14.5]),
    ]
    for (shape, values, expected) in cases {
      let node = Message.node("Gemm", ["x", "W", "C"], "y", attributes)
      #expect(try output([node], [w, Message.tensor("C", shape, values)], at: [1, -1, 2]) == expected, "C \(shape)")
    }
  }

  @Test func matMulOnEitherSide() throws {
    let x = [1.0, -1, 2]
    let cases: [([String], [Int], [Double], [Int?], [Double])] = [
      (["x", "W"], [3, 2], [1, 4, 2, 5, 3, 6], [nil, 3], [5, 11]),
      (["x", "W"], [3, 2], [1, 4, 2, 5, 3, 6], [3], [5, 11]),
      (["x", "W"], [1, 3, 2], [1, 4, 2, 5, 3, 6], [nil, 1, 3], [5, 11]),
      (["x", "W"], [3], [1, 2, 3], [nil, 3], [5]),
      (["W", "x"], [2, 3], [1, 2, 3, 4, 5, 6], [3, 1], [5, 11]),
      (["W", "x"], [2, 3], [1, 2, 3, 4, 5, 6], [3], [5, 11]),
      (["W", "x"], [2, 3], [1, 2, 3, 4, 5, 6], [nil, 3, 1], [5, 11]),
      (["W", "x"], [3], [1, 2, 3], [3, 1], [5]),
    ]
    for (inputs, shape, values, input, expected) in cases {
      let node = Message.node("MatMul", inputs, "y")
      #expect(
        try output([node], [Message.tensor("W", shape, values)], input: input, at: x) == expected,
        "\(inputs), W \(shape), x \(input)")
    }
  }

  @Test func arithmeticOnEitherSide() throws {
    let cases: [(String, [String], [Double])] = [
      ("Add", ["x", "c"], [5, 7, 6]), ("Add", ["c", "x"], [5, 7, 6]), ("Sub", ["x", "c"], [-3, -9, -2]),
      ("Sub", ["c", "x"], [3, 9, 2]), ("Mul", ["x", "c"], [4, -8, 8]), ("Mul", ["c", "x"], [4, -8, 8]),
      ("Div", ["x", "c"], [0.25, -0.125, 0.5]),
    ]
    for (operation, inputs, expected) in cases {
      for shape in [[3], [1, 3]] {
        let c = Message.tensor("c", shape, [4, 8, 4])
        #expect(
          try output([Message.node(operation, inputs, "y")], [c], at: [1, -1, 2]) == expected, "\(operation) \(inputs)")
      }
    }
    #expect(try output([Message.node("Neg", ["x"], "y")], at: [1, -1, 2]) == [-1, 1, -2])
  }

  @Test func broadcastingWidensFeatures() throws {
    // [1, 2, 1] with [3]: each of the two features meets each of the three constants.
    let c = Message.tensor("c", [3], [1, 10, 100])
    #expect(
      try output([Message.node("Mul", ["x", "c"], "y")], [c], input: [nil, 2, 1], at: [2, -3]) == [
        2, 20, 200, -3, -30, -300,
      ])
    #expect(try output([Message.node("Add", ["x", "c"], "y")], [c], input: [nil, 1], at: [2]) == [3, 12, 102])
    // [1, 2] with [2, 1] would make two samples of one.
    #expect(throws: ONNXError.self) {
      try output(
        [Message.node("Add", ["x", "c"], "y")], [Message.tensor("c", [2, 1], [1, 2])], input: [nil, 2], at: [1, 1])
    }
  }

  @Test func transposeReordersFeatures() throws {
    let nodes = [Message.node("Transpose", ["x"], "y", [Message.integers("perm", [0, 2, 1])])]
    #expect(try output(nodes, input: [nil, 2, 3], at: [1, 2, 3, 4, 5, 6]) == [1, 4, 2, 5, 3, 6])
    let constant = [Message.node("Transpose", ["W"], "V"), Message.node("MatMul", ["x", "V"], "y")]
    #expect(try output(constant, [Message.tensor("W", [2, 3], [1, 2, 3, 4, 5, 6])], at: [1, -1, 2]) == [5, 11])
  }

  @Test func offsetsMoveWithTheirFeatures() throws {
    let b = Message.tensor("b", [1, 2, 3], [10, 20, 30, 40, 50, 60])
    let transposed = [
      Message.node("Add", ["x", "b"], "a"),
      Message.node("Transpose", ["a"], "y", [Message.integers("perm", [0, 2, 1])]),
    ]
    #expect(
      try output(transposed, [b], input: [nil, 2, 3], at: [1, 2, 3, 4, 5, 6]) == [11, 44, 22, 55, 33, 66])
    let widened = [Message.node("Add", ["x", "c"], "a"), Message.node("Mul", ["a", "d"], "y")]
    let constants = [Message.tensor("c", [2, 1], [10, 20]), Message.tensor("d", [2], [1, -1])]
    #expect(try output(widened, constants, input: [nil, 2, 1], at: [1, 2]) == [11, -11, 22, -22])
  }

  @Test func shapeOperatorsKeepTheOrder() throws {
    let nodes = [
      Message.node("Reshape", ["x", "s"], "a", [Message.integer("allowzero", 0)]),
      Message.node("Squeeze", ["a"], "b"), Message.node("Unsqueeze", ["b", "axes"], "c"),
      Message.node("Flatten", ["c"], "d", [Message.integer("axis", -1)]), Message.node("Reshape", ["d", "t"], "e"),
      Message.node("Relu", ["e"], "y"),
    ]
    let shapes = [
      Message.tensor("s", integers: [0, 1, -1, 2]), Message.tensor("axes", integers: [-1, 0]),
      Message.tensor("t", integers: [3, 2, -1]),
    ]
    #expect(try output(nodes, shapes, input: [nil, 6], at: [1, -2, 3, 4, -5, 6]) == [1, 0, 3, 4, 0, 6])
  }

  @Test func dropoutInInferenceModeIsTheIdentity() throws {
    var mode = Onnx_TensorProto()
    (mode.name, mode.dataType, mode.int32Data) = ("training", 9, [0])
    let node = Message.node("Dropout", ["x", "", "training"], "y")
    #expect(try output([node], [mode], at: [1, -1, 2]) == [1, -1, 2])
    mode.int32Data = [1]
    #expect(throws: ONNXError.self) { try output([node], [mode], at: [1, -1, 2]) }
  }

  @Test func castOfAConstantRounds() throws {
    let nodes = [
      Message.node("Cast", ["c"], "f", [Message.integer("to", 1)]), Message.node("Add", ["x", "f"], "a"),
      Message.node("Cast", ["a"], "y", [Message.integer("to", 11)]),
    ]
    let c = Message.tensor("c", [], [0.1])
    #expect(try output(nodes, [c], input: [nil, 1], at: [0]) == [Double(Float(0.1))])
    let shape = [
      Message.node("Cast", ["c"], "s", [Message.integer("to", 7)]), Message.node("Reshape", ["x", "s"], "r"),
      Message.node("Relu", ["r"], "y"),
    ]
    #expect(try output(shape, [Message.tensor("c", [2], [3, 1])], at: [1, -1, 2]) == [1, 0, 2])
  }

  /// Random chains of steps against the same steps one after the other on the numbers.
  @Test(arguments: [UInt64(51), 52, 53, 54, 55, 56])
  func foldingChangesNothing(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for round in 0..<20 {
      let inputs = Int.random(in: 1...5, using: &generator)
      let x = generator.numbers(inputs)
      var (values, nodes, tensors) = (x, [Onnx_NodeProto](), [Onnx_TensorProto]())
      let count = Int.random(in: 1...9, using: &generator)
      for step in 0..<count {
        let (from, to, c) = (step == 0 ? "x" : "v\(step)", step == count - 1 ? "y" : "v\(step + 1)", "c\(step)")
        let width = values.count
        let constants = generator.numbers(width)
        switch Int.random(in: 0..<7, using: &generator) {
        case 0:
          (nodes, tensors) = (
            nodes + [Message.node("Add", [from, c], to)], tensors + [Message.tensor(c, [width], constants)]
          )
          values = zip(values, constants).map(+)
        case 1:
          (nodes, tensors) = (
            nodes + [Message.node("Mul", [c, from], to)], tensors + [Message.tensor(c, [width], constants)]
          )
          values = zip(values, constants).map(*)
        case 2:
          (nodes, tensors) = (
            nodes + [Message.node("Sub", [c, from], to)], tensors + [Message.tensor(c, [width], constants)]
          )
          values = zip(constants, values).map(-)
        case 3:
          let divisors = constants.map { $0 < 0 ? $0 - 0.5 : $0 + 0.5 }
          (nodes, tensors) = (
            nodes + [Message.node("Div", [from, c], to)], tensors + [Message.tensor(c, [1, width], divisors)]
          )
          values = zip(values, divisors).map(/)
        case 4:
          nodes.append(Message.node("Relu", [from], to))
          values = values.map { max($0, 0) }
        case 5:
          nodes.append(Message.node("Neg", [from], to))
          values = values.map(-)
        default:
          let weights = generator.matrix(.random(in: 1...5, using: &generator), width)
          tensors.append(Message.tensor(c, [weights.rows, width], weights.elements))
          nodes.append(Message.node("Gemm", [from, c], to, [Message.integer("transB", 1)]))
          values = (0..<weights.rows).map { row in zip(weights.row(row), values).map(*).reduce(0, +) }
        }
      }
      let network = try Network(Message.model(nodes, tensors, input: [nil, inputs]), source: "seed \(seed)")
      #expect(deviation(network(x), from: values) < 1e-10, "seed \(seed), round \(round), \(nodes.map(\.opType))")
    }
  }
}
