import Datasets
import Networks

extension QueryProblem {
  /// The question that a query asks of models, given by the names of the query's networks.
  ///
  /// A network that is equal to another need not be given the model a second time.
  ///
  /// - Throws: `QueryError` when a network has no model or a model no network; else as the initializer for an array of models.
  public init(_ query: VNNLIBQuery, models: [String: ONNXModel]) throws {
    let names = query.networks.map(\.name)
    for name in models.keys.sorted() where !names.contains(name) {
      let near = name.utf8.count <= 64 ? nearestName(to: name, among: names) : nil
      throw QueryError(
        file: query.file,
        "declares no network '\(name.prefix(40))', for which a model is given; "
          + (near.map { "did you mean '\($0)'?" } ?? "its networks are \(Self.list(names))"))
    }
    let given = try query.networks.map { network in
      // What a network is equal to comes before it, and is equal to none itself.
      if let model = models[network.name] ?? network.equalNetwork.flatMap({ models[names[$0]] }) { return model }
      throw QueryError(file: query.file, place: network.place, "no model is given for the network '\(network.name)'")
    }
    try self.init(query, allModels: given)
  }

  /// The question that a query asks of models, one for each of its networks, in their order; those of networks that are equal
  /// to another may be left out.
  ///
  /// Inputs are joined where the assertions as a whole say x − y = 0, directly or in a chain. Units that networks have alike are
  /// one, so that networks which are equal and have joined inputs are one network.
  ///
  /// - Complexity: O(bytes of the models + parameters + elements and assertions of the query), and what
  ///   `ONNXModel.function(hidden:)` and `UnitNetwork.hingesOnly()` say.
  /// - Throws: `QueryError` when the numbers of models, inputs or outputs, or a shape, an element type, a hidden node or a
  ///   declared equivalence do not fit; `ONNXError` when a model cannot be read as a continuous piecewise-linear function;
  ///   `VNNLIBError` when the assertions multiply out to too many terms.
  public init(_ query: VNNLIBQuery, models: [ONNXModel]) throws {
    let networks = query.networks
    let own = networks.filter { $0.equalNetwork == nil }
    if models.count == networks.count {
      try self.init(query, allModels: models)
      return
    }
    guard models.count == own.count else {
      throw QueryError(
        file: query.file,
        "declares \(networks.count) networks (\(Self.list(networks.map(\.name)))), but \(models.count) models are given; accepted"
          + " is one for each, or one for each that is not equal to another")
    }
    let given = Dictionary(zip(own.map(\.name), models), uniquingKeysWith: { first, _ in first })
    try self.init(query, models: given)
  }

  /// - Parameter models: one for each network.
  private init(_ query: VNNLIBQuery, allModels models: [ONNXModel]) throws {
    let check = InterfaceCheck(query: query, models: models)
    try check.checkDeclarations()
    let tree = try query.normalForm()
    let inputs = InputNumbering(query, joinedBy: tree)

    // Equal networks are read once.
    let sources = query.networks.enumerated().map { index, network in network.equalNetwork ?? index }
    let hidden = query.networks.indices.map { source in
      Self.hiddenNodes(query.networks.indices.filter { sources[$0] == source }.map { query.networks[$0] })
    }
    var functions: [Int: ONNXModel.Function] = [:]
    var parts: [UnitNetwork.Part] = []
    var places: [Place] = []
    var outputCount = 0
    for (index, network) in query.networks.enumerated() {
      let source = sources[index]
      let function = try functions[source] ?? models[source].function(hidden: hidden[source])
      functions[source] = function
      try check.checkShapes(network, function, hidden: hidden[source], models[index])
      parts.append((function.network, network.inputs.flatMap(inputs.numbers)))
      places += Self.places(network, function, hidden: hidden[source], inputs: inputs, firstOutput: outputCount)
      outputCount += function.network.outputs.count
    }
    let network = try UnitNetwork.sideBySide(parts, inputCount: inputs.count).hingesOnly()
    self.init(query: query, tree: tree, network: network, places: places)
  }

  private static func list(_ names: [String]) -> String {
    names.prefix(8).map { "'\($0.prefix(40))'" }.joined(separator: ", ") + (names.count > 8 ? ", …" : "")
  }

  /// The hidden nodes that networks of one model speak of, each once.
  private static func hiddenNodes(_ networks: [VNNLIBNetwork]) -> [String] {
    var seen: Set<String> = []
    return networks.flatMap(\.hidden).compactMap { variable in
      guard case .hidden(let node) = variable.role, seen.insert(node).inserted else { return nil }
      return node
    }
  }

  /// The places of a network's elements, in their order.
  private static func places(
    _ network: VNNLIBNetwork, _ function: ONNXModel.Function, hidden: [String], inputs: InputNumbering, firstOutput: Int
  ) -> [Place] {
    var first = firstOutput
    /// Where the elements of the outputs, then of the hidden nodes begin.
    let starts = (function.outputShapes + function.hiddenShapes).map { shape in
      defer { first += shape.reduce(1, *) }
      return first
    }
    let nodes = Dictionary(
      zip(hidden, starts.dropFirst(function.outputShapes.count)), uniquingKeysWith: { first, _ in first })
    var position = 0
    return network.variables.flatMap { variable -> [Place] in
      switch variable.role {
      case .input: return inputs.numbers(of: variable).map { .input($0) }
      case .hidden(let node):
        return nodes[node].map { start in (0..<variable.elements.count).map { .output(start + $0) } } ?? []
      case .output:
        defer { position += 1 }
        return (0..<variable.elements.count).map { .output(starts[position] + $0) }
      }
    }
  }
}

extension VNNLIBNetwork {
  /// The network that this one is equal to, as far as its declaration says so.
  var equalNetwork: Int? { if case .equal(let index)? = equivalence { index } else { nil } }
}
