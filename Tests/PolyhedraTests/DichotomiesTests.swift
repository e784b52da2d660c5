import Testing

@testable import Polyhedra

@Suite struct DichotomiesTests {
  @Test(arguments: [
    ([[-3.0], [-2], [0], [1], [2], [4]], 12),
    ([[-3], [-2], [-1], [0], [1], [2], [3]], 14),
    ([[-4], [-3], [-1], [0], [1], [2], [4], [5]], 16),
    ([[-2], [-2], [-1], [0], [0], [1], [3], [3]], 10),
    ([[-5], [-4], [-3], [-1], [0], [1], [2], [3], [5], [6]], 20),
    ([[0, 0], [0, 1], [1, 0], [1, 1]], 14),
    ([[0, 0], [3, 1], [-1, 2], [2, -2], [-3, -1], [1, 4]], 30),
    ([[0, 1], [2, 3], [-2, 1], [3, -1], [-1, -3], [1, -2], [-3, 4]], 42),
    ([[1, 0], [0, 2], [-2, -1], [3, 2], [2, -3], [-3, 1], [-1, 4], [4, -1]], 56),
    ([[0, 0], [1, 0], [2, 0], [0, 1], [2, 1], [0, 2], [1, 2], [2, 2]], 50),
  ])
  func knownNumbers(_ points: [[Double]], _ number: Int) throws {
    #expect(try Dichotomies.count(points: points) == number)
    #expect(try Dichotomies.enumerate(points: points).count == number)
  }

  /// Threshold functions of n Boolean variables.
  @Test func verticesOfTheCube() throws {
    for (dimension, number) in [(0, 2), (1, 4), (2, 14), (3, 104), (4, 1882)] {
      let points = (0..<1 << dimension).map { bits in (0..<dimension).map { Double(bits >> $0 & 1) } }
      #expect(try Dichotomies.count(points: points) == number)
      #expect(try Dichotomies.enumerate(points: points).count == number)
    }
  }

  @Test func generalPositionAttainsTheBound() throws {
    for seed in 1...12 as ClosedRange<UInt64> {
      var random = SplitMix(seed: seed)
      let dimension = random.integer(1...4)
      let count = random.integer(1...14)
      let points = (0..<count).map { _ in (0..<dimension).map { _ in random.uniform() } }
      let bound = Int(Dichotomies.upperBound(points: count, dimension: dimension))
      #expect(try Dichotomies.count(points: points) == bound, "seed \(seed)")
      let sides = try Dichotomies.enumerate(points: points)
      #expect(sides.count == bound, "seed \(seed)")
      #expect(Set(sides).count == bound, "seed \(seed)")
    }
  }

  /// Enumeration by linear programs, counting by recursion in integers and counting in floating point are three ways.
  @Test func threeWaysAgreeOnSmallIntegers() throws {
    for seed in 1...150 as ClosedRange<UInt64> {
      var random = SplitMix(seed: seed)
      let dimension = random.integer(1...4)
      let extent = random.integer(1...4)
      let points = (0..<random.integer(1...12)).map { _ in
        (0..<dimension).map { _ in Double(random.integer(-extent...extent)) }
      }
      let sides = try Dichotomies.enumerate(points: points)
      #expect(Set(sides).count == sides.count, "seed \(seed)")
      #expect(try Dichotomies.count(points: points) == sides.count, "seed \(seed)")
      // A scale that is no decimal takes the integers away.
      let scaled = points.map { point in point.map { $0 / 3.1 } }
      #expect(try Dichotomies.count(points: scaled) == sides.count, "seed \(seed)")
      #expect(try Dichotomies.enumerate(points: scaled).count == sides.count, "seed \(seed)")
    }
  }

  /// On a small grid the planes through few directions give every dichotomy, and each can be tried.
  @Test func dichotomiesAreSeparations() throws {
    let points = (0..<3).flatMap { x in (0..<3).map { y in [Double(x), Double(y)] } }
    var tried: Set<[Bool]> = []
    for a in -6...6 {
      for b in -6...6 {
        for c in -40...40 {
          let values = points.map { Double(a) * $0[0] + Double(b) * $0[1] + Double(c) + 0.5 }
          tried.insert(values.map { $0 > 0 })
        }
      }
    }
    let sides = try Dichotomies.enumerate(points: points)
    #expect(Set(sides.map { side in points.indices.map { side[$0] } }) == tried)
  }

  @Test func oppositesAndRepeatedPoints() throws {
    let points = [[0.1, 0.2], [0.2, 0.4], [0.1, 0.2], [0.3, 0.6], [0.7, -0.1]]
    let sides = try Dichotomies.enumerate(points: points)
    // Three points on a line, as decimals, and one off it: (2 · 3 of the line) and one more bit, of which all is free.
    #expect(sides.count == 14 - 2)
    #expect(try Dichotomies.count(points: points) == sides.count)
    for k in stride(from: 0, to: sides.count, by: 2) {
      for j in points.indices { #expect(sides[k][j] != sides[k + 1][j]) }
      #expect(sides[k][0] == sides[k][2])
      #expect(sides[k].words[0] ^ sides[k + 1].words[0] == 31)
    }
  }

  @Test func invariantUnderAffineMaps() throws {
    for seed in 1...30 as ClosedRange<UInt64> {
      var random = SplitMix(seed: seed)
      let points = (0..<9).map { _ in (0..<2).map { _ in Double(random.integer(-3...3)) } }
      let mapped = points.map { [1000 + 3 * $0[0] - 2 * $0[1], -70 + 5 * $0[0] + 7 * $0[1]] }
      let first = Set(try Dichotomies.enumerate(points: points))
      let second = Set(try Dichotomies.enumerate(points: mapped))
      #expect(first == second, "seed \(seed)")
    }
  }

  @Test func morePointsThanAWord() throws {
    let points = (0..<70).map { [Double($0)] }
    let sides = try Dichotomies.enumerate(points: points)
    #expect(sides.count == 140)
    #expect(sides.contains { side in points.indices.allSatisfy { side[$0] == ($0 < 66) } })
  }

  @Test func boundsOfAnySize() {
    #expect(Dichotomies.upperBound(points: 0, dimension: 3) == 0)
    #expect(Dichotomies.upperBound(points: 1, dimension: 0) == 2)
    #expect(Dichotomies.upperBound(points: 7, dimension: 1) == 14)
    #expect(Dichotomies.upperBound(points: 8, dimension: 2) == 58)
    #expect(Dichotomies.upperBound(points: 10, dimension: 50) == 1024)
    #expect(Dichotomies.upperBound(points: 1_000_000, dimension: 1000) == .infinity)
  }

  @Test func refusesWhatItCannotDo() {
    #expect(throws: DichotomiesError.self) { try Dichotomies.count(points: []) }
    do {
      _ = try Dichotomies.enumerate(points: [[1, 2], [3]])
      Issue.record("accepted")
    } catch {
      #expect("\(error)" == "point 1 has 1 coordinates and point 0 has 2; all must have the same number")
    }
    do {
      _ = try Dichotomies.count(points: [[1, 2], [3, .nan]])
      Issue.record("accepted")
    } catch {
      #expect("\(error)" == "coordinate 1 of point 1 is nan; it must be finite")
    }
    do {
      _ = try Dichotomies.enumerate(points: (0..<10).map { [Double($0)] }, limit: 13)
      Issue.record("accepted")
    } catch {
      #expect("\(error)".contains("more than 13 dichotomies"))
    }
    #expect(throws: Never.self) { try Dichotomies.enumerate(points: (0..<10).map { [Double($0)] }, limit: 20) }
    #expect(throws: Never.self) {
      try Dichotomies.enumerate(points: [[1e300, -1e300], [1e308, 1e308], [-1e308, 0]])
    }
  }
}
