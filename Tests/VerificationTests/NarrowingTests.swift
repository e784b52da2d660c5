import Certificates
import Exact
import Networks
import Probability
import Testing

@testable import Queries
@testable import Verification

@Suite struct NarrowingTests {
  /// Points that satisfy the case and fit the phases keep their forms' values within the narrowed ranges; and somewhere something
  /// is gained.
  @Test func rangesHoldAllPointsOfTheNode() throws {
    var gained = 0
    for seed in UInt64(0)..<30 {
      var random = RandomSource(seed: seed)
      let network = try randomNetwork(inputs: 5, widths: seed % 2 == 0 ? [12] : [8, 6], &random)
      let program = StageProgram(network)
      let points = samples(program, &random)
      let output = network.outputs[0]
      let values = points.map { point in
        output.terms.reduce(output.constant) { $0 + $1.weight * point.values[$1.value] }
      }
      // A tenth of the points satisfies the requirement.
      let least = values.sorted()[values.count * 9 / 10]
      let requirement = Requirement(
        form: AffineForm(constant: output.constant - least, terms: output.terms), errors: [], products: [])
      let item = RelaxedCase(
        box: Array(repeating: Interval(lower: -1, upper: 1), count: 5), requirements: [requirement])
      var ranges = UnitRanges(
        boxLower: item.box.map(\.lower), boxUpper: item.box.map(\.upper), unitCount: program.unitCount)
      #expect(RangeRefiner(program).compute(&ranges), "seed \(seed)")
      let task = DualTask(program, [item], ranges)
      let solver = DualSolver(task, keepsProof: true)
      guard case .open(var node) = solver.improve([task.root(0)], items: [0], effort: .root)[0].ending else { continue }
      let before = node
      #expect(solver.narrow(&node, item: 0, DualEffort.root.narrowing), "seed \(seed)")
      for (point, value) in zip(points, values) where value >= least {
        for (open, unit) in task.dual.open.enumerated() {
          let range = Double(node.lower[open])...Double(node.upper[open])
          #expect(range.contains(point.forms[unit.unit]), "seed \(seed), unit \(unit.unit)")
        }
      }
      gained += task.dual.open.indices.count {
        node.upper[$0] - node.lower[$0] < 0.95 * (before.upper[$0] - before.lower[$0])
      }
      #expect(node.claims.isEmpty == (node.lower == before.lower && node.upper == before.upper), "seed \(seed)")
    }
    #expect(gained > 20)
  }

  private func samples(_ program: StageProgram, _ random: inout RandomSource) -> [(values: [Double], forms: [Double])] {
    (0..<400).map { _ in
      var values = Array(repeating: 0.0, count: program.valueCount)
      var forms = Array(repeating: 0.0, count: program.unitCount)
      for input in 0..<program.inputCount { values[input] = 2 * random.uniform() - 1 }
      program.evaluate(&values, forms: &forms)
      return (values, forms)
    }
  }
}
