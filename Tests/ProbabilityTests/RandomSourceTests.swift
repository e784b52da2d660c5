import Probability
import Testing

@Suite struct RandomSourceTests {
  private static func numbers(_ source: RandomSource, _ count: Int = 20) -> [UInt64] {
    var source = source
    return (0..<count).map { _ in source.next() }
  }

  @Test func oneSeedOneSequence() {
    #expect(Self.numbers(RandomSource(seed: 7)) == Self.numbers(RandomSource(seed: 7)))
    #expect(Self.numbers(RandomSource(seed: 7, index: 3)) == Self.numbers(RandomSource(seed: 7, index: 3)))
  }

  @Test func seedsAndIndicesDiffer() {
    var first = Set<UInt64>()
    for seed in 0..<50 as Range<UInt64> {
      first.insert(Self.numbers(RandomSource(seed: seed))[0])
      for index in 0..<50 { first.insert(Self.numbers(RandomSource(seed: seed, index: index), 1)[0]) }
    }
    #expect(first.count == 50 * 51)
  }

  @Test func uniformNumbersAreUniform() {
    var source = RandomSource(seed: 1)
    let values = (0..<20_000).map { _ in source.uniform() }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    // Ten standard errors, so that a good generator never fails.
    let mean = values.reduce(0, +) / 20_000
    #expect(abs(mean - 0.5) < 10 * (1.0 / 12).squareRoot() / 20_000.0.squareRoot())
    for bin in 0..<10 {
      let count = values.count { Int($0 * 10) == bin }
      #expect(abs(count - 2000) < 430, "bin \(bin)")
    }
  }

  @Test func normalNumbersAreNormal() {
    var source = RandomSource(seed: 2)
    let values = (0..<20_000).map { _ in source.normal() }
    let mean = values.reduce(0, +) / 20_000
    let variance = values.reduce(0) { $0 + $1 * $1 } / 20_000
    let fourth = values.reduce(0) { $0 + $1 * $1 * $1 * $1 } / 20_000
    #expect(abs(mean) < 0.071 && abs(variance - 1) < 0.1 && abs(fourth - 3) < 0.7)
  }

  @Test func indicesCoverTheirRange() {
    var source = RandomSource(seed: 3)
    #expect(Set((0..<500).map { _ in source.index(below: 7) }) == Set(0..<7))
    #expect((0..<10).allSatisfy { _ in source.index(below: 1) == 0 })
  }
}
