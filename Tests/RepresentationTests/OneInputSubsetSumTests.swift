import Exact
import Probability
import Testing

@testable import Representation

@Suite struct OneInputSubsetSumTests {
  @Test(arguments: 0..<120) func agreesWithAllSubsets(seed: Int) {
    var random = RandomSource(seed: UInt64(seed))
    let dimension = 1 + random.index(below: 3)
    let count = random.index(below: 9)
    // Large numbers take the way through the middle, small ones the table, huge ones no machine integers.
    let scale = [Rational.one, 1_000_003, Rational(powerOfTwo: 140) + 1][seed % 3]
    let weights = (0..<count).map { _ in
      (0..<dimension).map { _ in random.lineNumber(size: 4, denominators: 3) * scale + random.lineNumber(size: 1) }
    }
    var target = (0..<dimension).map { _ in random.lineNumber(size: 4, denominators: 2) }
    if seed % 2 == 0 {
      target = weights.filter { _ in random.index(below: 2) == 0 }
        .reduce([Rational](repeating: 0, count: dimension)) { zip($0, $1).map(+) }
    }
    func sum(_ subset: [Int]) -> [Rational] {
      subset.reduce([Rational](repeating: 0, count: dimension)) { zip($0, weights[$1]).map(+) }
    }
    let isPossible = (0..<(1 << count)).contains { mask in sum((0..<count).filter { mask >> $0 & 1 == 1 }) == target }
    switch SubsetSum.solve(weights, target: target) {
    case .subset(let subset):
      #expect(sum(subset) == target, "seed \(seed)")
      #expect(subset == Array(Set(subset)).sorted(), "seed \(seed)")
    case .none: #expect(!isPossible, "seed \(seed)")
    case .undecided: Issue.record("seed \(seed): undecided")
    }
  }

  @Test func limits() {
    var random = RandomSource(seed: 3)
    let odd = (0..<41).map { _ in Rational(2 * random.index(below: 1 << 50) + 1) }
    #expect(SubsetSum.solve(odd, target: Rational(1 << 52)) == .undecided)
    #expect(SubsetSum.solve(odd.map { 2 * $0 }, target: Rational((1 << 52) + 1)) == .none)
    #expect(SubsetSum.solve(odd, target: -1) == .none)
    #expect(SubsetSum.solve(odd, target: 0) == .subset([]))
    #expect(SubsetSum.solve(odd, target: odd.reduce(0, +)) == .subset(Array(0..<41)))
    let goal = odd[3] + odd[17] + odd[29] + odd[39]
    guard case .subset(let found) = SubsetSum.solve(Array(odd.prefix(40)), target: goal) else {
      Issue.record("a subset was not found")
      return
    }
    #expect(found.reduce(Rational.zero) { $0 + odd[$1] } == goal)
    let many = (0..<500).map { Rational(1 + $0 % 7, 5) }
    guard case .subset(let tabled) = SubsetSum.solve(many, target: Rational(333, 5)) else {
      Issue.record("a subset was not found")
      return
    }
    #expect(tabled.reduce(Rational.zero) { $0 + many[$1] } == Rational(333, 5))
  }
}
