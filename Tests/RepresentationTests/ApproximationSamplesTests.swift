import Exact
import Polyhedra
import Probability
import Testing

@testable import Representation

/// Checks a proof without trusting the search: each obstacle is one to every smaller error, and they ask for different
/// breakpoints.
private func proves(
  _ obstacles: [UniformObstacle], _ breakpoints: Int, within error: Rational, of samples: [BrokenLine.Point]
) -> Bool {
  let isEach = obstacles.allSatisfy { obstacle in
    let sign: Rational = obstacle.bend == .concave ? 1 : -1
    // The sample that says most at each of the three inputs, turned so that the bend is concave.
    let ends = obstacle.inputs.indices.compactMap { corner in
      samples.filter { $0.x == obstacle.inputs[corner] }.map { (corner == 1 ? -sign : sign) * $0.y }.min()
    }
    guard ends.count == 3 else { return false }
    let x = obstacle.inputs
    let chord = ends[0] + (ends[2] - ends[0]) * (x[1] - x[0]) / (x[2] - x[0])
    return x[0] < x[1] && x[1] < x[2] && -ends[1] - chord >= 2 * error
  }
  let areApart = [UniformObstacle.Bend.concave, .convex].allSatisfy { bend in
    let own = obstacles.filter { $0.bend == bend }
    return zip(own, own.dropFirst()).allSatisfy { $0.inputs[2] <= $1.inputs[0] }
  }
  return isEach && areApart && obstacles.count == breakpoints
}

@Suite struct ApproximationSamplesTests {
  private static func samples(_ values: [Int]) -> [BrokenLine.Point] {
    values.enumerated().map { .init(Rational($0.offset), Rational($0.element)) }
  }

  /// The smallest error with breakpoints in different gaps, by linear programs: one for each choice of the gaps and of
  /// the sides that neighbouring lines cross from, each solved by listing the vertices.
  private static func leastError(_ samples: [BrokenLine.Point], pieces: Int) -> Rational? {
    let count = samples.count
    let dimension = 2 * pieces + 1
    /// sign · (line piece at x) + slack · ε ≤ bound
    func row(_ terms: [(piece: Int, sign: Rational)], _ x: Rational, slack: Rational, _ bound: Rational)
      -> ExactHalfSpace
    {
      var normal = [Rational](repeating: 0, count: dimension)
      for term in terms {
        normal[2 * term.piece] += term.sign * x
        normal[2 * term.piece + 1] += term.sign
      }
      normal[dimension - 1] = slack
      return ExactHalfSpace(normal: normal, offset: bound)
    }
    var best: Rational?
    func search(_ gaps: [Int]) {
      guard gaps.count < pieces - 1 else {
        for signs in 0..<(1 << gaps.count) {
          var rows: [ExactHalfSpace] = []
          for (index, sample) in samples.enumerated() {
            let piece = gaps.filter { $0 < index }.count
            rows.append(row([(piece, 1)], sample.x, slack: -1, sample.y))
            rows.append(row([(piece, -1)], sample.x, slack: -1, -sample.y))
          }
          for (index, gap) in gaps.enumerated() {
            let sign: Rational = signs >> index & 1 == 1 ? 1 : -1
            rows.append(row([(index, sign), (index + 1, -sign)], samples[gap].x, slack: 0, 0))
            rows.append(row([(index, -sign), (index + 1, sign)], samples[gap + 1].x, slack: 0, 0))
          }
          let epsilon = AffineFunction(gradient: (0..<dimension).map { $0 == dimension - 1 ? 1 : 0 }, constant: 0)
          let least = ExactPolyhedron(dimension: dimension, halfSpaces: rows).minimum(of: epsilon)
          if let least, best.map({ least < $0 }) ?? true { best = least }
        }
        return
      }
      for gap in 0..<(count - 1) where gaps.allSatisfy({ $0 < gap }) { search(gaps + [gap]) }
    }
    search([])
    return best
  }

  /// Two breakpoints in one gap let both sides be fitted alone.
  private static func leastErrorOfThree(_ samples: [BrokenLine.Point]) -> Rational? {
    let apart = (0..<(samples.count - 1)).compactMap { gap -> Rational? in
      guard let left = leastError(Array(samples[...gap]), pieces: 1),
        let right = leastError(Array(samples[(gap + 1)...]), pieces: 1)
      else { return nil }
      return max(left, right)
    }
    return ([leastError(samples, pieces: 3)] + apart).compactMap { $0 }.min()
  }

  @Test(arguments: 0..<30) func agreesWithLinearPrograms(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    var x = Rational.zero
    let samples = (0..<(4 + seed % 3)).map { _ in
      x += Rational(1 + random.index(below: 3))
      return BrokenLine.Point(x, random.lineNumber(size: 5))
    }
    for pieces in 1...2 {
      let best = try UniformApproximation.best(of: samples, pieces: pieces)
      #expect(best.error == Self.leastError(samples, pieces: pieces), "seed \(seed), \(pieces) pieces")
    }
    if samples.count <= 5 {
      let best = try UniformApproximation.best(of: samples, pieces: 3)
      #expect(best.error == Self.leastErrorOfThree(samples), "seed \(seed), 3 pieces")
    }
  }

  @Test(arguments: 0..<60) func theBestIsProved(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let samples = (0..<(3 + random.index(below: 40))).map { _ in
      BrokenLine.Point(
        random.lineNumber(size: 15, denominators: 1 + seed % 3), random.lineNumber(size: 9, denominators: 2))
    }
    for pieces in 1...6 {
      let best = try UniformApproximation.best(of: samples.shuffled(using: &random), pieces: pieces)
      #expect(best.function.pieces <= pieces, "seed \(seed)")
      #expect(best.error == best.lowerBound, "seed \(seed)")
      #expect(samples.allSatisfy { ($0.y - best.function($0.x)).magnitude <= best.error }, "seed \(seed)")
      if let input = best.ambiguousInput {
        let outputs = samples.filter { $0.x == input }.map(\.y).sorted()
        #expect(outputs[outputs.count - 1] - outputs[0] == 2 * best.error, "seed \(seed)")
      } else if best.error.signum > 0 {
        #expect(proves(best.obstacles, pieces, within: best.error, of: samples), "seed \(seed)")
      }
      let fewest = try FewestPieces.fit(samples: samples, error: best.error)
      #expect(fewest.pieces <= pieces, "seed \(seed)")
      #expect(fewest.error <= best.error, "seed \(seed)")
      #expect(proves(fewest.obstacles, fewest.pieces - 1, within: best.error, of: samples), "seed \(seed)")
    }
  }

  @Test func smallExamples() throws {
    let best = try UniformApproximation.best(of: Self.samples([0, 2, 0, 1]), pieces: 2)
    #expect(best.error == Rational(3, 4))
    #expect(best.obstacles.count == 2)
    #expect(try UniformApproximation.best(of: Self.samples([0, 2, 0, 1]), pieces: 1).error == 1)
    let exact = try UniformApproximation.best(of: Self.samples([0, 2, 0, 1]), pieces: 3)
    #expect(exact.error == 0)
    #expect(exact.obstacles.isEmpty)
    let single = try UniformApproximation.best(of: [.init(2, 7)], pieces: 3)
    #expect(single.function == BrokenLine(slope: 0, constant: 7))
    // Breakpoints between samples: two lines through five points each, which cross at 9/2.
    let roof = (0..<10).map { BrokenLine.Point(Rational($0), Rational(min($0, 9 - $0))) }
    let fit = try UniformApproximation.best(of: roof, pieces: 2)
    #expect(fit.error == 0)
    #expect(fit.function.breakpoints == [Rational(9, 2)])
    let double = try UniformApproximation.best(of: roof + [.init(3, 5)], pieces: 2)
    #expect(double.error == 1)
    #expect(double.ambiguousInput == 3)
  }

  @Test func badQuestionsAreRefused() {
    let samples = Self.samples([0, 1])
    #expect(throws: RepresentationError.self) { try UniformApproximation.best(of: [], pieces: 1) }
    #expect(throws: RepresentationError.self) { try UniformApproximation.best(of: samples, pieces: 0) }
    #expect(throws: RepresentationError.self) { try FewestPieces.fit(samples: samples, error: -1) }
    #expect(throws: RepresentationError.self) { try FewestPieces.fit(samples: [], error: 1) }
    #expect(throws: RepresentationError.self) { try FewestPieces.fit(samples: samples + [.init(0, 3)], error: 1) }
  }
}
