import Exact
import Probability
import Testing

@testable import Representation

/// Whether obstacles prove that every function within an error of a line on an interval has so many breakpoints.
private func proves(
  _ obstacles: [UniformObstacle], _ breakpoints: Int, within error: Rational, of line: BrokenLine,
  on interval: ClosedRange<Rational>
) -> Bool {
  let isEach = obstacles.allSatisfy { obstacle in
    let sign: Rational = obstacle.bend == .concave ? 1 : -1
    let target = sign * line
    let x = obstacle.inputs
    guard x.count == 3, x.allSatisfy(interval.contains), x[0] < x[1], x[1] < x[2] || (x[1] == x[2] && error == 0) else {
      return false
    }
    let slope = (target(x[1]) - target(x[0]) - 2 * error) / (x[1] - x[0])
    let end = target(x[0]) + error + slope * (x[2] - x[0])
    if end > target(x[2]) + error { return true }
    // The line reaches the limit at c, and is above it just beyond.
    let index = target.breakpointCount(before: x[2], orAt: true)
    return end == target(x[2]) + error && slope > target.slopes[index] && x[2] < interval.upperBound
  }
  let areApart = [UniformObstacle.Bend.concave, .convex].allSatisfy { bend in
    let own = obstacles.filter { $0.bend == bend }
    return zip(own, own.dropFirst()).allSatisfy { $0.inputs[2] <= $1.inputs[0] }
  }
  return isEach && areApart && obstacles.count == breakpoints
}

@Suite struct ApproximationLineTests {
  @Test(arguments: 0..<40) func theBestIsProved(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let line = try random.brokenLine(count: 3 + random.index(below: 10))
    let interval = Rational(-4)...Rational(12)
    let tolerance = Rational(1, 1 << 20)
    for pieces in 1...5 {
      let best = try UniformApproximation.best(of: line, on: interval, pieces: pieces, tolerance: tolerance)
      #expect(best.function.pieces <= pieces, "seed \(seed)")
      #expect(best.error == best.function.largestDistance(to: line, on: interval), "seed \(seed)")
      #expect(best.error - best.lowerBound <= tolerance, "seed \(seed)")
      #expect(
        best.lowerBound.signum == 0
          || proves(best.obstacles, pieces, within: best.lowerBound, of: line, on: interval), "seed \(seed)")
      // Fewer demands are met at least as well: those at samples alone.
      let samples = (0...32).map { -4 + Rational($0, 2) }.map { BrokenLine.Point($0, line($0)) }
      #expect(try UniformApproximation.best(of: samples, pieces: pieces).error <= best.error, "seed \(seed)")
      let fewest = try FewestPieces.fit(line: line, on: interval, error: best.error)
      #expect(fewest.pieces <= pieces, "seed \(seed)")
      #expect(fewest.error <= best.error, "seed \(seed)")
      #expect(proves(fewest.obstacles, fewest.pieces - 1, within: best.error, of: line, on: interval), "seed \(seed)")
    }
  }

  @Test func hats() throws {
    let hat = try BrokenLine(points: [.init(0, 0), .init(1, 1), .init(2, 0)])
    let tolerance = Rational(1, 1000)
    let one = try UniformApproximation.best(of: hat, on: 0...2, pieces: 1, tolerance: tolerance)
    #expect(one.error == Rational(1, 2))
    #expect(one.lowerBound >= Rational(1, 2) - tolerance)
    let two = try UniformApproximation.best(of: hat, on: 0...2, pieces: 2, tolerance: tolerance)
    #expect(two.error == 0)
    #expect(two.function == hat)
    let point = try UniformApproximation.best(of: hat, on: 1...1, pieces: 1, tolerance: tolerance)
    #expect(point.error == 0)
    #expect(try FewestPieces.fit(line: hat, on: 0...2, error: 0).function == hat)
    #expect(try FewestPieces.fit(line: hat, on: 0...2, error: Rational(1, 2)).pieces == 1)
    #expect(try FewestPieces.fit(line: hat, on: 0...2, error: Rational(499, 1000)).pieces == 2)
  }

  /// With error 0 every piece on the interval counts.
  @Test func nothingIsSparedWithoutError() throws {
    let line = try LineFixture.uniformSawtooth(width: 3, depth: 3)
    let fewest = try FewestPieces.fit(line: line, on: 0...1, error: 0)
    #expect(fewest.pieces == 27)
    #expect(fewest.error == 0)
    // Each tooth but the steps between needs its bend until the error swallows all of them.
    #expect(try FewestPieces.fit(line: line, on: 0...1, error: Rational(49, 100)).pieces == 27)
    #expect(try FewestPieces.fit(line: line, on: 0...1, error: Rational(1, 2)).pieces == 1)
  }

  @Test func badQuestionsAreRefused() {
    let line = BrokenLine(slope: 1, constant: 0)
    #expect(throws: RepresentationError.self) {
      try UniformApproximation.best(of: line, on: 0...1, pieces: 0, tolerance: 1)
    }
    #expect(throws: RepresentationError.self) {
      try UniformApproximation.best(of: line, on: 0...1, pieces: 1, tolerance: 0)
    }
    #expect(throws: RepresentationError.self) { try FewestPieces.fit(line: line, on: 0...1, error: -1) }
  }
}
