import Exact

/// Why a function has no network with one hidden layer: a hyperplane on which it bends, and not everywhere alike.
///
/// A hidden unit bends along all of its hyperplane, by one and the same jump of the gradient. So does a sum of them.
public struct OffendingCrease: Sendable, Equatable {
  public struct Place: Sendable, Equatable {
    /// A point of the hyperplane in the interior of the domain, on no other hyperplane that bends there.
    public let point: [Rational]
    /// κ, where the gradient grows by κ times the hyperplane's gradient as one crosses to its positive side; 0 where the
    /// function does not bend.
    public let jump: Rational
  }

  /// A function that vanishes on the hyperplane; its first slope that is not 0 is 1.
  public let hyperplane: AffineFunction
  /// Two places whose jumps differ.
  public let first: Place
  public let second: Place
}

/// Whether a function has a network with one hidden layer.
public enum OneHiddenLayerAnswer: Sendable, Equatable {
  case representable(OneHiddenLayerNetwork)
  case notRepresentable(OffendingCrease)
}
