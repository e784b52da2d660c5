import Exact

/// A question about neural networks: do inputs exist for which all assertions hold?
///
/// One value for both versions of the language. A file of version 1.0, which names no network and knows the variables
/// X_0, X_1, … and Y_0, Y_1, … only, becomes a query about one network `N` with an input `X` of shape [number of X] and
/// an output `Y` of shape [number of Y], both `real`.
///
/// ```swift
/// let query = try VNNLIBQuery.read(path: "property.vnnlib")
/// query.theories.logic                                    // "NH-SNET-SIO-SNC-LIN-REAL"
/// try query.normalForm()?.forEachCase(limit: 1000) { … }  // boxes of inputs, polynomial constraints
/// ```
///
/// Every element of every variable has a flat index: variables count on in the order of declaration, network by
/// network, and the elements of one are in row-major order. Expressions refer to elements by it. Two queries are equal
/// when they say the same, wherever in a text the parts stand.
///
/// Source: The VNN-LIB standard 2.0, chapter "Query language".
public struct VNNLIBQuery: Sendable {
  public enum Version: Sendable, Hashable {
    /// 1.0, SMT-LIB with fixed names for the variables.
    case one
    /// 2.`minor`
    case two(minor: Int)
  }

  public struct Assertion: Sendable {
    public let formula: VNNLIBFormula
    /// Where it begins in the text.
    public let place: VNNLIBPlace
  }

  /// How deep parentheses may be nested inside an assertion.
  public static let depthLimit = 400

  /// Where the text came from, for messages; equal queries may differ in it.
  public let file: String
  public let version: Version
  /// At least one.
  public let networks: [VNNLIBNetwork]
  public let assertions: [Assertion]
  /// All variables, in the order of their elements.
  public let variables: [VNNLIBVariable]

  init(file: String, version: Version, networks: [VNNLIBNetwork], assertions: [Assertion]) {
    self.file = file
    self.version = version
    self.networks = networks
    self.assertions = assertions
    variables = networks.flatMap(\.variables)
  }

  /// How many elements the variables have together.
  public var elementCount: Int { variables.last?.elements.upperBound ?? 0 }

  /// The variable that an element belongs to, by bisection; `element` lies in 0 ..< ``elementCount``.
  public func variable(of element: Int) -> VNNLIBVariable {
    var low = 0
    var high = variables.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if variables[middle].elements.lowerBound <= element { low = middle } else { high = middle }
    }
    return variables[low]
  }

  /// How the query's language writes an element: `X_3` in version 1.0, `X[0,3]`, or `X` for a scalar, in 2.0.
  public func name(of element: Int) -> String {
    guard version == .one else { return versionTwoName(of: element) }
    let variable = variable(of: element)
    return "\(variable.name)_\(element - variable.elements.lowerBound)"
  }

  func versionTwoName(of element: Int) -> String {
    let variable = variable(of: element)
    var rest = element - variable.elements.lowerBound
    if variable.shape.isEmpty { return variable.name }
    var indices: [String] = []
    for dimension in variable.shape.reversed() {
      indices.append(String(rest % dimension))
      rest /= dimension
    }
    return "\(variable.name)[\(indices.reversed().joined(separator: ","))]"
  }

  /// Whether all assertions hold when the elements have the given values, decided exactly.
  public func holds(at element: (Int) -> Rational) -> Bool {
    assertions.allSatisfy { $0.formula.holds(at: element) }
  }
}

extension VNNLIBQuery.Assertion: Equatable {
  public static func == (left: Self, right: Self) -> Bool { left.formula == right.formula }
}

extension VNNLIBQuery: Equatable {
  public static func == (left: Self, right: Self) -> Bool {
    left.version == right.version && left.networks == right.networks && left.assertions == right.assertions
  }
}
