/// Walks a graph from its input to its output: every tensor on the way is constant, or one affine form for each element
/// over the input and the units made so far.
///
/// Moving elements (reshape, transpose, slice …) moves references to forms; only products and sums make new ones.
struct ONNXReader {
  /// The largest number of elements of a tensor, and of units. The shape of the input is a mere claim of the file:
  /// without a bound, one number in a header could ask for any amount of memory.
  static let largestWidth = 1 << 22
  /// The largest number of weights that are held at one time. Folding and repeating multiply: without a bound, a file
  /// of a few kilobytes could ask for terabytes.
  static let largestParameterCount = 1 << 27
  /// The largest number of dimensions. Work on shapes grows with it, and a crafted file could claim millions.
  static let largestRank = 64
  /// The versions of the standard operator set whose definitions the steps follow.
  static let operatorSets: ClosedRange<Int64> = 7...28

  private let graph: ONNXGraph
  var units: UnitBuilder
  private var values: [String: ONNXValue] = [:]
  private var remainingUses: [String: Int] = [:]
  private var constantCount = 0
  /// The number of elements and terms of the tensors in `values`; those that two tensors share count twice.
  private var liveCost = 0
  /// The number of terms made by the node that is being read.
  private var newTerms = 0
  /// Whether nothing that the node uses depends on the input.
  private var nodeIsConstant = false

  private init(_ graph: ONNXGraph, style: UnitBuilder.Style) {
    self.graph = graph
    units = UnitBuilder(inputCount: graph.inputShape.reduce(1, *), style: style)
    for node in graph.nodes { for name in node.message.input { remainingUses[name, default: 0] += 1 } }
    remainingUses[graph.outputName, default: 0] += 1
    let inputs = (0..<units.valueCount).map { AffineForm(value: $0) }
    set(graph.inputName, .forms(FormTensor(shape: graph.inputShape, forms: inputs)))
  }

  /// The units that a graph computes. O(weights) when nothing needs folding.
  static func units(of graph: ONNXGraph, style: UnitBuilder.Style) throws -> UnitNetwork {
    var reader = ONNXReader(graph, style: style)
    for node in graph.nodes {
      do {
        try reader.read(node)
      } catch let fault as ONNXFault {
        throw ONNXFault("\(node): \(fault.message)")
      }
    }
    guard case .forms(let output)? = reader.values[graph.outputName] else {
      throw ONNXFault("the output \(quoted(graph.outputName)) does not depend on the input \(quoted(graph.inputName))")
    }
    return try reader.units.network(outputs: output.forms)
  }

  private mutating func read(_ node: ONNXNode) throws {
    guard ["", "ai.onnx"].contains(node.message.domain) else {
      throw ONNXFault("the operator is of the domain \(quoted(node.message.domain)); accepted is the standard domain")
    }
    guard let step = Self.steps[node.message.opType] else { throw Self.refusal(of: node) }
    nodeIsConstant = !node.message.input.contains { if case .forms? = values[$0] { true } else { false } }
    try step(&self, node)
    for name in node.message.input {
      remainingUses[name, default: 0] -= 1
      guard remainingUses[name] == 0, let value = values.removeValue(forKey: name) else { continue }
      if case .forms(let tensor) = value { liveCost -= tensor.cost }
    }
    newTerms = 0
    try checkRoom(for: 0)
  }

  func take(_ position: Int, of node: ONNXNode) throws -> ONNXValue {
    guard let name = node.input(position) else { throw ONNXFault("input \(position) is missing") }
    if let value = values[name] { return value }
    guard let constant = try graph.constant(named: name) else {
      throw ONNXFault("it uses \(quoted(name)), which is not the first output of the node that produces it")
    }
    return .constant(constant)
  }

  func takeTensor(_ position: Int, of node: ONNXNode) throws -> FormTensor { try take(position, of: node).tensor() }

  /// Takes an input that must be a constant.
  func takeConstant(_ position: Int, of node: ONNXNode, _ role: String) throws -> ONNXConstant {
    guard case .constant(let constant) = try take(position, of: node) else {
      throw ONNXFault("its \(role) (input \(position)) depends on the network's input; accepted is a constant")
    }
    return constant
  }

  /// Makes a value one of the outputs of a node.
  mutating func produce(_ node: ONNXNode, _ value: ONNXValue, output: Int = 0) throws {
    guard value.shape.count <= Self.largestRank else {
      throw ONNXFault("the result has \(value.shape.count) dimensions; accepted are up to \(Self.largestRank)")
    }
    guard node.message.output.indices.contains(output), case let name = node.message.output[output], !name.isEmpty
    else { return }
    var value = value
    if nodeIsConstant, case .forms(let tensor) = value {
      value = .constant(
        ONNXConstant(
          label: "constant \(quoted(name))", shape: tensor.shape, values: .real(tensor.forms.map(\.constant))))
    }
    if case .constant(let constant) = value {
      constantCount += constant.count
      guard constantCount <= Self.largestParameterCount else {
        throw ONNXFault("the constants up to here have more than \(Self.largestParameterCount) elements")
      }
    }
    if remainingUses[name] != nil { set(name, value) }
  }

  private mutating func set(_ name: String, _ value: ONNXValue) {
    if case .forms(let tensor) = value { liveCost += tensor.cost }
    values[name] = value
  }

  /// Passes a form that the node has computed, once it is known to be finite and to fit in memory.
  mutating func made(_ form: AffineForm) throws -> AffineForm {
    guard form.isFinite else {
      throw ONNXFault("folding the affine steps that end here leaves the range of double precision")
    }
    newTerms += form.terms.count
    try checkRoom(for: 0)
    return form
  }

  /// Refuses what would make more than a number of new terms.
  func checkRoom(for terms: Int) throws {
    guard terms <= Self.largestParameterCount,
      liveCost + units.termCount + newTerms + terms <= Self.largestParameterCount
    else {
      throw ONNXFault("the network unfolds to too many weights; accepted are up to \(Self.largestParameterCount)")
    }
  }

  /// The number of elements of a result.
  func checkedCount(_ shape: [Int]) throws -> Int {
    guard let count = elementCount(shape), count <= Self.largestWidth else {
      throw ONNXFault("the result has shape \(shapeText(shape)); accepted are up to \(Self.largestWidth) elements")
    }
    return count
  }
}
