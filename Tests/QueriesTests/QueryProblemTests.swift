import Exact
import Probability
import Testing

@testable import Networks
@testable import Queries

/// Queries joined with models: what fits, what does not, and what the joined network computes.
@Suite struct QueryProblemTests {
  /// A model of any nodes; all its inputs and outputs have the same type.
  private func model(
    _ nodes: [(operation: String, inputs: [String], output: String)],
    weights: [String: (shape: [Int], values: [Double])] = [:], inputs: [(String, [Int])] = [("x", [1, 2])],
    outputs: [(String, [Int])] = [("y", [1, 2])], type: Int32 = 1,
    source: String = "model.onnx"
  ) throws -> ONNXModel {
    func value(_ name: String, _ shape: [Int]) -> Onnx_ValueInfoProto {
      var value = Onnx_ValueInfoProto()
      value.name = name
      value.type.tensorType.elemType = type
      value.type.tensorType.shape.dim = shape.map { size in
        var dimension = Onnx_TensorShapeProto.Dimension()
        dimension.dimValue = Int64(size)
        return dimension
      }
      return value
    }
    var message = Onnx_ModelProto()
    var operators = Onnx_OperatorSetIdProto()
    operators.version = 18
    message.opsetImport = [operators]
    message.graph.node = nodes.map { item in
      var node = Onnx_NodeProto()
      (node.opType, node.input, node.output) = (item.operation, item.inputs, [item.output])
      return node
    }
    message.graph.initializer = weights.sorted { $0.key < $1.key }.map { name, tensor in
      var message = Onnx_TensorProto()
      (message.name, message.dims, message.dataType) = (name, tensor.shape.map(Int64.init), 1)
      message.floatData = tensor.values.map(Float.init)
      return message
    }
    message.graph.input = inputs.map(value)
    message.graph.output = outputs.map(value)
    return try ONNXModel(ONNXFile(message, source: source))
  }

  /// y = ReLU(x W), h = x W.
  private func layer(_ values: [Double] = [1, 2, 3, 4], source: String = "model.onnx") throws -> ONNXModel {
    try model(
      [("MatMul", ["x", "W"], "h"), ("Relu", ["h"], "y")], weights: ["W": ([2, 2], values)], source: source)
  }

  private func query(_ text: String) throws -> VNNLIBQuery {
    try VNNLIBQuery("(vnnlib-version <2.0>)\n" + text, file: "q.vnnlib")
  }

  private let one = """
    (declare-network N (declare-input X real [1,2]) (declare-hidden H real [1,2] "h") (declare-output Y real [1,2]))
    (assert (and (>= X[0,0] -1.0) (<= X[0,0] 1.0) (== X[0,1] 0.5)))
    (assert (<= Y[0,1] (* H[0,0] X[0,0])))
    """

  @Test func elementsHaveTheirPlaces() throws {
    let problem = try QueryProblem(query(one), models: ["N": layer()])
    #expect(problem.network.inputCount == 2)
    #expect(problem.places == [.input(0), .input(1), .output(2), .output(3), .output(0), .output(1)])
    let point = [Rational(1, 3), Rational(-1, 2)]
    let h = [point[0] + Rational(3) * point[1], Rational(2) * point[0] + Rational(4) * point[1]]
    #expect(problem.elements(at: point) == point + h + h.map { max($0, .zero) })
    #expect(problem.form(of: 2) == AffineForm(constant: 0, weights: [1, 3], first: 0))
  }

  @Test func versionOneMatchesByCounts() throws {
    let text = "(declare-const X_0 Real)(declare-const X_1 Real)(declare-const Y_0 Real)(declare-const Y_1 Real)"
    let query = try VNNLIBQuery(text + "(assert (<= Y_0 X_1))", file: "old.vnnlib")
    let wide = try model([("Relu", ["x"], "y")], inputs: [("x", [1, 1, 2, 1])], outputs: [("y", [1, 1, 2, 1])])
    let problem = try QueryProblem(query, models: [wide])
    #expect(problem.elements(at: [Rational(-1), Rational(2)]) == [-1, 2, 0, 2].map { Rational($0) })
    let error = #expect(throws: QueryError.self) {
      try QueryProblem(
        query, models: [model([("Relu", ["x"], "y")], inputs: [("x", [1, 3])], outputs: [("y", [1, 3])])])
    }
    #expect(
      error?.description.contains("2 elements, but input \"x\" of model.onnx has shape [1,3], which is 3") == true)
  }

  private func expectError(
    _ words: String..., query text: String, models: [String: ONNXModel],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let query = try query(text)
    let error = #expect(throws: QueryError.self, sourceLocation: sourceLocation) {
      try QueryProblem(query, models: models)
    }
    let missing = (["q.vnnlib:"] + words).filter { error?.description.contains($0) != true }
    #expect(missing.isEmpty, "\(error?.description ?? "no error")", sourceLocation: sourceLocation)
  }

  @Test func whatDoesNotFitIsToldWithItsPlace() throws {
    let model = try layer()
    func declaration(_ input: String, _ output: String = "real [1,2]", hidden: String = "") -> String {
      "(declare-network N\n (declare-input X \(input))\n \(hidden)\n (declare-output Y \(output)))\n"
        + "(assert (<= X[0,0] 1.0))"
    }
    let models = ["N": model]
    _ = try QueryProblem(query(declaration("real [1,2,1]").replacing("[0,0]", with: "[0,0,0]")), models: models)
    _ = try QueryProblem(query(declaration("float32 [1,2]", "float32 [2]")), models: models)
    try expectError(
      ":3:17:", "'X' has shape [1,3]", "input \"x\" of model.onnx has shape [1,2]",
      query: declaration("real [1,3]"), models: models)
    try expectError(
      ":5:18:", "'Y' has shape [4]", "output \"y\" of model.onnx has shape [1,2]",
      query: declaration("real [1,2]", "real [4]"), models: models)
    // A huge claim costs nothing.
    try expectError(":5:18:", "'Y'", query: declaration("real [1,2]", "real [999999999999]"), models: models)
    try expectError(
      ":3:17:", "'X' is float64", "is float32; accepted is float32, or real",
      query: declaration("float64 [1,2]", "float64 [1,2]"), models: models)
    try expectError(
      ":4:18:", "\"hh\"", "'H'", "did you mean \"h\"?",
      query: declaration("real [1,2]", hidden: "(declare-hidden H real [1,2] \"hh\")"), models: models)
    try expectError(
      ":4:18:", "'H' has shape [2,2]", "value \"h\" of model.onnx has shape [1,2]",
      query: declaration("real [1,2]", hidden: "(declare-hidden H real [2,2] \"h\")"), models: models)
    try expectError(
      ":4:17:", "2 inputs", "one input",
      query: declaration("real [1,2]", hidden: "(declare-input Z real [1])"), models: models)
    try expectError("no network 'M'", "'N'", query: one, models: ["M": model, "N": model])
    try expectError(":2:18:", "no model is given for the network 'N'", query: one, models: [:])
    #expect(throws: QueryError.self) { try QueryProblem(query(one), models: [model, model]) }
    #expect(throws: QueryError.self) { try QueryProblem(query(one), models: [ONNXModel]()) }
  }

  @Test func aModelThatCannotBeReadIsRefusedByName() throws {
    let smooth = try model([("Sigmoid", ["x"], "h"), ("Relu", ["h"], "y")])
    let error = #expect(throws: ONNXError.self) { try QueryProblem(query(one), models: [smooth]) }
    #expect(error?.description.contains("Sigmoid is not piecewise linear") == true)
  }

  private func two(_ relation: String, _ assertions: String, types: (String, String) = ("real", "real")) -> String {
    """
    (declare-network f (declare-input X \(types.0) [2]) (declare-output Y \(types.0) [2]))
    (declare-network g \(relation) (declare-input Z \(types.1) [2]) (declare-output V \(types.1) [2]))
    (assert (and (>= X[0] 0.0) (<= X[0] 1.0) (<= Z[0] 0.75)))
    \(assertions)
    """
  }

  @Test func equalNetworksWithJoinedInputsAreOne() throws {
    let model = try layer()
    let joined = "(assert (== X[0] Z[0])) (assert (== Z[1] X[1]))"
    let problem = try QueryProblem(query(two("(equal-to f)", joined + "(assert (< Y[0] V[0]))")), models: [model])
    #expect(problem.network.inputCount == 2 && problem.network.unitCount == 2)
    #expect(
      problem.places == [.input(0), .input(1), .output(0), .output(1), .input(0), .input(1), .output(2), .output(3)])
    // The joined input lies in the intersection of the ranges.
    var boxes: [[Interval]] = []
    _ = problem.tree?.forEachCase(limit: 10) { boxes += [problem.relaxed($0)?.box ?? []] }
    #expect(boxes.count == 1 && boxes[0][0].lower == 0 && boxes[0][0].upper == 0.75)
    // With one input apart the networks stand side by side.
    let apart = try QueryProblem(query(two("(equal-to f)", "(assert (== X[0] Z[0]))")), models: ["f": model])
    #expect(apart.network.inputCount == 3 && apart.network.unitCount == 4)
    let point = [Rational(1), Rational(2), Rational(-1)]
    #expect(apart.elements(at: point) == [1, 2, 7, 10, 1, -1, 0, 0].map { Rational($0) })
    let same = ["f": model, "g": try layer(source: "copy.onnx")]
    #expect(try QueryProblem(query(two("(equal-to f)", joined)), models: same).network.unitCount == 2)
    try expectError(
      "'g' is equal to 'f'", "other.onnx and model.onnx differ", query: two("(equal-to f)", joined),
      models: ["f": model, "g": layer([1, 2, 3, 5], source: "other.onnx")])
  }

  @Test func isomorphicNetworksDifferInWeightsAlone() throws {
    let (model, other) = (try layer(), try layer([1, 2, 3, 5], source: "other.onnx"))
    let text = two("(isomorphic-to f)", "(assert (== X[0] Z[0])) (assert (== X[1] Z[1])) (assert (< Y[1] V[1]))")
    let problem = try QueryProblem(query(text), models: ["f": model, "g": other])
    // The first unit is the same in both.
    #expect(problem.network.inputCount == 2 && problem.network.unitCount == 3)
    #expect(problem.elements(at: [1, 2].map { Rational($0) }) == [1, 2, 7, 10, 1, 2, 7, 12].map { Rational($0) })
    let absolute = try self.model(
      [("MatMul", ["x", "W"], "h"), ("Abs", ["h"], "y")], weights: ["W": ([2, 2], [1, 2, 3, 4])], source: "abs.onnx")
    try expectError(
      "'g' is isomorphic to 'f'", "different operators", query: text, models: ["f": model, "g": absolute])
    let widths = two("(isomorphic-to f)", "", types: ("float32", "float16"))
    #expect(try QueryProblem(query(widths), models: ["f": model, "g": model]).network.unitCount == 4)
    try expectError("'Z' is float16", query: widths, models: ["f": model, "g": other])
  }

  @Test func inputsAreJoinedInChainsAndWithinOneNetwork() throws {
    let model = try model(
      [("Sub", ["a", "b"], "d"), ("Abs", ["d"], "y")], inputs: [("a", [3]), ("b", [3])], outputs: [("y", [3])])
    let text = """
      (declare-network N (declare-input A real [3]) (declare-input B real [3]) (declare-output Y real [3]))
      (assert (and (== A[0] B[1]) (== (- B[1] B[2]) 0.0) (== A[1] (+ B[0] 1.0)) (<= A[2] B[2]) (== Y[0] B[0])))
      (assert (or (== A[2] B[2]) (<= A[2] 0.0)))
      """
    let problem = try QueryProblem(query(text), models: [model])
    #expect(problem.network.inputCount == 4)
    #expect(problem.places.prefix(6) == [.input(0), .input(1), .input(2), .input(3), .input(0), .input(0)])
    let point = [5, 1, 2, 7].map { Rational($0) }
    #expect(problem.elements(at: point) == [5, 1, 2, 7, 5, 5, 2, 4, 3].map { Rational($0) })
  }

  @Test func maximaBecomeHinges() throws {
    let model = try model([("Max", ["x", "c"], "y")], weights: ["c": ([2], [0.5, 1])])
    let text = "(declare-network N (declare-input X real [1,2]) (declare-output Y real [1,2])) (assert (<= X[0,0] 1.0))"
    let problem = try QueryProblem(query(text), models: [model])
    #expect(problem.network.stages.allSatisfy { $0.units.allSatisfy { $0.kind != .maximum } })
    #expect(problem.elements(at: [Rational(0), Rational(2)]).suffix(2) == [Rational(1, 2), Rational(2)])
  }

  @Test func contradictionsStillNeedModelsThatFit() throws {
    let text = "(assert (<= X[0,0] 0.0)) (assert (>= X[0,0] 1.0))"
    let declaration = "(declare-network N (declare-input X real [1,2]) (declare-output Y real [1,2]))"
    let problem = try QueryProblem(query(declaration + text), models: [layer()])
    #expect(problem.tree == nil && problem.places.count == 4)
  }
}
