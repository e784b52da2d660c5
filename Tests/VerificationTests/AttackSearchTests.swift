import Exact
import Execution
import Networks
import Probability
import Testing

@testable import Queries
@testable import Verification

@Suite struct AttackSearchTests {
  /// What random points reach, the search reaches too; what it returns satisfies the query exactly.
  @Test func plantedPointsAreFound() throws {
    let seed: UInt64 = 5
    for round in 0..<30 {
      var random = RandomSource(seed: seed, index: round)
      let inputs = 2 + round % 4
      let network = try AttackCases.network(inputs, width: 10, outputs: 3, &random)
      let samples = (0..<200).map { _ in network((0..<inputs).map { _ in 2 * random.uniform() - 1 }) }
      let best = try #require(samples.max { $0[0] - $0[1] < $1[0] - $1[1] })
      let bound = Rational(exactly: best[0] - best[1]).roundedDown(bits: 10)
      var text = "(assert (>= Y[0] (+ Y[1] \(Self.decimal(bound)))))\n"
      for input in 0..<inputs { text += "(assert (and (<= X[\(input)] 1.0) (>= X[\(input)] -1.0)))\n" }
      let problem = try AttackCases.problem(network, text)
      let found = AttackCases.witness(problem)
      let witness = try #require(found, "seed \(seed), round \(round)")
      #expect(problem.holds(at: witness.point), "seed \(seed), round \(round)")
      #expect(witness.isStrict, "seed \(seed), round \(round)")
      #expect(witness.point.allSatisfy { NumberFormat.single.contains($0) }, "seed \(seed), round \(round)")
      #expect(AttackCases.witness(problem) == found, "seed \(seed), round \(round): not the same twice")
    }
  }

  /// A multiple of 2⁻¹⁰ has ten decimals.
  private static func decimal(_ value: Rational) -> String {
    let scaled = Int((value * Rational(1 << 10)).nearbyDouble) * 9_765_625
    let digits = String(abs(scaled))
    let padded = String(repeating: "0", count: max(0, 11 - digits.count)) + digits
    return (scaled < 0 ? "-" : "") + padded.dropLast(10) + "." + padded.suffix(10)
  }

  @Test func nothingIsFoundWhereThereIsNothing() throws {
    for assertion in ["(<= Y[0] -0.5)", "(>= Y[0] 1.0000001)", "(> Y[0] X[0])"] {
      let problem = try AttackCases.problem(
        AttackCases.identity(), "(assert (and (<= X[0] 1.0) (>= X[0] 0.0)))\n(assert \(assertion))")
      #expect(AttackCases.witness(problem) == nil, "\(assertion)")
    }
  }

  /// Several requirements at once, one of them on the inputs alone, and a product.
  @Test func requirementsOnInputsAndProductsAreMet() throws {
    let network = try UnitNetwork(
      inputCount: 2,
      stages: [
        UnitNetwork.Stage(
          name: "relu",
          units: [
            .relu(AffineForm(constant: 0, weights: [1, -1], first: 0)),
            .relu(AffineForm(constant: 0, weights: [-1, 1], first: 0)),
          ])
      ],
      outputs: [AffineForm(constant: 0, weights: [1, 1], first: 2)])
    let problem = try AttackCases.problem(
      network,
      """
      (assert (and (<= X[0] 1.0) (>= X[0] -1.0) (<= X[1] 1.0) (>= X[1] -1.0)))
      (assert (<= (+ X[0] X[1]) -0.3))
      (assert (>= Y[0] 1.6))
      (assert (>= (* X[0] X[1]) -0.65))
      """)
    let found = try #require(AttackCases.witness(problem, effort: .init(restarts: 8, steps: 30, climbs: 4, rounds: 20)))
    #expect(problem.holds(at: found.point))
    #expect(found.isStrict)
  }

  @Test func aPartOfTheBoxAndACancellationAreHeeded() throws {
    let problem = try AttackCases.problem(
      AttackCases.identity(), "(assert (and (<= X[0] 1.0) (>= X[0] 0.0)))\n(assert (>= Y[0] 0.25))")
    let program = StageProgram(problem.network)
    var item: QueryCase?
    _ = problem.tree?.forEachCase(limit: 1) { item = $0 }
    let first = try #require(item)
    let search = try #require(WitnessSearch(problem, program, first))
    let part = [Interval(lower: 0.5, upper: 0.75)]
    let found = try #require(search.run(.short(for: program), in: part, seed: 3))
    #expect(found.point[0] >= Rational(1, 2) && found.point[0] <= Rational(3, 4))
    let stopped = Cancellation()
    stopped.cancel()
    let none = try AttackCases.problem(
      AttackCases.identity(), "(assert (and (<= X[0] 1.0) (>= X[0] 0.0)))\n(assert (>= Y[0] 2.0))")
    _ = none.tree?.forEachCase(limit: 1) { item = $0 }
    let second = try #require(item)
    let hopeless = try #require(WitnessSearch(none, program, second))
    let endless = WitnessSearch.Effort(restarts: .max, steps: 10, climbs: 1, rounds: 10)
    #expect(hopeless.run(endless, seed: 1, cancellation: stopped) == nil)
  }
}
