import Exact
import Foundation
import Probability
import Testing

@testable import Networks

/// Models with several inputs and outputs, inner values, constants, and exact folding.
@Suite struct ONNXModelTests {
  typealias M = Message

  private func model(
    _ nodes: [Onnx_NodeProto], _ initializers: [Onnx_TensorProto] = [], inputs: [(String, [Int?])] = [("x", [3])],
    outputs: [(String, [Int?])] = [("y", [3])], operatorSet: Int64 = 18
  ) throws -> ONNXModel {
    var message = M.model(nodes, initializers, operatorSet: operatorSet)
    message.graph.input = inputs.map { M.value($0.0, $0.1) }
    message.graph.output = outputs.map { M.value($0.0, $0.1) }
    return try ONNXModel(ONNXFile(message, source: "m.onnx"))
  }

  private func expectFault(_ words: String..., when body: () throws -> Void) {
    let error = #expect(throws: ONNXError.self, "\(words)") { try body() }
    let missing = (["m.onnx: "] + words).filter { error?.description.contains($0) != true }
    #expect(missing.isEmpty, "\(error?.description ?? "no error")")
  }

  @Test func inputsAndOutputsComeInTheOrderOfTheFile() throws {
    // b has an initializer and so is no input.
    let model = try model(
      [
        M.node("Sub", ["x2", "b"], "d"), M.node("Relu", ["d"], "y2"), M.node("ReduceSum", ["x1"], "s"),
        M.node("Add", ["s", "d"], "y1"),
      ],
      [M.tensor("b", [3], [1, 2, 3])], inputs: [("x1", [nil, 2]), ("b", [3]), ("x2", [3])],
      outputs: [("y1", [nil, 3]), ("y2", [nil])])
    #expect(model.inputs.map(\.name) == ["x1", "x2"])
    #expect(model.inputs.map(\.shape) == [[1, 2], [3]])
    #expect(model.outputs.map(\.name) == ["y1", "y2"])
    #expect(model.outputs.map(\.shape) == [[1, 3], nil])
    #expect((model.inputs + model.outputs).allSatisfy { $0.elementType == "float64" })
    #expect(model.operators == ["Sub": 1, "Relu": 1, "ReduceSum": 1, "Add": 1])
    #expect(model.operatorSet == 18)
    #expect(model.nodeOutputs == ["d", "y2", "s", "y1"])
    let function = try model.function()
    #expect(function.outputShapes == [[1, 3], [3]])
    #expect(function.network([10, 20, 1, 1, 5]) == [30, 29, 32, 0, 0, 2])
    #expect(try model.units() == function.network)
    expectFault("2 inputs") { _ = try UnitNetwork(twoInputs, source: "m.onnx") }
  }

  private var twoInputs: Onnx_ModelProto {
    var message = M.model([M.node("Add", ["x", "z"], "y")])
    message.graph.input.append(M.value("z", [nil, 3]))
    return message
  }

  @Test func innerValues() throws {
    var split = M.node("Split", ["x", "sizes"], "first", [M.integer("axis", 0)])
    split.output.append("second")
    // "aside" is on no way to the output.
    let model = try model(
      [split, M.node("Relu", ["first"], "y"), M.node("Neg", ["x"], "aside")], [M.tensor("sizes", integers: [1, 2])],
      outputs: [("y", [1])])
    let function = try model.function(hidden: ["second", "aside", "y"])
    #expect(function.outputShapes == [[1]] && function.hiddenShapes == [[2], [3], [1]])
    #expect(function.network([-1, 5, 6]) == [0, 5, 6, 1, -5, -6, 0])
    expectFault("no node produces the value \"nothing\"") { _ = try model.function(hidden: ["nothing"]) }
    expectFault("no node produces the value \"x\"") { _ = try model.function(hidden: ["x"]) }
  }

  @Test func constantOutputs() throws {
    let shape = try model([M.node("Shape", ["x"], "y")], inputs: [("x", [2, 3])], outputs: [("y", [2])]).function()
    #expect(shape.network.outputs == [AffineForm(constant: 2), AffineForm(constant: 3)])
    #expect(shape.outputShapes == [[2]])
    let initializer = try model([M.node("Relu", ["x"], "z")], [M.tensor("y", [2], [4, -5])], outputs: [("y", [2])])
    #expect(try initializer.units()([1, 2, 3]) == [4, -5])
  }

  @Test func operatorsOfConstants() throws {
    func values(_ nodes: [Onnx_NodeProto], _ initializers: [Onnx_TensorProto]) throws -> [Double] {
      try model(nodes, initializers).units()([1, -2, 3])
    }
    let (c, d) = (M.tensor("c", [3], [1, 2, 3]), M.tensor("d", [3], [3, 2, 1]))
    for (operation, expected) in [
      ("Equal", [0, -2, 0]), ("Less", [1, 0, 0]), ("LessOrEqual", [1, -2, 0]), ("Greater", [0, 0, 3]),
      ("GreaterOrEqual", [0, -2, 3]),
    ] as [(String, [Double])] {
      let nodes = [M.node(operation, ["c", "d"], "k"), M.node("Where", ["k", "x", "zero"], "y")]
      #expect(try values(nodes, [c, d, M.tensor("zero", [1], [0])]) == expected, "\(operation)")
    }
    let flags = [
      M.node("Less", ["c", "d"], "p"), M.node("Greater", ["c", "d"], "q"), M.node("Or", ["p", "q"], "r"),
      M.node("Not", ["r"], "s"), M.node("Xor", ["s", "p"], "t"), M.node("And", ["t", "r"], "u"),
      M.node("Where", ["u", "x", "c"], "y"),
    ]
    #expect(try values(flags, [c, d]) == [1, 2, 3])
    #expect(try values([M.node("Pow", ["x", "e"], "y")], [M.tensor("e", [3], [0, 1, 0])]) == [1, -2, 1])
    #expect(
      try values([M.node("Pow", ["c", "d"], "p"), M.node("Add", ["x", "p"], "y")], [c, d]) == [2, 2, 6])
    // Integers stay integers through operators that fold numbers, so that they can shape.
    let shaped = [
      M.node("ReduceSum", ["n"], "m", [M.integer("keepdims", 1)]), M.node("Reshape", ["x", "m"], "y"),
    ]
    #expect(try values(shaped, [M.tensor("n", integers: [1, 2])]) == [1, -2, 3])
    expectFault("(ReduceMean)", "1.5", "integer results") {
      _ = try values(
        [M.node("ReduceMean", ["n"], "m"), M.node("Reshape", ["x", "m"], "y")], [M.tensor("n", integers: [1, 2])])
    }
  }

  @Test func castsRoundConstants() throws {
    func cast(_ value: Double, to type: Int64) throws -> Double {
      let nodes = [
        M.node("Cast", ["c"], "k", [M.integer("to", type)]), M.node("Cast", ["k"], "l", [M.integer("to", 11)]),
        M.node("Add", ["x", "l"], "y"),
      ]
      return try model(nodes, [M.tensor("c", [], [value])]).units()([0, 0, 0])[0]
    }
    let (half, brain): (Int64, Int64) = (10, 16)
    #expect(try cast(0.1, to: half) == 0.0999755859375)
    #expect(try cast(1 + 0x1p-11, to: half) == 1)
    #expect(try cast(1 + 0x1.8p-10, to: half) == 1 + 0x1p-9)
    #expect(try cast(-65519, to: half) == -65504)
    #expect(try cast(0x1p-25, to: half) == 0)
    #expect(try cast(0x1.8p-24, to: half) == 0x1p-23)
    #expect(try cast(0.1, to: brain) == 0.10009765625)
    #expect(try cast(-2.75, to: 6) == -2)
    #expect(try cast(-2.75, to: 9) == 1)
    expectFault("inf at element 0", "finite") { _ = try cast(65520, to: half) }
    expectFault("range of int32") { _ = try cast(3e9, to: 6) }
    let floats = try model([M.node("Cast", ["x"], "y", [M.integer("to", half)])])
    #expect(try floats.units().outputs == (0..<3).map { AffineForm(value: $0) })
  }

  @Test func whatIsNotPiecewiseLinearIsRefused() {
    let c = M.tensor("c", [3], [2, 2, 2])
    for (operation, inputs, words) in [
      ("Equal", ["x", "c"], ["(Equal)", "not continuous"]), ("Greater", ["c", "x"], ["not continuous", "input 1"]),
      ("Not", ["x"], ["not continuous"]), ("Pow", ["x", "c"], ["power 2.0", "not piecewise linear"]),
      ("Pow", ["c", "x"], ["exponent", "not piecewise linear"]), ("Mul", ["x", "x"], ["multiplies two values"]),
      ("Div", ["c", "x"], ["divides by a value"]), ("Sigmoid", ["x"], ["not piecewise linear"]),
      ("Softmax", ["x"], ["not piecewise linear"]), ("Where", ["x", "c", "c"], ["condition"]),
    ] as [(String, [String], [String])] {
      let error = #expect(throws: ONNXError.self) { try model([M.node(operation, inputs, "y")], [c]).function() }
      let missing = words.filter { error?.description.contains($0) != true }
      #expect(missing.isEmpty, "\(error?.description ?? "no error")")
    }
    expectFault("to int64", "not continuous") {
      _ = try model([M.node("Cast", ["x"], "y", [M.integer("to", 7)])]).function()
    }
  }

  @Test func whatIsSupported() {
    #expect(ONNXModel.supportedOperators == ONNXModel.supportedOperators.sorted())
    #expect(ONNXModel.supportedOperators.contains("Gemm") && !ONNXModel.supportedOperators.contains("Equal"))
    #expect(Set(ONNXModel.supportedOperators).isSubset(of: ONNXReader.steps.keys))
    #expect(ONNXModel.supportedOperatorSets.contains(18))
  }

  @Test func graphsThatDifferInWeightsAlone() throws {
    func chain(_ weights: [Double], _ names: [String], bias: [Int] = [3], second: String = "Relu") throws -> ONNXModel {
      try model(
        [
          M.node("MatMul", ["x", names[0]], names[1]), M.node("Add", [names[1], names[2]], names[3]),
          M.node(second, [names[3]], "y"),
        ],
        [M.tensor(names[0], [3, 3], weights), M.tensor(names[2], bias, Array(repeating: 1, count: bias[0]))])
    }
    let names = ["W", "m", "b", "a"]
    let first = try chain(Array(repeating: 1, count: 9), names)
    #expect(first == (try chain(Array(repeating: 1, count: 9), names)))
    let other = try chain(Array(repeating: 2, count: 9), ["V", "p", "c", "q"])
    #expect(first != other)
    #expect(try first.difference(from: other) == nil)
    let short = try chain(Array(repeating: 1, count: 9), names, bias: [1])
    #expect(try first.difference(from: short)?.contains("shapes") == true)
    let absolute = try chain(Array(repeating: 1, count: 9), names, second: "Abs")
    #expect(try first.difference(from: absolute)?.contains("operators") == true)
    // The same operators, but one reads a value twice.
    let (twice, once) = (
      try model([M.node("Relu", ["x"], "r"), M.node("Add", ["r", "r"], "y")]),
      try model([M.node("Relu", ["x"], "r"), M.node("Add", ["r", "x"], "y")])
    )
    #expect(try twice.difference(from: once) != nil && once.difference(from: twice) != nil)
    #expect(try once.difference(from: once) == nil)
  }

  /// Chains of affine steps whose folding would round, against the same steps in rational arithmetic.
  @Test(arguments: [UInt64(1), 2, 3, 4])
  func foldingIsExact(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    func number() -> Double { (random.uniform() - 0.5) * [1, 0x1p30, 0x1p-30][random.index(below: 3)] }
    func rational(_ value: Double) -> Rational { Rational(exactly: value) }
    for round in 0..<25 {
      let inputs = 1 + random.index(below: 3)
      let point = (0..<inputs).map { _ in Rational(random.index(below: 200) - 100, 7) }
      var (values, nodes, tensors) = (point, [Onnx_NodeProto](), [Onnx_TensorProto]())
      var earlier: (name: String, values: [Rational])?
      let count = 2 + random.index(below: 6)
      for step in 0..<count {
        let (from, to, c) = (step == 0 ? "x" : "v\(step)", step == count - 1 ? "y" : "v\(step + 1)", "c\(step)")
        let constants = values.map { _ in number() }
        let before = (name: from, values: values)
        switch random.index(below: 7) {
        case 0:
          tensors.append(M.tensor(c, [values.count], constants))
          nodes.append(M.node("Add", [from, c], to))
          values = zip(values, constants).map { $0 + rational($1) }
        case 1:
          tensors.append(M.tensor(c, [values.count], constants))
          nodes.append(M.node("Mul", [c, from], to))
          values = zip(values, constants).map { $0 * rational($1) }
        case 2:
          nodes.append(M.node("Relu", [from], to))
          values = values.map { max($0, .zero) }
        case 3:
          nodes.append(M.node("ReduceSum", [from], to, [M.integer("keepdims", 1)]))
          values = [values.reduce(.zero, +)]
        case 4:
          let bounds = [-abs(constants[0]), abs(number())]
          tensors += [M.tensor(c + "l", [], [bounds[0]]), M.tensor(c + "h", [], [bounds[1]])]
          nodes.append(M.node("Clip", [from, c + "l", c + "h"], to))
          values = values.map { min(max($0, rational(bounds[0])), rational(bounds[1])) }
        case 5 where earlier?.values.count == values.count:
          let other = earlier ?? before
          nodes.append(M.node("Sub", [from, other.name], to))
          values = zip(values, other.values).map { $0 - $1 }
        default:
          let rows = 1 + random.index(below: 3)
          let weights = (0..<rows * values.count).map { _ in number() }
          tensors.append(M.tensor(c, [values.count, rows], weights))
          nodes.append(M.node("MatMul", [from, c], to))
          let left = values
          values = (0..<rows).map { row in
            left.indices.reduce(Rational.zero) { $0 + left[$1] * rational(weights[$1 * rows + row]) }
          }
        }
        earlier = before
      }
      let network = try model(nodes, tensors, inputs: [("x", [inputs])], outputs: [("y", [values.count])]).units()
      #expect(network.exactOutputs(at: point) == values, "seed \(seed), round \(round), \(nodes.map(\.opType))")
    }
  }

  @Test func exactGemmAndConvolution() throws {
    // 0.1 · 3 + 0.3 and the like round: everything that does must stand as a unit that never bends.
    let tensors = [
      M.tensor("W", [2, 2], [0.1, 0.7, 1.3, 1e-9]), M.tensor("c", [2], [0.3, 1e9]),
      M.tensor("k", [1, 1, 2], [0.1, 1e8]), M.tensor("b", [1], [0.7]), M.tensor("shape", integers: [1, 1, 2]),
    ]
    let gemm = [M.float("alpha", 0.1), M.float("beta", 3)]
    let model = try model(
      [
        M.node("Gemm", ["x", "W", "c"], "g", gemm), M.node("Gemm", ["g", "W", "c"], "h", gemm),
        M.node("Reshape", ["h", "shape"], "r"), M.node("Conv", ["r", "k", "b"], "y"),
      ], tensors, inputs: [("x", [1, 2])], outputs: [("y", [1, 1, 1])])
    let network = try model.units()
    func exact(_ value: Double) -> Rational { Rational(exactly: value) }
    let (alpha, point) = (Rational(exactly: Double(Float(0.1))), [Rational(1, 3), Rational(-5, 7)])
    func layer(_ v: [Rational]) -> [Rational] {
      [
        alpha * (v[0] * exact(0.1) + v[1] * exact(1.3)) + Rational(3) * exact(0.3),
        alpha * (v[0] * exact(0.7) + v[1] * exact(1e-9)) + Rational(3) * exact(1e9),
      ]
    }
    let h = layer(layer(point))
    #expect(network.exactOutputs(at: point) == [h[0] * exact(0.1) + h[1] * exact(1e8) + exact(0.7)])
    #expect(network.stages.allSatisfy { $0.units.allSatisfy { !$0.bends } })
  }
}
