/// Walks a graph from its inputs to its outputs: every tensor on the way is constant, or one affine form for each element
/// over the inputs and the units made so far.
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
  /// What stages are named after for the node that is being read.
  private var nodeLabel = ""

  private init(_ graph: ONNXGraph, style: UnitBuilder.Style) {
    self.graph = graph
    units = UnitBuilder(inputCount: graph.inputs.reduce(0) { $0 + $1.count }, style: style)
    for node in graph.nodes { for name in node.message.input { remainingUses[name, default: 0] += 1 } }
    for name in graph.targets { remainingUses[name, default: 0] += 1 }
    var first = 0
    for input in graph.inputs {
      let forms = (first..<first + input.count).map { AffineForm(value: $0) }
      first += input.count
      set(input.name, .forms(FormTensor(shape: input.shape, forms: forms)))
    }
  }

  /// The units that a graph of one input and one output computes. O(weights) when nothing needs folding.
  ///
  /// - Throws: `ONNXFault`, also where the output is constant.
  static func units(of graph: ONNXGraph, style: UnitBuilder.Style) throws -> UnitNetwork {
    let reader = try finished(graph, style: style)
    guard case .forms(let output)? = reader.values[graph.targets[0]] else {
      throw ONNXFault(
        "the output \(quoted(graph.targets[0])) does not depend on the input \(quoted(graph.inputs[0].name))")
    }
    return try reader.units.network(outputs: output.forms)
  }

  /// The units that a graph computes, its targets one after the other as outputs, and the targets' shapes. A target that
  /// is constant is a form without terms.
  static func targets(of graph: ONNXGraph) throws -> (network: UnitNetwork, shapes: [[Int]]) {
    let reader = try finished(graph, style: .exact)
    let tensors = try graph.targets.map { try reader.value(named: $0).tensor() }
    return (try reader.units.network(outputs: tensors.flatMap(\.forms)), tensors.map(\.shape))
  }

  private static func finished(_ graph: ONNXGraph, style: UnitBuilder.Style) throws -> ONNXReader {
    var reader = ONNXReader(graph, style: style)
    for node in graph.nodes {
      do {
        try reader.read(node)
      } catch let fault as ONNXFault {
        throw ONNXFault("\(node): \(fault.message)")
      }
    }
    return reader
  }

  private mutating func read(_ node: ONNXNode) throws {
    guard ["", "ai.onnx"].contains(node.message.domain) else {
      throw ONNXFault("the operator is of the domain \(quoted(node.message.domain)); accepted is the standard domain")
    }
    guard let step = Self.steps[node.message.opType] else { throw Self.refusal(of: node) }
    nodeIsConstant = !node.message.input.contains { if case .forms? = values[$0] { true } else { false } }
    nodeLabel = node.label
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
    return try value(named: name)
  }

  private func value(named name: String) throws -> ONNXValue {
    if let value = values[name] { return value }
    guard let constant = try graph.constant(named: name) else {
      throw ONNXFault("\(quoted(name)) is used, which is not the first output of the node that produces it")
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
        ONNXConstant(label: "constant \(quoted(name))", shape: tensor.shape, values: try constantValues(node, tensor)))
    }
    if case .constant(let constant) = value {
      constantCount += constant.count
      guard constantCount <= Self.largestParameterCount else {
        throw ONNXFault("the constants up to here have more than \(Self.largestParameterCount) elements")
      }
    }
    if remainingUses[name] != nil { set(name, value) }
  }

  /// What a node has computed of constants: integers when all its inputs are.
  private func constantValues(_ node: ONNXNode, _ tensor: FormTensor) throws -> ONNXConstant.Values {
    let numbers = tensor.forms.map(\.constant)
    let operands = try node.message.input.filter { !$0.isEmpty }.map { try value(named: $0) }
    let areIntegers = operands.allSatisfy {
      if case .constant(let constant) = $0, case .integer = constant.values { true } else { false }
    }
    guard areIntegers, !operands.isEmpty else { return .real(numbers) }
    return .integer(
      try numbers.map { number in
        // Beyond 2^53 doubles may have rounded.
        guard abs(number) <= 0x1p53, let integer = Int64(exactly: number) else {
          throw ONNXFault("it computes \(number) of integers; accepted are operators of integers with integer results")
        }
        return integer
      })
  }

  private mutating func set(_ name: String, _ value: ONNXValue) {
    if case .forms(let tensor) = value { liveCost += tensor.cost }
    values[name] = value
  }

  // MARK: Sums

  private var watchesSums: Bool { units.style == .exact && !nodeIsConstant }

  /// A sum to be used with ``taken(_:of:_:)``.
  var emptySum: AffineSum { AffineSum(valueCount: units.valueCount, watches: watchesSums) }

  /// A sum of multiples of forms, and a constant. In the exact style the forms become values where their sum would be
  /// rounded, for this sum and those after it.
  ///
  /// - Parameter gather: adds to an empty sum, each form at most once.
  mutating func taken(
    _ sum: inout AffineSum, of forms: inout [AffineForm], _ gather: (inout AffineSum, [AffineForm]) -> Void
  ) throws -> AffineForm {
    gather(&sum, forms)
    if !sum.isExact {
      sum.clear()
      forms = try values(of: forms, keepsConstants: false)
      sum.grow(to: units.valueCount)
      gather(&sum, forms)
    }
    return try made(sum.take())
  }

  /// Σ wₖ fₖ for a few forms. In the exact style forms become values where the sum would be rounded.
  mutating func total(_ parts: (weight: Double, form: AffineForm)...) throws -> AffineForm {
    func sum(_ forms: [AffineForm], _ isExact: inout Bool) -> AffineForm {
      zip(parts, forms).reduce(AffineForm(constant: 0)) { sum, part in
        AffineForm.sum(sum, part.1.scaled(by: part.0.weight, isExact: &isExact), isExact: &isExact)
      }
    }
    var isExact = true
    var forms = parts.map(\.form)
    var result = sum(forms, &isExact)
    for keepsConstants in [true, false] where watchesSums && !isExact {
      isExact = true
      forms = try values(of: forms, keepsConstants: keepsConstants)
      result = sum(forms, &isExact)
    }
    return try made(result)
  }

  /// Forms as one value each, all different: as they are, or as units that never bend.
  private mutating func values(of forms: [AffineForm], keepsConstants: Bool) throws -> [AffineForm] {
    units.beginLayer(nodeLabel)
    var taken: Set<Int> = []
    return try forms.map { form in
      form.isConstant && (keepsConstants || form.constant == 0) ? form : try units.value(of: form, taken: &taken)
    }
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
