import Exact
import Networks
import Polyhedra

/// A sawtooth of the support function of a zonotope: H ∘ γ_Z : ℝⁿ → ℝ, with γ_Z(r) = Σᵢ |⟨r, bⁱ⟩|.
///
/// γ_Z is linear on V cones, V the number of vertices of Z = { Σ λᵢ bⁱ : −1 ≤ λᵢ ≤ 1 }, and H folds each of them wᵏ times.
///
/// ```swift
/// let family = try ZonotopeFamily(
///   generators: Zonotope.momentCurve(dimension: 2, count: 3).generators, sawtooth: Sawtooth(width: 2, layers: 2))
/// try family.pieces                             // 25
/// try family.network(.paired).hiddenWidths      // [6, 2, 2]
/// ```
///
/// Permuting generators or turning their signs does not change the function. H_{tM,ta} ∘ γ_{tZ} = t · (H_{M,a} ∘ γ_Z).
///
/// Source: R. Arora, A. Basu, P. Mianjy, A. Mukherjee, *Understanding deep neural networks with rectified linear units*
/// (2018), Theorem 3.6, Lemma 3.7, Theorem 3.9. The paper's counts leave out a factor 2.
public struct ZonotopeFamily: Sendable, Equatable {
  /// How the first hidden layer computes γ_Z.
  public enum FirstLayer: Sendable, CaseIterable {
    /// 2m units, |⟨r, b⟩| = σ(⟨r, b⟩) + σ(−⟨r, b⟩): Lemma 3.7.
    case paired
    /// At most min(2m, m + 2) units: γ_Z(r) = 2 Σᵢ σ(⟨r, bⁱ⟩) − ⟨r, s⟩ with s = Σᵢ bⁱ, whose product takes two units, or
    /// none when s = 0. For m ≤ 2 the units are those of `paired` unless s = 0.
    case shared
  }

  /// The most coordinates of all generators, m · n, that are accepted.
  public static let largestShape = 1 << 14

  /// Z, centred at 0.
  public let zonotope: Zonotope
  public let sawtooth: Sawtooth

  /// - Parameter generators: `[m × n]`; zero vectors are left out, since they change nothing.
  /// - Throws: `RepresentationError` when there is no generator other than zero, when two have different numbers of
  ///   coordinates, or when there are more than `largestShape` in all.
  public init(generators: [[Rational]], sawtooth: Sawtooth) throws {
    guard let inputs = generators.first?.count, inputs > 0 else {
      throw RepresentationError("a zonotope needs at least one generator with at least one coordinate")
    }
    for (index, generator) in generators.enumerated() where generator.count != inputs {
      throw RepresentationError(
        "generator \(index) has \(generator.count) coordinates and generator 0 has \(inputs); all must have as many")
    }
    let (shape, overflow) = inputs.multipliedReportingOverflow(by: generators.count)
    guard !overflow, shape <= Self.largestShape else {
      throw RepresentationError(
        "\(generators.count) generators of \(inputs) coordinates are too many; accepted are \(Self.largestShape) "
          + "coordinates in all")
    }
    let nonzero = generators.filter { $0.contains { $0.signum != 0 } }
    guard !nonzero.isEmpty else {
      throw RepresentationError("all generators are zero; a zonotope of this family needs one that is not")
    }
    zonotope = try Zonotope(generators: nonzero)
    self.sawtooth = sawtooth
  }

  /// b¹ … bᵐ, `[m × n]`, without zero vectors; m ≥ 1.
  public var generators: [[Rational]] { zonotope.generators }

  /// n
  public var inputs: Int { generators[0].count }

  /// s = Σᵢ bⁱ
  private var sum: [Rational] {
    generators.dropFirst().reduce(generators[0]) { zip($0, $1).map(+) }
  }

  /// The width of the first hidden layer.
  public func firstWidth(_ first: FirstLayer) -> Int {
    let paired = 2 * generators.count
    switch first {
    case .paired: return paired
    case .shared: return min(paired, generators.count + (sum.allSatisfy { $0.signum == 0 } ? 0 : 2))
    }
  }

  /// The number of hidden units, `firstWidth` + w · k.
  public func size(_ first: FirstLayer) -> Int { firstWidth(first) + sawtooth.size }

  /// The number of hidden layers plus one: k + 2.
  public var depth: Int { sawtooth.layers + 2 }

  /// (H ∘ γ_Z)(point), point `[n]`. O(m · n + w · k) rational operations.
  public func callAsFunction(_ point: [Rational]) -> Rational {
    sawtooth(generators.reduce(.zero) { $0 + AffineFunction(gradient: $1, constant: .zero)(point).magnitude })
  }

  /// The network with k + 1 hidden layers, without output bias.
  ///
  /// - Throws: `RepresentationError` for more than 2²⁴ weights.
  public func network(_ first: FirstLayer = .shared) throws -> RationalNetwork {
    func unit(_ direction: [Rational], sign: Rational) -> RationalNetwork.Row {
      RationalNetwork.Row(AffineFunction(gradient: direction.map { sign * $0 }, constant: .zero))
    }
    let units: [RationalNetwork.Row]
    let support: [Rational]
    if first == .paired || firstWidth(.shared) == 2 * generators.count {
      units = generators.flatMap { [unit($0, sign: 1), unit($0, sign: -1)] }
      support = Array(repeating: .one, count: units.count)
    } else {
      let sum = sum
      let carriers = sum.allSatisfy { $0.signum == 0 } ? [] : [unit(sum, sign: 1), unit(sum, sign: -1)]
      units = generators.map { unit($0, sign: 1) } + carriers
      support = generators.map { _ in 2 } + (carriers.isEmpty ? [] : [-1, 1])
    }
    let gamma = RationalNetwork.Row(support.enumerated().map { (key: $0.offset, value: $0.element) })
    let composed = try sawtooth.hiddenLayers(reading: gamma)
    return try RationalNetwork(inputs: inputs, hidden: [units] + composed.hidden, outputs: [composed.output])
  }
}
