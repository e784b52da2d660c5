import Exact

/// The generators of a zonotope in coordinates of the space that they span, parallel ones merged.
///
/// Some r coordinates tell all vectors of an r-dimensional space apart; keeping only those is a linear isomorphism, under
/// which signs, faces and counts remain what they are.
struct ZonotopeSpan {
  /// The coordinates that are kept, increasing.
  let coordinates: [Int]
  /// The generators' orthogonal hyperplanes, in those coordinates.
  let arrangement: CentralArrangement
  /// For each normal of the arrangement the sum of the generators parallel to it, turned to its side, `[n]`.
  let sums: [[Rational]]
  /// A basis of what is orthogonal to all generators, `[n − r][n]`, in integers without common factor.
  let orthogonal: [[Rational]]

  var rank: Int { coordinates.count }

  init(_ zonotope: Zonotope) {
    let kernel = IntegerKernel(dimension: zonotope.dimension)
    for generator in zonotope.generators { kernel.insert(IntegerVector(primitiveMultipleOf: generator)) }
    coordinates = kernel.pivots.sorted()
    let kept = coordinates
    arrangement = CentralArrangement(
      dimension: kept.count, vectors: zonotope.generators.map { generator in kept.map { generator[$0] } })
    var sums = arrangement.normals.map { _ in [Rational](repeating: .zero, count: zonotope.dimension) }
    for (generator, place) in zip(zonotope.generators, arrangement.places) {
      guard let place else { continue }
      sums[place.normal] = zip(sums[place.normal], generator).map { place.sign > 0 ? $0 + $1 : $0 - $1 }
    }
    self.sums = sums
    orthogonal = (0..<zonotope.dimension).filter { !kept.contains($0) }.map { free in
      let vector = IntegerVector(count: zonotope.dimension)
      kernel.write(free: free, to: vector)
      vector.removeContent()
      return (0..<vector.count).map { vector.rational($0) }
    }
  }

  /// A vector of the kept coordinates in all n, 0 in the others, scaled to integers without common factor: its product with
  /// a generator has the sign that it has there.
  func direction(_ vector: [Rational], dimension: Int) -> [Rational] {
    var result = [Rational](repeating: .zero, count: dimension)
    for (coordinate, entry) in zip(coordinates, vector) { result[coordinate] = entry }
    let integers = IntegerVector(primitiveMultipleOf: result)
    return (0..<dimension).map { integers.rational($0) }
  }
}
