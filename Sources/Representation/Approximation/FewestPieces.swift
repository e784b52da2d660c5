import Exact

/// An approximation within a given error by a continuous function with as few affine pieces as any, and the proof.
public struct FewestPieces: Sendable, Equatable {
  public let function: BrokenLine
  /// The function's largest distance from what it approximates; at most the error that was allowed.
  public let error: Rational
  /// One obstacle less than pieces: every function within the allowed error has a breakpoint for each.
  public let obstacles: [UniformObstacle]

  public var pieces: Int { function.pieces }
}
