/// A tensor that a query speaks of: an input, a hidden node's output or an output of one of its networks.
///
/// Two are equal when they declare the same thing, wherever in a text they stand.
public struct VNNLIBVariable: Sendable {
  public enum Role: Sendable, Hashable {
    case input
    /// The output of a node inside the network, under the name that the ONNX graph gives it.
    case hidden(node: String)
    case output
  }

  public let name: String
  public let role: Role
  public let elementType: VNNLIBElementType
  /// The dimensions, each positive; none for a scalar.
  public let shape: [Int]
  /// Which of the query's networks, from 0.
  public let network: Int
  /// The flat indices of its elements in the query, in row-major order.
  public let elements: Range<Int>
  /// Where its name stands in the text.
  public let place: VNNLIBPlace
}

extension VNNLIBVariable: Equatable {
  public static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.role == right.role && left.elementType == right.elementType
      && left.shape == right.shape && left.network == right.network && left.elements == right.elements
  }
}

/// The declaration of a network: its interface, and how it is related to one declared before.
///
/// Two are equal when they declare the same thing, wherever in a text they stand.
public struct VNNLIBNetwork: Sendable {
  public enum Equivalence: Sendable, Hashable {
    /// The same model file. The number is that of the other network, from 0.
    case equal(to: Int)
    /// The same graph with other weights, and possibly other element types.
    case isomorphic(to: Int)
  }

  public let name: String
  public let equivalence: Equivalence?
  /// At least one, in the order of the model's inputs.
  public let inputs: [VNNLIBVariable]
  public let hidden: [VNNLIBVariable]
  /// At least one, in the order of the model's outputs.
  public let outputs: [VNNLIBVariable]
  /// Where its name stands in the text.
  public let place: VNNLIBPlace

  /// All of them in the order of declaration.
  public var variables: [VNNLIBVariable] { inputs + hidden + outputs }
}

extension VNNLIBNetwork: Equatable {
  public static func == (left: Self, right: Self) -> Bool {
    left.name == right.name && left.equivalence == right.equivalence && left.inputs == right.inputs
      && left.hidden == right.hidden && left.outputs == right.outputs
  }
}
