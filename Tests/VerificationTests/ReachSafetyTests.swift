import Exact
import Foundation
import Networks
import PiecewiseLinear
import Probability
import Queries
import Testing

@testable import Verification

@Suite struct ReachSafetyTests {
  private func check(_ assertions: String, _ network: UnitNetwork) throws -> (ReachSafety.Result, QueryProblem) {
    let problem = try ReachCases.problem(assertions, network)
    let question = try ReachQuestion(problem)
    let part = try #require(question.parts.first)
    #expect(question.parts.count == 1)
    let result = try ReachSafety(question).check(part)
    for violation in result.violations { #expect(problem.holds(at: violation.point)) }
    return (result, problem)
  }

  /// y₀ = x₀, y₁ = 2 − x₀, through hinges.
  private func lines() throws -> UnitNetwork {
    try UnitNetwork(
      inputCount: 1,
      stages: [
        .init(
          name: "hinges",
          units: [.relu(AffineForm(value: 0)), .relu(AffineForm(constant: 2, weights: [-1], first: 0))])
      ],
      outputs: [AffineForm(value: 1), AffineForm(value: 2)])
  }

  static let interval = "(assert (>= X_0 0)) (assert (<= X_0 2))"

  @Test(arguments: [
    // At an end of the box, at a corner in its middle, and nowhere.
    ("(assert (>= Y_0 2))", true), ("(assert (> Y_0 2))", false), ("(assert (>= Y_0 2.0000000000000000001))", false),
    ("(assert (>= Y_0 1.9999999999999999999))", true), ("(assert (> Y_0 1.9999999999999999999))", true),
    ("(assert (and (>= Y_0 1) (>= Y_1 1)))", true), ("(assert (and (>= Y_0 1) (> Y_1 1)))", false),
    ("(assert (and (>= Y_0 1) (>= Y_1 1.00000000000000000001)))", false),
    ("(assert (or (> Y_0 2) (and (>= Y_0 1) (<= Y_0 1))))", true), ("(assert (<= (+ Y_0 Y_1) 2))", true),
    ("(assert (< (+ Y_0 Y_1) 2))", false), ("(assert (>= X_0 0))", true),
  ])
  func tiesAreDecided(assertion: String, isUnsafe: Bool) throws {
    let (result, _) = try check(Self.interval + assertion, lines())
    #expect(result.isComplete)
    #expect(result.violations.isEmpty == !isUnsafe, "\(assertion)")
    #expect(result.isSafe == !isUnsafe)
  }

  /// Just above and just below the exact maximum, and at it, strictly or not.
  @Test func aroundTheExactMaximum() throws {
    for seed in 0..<5 {
      var random = RandomSource(seed: UInt64(seed), index: 4)
      let network = try ReachCases.network([2, 6, 4, 1], &random)
      let set = try ReachableSet(of: network, in: .box(lower: [-1, -1], upper: [1, 0.5]))
      let range = try set.outputRanges().ranges[0]
      let top = try #require(range.maximum.value)
      let count = try set.forEachPiece { _ in }.activationRegions
      let box = "(assert (>= X_0 -1)) (assert (<= X_0 1)) (assert (>= X_1 -1)) (assert (<= X_1 0.5))"
      // Thresholds as doubles on both sides; equal when the maximum is a double.
      for (threshold, relation, isUnsafe) in [
        (top.roundedDown, ">=", true), (top.roundedUp.nextUp, ">=", false), (top.roundedDown.nextDown, ">", true),
        (top.roundedUp, ">", false),
      ] {
        // All digits: the shortest decimal that reads back is another rational.
        let digits = String(format: "%.60f", threshold)
        let (result, _) = try check(box + "(assert (\(relation) Y_0 \(digits)))", network)
        #expect(result.violations.isEmpty == !isUnsafe, "seed \(seed), \(relation) \(threshold)")
        #expect(result.pieces == count, "seed \(seed)")
      }
    }
  }

  /// Which pieces meet a half-plane, against their corners.
  @Test func piecesThatMeetAHalfPlane() throws {
    for seed in 0..<5 {
      var random = RandomSource(seed: UInt64(seed), index: 5)
      let network = try ReachCases.network([3, 7, 4, 2], &random)
      let set = try ReachableSet(of: network, in: .box(lower: [-1, -1, 0.5], upper: [1, 1, 0.5]))
      let ranges = try set.outputRanges().ranges
      let level = (ranges[0].approximation.lower + 2 * ranges[0].approximation.upper) / 3 + 1e-7
      var meeting: [ActivationPattern] = []
      try set.forEachPiece { piece in
        if try #require(piece.extent(of: [(0, 1)])).upperBound > level { meeting.append(piece.pattern) }
      }
      let box = [0, 1].map { "(assert (>= X_\($0) -1)) (assert (<= X_\($0) 1))" }.joined()
      let (result, _) = try check(box + "(assert (= X_2 0.5)) (assert (>= Y_0 \(level)))", network)
      #expect(result.violations.map(\.pattern) == meeting, "seed \(seed)")
    }
  }

  /// 0.3 is no double: the box is a step wider than the query's, and the answer is about the query.
  @Test func heldAtADecimal() throws {
    let identity = try UnitNetwork(inputCount: 1, stages: [], outputs: [AffineForm(value: 0)])
    let (result, problem) = try check("(assert (= X_0 0.3)) (assert (<= Y_0 0.3))", identity)
    #expect(result.violations.first?.point == [Rational(3, 10)])
    #expect(problem.query.elementCount == 2)
    #expect(try check("(assert (= X_0 0.3)) (assert (< Y_0 0.3))", identity).0.isSafe)
  }

  @Test func partsAndRefusals() throws {
    let network = try lines()
    let two =
      "(assert (or (and (>= X_0 0) (<= X_0 1) (>= Y_0 3)) (and (>= X_0 1) (<= X_0 2) (>= Y_0 1.5))"
      + " (and (>= X_0 0) (<= X_0 1) (<= Y_0 -1))))"
    let question = try ReachQuestion(ReachCases.problem(two, network))
    #expect(question.parts.map(\.cases.count) == [2, 1])
    let safety = ReachSafety(question)
    #expect(try safety.check(question.parts[0]).isSafe)
    #expect(try safety.check(question.parts[1]).violations.count == 1)
    #expect(throws: ReachError.self) {
      try ReachQuestion(ReachCases.problem("(assert (>= X_0 0)) (assert (>= Y_0 0))", network))
    }
    #expect(throws: ReachError.self) {
      try ReachQuestion(ReachCases.problem(Self.interval + "(assert (>= (* Y_0 Y_1) 0))", network))
    }
    #expect(throws: ReachError.self) { try ReachQuestion(ReachCases.problem(two, network), caseLimit: 2) }
    let empty = "(assert (>= X_0 1)) (assert (<= X_0 0)) (assert (>= Y_0 0))"
    #expect(try ReachQuestion(ReachCases.problem(empty, network)).parts.isEmpty)
  }
}
