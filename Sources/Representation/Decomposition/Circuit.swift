import Exact

/// A minimal affine dependence of the gradients of some functions, oriented so that
///
///     max over `upper` of lⱼ  ≥  min over `lower` of lⱼ     everywhere.
///
/// With λ ≠ 0, Σ λᵢ = 0 and Σ λᵢ aᵢ = 0, the sum Σ λᵢ lᵢ is a constant c. For c ≥ 0 the functions with λᵢ > 0 have a
/// weighted mean that is nowhere below that of the functions with λᵢ < 0; for c < 0 the other way round.
struct Circuit: Sendable, Equatable {
  var upper: [Int]
  var lower: [Int]

  /// The circuit inside the shortest prefix of `members` whose gradients are affinely dependent; nil when all are
  /// independent. It has at most n + 2 members.
  ///
  /// - Complexity: O(n³) rational operations.
  init?(in members: [Int], of functions: [AffineFunction]) {
    // Rows in echelon form: (gradient, 1), and the combination of members that each is.
    var rows: [(pivot: Int, vector: [Rational], combination: [Rational])] = []
    for (position, member) in members.enumerated() {
      var vector = functions[member].gradient + [.one]
      var combination = [Rational](repeating: .zero, count: position) + [.one]
      for row in rows where vector[row.pivot].signum != 0 {
        let factor = vector[row.pivot]
        for index in vector.indices where row.vector[index].signum != 0 { vector[index] -= factor * row.vector[index] }
        for (index, weight) in row.combination.enumerated() where weight.signum != 0 {
          combination[index] -= factor * weight
        }
      }
      guard let pivot = vector.firstIndex(where: { $0.signum != 0 }) else {
        self.init(weights: combination, members: members, functions)
        return
      }
      let unit = .one / vector[pivot]
      rows.append((pivot, vector.map { unit * $0 }, combination.map { unit * $0 }))
    }
    return nil
  }

  private init(weights: [Rational], members: [Int], _ functions: [AffineFunction]) {
    var (positive, negative): ([Int], [Int]) = ([], [])
    var constant = Rational.zero
    for (weight, member) in zip(weights, members) where weight.signum != 0 {
      constant += weight * functions[member].constant
      if weight.signum > 0 { positive.append(member) } else { negative.append(member) }
    }
    let isSwapped = constant.signum < 0 || (constant.signum == 0 && positive.count < negative.count)
    (upper, lower) = isSwapped ? (negative, positive) : (positive, negative)
  }
}
