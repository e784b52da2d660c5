import Exact
import Execution
import Networks
import Probability

import Testing

@testable import Certificates
@testable import Queries
@testable import Verification

@Suite struct DualSearchTests {
  /// A case: inputs in [−1, 1], the second also fixed, outputs at least the given values.
  private func item(_ network: UnitNetwork, atLeast values: [Double], errors: Bool = false) -> RelaxedCase {
    var box = Array(repeating: Interval(lower: -1, upper: 1), count: network.inputCount)
    box[1] = Interval(0.25)
    return RelaxedCase(
      box: box,
      requirements: zip(network.outputs, values).map { form, value in
        let error = errors ? [AffineForm.Term(value: network.inputCount, weight: 1e-9)] : []
        return Requirement(
          form: AffineForm(constant: form.constant - value, terms: form.terms), errors: error, products: [])
      })
  }

  /// Whether a point satisfies a case without errors, exactly.
  private func holds(_ item: RelaxedCase, _ network: UnitNetwork, _ point: [Double]) -> Bool {
    guard zip(item.box, point).allSatisfy({ $0.lower <= $1 && $1 <= $0.upper }) else { return false }
    let outputs = network.exactOutputs(at: point.map { Rational(exactly: $0) })
    return zip(network.outputs, zip(outputs, item.requirements)).allSatisfy { form, pair in
      let shift = Rational(exactly: pair.1.form.constant) - Rational(exactly: form.constant)
      return (pair.0 + shift).signum >= 0
    }
  }

  private func run(
    _ network: UnitNetwork, _ items: [RelaxedCase], threads: Int = 1
  ) -> (endings: [DualSearch.Ending], nodes: Int) {
    var nodes = 0
    let endings = DualSearch(program: StageProgram(network), threads: threads, keepsProof: true).run(
      items, accepts: { holds(items[$0], network, $1) }, report: { count, _ in nodes = count },
      cancellation: Cancellation(timeLimit: 60))
    return (endings, nodes)
  }

  /// The outputs at some points of the box, and the largest of each.
  private func largest(_ network: UnitNetwork, _ random: inout RandomSource) -> [Double] {
    let program = StageProgram(network)
    var values = Array(repeating: 0.0, count: program.valueCount)
    var forms = Array(repeating: 0.0, count: program.unitCount)
    var result = network.outputs.map { _ in -Double.infinity }
    for _ in 0..<500 {
      for input in 0..<network.inputCount { values[input] = input == 1 ? 0.25 : 2 * random.uniform() - 1 }
      program.evaluate(&values, forms: &forms)
      for (index, output) in network.outputs.enumerated() {
        result[index] = max(result[index], output.terms.reduce(output.constant) { $0 + $1.weight * values[$1.value] })
      }
    }
    return result
  }

  private func check(_ ending: DualSearch.Ending, of item: RelaxedCase, _ network: UnitNetwork, mayHold: Bool?) throws {
    switch ending {
    case .closed(let proof):
      #expect(mayHold != true)
      var walk = ProofWalk(try FlatNetwork(network))
      try walk.run(try #require(proof), of: item, place: "case")
    case .found(let point):
      #expect(mayHold != false)
      #expect(holds(item, network, point))
    case .stuck(let reason):
      Issue.record("stuck: \(reason)")
    case .stopped:
      Issue.record("stopped")
    }
  }

  @Test(arguments: 0..<24)
  func proofsAndPointsAreRight(_ seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    let network = try randomNetwork(inputs: 5 + random.index(below: 4), widths: seed % 3 == 0 ? [14] : [8, 7], &random)
    let largest = largest(network, &random)
    for raise in [-0.2, 0.3, 1, 4] {
      let item = item(network, atLeast: [largest[0] + raise])
      try check(run(network, [item]).endings[0], of: item, network, mayHold: raise < 0 ? true : nil)
    }
  }

  @Test(arguments: 0..<12)
  func severalRequirements(_ seed: UInt64) throws {
    var random = RandomSource(seed: 100 + seed)
    let network = try randomNetwork(inputs: 5, widths: [7, 6], &random)
    let largest = largest(network, &random)
    for share in [0.4, 0.9, 1.2] {
      let item = item(network, atLeast: largest.map { $0 * ($0 > 0 ? share : 1 / share) })
      try check(run(network, [item]).endings[0], of: item, network, mayHold: nil)
    }
  }

  @Test func hingesOfEveryKind() throws {
    for seed in UInt64(0)..<8 {
      var random = RandomSource(seed: 200 + seed)
      let slopes = [(0, 1), (0.1, 1), (1, -0.5), (2, 2)]
      let network = try randomNetwork(inputs: 5, widths: [7, 6], slopes: slopes, &random)
      let item = item(network, atLeast: [largest(network, &random)[0] + 0.2])
      try check(run(network, [item]).endings[0], of: item, network, mayHold: nil)
    }
  }

  @Test func errorsOfCoefficientsAreCounted() throws {
    var random = RandomSource(seed: 7)
    let network = try randomNetwork(inputs: 5, widths: [8], &random)
    let item = item(network, atLeast: [largest(network, &random)[0] + 3], errors: true)
    let ending = run(network, [item]).endings[0]
    guard case .closed = ending else { return #expect(Bool(false), "\(ending)") }
    try check(ending, of: item, network, mayHold: false)
  }

  @Test func resultsDoNotDependOnThreads() throws {
    var random = RandomSource(seed: 11)
    let network = try randomNetwork(inputs: 8, widths: [16, 16], &random)
    let largest = largest(network, &random)
    let items = [0.35, 0.5].map { item(network, atLeast: [largest[0] + $0]) }
    let (one, two) = (run(network, items, threads: 1), run(network, items, threads: 2))
    #expect(one.nodes == two.nodes)
    for (first, second) in zip(one.endings, two.endings) {
      switch (first, second) {
      case (.closed(let a), .closed(let b)): #expect(a == b)
      case (.found(let a), .found(let b)): #expect(a == b)
      case (.stopped, .stopped): break
      default: Issue.record("\(first) and \(second)")
      }
    }
  }

  @Test func onePointEndsAllCases() throws {
    var random = RandomSource(seed: 13)
    let network = try randomNetwork(inputs: 6, widths: [8, 8], &random)
    let largest = largest(network, &random)[0]
    let items = [100.0, -0.5].map { item(network, atLeast: [largest + $0]) }
    let endings = run(network, items).endings
    guard case .found(let point) = endings[1] else { return #expect(Bool(false), "\(endings)") }
    #expect(holds(items[1], network, point))
  }

  @Test func cancelledAtOnce() throws {
    var random = RandomSource(seed: 17)
    let network = try randomNetwork(inputs: 6, widths: [8, 8], &random)
    let cancellation = Cancellation()
    cancellation.cancel()
    let endings = DualSearch(program: StageProgram(network), threads: 1, keepsProof: false).run(
      [item(network, atLeast: [0])], accepts: { _, _ in false }, report: { _, _ in }, cancellation: cancellation)
    guard case .stopped = endings[0] else { return #expect(Bool(false), "\(endings)") }
  }
}

/// A network with hinges of the given slopes, in turn, and two outputs that read all stages.
func randomNetwork(
  inputs: Int, widths: [Int], slopes: [(Double, Double)] = [(0, 1)], _ random: inout RandomSource
) throws -> UnitNetwork {
  var first = 0
  var count = inputs
  var stages: [UnitNetwork.Stage] = []
  for (index, width) in widths.enumerated() {
    var units: [UnitNetwork.Unit] = []
    for k in 0..<width {
      let weights = (0..<count).map { _ in random.normal() / Double(count).squareRoot() * 1.5 }
      let form = AffineForm(constant: random.normal() * 0.3, weights: weights, first: first)
      let slope = slopes[k % slopes.count]
      units.append(UnitNetwork.Unit(kind: .hinge(below: slope.0, above: slope.1), forms: [form]))
    }
    stages.append(UnitNetwork.Stage(name: "stage \(index)", units: units))
    first += count
    count = width
  }
  let outputs = (0..<2).map { _ in
    AffineForm(constant: 0, weights: (0..<first + count - inputs).map { _ in random.normal() }, first: inputs)
  }
  return try UnitNetwork(inputCount: inputs, stages: stages, outputs: outputs)
}
