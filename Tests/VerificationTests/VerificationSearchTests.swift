import Certificates
import Exact
import Execution
import Networks
import PiecewiseLinear
import Probability
import Testing

@testable import Queries
@testable import Verification

/// The search against the exact extrema of random networks, and its proofs against the checker.
@Suite struct VerificationSearchTests {
  /// A random network of ReLUs with weights of a few bits.
  static func network(_ inputs: Int, widths: [Int], outputs: Int, _ random: inout RandomSource) throws -> UnitNetwork {
    var first = 0
    var count = inputs
    func form(_ random: inout RandomSource) -> AffineForm {
      AffineForm(
        constant: Double(random.index(below: 33) - 16) / 16,
        weights: (0..<count).map { _ in Double(random.index(below: 65) - 32) / 16 }, first: first)
    }
    var stages: [UnitNetwork.Stage] = []
    for (index, width) in widths.enumerated() {
      stages.append(UnitNetwork.Stage(name: "layer \(index)", units: (0..<width).map { _ in .relu(form(&random)) }))
      first = first + count
      count = width
    }
    return try UnitNetwork(inputCount: inputs, stages: stages, outputs: (0..<outputs).map { _ in form(&random) })
  }

  /// X in [−1, 1]ⁿ, and what is asserted of Y.
  static func problem(_ network: UnitNetwork, _ assertions: String) throws -> QueryProblem {
    let inputs = network.inputCount
    let outputs = network.outputs.count
    var text =
      "(vnnlib-version <2.0>)\n(declare-network N (declare-input X real [\(inputs)]) (declare-output Y real [\(outputs)]))\n"
    for input in 0..<inputs { text += "(assert (and (<= X[\(input)] 1.0) (>= X[\(input)] -1.0)))\n" }
    let query = try VNNLIBQuery(text + assertions, file: "test")
    let places = (0..<inputs).map { QueryProblem.Place.input($0) } + (0..<outputs).map { .output($0) }
    return QueryProblem(query: query, tree: try query.normalForm(), network: network, places: places)
  }

  /// The largest value of the first output over [−1, 1]ⁿ, exactly.
  static func maximum(_ network: UnitNetwork) throws -> Rational {
    let ends = Array(repeating: 1.0, count: network.inputCount)
    let (ranges, _) = try RegionEnumeration(network, in: .box(lower: ends.map { -$0 }, upper: ends)).outputRanges()
    return try #require(ranges[0].maximum.value)
  }

  static func search(threads: Int = 2) -> VerificationSearch {
    var search = VerificationSearch()
    search.attacks = false
    search.keepsProof = true
    search.threads = threads
    return search
  }

  static func check(_ verdict: Verdict, _ problem: QueryProblem) throws {
    let file = SafetyCertificate.File(name: "", path: "", digest: "")
    let claim: SafetyCertificate.Verdict
    switch verdict {
    case .satisfiable(let witness): claim = .satisfiable(point: witness.point)
    case .unsatisfiable(let proofs): claim = .unsatisfiable(proofs: try #require(proofs))
    case .unknown, .stopped: throw CertificateError(at: "verdict", "there is none")
    }
    _ = try SafetyChecker().check(SafetyCertificate(query: file, networks: [], verdict: claim), problem: problem)
  }

  @Test(arguments: 0..<40) func decidesOnEitherSideOfTheMaximum(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let inputs = 1 + Int(seed % 3)
    let network = try Self.network(inputs, widths: [6, 5, 4], outputs: 1, &random)
    let maximum = try Self.maximum(network)
    for (shift, isSatisfiable) in [(Rational(-1, 1000), true), (Rational(1, 1000), false)] {
      let problem = try Self.problem(network, "(assert (>= Y[0] \((maximum + shift).doubleValue)))")
      let result = Self.search().run(problem)
      switch result.verdict {
      case .satisfiable: #expect(isSatisfiable, "seed \(seed)")
      case .unsatisfiable: #expect(!isSatisfiable, "seed \(seed)")
      default: Issue.record("seed \(seed): \(result.verdict)")
      }
      try Self.check(result.verdict, problem)
    }
  }

  @Test(arguments: 0..<20) func disjunctionsAndConjunctions(seed: UInt64) throws {
    var random = RandomSource(seed: 100 + seed)
    let network = try Self.network(2, widths: [8, 6], outputs: 3, &random)
    let problem = try Self.problem(
      network, "(assert (or (and (<= Y[0] Y[1]) (<= Y[0] Y[2])) (and (>= Y[0] 3.5) (<= (+ Y[1] Y[2]) -1.0))))")
    let result = Self.search().run(problem)
    try Self.check(result.verdict, problem)
    // A point of a grid that satisfies the query refutes an unsat.
    if case .unsatisfiable = result.verdict {
      for a in -8...8 {
        for b in -8...8 { #expect(!problem.holds(at: [Rational(a, 8), Rational(b, 8)]), "seed \(seed)") }
      }
    }
  }

  @Test func threadsDoNotMatter() throws {
    var random = RandomSource(seed: 7)
    let network = try Self.network(3, widths: [12, 12, 12], outputs: 1, &random)
    let maximum = try Self.maximum(network)
    let problem = try Self.problem(network, "(assert (>= Y[0] \((maximum + Rational(1, 100)).doubleValue)))")
    let results = [1, 2, 3].map { Self.search(threads: $0).run(problem) }
    guard case .unsatisfiable(let proofs) = results[0].verdict else {
      Issue.record("\(results[0].verdict)")
      return
    }
    for result in results.dropFirst() {
      guard case .unsatisfiable(let others) = result.verdict else {
        Issue.record("\(result.verdict)")
        return
      }
      #expect(proofs == others)
      #expect(result.effort == results[0].effort)
    }
  }

  @Test func contradictionsAndEmptyBoxesAreUnsatisfiable() throws {
    var random = RandomSource(seed: 8)
    let network = try Self.network(2, widths: [3], outputs: 1, &random)
    for assertions in ["(assert (>= X[0] 2.0))", "(assert (and (> Y[0] 1.0) (< Y[0] 1.0)))"] {
      let problem = try Self.problem(network, assertions)
      let result = Self.search().run(problem)
      guard case .unsatisfiable = result.verdict else {
        Issue.record("\(result.verdict)")
        return
      }
      try Self.check(result.verdict, problem)
    }
  }

  @Test func aTimeLimitStopsTheSearch() throws {
    var random = RandomSource(seed: 9)
    let network = try Self.network(6, widths: [60, 60, 60], outputs: 1, &random)
    let problem = try Self.problem(network, "(assert (and (>= Y[0] 0.25) (<= Y[0] 0.25)))")
    let result = Self.search().run(problem, cancellation: Cancellation(timeLimit: 0))
    guard case .stopped = result.verdict else {
      Issue.record("\(result.verdict)")
      return
    }
  }
}
