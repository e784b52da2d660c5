import Exact
import Probability
import Testing

@testable import Representation

@Suite struct ApproximationErrorTests {
  /// x² has second derivative 2, and its chord is off by exactly h²/4 in the middle.
  @Test func theBoundOfAChordIsAttained() throws {
    #expect(try InterpolationError.bound(spacing: 3, curvature: 2) == Rational(9, 4))
    let samples = [0, 1, 4].map { BrokenLine.Point(Rational($0), Rational($0 * $0)) }
    let line = try BrokenLine(points: samples)
    #expect(try InterpolationError.bound(of: line, from: samples, curvature: 2) == Rational(9, 4))
    let middle = Rational(5, 2)
    #expect(line(middle) - middle * middle == Rational(9, 4))
  }

  @Test(arguments: 0..<20) func theBoundHoldsForParabolas(seed: Int) throws {
    var random = RandomSource(seed: UInt64(seed))
    let factor = random.lineNumber(size: 4, denominators: 3)
    let samples = (0...6).map { index in
      let x = Rational(index) + (index % 2 == 0 ? 0 : Rational(random.index(below: 5), 9))
      return BrokenLine.Point(x, factor * x * x - x)
    }
    let line = try random.brokenLine(count: 6)
    let bound = try InterpolationError.bound(of: line, from: samples, curvature: (2 * factor).magnitude)
    for step in 0...120 {
      let x = samples[6].x * Rational(step, 120)
      #expect((line(x) - (factor * x * x - x)).magnitude <= bound, "seed \(seed)")
    }
  }

  /// A line may agree at all samples and be far off between them: the bound must know.
  @Test func detoursCount() throws {
    let samples = [BrokenLine.Point(0, 0), .init(2, 0)]
    let spike = try BrokenLine(points: [.init(0, 0), .init(1, 10), .init(2, 0)])
    #expect(try InterpolationError.bound(of: spike, from: samples, curvature: 0) == 10)
    let raised = BrokenLine(slope: 0, constant: 3)
    #expect(try InterpolationError.bound(of: raised, from: samples, curvature: 1) == Rational(7, 2))
    #expect(try InterpolationError.bound(of: raised, from: [.init(0, 1)], curvature: 1) == 2)
  }

  /// |x|² on a cell has eigenvalues 2 and its largest error in the middle of the diagonal, d²/4.
  @Test func theBoundOfAGridIsAttained() throws {
    let axes: [[Rational]] = [[0, 1, 3], [0, Rational(1, 2), 1], [-1, 1]]
    let bound = try InterpolationError.bound(grid: axes, curvature: 2)
    #expect(bound == (4 + Rational(1, 4) + 4) / 4)
    let low: [Rational] = [1, 0, -1]
    let high: [Rational] = [3, Rational(1, 2), 1]
    func square(_ point: [Rational]) -> Rational { point.reduce(.zero) { $0 + $1 * $1 } }
    let middle = zip(low, high).map { ($0 + $1) / 2 }
    #expect((square(low) + square(high)) / 2 - square(middle) == bound)
  }

  @Test func badQuestionsAreRefused() {
    #expect(throws: RepresentationError.self) { try InterpolationError.bound(spacing: 1, curvature: -1) }
    #expect(throws: RepresentationError.self) { try InterpolationError.bound(grid: [[0, 1], [2]], curvature: 1) }
    let error = #expect(throws: RepresentationError.self) {
      try InterpolationError.bound(grid: [[0, 1], [2, 2]], curvature: 1)
    }
    #expect(error?.description.contains("axis 1") == true)
    let line = BrokenLine(slope: 0, constant: 0)
    #expect(throws: RepresentationError.self) { try InterpolationError.bound(of: line, from: [], curvature: 1) }
    #expect(throws: RepresentationError.self) {
      try InterpolationError.bound(of: line, from: [.init(1, 0), .init(0, 0)], curvature: 1)
    }
  }
}
