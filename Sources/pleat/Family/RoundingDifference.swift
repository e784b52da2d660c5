import Exact
import Networks
import PiecewiseLinear
import Representation

/// By how much a network of a zonotope family differs from the exact one, at most.
struct RoundingDifference {
  /// Compared cell by cell up to so many pieces: about a second.
  private static let mostPieces = 2000

  /// Exactly; it is reached.
  let largest: Rational
  /// `where γ ≤ M`
  let place: String

  /// nil where it is too much to find out.
  ///
  /// - Parameters:
  ///   - network: with exact weights.
  ///   - sawtooth: nil for the support function alone.
  ///   - box: half of the sides of a box around { γ ≤ 1 }, where it is known.
  ///   - pieces: of the exact network, where they are known.
  init?(
    of rounded: RoundedNetwork, from network: RationalNetwork, family: ZonotopeFamily,
    first: ZonotopeFamily.FirstLayer, sawtooth: Sawtooth?, box: [Rational]?, pieces: Rational?
  ) throws {
    if rounded.isExact {
      (largest, place) = (.zero, "")
      return
    }
    if let sawtooth, try RoundedNetwork(ZonotopeStudy.support(family, first), rounded.precision).isExact {
      // Where rounding leaves γ alone, what it does to H on [0, M] is all that it does to H ∘ γ: γ takes all values.
      let line = try RoundedNetwork(sawtooth.network, rounded.precision)
      guard let difference = try SawtoothStudy.comparison(sawtooth, line).difference else { return nil }
      (largest, place) = (difference, "where γ ≤ M")
      return
    }
    guard let pieces, pieces <= Rational(Self.mostPieces), let box else { return nil }
    let extent = sawtooth?.extent ?? .one
    let upper = box.map { ($0 * extent).roundedUp }
    let written = try PolyhedralFunction(
      rounded.units(), in: .box(lower: upper.map { -$0 }, upper: upper), limit: 4 * Self.mostPieces)
    guard let difference = try FunctionComparison(written, network).run().largest else { return nil }
    largest = difference
    place = sawtooth == nil ? "on a box around { γ ≤ 1 }" : "on a box around { γ ≤ M }"
  }
}
