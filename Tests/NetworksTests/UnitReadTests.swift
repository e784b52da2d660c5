import Foundation
import LinearAlgebra
import Testing

@testable import Networks

/// ONNX graphs as units: against the runtime, against definitions written out by hand, and how units are shared.
@Suite struct UnitReadTests {
  typealias M = Message

  private func read(
    _ nodes: [Onnx_NodeProto], _ initializers: [Onnx_TensorProto] = [], input: [Int?] = [nil, 3],
    operatorSet: Int64 = 13
  ) throws -> UnitNetwork {
    try UnitNetwork(M.model(nodes, initializers, input: input, operatorSet: operatorSet), source: "units")
  }

  private let points = [[1.0, -1, 2], [0, 0, 0], [-3, 0.25, -0.5], [7, 8, -9], [0.5, -0.5, 0.125]]

  /// Compares a graph on three inputs with a function of single numbers.
  private func expect(
    _ nodes: [Onnx_NodeProto], _ initializers: [Onnx_TensorProto] = [], operatorSet: Int64 = 13,
    _ function: (Double) -> Double
  ) throws {
    let network = try read(nodes, initializers, operatorSet: operatorSet)
    for point in points {
      #expect(deviation(network(point), from: point.map(function)) < 1e-15, "\(nodes.map(\.opType)) at \(point)")
    }
  }

  @Test(arguments: ONNXFixture.all + ONNXFixture.graphs)
  func agreesWithTheRuntime(fixture: ONNXFixture) throws {
    let network = try UnitNetwork(onnx: fixture.data, source: fixture.name)
    for (input, output) in zip(fixture.inputs, fixture.outputs) {
      #expect(deviation(network(input), from: output) < fixture.tolerance)
    }
  }

  @Test func readsFilesAndSummaries() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString + ".onnx")
    try ONNXFixture.gemm.data.write(to: url)
    defer { try? FileManager.default.removeItem(at: url) }
    let network = try UnitNetwork.readONNX(path: url.path)
    #expect(try network == UnitNetwork(onnx: ONNXFixture.gemm.data, source: "gemm"))
    #expect(throws: ONNXError.self) { try UnitNetwork.readONNX(path: url.path + ".missing") }
    let summary = try ONNXSummary(onnx: ONNXFixture.gemm.data, source: "gemm")
    #expect(summary.inputName == "x" && summary.inputShape == [1, 2] && summary.outputName == "y")
    #expect(summary.operators == ["Gemm": 2, "Relu": 1])
    #expect(summary.parameterCount == 6 + 3 + 6 + 2)
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func aChainHasTheUnitsOfItsNetwork(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for depth in 1...4 {
      let network = try generator.network(depth: depth)
      let data = try network.onnx(elementType: .float64)
      let units = try UnitNetwork(onnx: data, source: "seed \(seed)")
      let expected = try UnitNetwork(network)
      #expect(units.stages.map(\.units) == expected.stages.map(\.units), "seed \(seed), depth \(depth)")
      #expect(units.outputs == expected.outputs, "seed \(seed), depth \(depth)")
      #expect(try Network(onnx: data, source: "seed \(seed)") == network, "seed \(seed), depth \(depth)")
    }
  }

  @Test func activations() throws {
    try expect([M.node("Relu", ["x"], "y")]) { max($0, 0) }
    try expect([M.node("LeakyRelu", ["x"], "y", [M.float("alpha", 0.25)])]) { $0 > 0 ? $0 : 0.25 * $0 }
    try expect([M.node("LeakyRelu", ["x"], "y")]) { $0 > 0 ? $0 : Double(Float(0.01)) * $0 }
    try expect([M.node("Abs", ["x"], "y")]) { abs($0) }
    try expect([M.node("HardSigmoid", ["x"], "y", [M.float("alpha", 0.5)])]) { min(max(0.5 * $0 + 0.5, 0), 1) }
    let slopes = M.tensor("s", [3], [0.5, -2, 1])
    let network = try read([M.node("PRelu", ["x", "s"], "y")], [slopes])
    #expect(network([-1, -1, -1]) == [-0.5, 2, -1])
    #expect(network([3, 4, 5]) == [3, 4, 5])
    // The third slope bends nothing.
    #expect(network.unitCount == 2)
    #expect(network.outputs[2] == AffineForm(value: 2))
  }

  @Test func clipsWithAndWithoutBounds() throws {
    let (low, high) = (M.tensor("low", [], [-0.5]), M.tensor("high", [1], [1.5]))
    try expect([M.node("Clip", ["x", "low", "high"], "y")], [low, high]) { min(max($0, -0.5), 1.5) }
    try expect([M.node("Clip", ["x", "low"], "y")], [low]) { max($0, -0.5) }
    try expect([M.node("Clip", ["x", "", "high"], "y")], [high]) { min($0, 1.5) }
    try expect([M.node("Clip", ["x"], "y")]) { $0 }
    let old = [M.float("min", 0), M.float("max", 6)]
    try expect([M.node("Clip", ["x"], "y", old)], operatorSet: 10) { min(max($0, 0), 6) }
    try expect([M.node("Clip", ["x"], "y", [M.float("max", 6)])], operatorSet: 10) { min($0, 6) }
    // The largest float, as exporters write no bound.
    let none = [M.float("min", 0), M.float("max", .greatestFiniteMagnitude)]
    let rectified = try read([M.node("Clip", ["x"], "y", none)], operatorSet: 10)
    #expect(rectified.stages.map(\.units) == [(0..<3).map { .relu(AffineForm(value: $0)) }])
    // Where the bounds cross, the upper one wins.
    let crossed = try read(
      [M.node("Clip", ["x", "high", "low"], "c"), M.node("Add", ["x", "c"], "y")], [low, high])
    #expect(crossed.unitCount == 0)
    #expect(crossed([1, 2, 3]) == [0.5, 1.5, 2.5])
  }

  @Test func extrema() throws {
    let c = M.tensor("c", [3], [0, 1, -1])
    let largest = try read([M.node("Max", ["x", "c"], "y")], [c])
    let smallest = try read([M.node("Neg", ["x"], "n"), M.node("Min", ["x", "n", "c"], "y")], [c])
    for point in points {
      #expect(largest(point) == zip(point, [0, 1, -1]).map { max($0, $1) })
      #expect(smallest(point) == zip(point, [0, 1, -1]).map { min($0, -$0, $1) })
    }
    // With the constant 0 it is a ReLU; of equal forms one is left.
    #expect(largest.stages[0].units[0] == .relu(AffineForm(value: 0)))
    #expect(largest.stages[0].units[1].kind == .maximum)
    #expect(try read([M.node("Max", ["x", "x"], "y")]).unitCount == 0)
    let reduced = try read([M.node("ReduceMax", ["x"], "y", [M.integers("axes", [1])])])
    #expect(reduced.unitCount == 1 && reduced([1, 5, -2]) == [5])
  }

  @Test func stagesUnitsAndNames() throws {
    // y = relu(relu(x) − x) + |x|, where |x| needs no relu before it and so stands in the first stage.
    let network = try read([
      M.node("Relu", ["x"], "r", name: "first"), M.node("Sub", ["r", "x"], "d"),
      M.node("Relu", ["d"], "s", name: "second"), M.node("Abs", ["x"], "a", name: "fold"),
      M.node("Add", ["s", "a"], "y"),
    ])
    #expect(network.stages.map(\.name) == ["first, fold", "second"])
    #expect(network.stages.map(\.units.count) == [6, 3])
    for point in points { #expect(network(point) == point.map { max(max($0, 0) - $0, 0) + abs($0) }) }

    // Two branches with the same ReLU share its units; the ReLU of a ReLU is the same; a constant has none.
    let shared = try read(
      [
        M.node("Relu", ["x"], "a", name: "a"), M.node("Relu", ["x"], "b", name: "b"), M.node("Relu", ["b"], "c"),
        M.node("Mul", ["x", "zero"], "z"), M.node("Relu", ["z"], "d"), M.node("Sum", ["a", "c", "d"], "y"),
      ], [M.tensor("zero", [], [0])])
    #expect(shared.stages.map(\.name) == ["a"])
    #expect(shared.unitCount == 3)
    #expect(shared([1, -1, 2]) == [2, 0, 4])

    let many = try read(
      (0..<5).flatMap { index in
        [
          M.node("LeakyRelu", ["x"], "l\(index)", name: "n\(index)", [M.float("alpha", Float(index + 2))])
        ]
      } + [M.node("Sum", (0..<5).map { "l\($0)" }, "y")])
    #expect(many.stages.map(\.name) == ["n0, n1, n2 and 2 more"])
  }

  @Test func maximaComeBeforeTheReLUsThatReadThem() throws {
    let nodes = [
      M.node("MaxPool", ["x"], "m", name: "pool", [M.integers("kernel_shape", [2])]),
      M.node("Relu", ["m"], "y", name: "act"),
    ]
    let network = try read(nodes, input: [nil, 1, 3])
    #expect(network.stages.map(\.name) == ["pool", "act"])
    #expect(network([1, -3, -2]) == [1, 0])
    let pooled = try read(
      [
        M.node("Relu", ["x"], "r"), M.node("MaxPool", ["r"], "m", [M.integers("kernel_shape", [2])]),
        M.node("Relu", ["m"], "y"),
      ], input: [nil, 1, 3])
    #expect(pooled.stages.count == 2)
    #expect(pooled([1, -3, -2]) == [1, 0])
  }

  @Test func shapesAreComputed() throws {
    // Reshape to [Shape(x)[0], −1], as exporters write a flattening; then split, reverse, and join.
    let network = try read(
      [
        M.node("Shape", ["x"], "shape"), M.node("Gather", ["shape", "zero"], "n"),
        M.node("Concat", ["n", "open"], "target", [M.integer("axis", 0)]), M.node("Reshape", ["x", "target"], "f"),
        M.node("Slice", ["f", "last", "before", "one", "back"], "y"),
      ],
      [
        M.tensor("zero", integers: [0]), M.tensor("open", integers: [-1]), M.tensor("last", integers: [-1]),
        M.tensor("before", integers: [.min]), M.tensor("one", integers: [1]), M.tensor("back", integers: [-2]),
      ], input: [nil, 2, 3])
    #expect(network([1, 2, 3, 4, 5, 6]) == [6, 4, 2])
    #expect(network.unitCount == 0)
  }

  /// Convolution by its definition: one image, kernel positions one by one.
  private func convolution(
    _ image: [Double], _ size: (c: Int, h: Int, w: Int), _ weights: [Double], outputs: Int, _ kernel: (h: Int, w: Int),
    groups: Int, stride: Int, dilation: Int, pads: [Int]
  ) -> [Double] {
    let height = (size.h + pads[0] + pads[2] - (kernel.h - 1) * dilation - 1) / stride + 1
    let width = (size.w + pads[1] + pads[3] - (kernel.w - 1) * dilation - 1) / stride + 1
    let (inputs, members) = (size.c / groups, outputs / groups)
    var result: [Double] = []
    for output in 0..<outputs {
      for y in 0..<height {
        for x in 0..<width {
          var sum = 0.0
          for input in 0..<inputs {
            for i in 0..<kernel.h {
              for j in 0..<kernel.w {
                let (row, column) = (y * stride - pads[0] + i * dilation, x * stride - pads[1] + j * dilation)
                guard 0..<size.h ~= row, 0..<size.w ~= column else { continue }
                sum +=
                  weights[((output * inputs + input) * kernel.h + i) * kernel.w + j]
                  * image[((output / members * inputs + input) * size.h + row) * size.w + column]
              }
            }
          }
          result.append(sum)
        }
      }
    }
    return result
  }

  @Test(arguments: [UInt64(71), 72, 73])
  func convolutionsByDefinition(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    for round in 0..<15 {
      let groups = Int.random(in: 1...2, using: &generator)
      let size = (
        c: groups * Int.random(in: 1...2, using: &generator), h: Int.random(in: 3...6, using: &generator),
        w: Int.random(in: 3...6, using: &generator)
      )
      let kernel = (h: Int.random(in: 1...2, using: &generator), w: Int.random(in: 1...2, using: &generator))
      let outputs = groups * Int.random(in: 1...2, using: &generator)
      let (stride, dilation) = (Int.random(in: 1...2, using: &generator), Int.random(in: 1...2, using: &generator))
      let pads = (0..<4).map { _ in Int.random(in: 0...2, using: &generator) }
      let weights = generator.numbers(outputs * size.c / groups * kernel.h * kernel.w)
      let network = try read(
        [
          M.node(
            "Conv", ["x", "W"], "y",
            [
              M.integer("group", Int64(groups)), M.integers("strides", [Int64(stride), Int64(stride)]),
              M.integers("dilations", [Int64(dilation), Int64(dilation)]), M.integers("pads", pads.map(Int64.init)),
            ])
        ], [M.tensor("W", [outputs, size.c / groups, kernel.h, kernel.w], weights)],
        input: [nil, size.c, size.h, size.w])
      let x = generator.numbers(size.c * size.h * size.w)
      let expected = convolution(
        x, size, weights, outputs: outputs, kernel, groups: groups, stride: stride, dilation: dilation, pads: pads)
      #expect(deviation(network(x), from: expected) < 1e-12, "seed \(seed), round \(round)")
    }
  }

  @Test func poolsCountPaddingWhenAsked() throws {
    func averages(_ attributes: [Onnx_AttributeProto]) throws -> [Double] {
      let all = [M.integers("kernel_shape", [2]), M.integers("strides", [2])] + attributes
      return try read([M.node("AveragePool", ["x"], "y", all)], input: [nil, 1, 4])([2, 4, 6, 8])
    }
    #expect(try averages([]) == [3, 7])
    #expect(try averages([M.integers("pads", [1, 1])]) == [2, 5, 8])
    #expect(try averages([M.integers("pads", [1, 1]), M.integer("count_include_pad", 1)]) == [1, 5, 4])
    #expect(try averages([M.integers("pads", [1, 0])]) == [2, 5])
    #expect(try averages([M.integers("pads", [1, 0]), M.integer("ceil_mode", 1)]) == [2, 5, 8])
  }

  @Test func refusals() {
    func expectFault(
      _ nodes: [Onnx_NodeProto], tensors: [Onnx_TensorProto] = [], input: [Int?] = [nil, 3], _ words: String...
    ) {
      let error = #expect(throws: ONNXError.self, "\(words)") { try read(nodes, tensors, input: input) }
      let missing = words.filter { error?.description.contains($0) != true }
      #expect(missing.isEmpty, "\(error?.description ?? "no error")")
    }
    for operation in ["Softmax", "Sigmoid", "Tanh", "HardSwish"] {
      expectFault([M.node(operation, ["x"], "y", name: "top")], "\"top\"", "not piecewise linear", "so that \"x\"")
    }
    for operation in ["ArgMax", "ThresholdedRelu", "Sign"] {
      expectFault([M.node(operation, ["x"], "y")], operation, "not continuous")
    }
    expectFault([M.node("Mul", ["x", "x"], "y")], "multiplies two values")
    expectFault([M.node("MatMul", ["x", "r"], "y"), M.node("Transpose", ["x"], "r")], "both factors")
    expectFault([M.node("Concat", ["x", "x"], "y", [M.integer("axis", 5)])], "out of range")
    expectFault([M.node("MaxPool", ["x"], "y", [M.integers("kernel_shape", [1])])], "[1, 3]")
    let image: [Int?] = [nil, 1, 4]
    func pool(_ attributes: Onnx_AttributeProto...) -> [Onnx_NodeProto] { [M.node("MaxPool", ["x"], "y", attributes)] }
    expectFault(pool(), input: image, "kernel_shape is missing")
    expectFault(pool(M.integers("kernel_shape", [9])), input: image, "spans 9")
    expectFault(pool(M.integers("kernel_shape", [1]), M.integers("pads", [1, 1])), input: image, "in the padding")
    expectFault(pool(M.integers("kernel_shape", [1 << 62])), input: image, "kernel_shape is [")
    expectFault(pool(M.integers("kernel_shape", [1]), M.integers("strides", [0])), input: image, "strides is [0]")
    expectFault(
      [M.node("Conv", ["x", "W"], "y", [M.integer("group", 3)])], tensors: [M.tensor("W", [1, 1, 1], [1])],
      input: image,
      "group is 3")
    expectFault(
      [M.node("Conv", ["x", "W"], "y")], tensors: [M.tensor("W", [1, 2, 1], [1, 1])], input: image, "\"W\"",
      "1 channels")
    expectFault([M.node("Relu", ["x"], "y")], input: [nil, 1 << 23], "input \"x\"", "accepted are up to")
    expectFault(
      [M.node("Tile", ["x", "n"], "y")], tensors: [M.tensor("n", integers: [1, 1 << 40])], "Tile", "accepted are up to")
    expectFault(
      [M.node("Expand", ["x", "n"], "y")], tensors: [M.tensor("n", integers: [1 << 40, 3])], "accepted are up to")
    expectFault(
      [M.node("ConstantOfShape", ["n"], "c"), M.node("Add", ["x", "c"], "y")],
      tensors: [M.tensor("n", integers: [1 << 40])], "accepted are up to")
    expectFault([M.node("Gather", ["x", "n"], "y")], tensors: [M.tensor("n", integers: [7])], "out of range")
    expectFault([M.node("Pad", ["x", "n"], "y")], tensors: [M.tensor("n", integers: [0, 1 << 40, 0, 0])], "pads by")
  }

  @Test(arguments: [UInt64(81), 82])
  func damagedFiles(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    for _ in 0..<1500 {
      guard var bytes = ONNXFixture.graphs.randomElement(using: &generator)?.data else { return }
      for _ in 0..<Int.random(in: 1...4, using: &generator) {
        let position = Int.random(in: 0..<bytes.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: bytes[position] = .random(in: 0...255, using: &generator)
        case 1: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        default: bytes.remove(at: position)
        }
      }
      do {
        let network = try UnitNetwork(onnx: bytes, source: "damaged")
        #expect(!network.outputs.isEmpty)
      } catch {
        #expect(error is ONNXError, "seed \(seed): \(error), \(bytes.base64EncodedString())")
      }
    }
  }
}
