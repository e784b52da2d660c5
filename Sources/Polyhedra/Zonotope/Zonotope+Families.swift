import Exact

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

extension Zonotope {
  /// The generators (1, t, t², …, tⁿ⁻¹) for t = 1 … m, on the moment curve: any n of them are independent (Vandermonde), so
  /// that the number of vertices is ``genericVertexCount(dimension:count:)``. The zonotope is long and thin.
  ///
  /// - Parameters:
  ///   - dimension: n, from 1 on.
  ///   - count: m, from 1 on, with m n at most 100 000.
  /// - Throws: ``ZonotopeError/badSize(what:value:accepted:)``.
  public static func momentCurve(dimension: Int, count: Int) throws(ZonotopeError) -> Zonotope {
    try check(dimension: dimension, count: count)
    let generators = (1...count).map { t in
      (1..<dimension).reduce(into: [Rational.one]) { powers, _ in
        powers.append((powers.last ?? 1) * Rational(t))
      }
    }
    return Zonotope(trusted: generators, center: Array(repeating: .zero, count: dimension))
  }

  /// Random generators in general position, with small integers.
  ///
  /// One generator after another has entries drawn independently and uniformly from −k … k, k = max(9, C(m − 1, n − 1)), and
  /// is drawn again until all n of those so far (all of them, where they are fewer) are independent: ``isGeneric`` is
  /// certain. Of 2k + 1 values at most one makes a vector lie on a given hyperplane, so that more than half of the draws
  /// are kept.
  ///
  /// - Parameters:
  ///   - dimension: n, from 1 on.
  ///   - count: m, from 1 on, with C(m − 1, n − 1) and m n at most 100 000: position is not checked beyond.
  /// - Throws: ``ZonotopeError/badSize(what:value:accepted:)``.
  /// - Complexity: O(C(m, n − 1) · m · n).
  public static func random(
    dimension: Int, count: Int, using generator: inout some RandomNumberGenerator
  ) throws(ZonotopeError) -> Zonotope {
    try check(dimension: dimension, count: count)
    // How many hyperplanes n − 1 of the others span at most: C(m − 1, n − 1).
    var hyperplanes = Rational.one
    for i in 0..<max(min(dimension - 1, count - dimension), 0) {
      hyperplanes = hyperplanes * Rational(count - 1 - i) / Rational(i + 1)
      guard hyperplanes <= 100_000 else {
        throw .badSize(
          what: "the number of random generators in \(dimension) dimensions", value: count,
          accepted: "such that C(m − 1, n − 1) is at most 100000; generators on the moment curve need no check")
      }
    }
    let bound = max(9, Int(hyperplanes.doubleValue))
    var vectors: [[Rational]] = []
    while vectors.count < count {
      let vector = (0..<dimension).map { _ in Rational(Int.random(in: -bound...bound, using: &generator)) }
      // Those before are in general position: what may fail is a subset with the new vector, on whose hyperplane the
      // others must then be dependent.
      let all = CentralArrangement(dimension: dimension, vectors: [vector] + vectors)
      guard all.normals.count == vectors.count + 1 || dimension == 1 && all.places[0] != nil else { continue }
      let rest = min(dimension, vectors.count + 1) - 1
      guard dimension == 1 || all.restricted(1..<all.normals.count, to: 0).isUniform(size: rest) else { continue }
      vectors.append(vector)
    }
    return Zonotope(trusted: vectors, center: Array(repeating: .zero, count: dimension))
  }

  /// The generators (cos πi/m, sin πi/m), i = 0 … m − 1, in the plane, each number rounded to a `Double` and from there on
  /// exact: a polygon of 2m sides, regular up to this rounding.
  ///
  /// - Parameter count: m, from 1 to a million.
  /// - Throws: ``ZonotopeError/badSize(what:value:accepted:)``.
  public static func regular(count: Int) throws(ZonotopeError) -> Zonotope {
    guard (1...1_000_000).contains(count) else {
      throw .badSize(what: "the number of generators", value: count, accepted: "from 1 to 1000000")
    }
    /// sin(π p / 2m) for |p| ≤ 2m, from the first quadrant, so that zeros are zeros and opposite sides parallel.
    func sine(_ p: Int) -> Rational {
      let folded = min(p.magnitude, UInt(2 * count) - p.magnitude)
      let value = Rational(exactly: sin(Double.pi * Double(folded) / Double(2 * count)))
      return p < 0 ? -value : value
    }
    return Zonotope(trusted: (0..<count).map { [sine(count - 2 * $0), sine(2 * $0)] }, center: [0, 0])
  }

  private static func check(dimension: Int, count: Int) throws(ZonotopeError) {
    guard dimension >= 1 else { throw .badSize(what: "the dimension", value: dimension, accepted: "at least 1") }
    guard count >= 1 else { throw .badSize(what: "the number of generators", value: count, accepted: "at least 1") }
    guard count <= 100_000 / dimension else {
      throw .badSize(
        what: "the number of generators in \(dimension) dimensions", value: count,
        accepted: "such that there are at most 100000 entries")
    }
  }
}
