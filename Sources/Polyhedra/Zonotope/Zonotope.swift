import Exact

/// A zonotope in rational numbers: the Minkowski sum of segments
///
///     Z = { center + Σᵢ λᵢ bᵢ : −1 ≤ λᵢ ≤ 1 } ⊂ ℝⁿ
///
/// with generators b₁ … bₘ. They may be zero, parallel or in any other special position, and need not span ℝⁿ: what is
/// said of faces then holds within the affine hull. All answers are exact.
///
/// ```swift
/// let z = try Zonotope(generators: [[1, 0, 0], [0, 1, 0], [1, 1, 0], [0, 0, 1]])
/// z.vertexCount                          // 12: a prism over a hexagon
/// try z.supportFunction([1, -2, 3])      // |1| + |−2| + |1 − 2| + |3| = 7
/// z.volume                               // 2³ · (1 + 1 + 1) = 24
/// try z.facets().count                   // 8
/// ```
///
/// Its support function Σ |⟨r, bᵢ⟩| + ⟨r, center⟩ is a piecewise-linear function with one piece for each vertex, which is
/// the piece's gradient.
///
/// Source: R. Arora et al., *Understanding deep neural networks with rectified linear units* (2018), section 3.2; G.
/// Ziegler, *Lectures on Polytopes* (1995), chapter 7.
public struct Zonotope: Sendable, Hashable {
  /// `[n]`
  public let center: [Rational]
  /// `[m][n]`
  public let generators: [[Rational]]

  /// - Parameters:
  ///   - generators: m vectors of n ≥ 1 entries each.
  ///   - center: n entries; the origin if left out.
  /// - Throws: ``ZonotopeError`` for vectors of different lengths, and where neither says what n ≥ 1 is.
  public init(generators: [[Rational]], center: [Rational]? = nil) throws(ZonotopeError) {
    guard let dimension = center?.count ?? generators.first?.count, dimension > 0 else { throw .noDimension }
    for (index, generator) in generators.enumerated() where generator.count != dimension {
      throw .wrongLength(what: "generator \(index)", length: generator.count, dimension: dimension)
    }
    self.init(trusted: generators, center: center ?? Array(repeating: .zero, count: dimension))
  }

  /// Vectors that are known to have one length.
  init(trusted generators: [[Rational]], center: [Rational]) {
    self.generators = generators
    self.center = center
  }

  /// The dimension of the space, n.
  public var dimension: Int { center.count }

  /// The dimension of the zonotope: the rank of its generators. O(m n²) products.
  public var rank: Int { ZonotopeSpan(self).rank }

  /// max over x ∈ Z of ⟨r, x⟩ = Σ |⟨r, bᵢ⟩| + ⟨r, center⟩. O(m n).
  ///
  /// - Parameter r: n entries.
  /// - Throws: ``ZonotopeError/wrongLength(what:length:dimension:)``.
  public func supportFunction(_ r: [Rational]) throws(ZonotopeError) -> Rational {
    try check(r, "the direction")
    return generators.reduce(CentralArrangement.dot(r, center)) { $0 + CentralArrangement.dot(r, $1).magnitude }
  }

  /// The face on which ⟨r, ·⟩ is largest, itself a zonotope: the generators orthogonal to r are its generators, the others
  /// shift its centre. All of Z for r = 0. O(m n).
  ///
  /// - Throws: ``ZonotopeError/wrongLength(what:length:dimension:)``.
  public func face(maximizing r: [Rational]) throws(ZonotopeError) -> Zonotope {
    try check(r, "the direction")
    var center = center
    var orthogonal: [[Rational]] = []
    for generator in generators {
      switch CentralArrangement.dot(r, generator).signum {
      case 0: orthogonal.append(generator)
      case 1: center = zip(center, generator).map(+)
      default: center = zip(center, generator).map(-)
      }
    }
    return Zonotope(trusted: orthogonal, center: center)
  }

  /// {factor · x : x ∈ Z}; a factor of any sign, or 0. O(m n).
  public func scaled(by factor: Rational) -> Zonotope {
    Zonotope(trusted: generators.map { $0.map { factor * $0 } }, center: center.map { factor * $0 })
  }

  /// {x + y : x ∈ Z, y ∈ other}: centres are added, generators put together.
  ///
  /// - Throws: ``ZonotopeError/wrongLength(what:length:dimension:)`` for a zonotope in another space.
  public func minkowskiSum(_ other: Zonotope) throws(ZonotopeError) -> Zonotope {
    try check(other.center, "the other zonotope's centre")
    return Zonotope(trusted: generators + other.generators, center: zip(center, other.center).map(+))
  }

  /// {A x : x ∈ Z} in ℝᵏ. O(m n k).
  ///
  /// - Parameter matrix: A, `[k][n]`, k ≥ 1.
  /// - Throws: ``ZonotopeError`` for rows of another length than n, and for no rows.
  public func image(under matrix: [[Rational]]) throws(ZonotopeError) -> Zonotope {
    guard !matrix.isEmpty else { throw .noDimension }
    for (index, row) in matrix.enumerated() { try check(row, "row \(index) of the matrix") }
    func image(_ vector: [Rational]) -> [Rational] { matrix.map { CentralArrangement.dot($0, vector) } }
    return Zonotope(trusted: generators.map(image), center: image(center))
  }

  func check(_ vector: [Rational], _ what: @autoclosure () -> String) throws(ZonotopeError) {
    guard vector.count == dimension else {
      throw .wrongLength(what: what(), length: vector.count, dimension: dimension)
    }
  }
}
