import Datasets
import Networks

/// Compares the networks that a query declares with the models that are given for them.
///
/// A shape matches when it has the model's dimensions, those of size 1 left out: they move no element, and published queries
/// write [5] for a model's [1, 1, 1, 5]. In version 1.0, which knows no shapes, the numbers of elements match.
///
/// An element type matches the model's own, and `real` any floating-point type. A network that is isomorphic to another may be
/// given that one's model: then any floating-point type matches, for the weights are the same real numbers in each.
struct InterfaceCheck {
  let query: VNNLIBQuery
  /// One for each network of the query.
  let models: [ONNXModel]

  /// What can be said without computing a model's function.
  func checkDeclarations() throws {
    for (network, model) in zip(query.networks, models) {
      try checkCount(network, network.inputs, model.inputs.count, "input", model)
      try checkCount(network, network.outputs, model.outputs.count, "output", model)
      let ignoresWidth = isGivenTwice(network, model)
      for (variable, tensor) in zip(network.inputs, model.inputs) {
        try checkType(variable, tensor, model, ignoresWidth: ignoresWidth)
        try checkShape(variable, tensor.shape ?? [], "input \"\(tensor.name)\"", model)
      }
      for (variable, tensor) in zip(network.outputs, model.outputs) {
        try checkType(variable, tensor, model, ignoresWidth: ignoresWidth)
      }
      try checkHidden(network, model)
      try checkEquivalence(network, model)
    }
  }

  /// The shapes that a model's function has.
  func checkShapes(_ network: VNNLIBNetwork, _ function: ONNXModel.Function, hidden: [String], _ model: ONNXModel)
    throws
  {
    for (index, variable) in network.outputs.enumerated() {
      try checkShape(variable, function.outputShapes[index], "output \"\(model.outputs[index].name)\"", model)
    }
    let shapes = Dictionary(zip(hidden, function.hiddenShapes), uniquingKeysWith: { first, _ in first })
    for variable in network.hidden {
      guard case .hidden(let node) = variable.role, let shape = shapes[node] else { continue }
      try checkShape(variable, shape, "value \"\(node)\"", model)
    }
  }

  private func checkCount(
    _ network: VNNLIBNetwork, _ variables: [VNNLIBVariable], _ count: Int, _ role: String, _ model: ONNXModel
  ) throws {
    guard variables.count != count else { return }
    let place = count < variables.count ? variables[count].place : network.place
    throw error(
      place,
      "network '\(network.name)' has \(counted(variables.count, role)), but \(model.source) has \(counted(count, role));"
        + " they must be as many, in the same order")
  }

  private func counted(_ count: Int, _ noun: String) -> String { count == 1 ? "one \(noun)" : "\(count) \(noun)s" }

  /// Whether the model is that of a network to which this one is isomorphic.
  private func isGivenTwice(_ network: VNNLIBNetwork, _ model: ONNXModel) -> Bool {
    if case .isomorphic(let index)? = network.equivalence { models[index] == model } else { false }
  }

  private static let floatingTypes: Set<String> = ["float16", "bfloat16", "float32", "float64"]

  private func checkType(
    _ variable: VNNLIBVariable, _ tensor: ONNXModel.Tensor, _ model: ONNXModel, ignoresWidth: Bool
  ) throws {
    let declared = variable.elementType
    let isFloat = Self.floatingTypes.contains(tensor.elementType)
    if declared.rawValue == tensor.elementType { return }
    if isFloat, declared == .real || ignoresWidth && Self.floatingTypes.contains(declared.rawValue) { return }
    let accepted = isFloat ? "\(tensor.elementType), or real throughout the query" : tensor.elementType
    throw error(
      variable.place,
      "'\(variable.name)' is \(declared.rawValue), but \"\(tensor.name)\" of \(model.source) is"
        + " \(tensor.elementType); accepted is \(accepted)")
  }

  private func checkShape(_ variable: VNNLIBVariable, _ shape: [Int], _ what: String, _ model: ONNXModel) throws {
    let matches =
      query.version == .one
      ? variable.elements.count == shape.reduce(1, *)
      : variable.shape.filter { $0 != 1 } == shape.filter { $0 != 1 }
    guard !matches else { return }
    let side = "\(what) of \(model.source) has shape \(text(shape))"
    throw error(
      variable.place,
      query.version == .one
        ? "'\(variable.name)' has \(variable.elements.count) elements, but \(side), which is \(shape.reduce(1, *))"
        : "'\(variable.name)' has shape \(text(variable.shape)), but \(side); they must agree but for dimensions of 1")
  }

  private func text(_ shape: [Int]) -> String { "[\(shape.map(String.init).joined(separator: ","))]" }

  private func checkHidden(_ network: VNNLIBNetwork, _ model: ONNXModel) throws {
    if network.hidden.isEmpty { return }
    let names = model.nodeOutputs
    let known = Set(names)
    for variable in network.hidden {
      guard case .hidden(let node) = variable.role, !known.contains(node) else { continue }
      let near = node.utf8.count <= 64 ? nearestName(to: node, among: names) : nil
      throw error(
        variable.place,
        "no node of \(model.source) computes \"\(node.prefix(80))\", which '\(variable.name)' stands for"
          + (near.map { "; did you mean \"\($0)\"?" } ?? ""))
    }
  }

  private func checkEquivalence(_ network: VNNLIBNetwork, _ model: ONNXModel) throws {
    switch network.equivalence {
    case .equal(let index):
      guard models[index] != model else { return }
      throw error(
        network.place,
        "'\(network.name)' is equal to '\(query.networks[index].name)', but their models \(model.source) and"
          + " \(models[index].source) differ; give one model for both")
    case .isomorphic(let index):
      guard let difference = try model.difference(from: models[index]) else { return }
      throw error(
        network.place,
        "'\(network.name)' is isomorphic to '\(query.networks[index].name)', but their models \(model.source) and"
          + " \(models[index].source) differ in more than weights: \(difference)")
    case nil: break
    }
  }

  private func error(_ place: VNNLIBPlace, _ reason: String) -> QueryError {
    // Version 1.0 declares no network, and elements one by one.
    QueryError(file: query.file, place: query.version == .one ? nil : place, reason)
  }
}
