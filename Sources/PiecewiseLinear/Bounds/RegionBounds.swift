import Exact
import Networks

/// Upper bounds on the number of activation regions of a network, from its shape alone: exact natural numbers.
///
/// A region is an activation pattern whose cell has an interior, in any domain. Each bound is at most the one before:
/// `patterns` ≥ `montufar` ≥ `serra` ≥ `hinz`.
///
/// For a chain of n₀ inputs and ReLU layers of widths n₁ … n_L these are the bounds of the literature. They hold for all
/// networks of units because of what `StageCensus` counts: a skip connection carries its values past a stage, and they
/// keep their dimension; so do leaky units, absolute values and maxima, which never are constant on both sides; a maximum
/// of k forms cuts like k − 1 hinges at one place. When the units' choices on a domain are known, a unit that never
/// changes cuts nothing, and one that is constant carries nothing (T. Serra and S. Ramalingam, Empirical bounds on linear
/// regions of deep rectifier networks, AAAI 2020).
public struct RegionBounds: Sendable {
  /// All patterns: 2 for each hinge, k for each maximum of k forms.
  public let patterns: RegionCount
  /// Π over the stages l of Σ_{j ≤ d_l} C(n_l, j), with d_l = min(n₀, …, n_{l−1}).
  ///
  /// Source: G. Montúfar, Notes on the number of linear regions of deep neural networks (2017), proposition 3.
  public let montufar: RegionCount
  /// Σ over (j₁ … j_L) of Π C(n_l, j_l), with j_l ≤ min(n₀, n₁ − j₁, …, n_{l−1} − j_{l−1}, n_l).
  ///
  /// Source: T. Serra, C. Tjandraatmadja, S. Ramalingam, Bounding and counting linear regions of deep neural networks,
  /// ICML 2018, theorem 1.
  public let serra: RegionCount
  /// The bound by activation histograms, with the further restrictions of `StageArrangement`.
  ///
  /// Source: P. Hinz and S. van de Geer, IEEE Trans. Inf. Theory 65 (2019).
  public let hinz: RegionCount
  /// The bound for one layer, Σ_{j ≤ n₀} C(n₁, j), attained in general position on all of ℝⁿ; nil when several stages
  /// bend.
  ///
  /// Source: T. Zaslavsky, Facing up to arrangements (1975).
  public let zaslavsky: RegionCount?

  /// The least of all.
  public var best: RegionCount { hinz }

  /// The bounds of a network.
  ///
  /// - Parameter choices: for each unit the choices that are not ruled out on the domain, `UnitBounds.choices`; nil for
  ///   all of them.
  /// - Complexity: O(parameters), and for each stage O(r²) operations on integers, r = min(inputs, width, 256).
  public init(_ network: UnitNetwork, choices: [[Int]]? = nil) {
    let choices = choices ?? network.allChoices
    precondition(choices.count == network.unitCount, "choices for \(choices.count) units of \(network.unitCount)")
    let stages = StageCensus.all(of: network, choices: choices)
    var patterns = Rational.one
    var rank = network.inputCount
    var montufar = Rational.one
    var serra = ActivationHistogram(inputs: rank)
    var hinz = ActivationHistogram(inputs: rank)
    for stage in stages {
      let arrangement = StageArrangement(stage, largestRank: network.inputCount)
      patterns *= stage.maxima.reduce(Rational(powerOfTwo: stage.hinges)) { $0 * Rational($1) }
      montufar *= arrangement.total(rank: rank)
      rank = min(rank, stage.carriers + stage.vanishing)
      serra.pass(stage, arrangement, isRefined: false)
      hinz.pass(stage, arrangement, isRefined: true)
    }
    self.patterns = RegionCount(patterns)
    self.montufar = RegionCount(montufar)
    self.serra = RegionCount(serra.total)
    self.hinz = RegionCount(hinz.total)
    let bending = stages.indices.filter { stages[$0].hinges > 0 || !stages[$0].maxima.isEmpty }
    zaslavsky = bending.count == 1 ? self.montufar : nil
  }
}

extension RegionBounds {
  /// A number of regions that some network of this one's architecture has, not this network: a lower bound on the maximum
  /// over the weights.
  ///
  /// For a chain of n inputs and ReLU layers of widths w₁ … w_L, the larger of
  /// - Π_{l < L} ⌊w_l / n⌋ⁿ · Σ_{j ≤ n} C(w_L, j), when all w_l ≥ n: G. Montúfar, R. Pascanu, K. Cho, Y. Bengio, On the
  ///   number of linear regions of deep neural networks, NIPS 2014, theorem 4;
  /// - 2 Σ_{i < n} C(⌊w₁/2⌋ − 1, i) · w₂ ⋯ w_L: R. Arora, A. Basu, P. Mianjy, A. Mukherjee, Understanding deep neural
  ///   networks with rectified linear units, ICLR 2018, theorem 3.9, with the factor 2 of the vertices of a zonotope that
  ///   the paper leaves out.
  ///
  /// - Returns: nil when the network is no such chain.
  /// - Complexity: O(parameters + inputs · layers).
  public static func architectureMaximum(_ network: UnitNetwork) -> RegionCount? {
    let n = network.inputCount
    let widths = network.stages.map(\.units.count)
    guard network.isReLUChain, let first = widths.first, let last = widths.last else { return nil }
    func cells(_ hinges: Int, _ dimension: Int) -> Rational {
      CellCounts(hinges: hinges, maxima: [], largestRank: dimension)[dimension]
    }
    var folded = Rational.zero
    if widths.allSatisfy({ $0 >= n }) {
      folded = widths.dropLast().reduce(cells(last, n)) { product, width in
        (0..<n).reduce(product) { partial, _ in partial * Rational(width / n) }
      }
    }
    var zonotope = Rational.zero
    if first >= 2 { zonotope = widths.dropFirst().reduce(2 * cells(first / 2 - 1, n - 1)) { $0 * Rational($1) } }
    return RegionCount(max(folded, zonotope, 1))
  }
}

extension UnitNetwork {
  /// Whether every unit is a ReLU and every stage reads only the one before.
  fileprivate var isReLUChain: Bool {
    let offsets = stageOffsets
    return stages.indices.allSatisfy { index in
      let readable = (index == 0 ? 0 : offsets[index - 1])..<offsets[index]
      return stages[index].units.allSatisfy { unit in
        unit.kind == .hinge(below: 0, above: 1) && unit.forms[0].terms.allSatisfy { readable.contains($0.value) }
      }
    }
  }
}
