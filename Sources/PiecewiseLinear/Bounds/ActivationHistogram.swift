import Exact

/// How many regions there are, at most, with a state of each rank: the vector that upper bounds push through the stages.
///
/// Let the restriction of a stage's forms to a region have rank d. Then the region is cut into at most
/// `total(d)` regions, and into at most `atLeast(J, d)` regions in which J or more of the vanishing hinges are alive; the
/// rank after the stage is at most min(d, carriers + alive). A histogram is worse than another when all its sums over the
/// ranks ≥ J are larger, and worse in, worse out: so the largest sums allowed give a bound.
///
/// Source: P. Hinz and S. van de Geer, A framework for the construction of upper bounds on the number of affine linear
/// regions of ReLU feed-forward neural networks, IEEE Trans. Inf. Theory 65 (2019), with its γ as in `atLeast`.
struct ActivationHistogram {
  /// The number of regions by rank.
  private(set) var counts: [Int: Rational]

  /// One region of rank `inputs`.
  init(inputs: Int) { counts = [inputs: 1] }

  var total: Rational { counts.values.reduce(0, +) }

  /// - Parameter isRefined: whether the complementary patterns of opposite unbounded regions are used.
  mutating func pass(_ stage: StageCensus, _ arrangement: StageArrangement, isRefined: Bool) {
    var next: [Int: Rational] = [:]
    for (rank, count) in counts {
      for (nextRank, share) in arrangement.column(rank: rank, isRefined: isRefined) {
        next[nextRank, default: 0] += count * share
      }
    }
    counts = next
    coarsen()
  }

  /// Keeps at most some hundreds of ranks apart: the others count as the next higher one that is kept.
  private mutating func coarsen() {
    let limit = 256
    guard counts.count > limit, let top = counts.keys.max() else { return }
    let stride = (top + limit - 1) / limit
    counts = counts.reduce(into: [:]) { result, entry in
      let rank = min(top, (entry.key + stride - 1) / stride * stride)
      result[rank, default: 0] += entry.value
    }
  }
}

/// Bounds on the number of regions that one stage makes of one region, by the rank of the stage's forms on it.
struct StageArrangement {
  private let stage: StageCensus
  private let totals: CellCounts
  /// Of the bending units that do not vanish.
  private let others: CellCounts
  private let vanishing: CellCounts
  /// One hinge less: half of the regions of a central arrangement in one dimension more.
  private let halves: CellCounts

  init(_ stage: StageCensus, largestRank: Int) {
    self.stage = stage
    func counts(_ hinges: Int, _ maxima: [Int]) -> CellCounts {
      CellCounts(hinges: hinges, maxima: maxima, largestRank: largestRank)
    }
    totals = counts(stage.hinges, stage.maxima)
    others = counts(stage.hinges - stage.vanishing, stage.maxima)
    vanishing = counts(stage.vanishing, [])
    halves = counts(max(stage.hinges - 1, 0), [])
  }

  /// The number of regions.
  func total(rank: Int) -> Rational { totals[rank] }

  /// The number of regions in which at least `alive` of the vanishing hinges are not 0.
  ///
  /// At most v = vanishing − alive of them are 0 then. The patterns with at most v zeros number at most
  /// Σ_{j ≤ min(rank, v)} C(vanishing, j) (Serra, Tjandraatmadja, Ramalingam 2018), each cut further by the other units.
  /// When only hinges bend and alive > vanishing/2, there is another bound. Moving the hyperplanes a little into general
  /// position loses no pattern; then unbounded regions come in opposite pairs with complementary patterns, of which at
  /// most one counts. That leaves the C(hinges − 1, rank) bounded regions and half of the others.
  private func atLeast(_ alive: Int, rank: Int, isRefined: Bool) -> Rational {
    let zeros = min(rank, stage.vanishing - alive)
    let bound = min(total(rank: rank), vanishing[zeros] * others[rank])
    guard isRefined, stage.maxima.isEmpty, 2 * alive > stage.vanishing else { return bound }
    return min(bound, halves[rank])
  }

  /// The regions made of one region of a rank, by their own rank.
  func column(rank: Int, isRefined: Bool) -> [(rank: Int, count: Rational)] {
    let highest = min(rank, stage.carriers + stage.vanishing)
    let lowest = min(rank, stage.carriers)
    var result: [(rank: Int, count: Rational)] = []
    var above = Rational.zero
    for next in stride(from: highest, through: lowest, by: -1) {
      let alive = next - stage.carriers
      let sum = alive <= 0 ? total(rank: rank) : atLeast(alive, rank: rank, isRefined: isRefined)
      if sum > above { result.append((next, sum - above)) }
      above = sum
      // Fewer alive cannot make more than all.
      if sum == total(rank: rank) { break }
    }
    return result
  }
}
