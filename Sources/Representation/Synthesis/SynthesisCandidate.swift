import Networks

/// A network for a function, and how it was made.
public struct SynthesisCandidate: Sendable {
  public enum Construction: String, Sendable, CaseIterable {
    /// A signed sum of maxima of at most n + 1 functions, each by a binary tree (Arora et al., Theorem 2.1).
    case signedMaxima = "signed maxima"
    /// The same with maxima in fewer layers than a tree has.
    case shallowSignedMaxima = "signed maxima, shallow"
    /// The sum of maxima that the function was given by.
    case givenMaxima = "maxima as given"
    /// A maximum of minima of affine functions (Chen, Garudadri, Rao).
    case maximumOfMinima = "maximum of minima"
    /// A convex function as the maximum of its affine pieces.
    case maximum = "maximum of pieces"
    /// A concave function as the minimum of its affine pieces.
    case minimum = "minimum of pieces"
    /// A sum of hinges on whole hyperplanes; for one input Theorem 2.2 with the fewest units.
    case oneHiddenLayer = "one hidden layer"
  }

  public let construction: Construction
  /// It equals the function on its domain, or nearly so when the function's cells fit up to a tolerance.
  public let network: RationalNetwork
  /// The number of units that the construction's theorem promises for a function of its size; nil when it speaks of layers
  /// only.
  public let theoremUnits: Int?

  /// The number of hidden units.
  public var units: Int { network.size }

  public var hiddenLayers: Int { network.hidden.count }

  /// The number of units in each hidden layer.
  public var widths: [Int] { network.hiddenWidths }

  /// The number of products by a weight other than 0, 1 and −1 in one evaluation.
  public var multiplications: Int { network.multiplications }
}

/// A construction that was not made, and why.
public struct SkippedConstruction: Sendable, Equatable {
  public let construction: SynthesisCandidate.Construction
  public let reason: String
}
