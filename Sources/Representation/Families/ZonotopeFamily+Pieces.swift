import Exact
import Polyhedra

extension ZonotopeFamily {
  /// The most steps, m · Σ_{i ≤ d − 2} C(m, i), that the vertices of dependent generators of rank d are counted in.
  private static let largestEffort = 1 << 20

  /// V, the number of vertices of Z, which is the number of linear pieces of γ_Z: at most 2 Σ_{i < n} C(m − 1, i), and as many
  /// for generators in general position.
  ///
  /// - Complexity: O(n · m · C(m, d − 2)) rational operations for generators of rank d.
  /// - Throws: `RepresentationError` when that is too much.
  public var vertexCount: Rational {
    get throws {
      let rank = rank
      if rank == generators.count { return Rational(powerOfTwo: rank) }
      let count = Rational(generators.count)
      guard count * NaturalArithmetic.binomialSum(count, upTo: rank - 2) <= Rational(Self.largestEffort) else {
        let most = try Zonotope.genericVertexCount(dimension: rank, count: generators.count)
        throw RepresentationError(
          "the vertices of a zonotope of \(generators.count) generators of rank \(rank) are too many to be counted one "
            + "by one; there are at most \(most), and as many for generators in general position")
      }
      return zonotope.vertexCount
    }
  }

  /// The rank of the generators.
  public var rank: Int { zonotope.rank }

  /// The number of linear pieces on ℝⁿ, maximal connected sets on which the function is affine: V · wᵏ + e.
  ///
  /// e = 0 for w odd or k = 1. Else H is 0 beyond M, and { γ_Z > M } is one more piece when the generators have rank 2 or
  /// more, and two pieces when they have rank 1.
  ///
  /// - Throws: as `vertexCount`.
  public var pieces: Rational {
    get throws {
      let extra: Rational = sawtooth.endsFlat ? (rank == 1 ? 2 : 1) : 0
      return try vertexCount * sawtooth.piecesInside + extra
    }
  }

  /// The number of linear pieces on a line through 0 on which γ_Z is not 0 throughout: 2 wᵏ, and two more when H is 0 beyond
  /// M.
  public var piecesOnLine: Rational { 2 * sawtooth.piecesInside + (sawtooth.endsFlat ? 2 : 0) }
}
