import Exact

/// Whether some of a list of rational vectors sum to a given vector.
///
/// The question behind the choice of the sides that hinges face. It is NP-complete; it is decided here in exact numbers by
///
/// - congruence and range: sums are multiples of the weights' common divisor, and lie between two bounds;
/// - dynamic programming when the weights are small multiples of that divisor;
/// - meeting in the middle for up to ``largestCount`` weights (E. Horowitz, S. Sahni, 1974): O(2^(count / 2)).
enum SubsetSum {
  enum Answer: Equatable {
    /// The indices of weights that sum to the target, in increasing order; none for the empty sum.
    case subset([Int])
    case none
    /// Too many weights without a small common unit.
    case undecided
  }

  /// The largest number of weights, other than zero, that is decided whatever they are; fewer when they do not fit in 128
  /// bits as multiples of a common unit.
  static let largestCount = 40
  private static let largestCountOfBigNumbers = 30
  private static let largestTable = 1 << 24
  private static let largestTableWork = 1 << 29

  /// - Parameters:
  ///   - weights: vectors of one length.
  ///   - target: a vector of that length.
  static func solve(_ weights: [[Rational]], target: [Rational]) -> Answer {
    var scalars = [Rational](repeating: .zero, count: weights.count)
    var sum = Rational.zero
    var radix = Rational.one
    for component in target.indices {
      let column = weights.map { $0[component] }
      let unit = column.reduce(.zero, commonDivisor)
      guard unit.signum != 0 else {
        guard target[component].signum == 0 else { return .none }
        continue
      }
      let goal = target[component] / unit
      let least = column.reduce(.zero) { $0 + min($1, .zero) } / unit
      let most = column.reduce(.zero) { $0 + max($1, .zero) } / unit
      guard goal.denominator == .one, least <= goal, goal <= most else { return .none }
      // Digits of one number: a component's error is smaller than the next one's unit, so the sum is right only when all are.
      for index in column.indices { scalars[index] += radix * column[index] / unit }
      sum += radix * goal
      radix *= most - least + 1
    }
    return solve(integers: scalars, target: sum)
  }

  static func solve(_ weights: [Rational], target: Rational) -> Answer {
    solve(weights.map { [$0] }, target: [target])
  }

  /// The largest number that both are multiples of.
  private static func commonDivisor(_ left: Rational, _ right: Rational) -> Rational {
    guard left.signum != 0 else { return right.magnitude }
    guard right.signum != 0 else { return left.magnitude }
    return left.magnitude / (left / right).numerator.magnitude
  }

  private static func solve(integers weights: [Rational], target: Rational) -> Answer {
    // A negative weight is taken from the start, and giving it back is a positive one.
    var chosen = Set(weights.indices.filter { weights[$0].signum < 0 })
    let indices = weights.indices.filter { weights[$0].signum != 0 }
    let sizes = indices.map { weights[$0].magnitude }
    let goal = chosen.reduce(target) { $0 - weights[$1] }
    let total = sizes.reduce(.zero, +)
    guard goal.signum >= 0, goal <= total else { return .none }
    let found: [Int]?
    if goal.signum == 0 || goal == total {
      found = goal.signum == 0 ? [] : Array(sizes.indices)
    } else if let table = Int(goal.description), table <= largestTable, table * sizes.count <= largestTableWork {
      found = tabulate(sizes.map { Int($0.description) ?? Int.max }, goal: table)
    } else if sizes.count <= largestCount, let narrow = Int128(total.description), narrow < Int128.max / 2,
      let aim = Int128(goal.description)
    {
      found = meet(sizes.compactMap { Int128($0.description) }, goal: aim)
    } else if sizes.count <= largestCountOfBigNumbers {
      found = meet(sizes, goal: goal)
    } else {
      return .undecided
    }
    guard let found else { return .none }
    chosen.formSymmetricDifference(found.map { indices[$0] })
    return .subset(chosen.sorted())
  }

  /// By dynamic programming: which sums the first weights reach, and which weight reached each sum first.
  private static func tabulate(_ weights: [Int], goal: Int) -> [Int]? {
    var first = [Int32](repeating: -1, count: goal + 1)
    first[0] = 0
    for (index, weight) in weights.enumerated() where weight <= goal {
      for sum in stride(from: goal, through: weight, by: -1) where first[sum] < 0 && first[sum - weight] >= 0 {
        first[sum] = Int32(index)
      }
    }
    guard first[goal] >= 0 else { return nil }
    var result: [Int] = []
    var sum = goal
    while sum > 0 {
      // The sum before it was reached by earlier weights alone.
      result.append(Int(first[sum]))
      sum -= weights[Int(first[sum])]
    }
    return result
  }

  private static func meet<Number: Comparable & AdditiveArithmetic>(_ weights: [Number], goal: Number) -> [Int]? {
    let half = weights.count / 2
    let low = sortedSums(weights[..<half])
    let high = sortedSums(weights[half...])
    var j = high.count - 1
    for (sum, mask) in low {
      while j >= 0, sum + high[j].sum > goal { j -= 1 }
      guard j >= 0 else { return nil }
      if sum + high[j].sum == goal {
        let all = UInt64(mask) | UInt64(high[j].mask) << UInt64(half)
        return weights.indices.filter { all >> UInt64($0) & 1 == 1 }
      }
    }
    return nil
  }

  /// The sums of all subsets in increasing order, each with its subset: one merge for each weight.
  private static func sortedSums<Number: Comparable & AdditiveArithmetic>(
    _ weights: ArraySlice<Number>
  ) -> [(sum: Number, mask: UInt32)] {
    var sums: [(sum: Number, mask: UInt32)] = [(.zero, 0)]
    for (index, weight) in weights.enumerated() {
      let bit = UInt32(1) << UInt32(index)
      let others = sums.map { (sum: $0.sum + weight, mask: $0.mask | bit) }
      var merged: [(sum: Number, mask: UInt32)] = []
      merged.reserveCapacity(2 * sums.count)
      var i = 0
      for other in others {
        while i < sums.count, sums[i].sum <= other.sum {
          merged.append(sums[i])
          i += 1
        }
        merged.append(other)
      }
      merged.append(contentsOf: sums[i...])
      sums = merged
    }
    return sums
  }
}
