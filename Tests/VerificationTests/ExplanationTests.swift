import Certificates
import Exact
import Networks
import Testing

@testable import Queries
@testable import Verification

/// Why a query is satisfied, and what a proof is made of.
@Suite struct ExplanationTests {
  /// y = relu(x₀) + relu(x₁ − 1) over [−2, 2] × [−2, 2] × {3}.
  private func problem(_ assertion: String) throws -> QueryProblem {
    let text = """
      (vnnlib-version <2.0>)
      (declare-network N (declare-input X real [3]) (declare-output Y real [1]))
      (assert (and (>= X[0] -2.0) (<= X[0] 2.0) (>= X[1] -2.0) (<= X[1] 2.0) (== X[2] 3.0)))
      (assert \(assertion))
      """
    let query = try VNNLIBQuery(text, file: "query.vnnlib")
    let stage = UnitNetwork.Stage(
      name: "hidden", units: [.relu(Problems.sum(1)), .relu(Problems.sum(0, 1, constant: -1))])
    let network = try UnitNetwork(
      inputCount: 3, stages: [stage], outputs: [AffineForm(constant: 0, weights: [1, 1], first: 3)])
    return QueryProblem(
      query: query, tree: try query.normalForm(), network: network,
      places: [.input(0), .input(1), .input(2), .output(0)])
  }

  @Test func witness() throws {
    let problem = try problem("(or (<= Y[0] -1.0) (>= Y[0] 1.5))")
    let explanation = try #require(WitnessExplanation(problem, at: [Rational(7, 4), 0, 3]))
    #expect(explanation.margins.map(\.inequality) == ["Y[0] ≥ 1.5"])
    #expect(explanation.margins.map(\.slack) == [0.25])
    #expect(explanation.positions.map(\.offset) == [0.875, 0, nil])
    #expect(explanation.positions.map(\.names) == [["X[0]"], ["X[1]"], ["X[2]"]])
    // 1.5 ≤ x₀ ≤ 2 and −2 ≤ x₁ ≤ 1: the side of the first unit and a bound of x₁ follow from others.
    let region = try #require(explanation.region)
    #expect(region.inputs == [0, 1] && region.rowCount == 7 && region.halfSpaces.count == 4)
    #expect(Set(region.origins) == [.unit(1), .bound(0), .bound(1), .margin(0)])
    for (inside, point) in [(true, [1.75, 0]), (true, [1.51, -1.9]), (false, [1.4, 0]), (false, [1.75, 1.1])] {
      #expect(region.halfSpaces.allSatisfy { $0.slack(at: point) >= 0 } == inside, "\(point)")
    }
    #expect(abs(try #require(region.radius) - 0.25) < 1e-9)
  }

  @Test func noWitness() throws {
    let problem = try problem("(>= Y[0] 1.5)")
    #expect(WitnessExplanation(problem, at: [0, 0, 3]) == nil)
  }

  /// Products have margins, and no part in the region.
  @Test func products() throws {
    let problem = try problem("(>= (* Y[0] Y[0]) 1.0)")
    let explanation = try #require(WitnessExplanation(problem, at: [2, 2, 3]))
    #expect(explanation.margins.map(\.slack) == [8])
    #expect(explanation.regionNote != nil && explanation.region?.halfSpaces.count == 4)
  }

  @Test func statistics() throws {
    let problem = try problem("(>= Y[0] 4.0)")
    let slopes = SafetyProof.Slopes([0, 0])
    let close = SafetyProof.Step.claim(.init(.nothing, [.init(.requirement(0), 1)]))
    let proof = SafetyProof(steps: [
      .ranges(slopes), .splitInput(1, at: 0), .splitUnit(1), close, close, .splitUnit(1), close, .splitUnit(0), close,
      close,
    ])
    let statistics = ProofStatistics([proof, SafetyProof(steps: [])], of: problem)
    #expect(statistics.cases == 2 && statistics.leaves == 5)
    #expect(statistics.inputSplits == 1 && statistics.unitSplits == 3)
    #expect(statistics.shares.map(\.name) == ["hidden [1]", "X[1]", "hidden [0]"])
    #expect(statistics.shares.map(\.splits) == [2, 1, 1])
  }

  /// The largest value, 3, is taken at a corner.
  @Test func nearMiss() throws {
    let problem = try problem("(>= Y[0] 4.0)")
    let miss = try #require(NearMiss(problem, seed: 3))
    #expect(abs(miss.shortfall - 1) < 1e-6, "\(miss.shortfall) at \(miss.point)")
    #expect(miss.point.count == 3 && miss.point[2] == 3)
    #expect(miss == NearMiss(problem, seed: 3))
  }

  @Test func nothingToSearch() throws {
    let contradiction = try problem("(and (<= Y[0] 0.0) (>= Y[0] 1.0))")
    #expect(contradiction.tree == nil && NearMiss(contradiction, seed: 1) == nil)
    let unbounded = try Problems.problem(
      AssignmentTests.oneInput.replacing("(assert (<= X_0 UPPER))", with: "").replacing("LOWER", with: "0"),
      outputs: [Problems.sum(1)])
    #expect(NearMiss(unbounded, seed: 1) == nil)
  }
}
