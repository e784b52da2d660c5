/// A tensor of parameters and its place among all parameters of a model.
public struct TensorShape: Sendable, Hashable {
  /// What the numbers do, which decides how they are initialised.
  public enum Role: Sendable, Hashable {
    /// Weights of an input, `[out × in]` with any further extents of a kernel.
    case weights
    /// Weights from a state to the next, `[gates · units × units]`.
    case recurrentWeights
    case bias
    /// A state before the first step.
    case initialState
    /// Angles of a diagonal of unit complex numbers.
    case angles
    /// The part of a complex vector that a reflection leaves out; its length means nothing.
    case reflection
  }

  /// `layer.tensor`, unique in the model.
  public let name: String
  /// Extents, the last running fastest.
  public let shape: [Int]
  public let role: Role
  /// The index of its first number in the model's parameters.
  public let offset: Int

  public var count: Int { shape.reduce(1, *) }
  /// The places of its numbers in the model's parameters.
  public var range: Range<Int> { offset..<offset + count }
  /// The first extent: the units that the numbers lead to.
  public var rows: Int { shape[0] }
  /// The product of the other extents.
  public var columns: Int { shape.dropFirst().reduce(1, *) }
}

/// A tensor that a layer asks for; the model gives it a place.
struct TensorRequest {
  var name: String
  var shape: [Int]
  var role: TensorShape.Role

  init(_ name: String, _ shape: [Int], _ role: TensorShape.Role) {
    self.name = name
    self.shape = shape
    self.role = role
  }

  var count: Int { shape.reduce(1, *) }
}
