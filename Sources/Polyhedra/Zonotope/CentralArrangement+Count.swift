import Exact

extension CentralArrangement {
  /// The number of cells: of full-dimensional regions that the hyperplanes leave of ℝᵈ; 1 without any.
  ///
  /// A hyperplane added cuts as many cells in two as the others have on it (deletion and restriction). Independent parts
  /// are counted apart and multiplied, so that a cube in any dimension costs nothing. O(C(m, d − 2) · m · d) at most, and
  /// never more than 2ᵐ steps: the number is #P-hard to find when d grows.
  ///
  /// Sources: H. Whitney, *A logical expansion in mathematics* (1932), for the number; T. Zaslavsky, *Facing up to
  /// arrangements* (1975), for the recursion.
  func cellCount() -> Rational {
    guard !normals.isEmpty else { return 1 }
    guard dimension > 2 else { return dimension == 2 ? Rational(2) * Rational(normals.count) : 2 }
    return components().reduce(Rational.one) { product, component in
      var sum = Rational(2)
      for (position, wall) in component.enumerated().dropFirst() {
        sum += restricted(component[..<position], to: wall).cellCount()
      }
      return product * sum
    }
  }

  /// The normals in groups that depend on each other: the connected components of their matroid. O(d² m).
  private func components() -> [[Int]] {
    var table = normals
    var basis: [(normal: Int, coordinate: Int)] = []
    // Columns are reduced until the basis's are unit vectors; an entry then says whether a normal needs a basis vector.
    for normal in table.indices {
      let taken = basis.map(\.coordinate)
      guard
        let coordinate = table[normal].indices.first(where: { !taken.contains($0) && table[normal][$0].signum != 0 })
      else { continue }
      let pivotColumn = table[normal]
      for index in table.indices where table[index][coordinate].signum != 0 {
        let factor = table[index][coordinate] / pivotColumn[coordinate]
        for row in pivotColumn.indices where row != coordinate && pivotColumn[row].signum != 0 {
          table[index][row] -= factor * pivotColumn[row]
        }
        table[index][coordinate] = factor
      }
      basis.append((normal, coordinate))
    }
    var group = Array(normals.indices)
    for index in normals.indices {
      for member in basis where table[index][member.coordinate].signum != 0 {
        let (old, new) = (group[index], group[member.normal])
        for other in group.indices where group[other] == old { group[other] = new }
      }
    }
    return Dictionary(grouping: normals.indices) { group[$0] }.values.sorted { $0[0] < $1[0] }
  }
}
