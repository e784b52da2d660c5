import Exact

/// How far, in L¹, every network of few layers and units is from a deep sawtooth: Theorem 3.5 as a computed inequality.
///
/// f is the sawtooth with M = 1 and equal teeth, k layers of w units. It has wᵏ linear pieces of length w⁻ᵏ and ⌊wᵏ/2⌋ teeth.
/// A function g with p pieces is affine on all teeth but at most p − 1; the best affine fit of a tooth is the constant ½, with
/// error w⁻ᵏ/2. Therefore ∫₀¹ |f − g| ≥ (⌊wᵏ/2⌋ − (p − 1)) / (2wᵏ).
///
/// ```swift
/// let gap = try ApproximationGap(width: 2, layers: 6, shallowLayers: 2)
/// try gap.distance(units: 8)                    // 1/16: no network of 2 hidden layers and 8 units comes closer
/// ```
///
/// Source: R. Arora, A. Basu, P. Mianjy, A. Mukherjee, *Understanding deep neural networks with rectified linear units*
/// (2018), Theorem 3.5 and its proof.
public struct ApproximationGap: Sendable, Equatable {
  /// w
  public let width: Int
  /// k
  public let layers: Int
  /// k′, the most hidden layers of the approximating network.
  public let shallowLayers: Int
  /// wᵏ
  private let pieces: Rational

  /// - Throws: `RepresentationError` unless w ≥ 2, 1 ≤ k′ ≤ k ≤ 4096 and w · k is at most `Sawtooth.largestSize`.
  public init(width: Int, layers: Int, shallowLayers: Int) throws {
    let sawtooth = try Sawtooth(width: width, layers: layers)
    try BoundQuestion.check(layers: layers)
    guard (1...layers).contains(shallowLayers) else {
      throw RepresentationError("\(shallowLayers) shallow layers; accepted are 1 to \(layers), those of the sawtooth")
    }
    pieces = sawtooth.piecesInside
    try BoundQuestion.check(pieces: pieces)
    self.width = width
    self.layers = layers
    self.shallowLayers = shallowLayers
  }

  /// The sawtooth f.
  public var sawtooth: Sawtooth {
    get throws { try Sawtooth(width: width, layers: layers) }
  }

  /// The lower bound on ∫₀¹ |f − g| for every function g with p pieces: max(0, ⌊wᵏ/2⌋ − (p − 1)) / (2wᵏ).
  ///
  /// - Throws: `RepresentationError` unless p is a natural number from 1.
  public func distance(pieces count: Rational) throws -> Rational {
    try BoundQuestion.check(pieces: count)
    let teeth = NaturalArithmetic.floor(pieces / 2)
    return max(teeth - (count - 1), .zero) / (2 * pieces)
  }

  /// The lower bound on ∫₀¹ |f − g| for every network g with at most k′ hidden layers and s units, by the most pieces that it
  /// can have: the largest Π (wᵢ + 1) with Σ wᵢ = s. 0 when that says nothing.
  ///
  /// - Throws: `RepresentationError` for a negative s, or one beyond 2⁶⁰.
  public func distance(units: Int) throws -> Rational {
    guard (0...(1 << 60)).contains(units) else {
      throw RepresentationError("\(units) units; accepted are 0 to 2^60")
    }
    let most = NaturalArithmetic.largestProduct(sum: Rational(units) + Rational(shallowLayers), factors: shallowLayers)
    let teeth = NaturalArithmetic.floor(pieces / 2)
    return max(teeth - (most - 1), .zero) / (2 * pieces)
  }

  /// The paper's statement for one δ: networks of at most k′ hidden layers and so many units have ∫₀¹ |f − g| > δ.
  public struct Threshold: Sendable, Equatable {
    /// k′ w^(k/k′) (1 − 4δ)^(1/k′) / 2^(1 + 1/k′), to within rounding.
    public let value: Double
    /// The largest natural number that is not above it, exactly.
    public let units: Rational
    /// Proved when `largestSize` is as large, which it is from k′ units on. With fewer units some layers are missing, and
    /// the paper's p ≤ (2s/k′)^k′ is not what Lemma D.6 says of networks with fewer layers.
    public let standing: Standing
  }

  /// The paper's threshold for δ; nil for δ ≥ ¼, where it says nothing.
  ///
  /// - Throws: `RepresentationError` unless δ > 0.
  public func threshold(delta: Rational) throws -> Threshold? {
    let proved = try largestSize(delta: delta)
    let share = 1 - 4 * delta
    guard share.signum > 0 else { return nil }
    let radicand = pieces * share / Rational(powerOfTwo: shallowLayers + 1)
    let scaled = NaturalArithmetic.power(Rational(shallowLayers), shallowLayers) * radicand
    let units = NaturalArithmetic.floorRoot(NaturalArithmetic.floor(scaled), degree: shallowLayers)
    return Threshold(
      value: NaturalArithmetic.root(scaled, degree: shallowLayers), units: units,
      standing: proved.map { $0 >= units } == true ? .proved : .printed)
  }

  /// The largest s for which `distance(units:)` is more than δ: what the same argument gives with the product bound. nil
  /// when even s = 0 does not do.
  ///
  /// - Throws: `RepresentationError` unless δ > 0.
  public func largestSize(delta: Rational) throws -> Rational? {
    guard delta.signum > 0 else { throw RepresentationError("δ is \(delta); it must be positive") }
    // p pieces are few enough when p − 1 < ⌊wᵏ/2⌋ − 2wᵏδ.
    let most = NaturalArithmetic.ceiling(NaturalArithmetic.floor(pieces / 2) - 2 * pieces * delta)
    guard most.signum > 0 else { return nil }
    return SizeBound.leastUnits(pieces: most + 1, layers: shallowLayers) - 1
  }
}
