import Networks

/// A network made from a function, beside what theorems promise.
public struct Compilation: Sendable {
  public let network: RationalNetwork
  /// ⌈log₂(n + 1)⌉, the number of hidden layers that suffices for every continuous piecewise-linear function of n inputs
  /// (R. Arora et al., *Understanding deep neural networks with rectified linear units*, 2018, Theorem 2.1).
  public let theoremHiddenLayers: Int
  /// The number of units that suffices for a maximum of minima, added over the outputs; nil for other forms.
  ///
  /// With k affine functions and q clauses: (3·2^⌈log₂ k⌉ + 2⌈log₂ k⌉ − 3) q + 3·2^⌈log₂ q⌉ − 2⌈log₂ k⌉ − 3 (K.-L. Chen, H.
  /// Garudadri, B. Rao, *Improved bounds on neural complexity for representing piecewise linear functions*, 2022).
  public let theoremUnits: Int?

  /// The number of hidden units.
  public var units: Int { network.size }

  public var hiddenLayers: Int { network.hidden.count }

  /// The number of units in each hidden layer.
  public var widths: [Int] { network.hiddenWidths }

  /// The number of products by a weight other than 0, 1 and −1 in one evaluation.
  public var multiplications: Int { network.multiplications }
}

/// ⌈log₂ count⌉, for a count of at least 1.
func binaryDepth(_ count: Int) -> Int { count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount }
