import Exact

/// Hyperplanes through the origin of ℝᵈ in rational numbers, {r : normal · r = 0}, repetitions merged.
///
/// Every question is answered by restriction: what the others do on one hyperplane is an arrangement in ℝᵈ⁻¹. Nothing is
/// decided by a tolerance, and no general position is asked for.
struct CentralArrangement {
  /// Where a vector that was given went: it is a multiple, of this sign, of a normal.
  struct Place {
    let normal: Int
    let sign: Int
  }

  /// d ≥ 0
  let dimension: Int
  /// Not zero, each with 1 as its first entry that is not 0, pairwise different: hence pairwise not parallel.
  let normals: [[Rational]]
  /// For each given vector; nil for zero vectors.
  let places: [Place?]

  init(dimension: Int, vectors: [[Rational]]) {
    var normals: [[Rational]] = []
    var known: [[Rational]: Int] = [:]
    var places: [Place?] = []
    for vector in vectors {
      guard let leading = vector.first(where: { $0.signum != 0 }) else {
        places.append(nil)
        continue
      }
      let normal = vector.map { $0 / leading }
      let index = known[normal] ?? normals.count
      if index == normals.count {
        known[normal] = index
        normals.append(normal)
      }
      places.append(Place(normal: index, sign: leading.signum))
    }
    self.dimension = dimension
    self.normals = normals
    self.places = places
  }

  /// The hyperplanes of some indices as seen within another, in the coordinates other than ``pivot(of:)``. O(indices · d).
  func restricted(_ indices: some Collection<Int>, to wall: Int) -> CentralArrangement {
    let pivot = pivot(of: wall)
    return CentralArrangement(
      dimension: dimension - 1,
      vectors: indices.map { Self.eliminated(normals[$0], by: normals[wall], pivot: pivot) })
  }

  /// A vector of a restriction as a vector of this space, on the hyperplane. O(d).
  func lifted(_ vector: [Rational], to wall: Int) -> [Rational] {
    let normal = normals[wall]
    let pivot = pivot(of: wall)
    var result = vector
    result.insert(.zero, at: pivot)
    result[pivot] = -Self.dot(normal, result)
    return result
  }

  /// The coordinate in which a normal is 1 and before which it is 0.
  private func pivot(of wall: Int) -> Int { normals[wall].firstIndex { $0.signum != 0 } ?? 0 }

  /// vector − vector[pivot] · normal without its zero at the pivot, where the normal is 1.
  static func eliminated(_ vector: [Rational], by normal: [Rational], pivot: Int) -> [Rational] {
    let factor = vector[pivot]
    return vector.indices.compactMap { index in
      guard index != pivot else { return nil }
      guard factor.signum != 0, normal[index].signum != 0 else { return vector[index] }
      return vector[index] - factor * normal[index]
    }
  }

  static func dot(_ left: [Rational], _ right: [Rational]) -> Rational {
    zip(left, right).reduce(.zero) { sum, pair in
      pair.0.signum == 0 || pair.1.signum == 0 ? sum : sum + pair.0 * pair.1
    }
  }

  /// Whether every `size` of the given vectors are linearly independent; true if there are fewer.
  ///
  /// O(C(m, size − 2) · m · d) for m vectors in general position, less if they are not.
  func isUniform(size: Int) -> Bool {
    guard size > 0, size <= places.count else { return true }
    guard !places.contains(where: { $0 == nil }) else { return false }
    guard size > 1 else { return true }
    guard normals.count == places.count else { return false }
    guard size > 2 else { return true }
    // Each subset is looked at once, from its first vector on.
    return normals.indices.allSatisfy { first in
      normals.count - first < size
        || restricted(first + 1..<normals.count, to: first).isUniform(size: size - 1)
    }
  }
}
