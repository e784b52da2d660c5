import Exact

extension Zonotope {
  /// The number of vertices, an integer: 1 for a point.
  ///
  /// It is the number of cells of the arrangement of the hyperplanes {r : ⟨r, bᵢ⟩ = 0}, which by Whitney is
  /// Σ over subsets S of the non-zero generators of (−1)^(|S| − rank S), counted here by deletion and restriction in
  /// O(C(m, r − 2) · m · r) operations for rank r, and in much less where the generators fall into independent groups.
  /// Thirty generators in four dimensions take some milliseconds. In general position
  /// ``genericVertexCount(dimension:count:)`` says the same at once.
  public var vertexCount: Rational { ZonotopeSpan(self).arrangement.cellCount() }

  /// Whether every min(n, m) of the generators are linearly independent.
  ///
  /// For n ≥ 2 these are exactly the zonotopes with the most vertices, the set S(n, m); for n = 1 a zero generator costs no
  /// vertex as long as another is not zero. O(C(m, n − 2) · m · n).
  public var isGeneric: Bool {
    CentralArrangement(dimension: dimension, vectors: generators).isUniform(size: min(dimension, generators.count))
  }

  /// 2 Σ_{i < n} C(m − 1, i), the largest number of vertices of a zonotope in ℝⁿ with m generators, attained by the generic
  /// ones (``isGeneric``); 2ᵐ for m ≤ n. O(min(n, m)) products.
  ///
  /// The paper prints it without the factor 2 (R. Arora et al. 2018, Theorem 3.6): a segment, n = m = 1, has two vertices.
  ///
  /// - Parameters:
  ///   - dimension: n, from 1 on.
  ///   - count: m, from 0 on; without generators there is one vertex. Of n and m the smaller is at most 10 000.
  /// - Throws: ``ZonotopeError/badSize(what:value:accepted:)``.
  public static func genericVertexCount(dimension: Int, count: Int) throws(ZonotopeError) -> Rational {
    guard dimension >= 1 else { throw .badSize(what: "the dimension", value: dimension, accepted: "at least 1") }
    guard count >= 0 else { throw .badSize(what: "the number of generators", value: count, accepted: "at least 0") }
    let terms = min(dimension, count)
    guard terms <= 10_000 else {
      throw .badSize(
        what: "the smaller of the dimension and the number of generators", value: terms, accepted: "at most 10000")
    }
    guard count > 0 else { return 1 }
    var binomial = Rational.one
    var sum = Rational.one
    for i in 1..<max(terms, 1) {
      binomial = binomial * Rational(count - i) / Rational(i)
      sum += binomial
    }
    return Rational(2) * sum
  }

  /// The n-dimensional volume, 2ⁿ Σ |det(b_i₁, …, b_iₙ)| over all n of the generators; 0 if they do not span ℝⁿ.
  ///
  /// O(C(m, n − 1) · m) operations, parallel generators counting once, here and in each projection.
  ///
  /// Source: G. Shephard, *Combinatorial properties of associated zonotopes* (1974), equation 57.
  public var volume: Rational {
    Rational(powerOfTwo: dimension) * Self.determinantSum(generators, dimension: dimension)
  }

  /// Σ |det| over all subsets of `dimension` vectors, by expansion along their first.
  private static func determinantSum(_ vectors: [[Rational]], dimension: Int) -> Rational {
    guard dimension > 1 else { return vectors.reduce(.zero) { $0 + $1[0].magnitude } }
    let merged = CentralArrangement(dimension: dimension, vectors: vectors)
    // A determinant's absolute value is additive over parallel vectors, so that their lengths in units of the normal add.
    var lengths = merged.normals.map { _ in Rational.zero }
    for (vector, place) in zip(vectors, merged.places) {
      guard let place, let leading = vector.first(where: { $0.signum != 0 }) else { continue }
      lengths[place.normal] += leading.magnitude
    }
    var sum = Rational.zero
    for (first, normal) in merged.normals.enumerated() where merged.normals.count - first >= dimension {
      guard let pivot = normal.firstIndex(where: { $0.signum != 0 }) else { continue }
      let others = zip(merged.normals, lengths).dropFirst(first + 1).map { other, length in
        CentralArrangement.eliminated(other, by: normal, pivot: pivot).map { length * $0 }
      }
      sum += lengths[first] * determinantSum(others, dimension: dimension - 1)
    }
    return sum
  }
}
