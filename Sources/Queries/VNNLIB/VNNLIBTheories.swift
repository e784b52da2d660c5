/// A set of theories, of which each includes those before it; the raw value is the standard's name of one.
public protocol VNNLIBTheorySet: RawRepresentable, CaseIterable, Comparable, Hashable, Sendable
where RawValue == String {}

extension VNNLIBTheorySet {
  public static func < (left: Self, right: Self) -> Bool {
    for theory in allCases where theory == left || theory == right { return left != right && theory == left }
    return false
  }
}

/// The smallest theories of VNN-LIB 2.0 that a query belongs to, one from each theory set: what a solver must support
/// to answer it. Within a set, a later case includes the earlier ones.
///
/// Source: VNN-LIB 2.0, chapter "Theories and logics".
public struct VNNLIBTheories: Sendable, Hashable {
  public enum HiddenNodes: String, VNNLIBTheorySet {
    case none = "NH"
    case hidden = "H"
  }

  public enum InputsAndOutputs: String, VNNLIBTheorySet {
    /// One input and one output for each network.
    case single = "SIO"
    case multiple = "MIO"
  }

  public enum Networks: String, VNNLIBTheorySet {
    case single = "SNET"
    /// All but one are declared equal to another.
    case equal = "MENET"
    /// All but one are declared equal or isomorphic to another.
    case isomorphic = "MINET"
    case multiple = "MNET"
  }

  public enum NodeComparisons: String, VNNLIBTheorySet {
    /// No comparison names two variables of one network.
    case single = "SNC"
    case multiple = "MNC"
  }

  public enum Arithmetic: String, VNNLIBTheorySet {
    /// Single elements against constants.
    case bounds = "BND"
    /// Also single elements of outputs and hidden nodes against each other.
    case outputComparisons = "OUTC"
    case linear = "LIN"
    case polynomial = "POLY"
  }

  public var hiddenNodes: HiddenNodes
  public var inputsAndOutputs: InputsAndOutputs
  public var networks: Networks
  public var nodeComparisons: NodeComparisons
  public var arithmetic: Arithmetic
  /// Those that are declared, each once, in the order of ``VNNLIBElementType/allCases``.
  public var elementTypes: [VNNLIBElementType]

  /// The theories' names joined by hyphens, such as `NH-SNET-SIO-SNC-BND-FLOAT32`.
  public var logic: String {
    ([
      hiddenNodes.rawValue, networks.rawValue, inputsAndOutputs.rawValue, nodeComparisons.rawValue, arithmetic.rawValue,
    ]
      + elementTypes.map { $0.rawValue.uppercased() }).joined(separator: "-")
  }
}

extension VNNLIBQuery {
  /// The theories of the query, read off its declarations and comparisons as they are written: `(* 0.0 X[0] X[1])` is
  /// polynomial although it vanishes. O(size of the query).
  public var theories: VNNLIBTheories {
    var theories = VNNLIBTheories(
      hiddenNodes: networks.allSatisfy(\.hidden.isEmpty) ? .none : .hidden,
      inputsAndOutputs: networks.allSatisfy { $0.inputs.count == 1 && $0.outputs.count == 1 } ? .single : .multiple,
      networks: networkTheory, nodeComparisons: .single, arithmetic: .bounds, elementTypes: [])
    let types = Set(variables.map(\.elementType))
    theories.elementTypes = VNNLIBElementType.allCases.filter(types.contains)
    for assertion in assertions {
      assertion.formula.forEachComparison { comparison in
        theories.arithmetic = max(theories.arithmetic, arithmetic(of: comparison))
        if theories.nodeComparisons == .single, comparesNodes(comparison) { theories.nodeComparisons = .multiple }
      }
    }
    return theories
  }

  private var networkTheory: VNNLIBTheories.Networks {
    if networks.count == 1 { return .single }
    guard networks.count(where: { $0.equivalence == nil }) == 1 else { return .multiple }
    let areEqual = networks.allSatisfy { network in
      if case .isomorphic = network.equivalence { false } else { true }
    }
    return areEqual ? .equal : .isomorphic
  }

  private func arithmetic(of comparison: VNNLIBComparison) -> VNNLIBTheories.Arithmetic {
    let degrees = (comparison.left.writtenDegree, comparison.right.writtenDegree)
    if max(degrees.0, degrees.1) > 1 { return .polynomial }
    switch (comparison.left, comparison.right) {
    case (.element, _) where degrees.1 == 0, (_, .element) where degrees.0 == 0: return .bounds
    case (.element(let left), .element(let right)):
      let isInput = variable(of: left).role == .input || variable(of: right).role == .input
      return isInput ? .linear : .outputComparisons
    default: return .linear
    }
  }

  /// Whether the comparison names different variables of one network.
  private func comparesNodes(_ comparison: VNNLIBComparison) -> Bool {
    var variableOfNetwork: [Int: Int] = [:]
    var found = false
    func note(_ element: Int) {
      let variable = variable(of: element)
      let first = variableOfNetwork.updateValue(variable.elements.lowerBound, forKey: variable.network)
      if let first, first != variable.elements.lowerBound { found = true }
    }
    comparison.left.forEachElement(note)
    comparison.right.forEachElement(note)
    return found
  }
}
