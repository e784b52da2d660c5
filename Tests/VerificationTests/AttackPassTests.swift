import Exact
import Networks
import Probability
import Testing

@testable import Verification

@Suite struct AttackPassTests {
  /// Every lane of a forward pass is the network at its point, and the backward pass gives the change along a short
  /// step.
  @Test func passesAreTheNetworkAndItsDerivatives() throws {
    let seed: UInt64 = 11
    for round in 0..<20 {
      var random = RandomSource(seed: seed, index: round)
      let network = try AttackCases.network(3, width: 12, outputs: 2, &random)
      let pass = BatchPass(StageProgram(network), lanes: 8)
      let points = (0..<8).map { _ in (0..<3).map { _ in random.normal() } }
      for (lane, point) in points.enumerated() { pass.setInputs(point, lane: lane) }
      pass.forward()
      pass.clearGradients()
      let output = network.outputs[1]
      for lane in 0..<8 {
        for term in output.terms { pass.gradients[term.value * 8 + lane] = term.weight }
      }
      pass.backward()
      for (lane, point) in points.enumerated() {
        let expected = network.allValues(point)
        for value in expected.indices {
          let error = abs(pass.values[value * 8 + lane] - expected[value])
          #expect(error < 1e-11 * (1 + abs(expected[value])), "seed \(seed), round \(round)")
        }
        let direction = (0..<3).map { _ in random.normal() }
        let step = 1e-7
        let moved = network(zip(point, direction).map { $0 + step * $1 })[1]
        let slope = (0..<3).reduce(0.0) { $0 + pass.gradients[$1 * 8 + lane] * direction[$1] }
        let change = (moved - network(point)[1]) / step
        // A kink inside so short a step is improbable; the seed is fixed.
        #expect(abs(change - slope) < 1e-4 * (1 + abs(slope)), "seed \(seed), round \(round), lane \(lane)")
      }
    }
  }

  @Test func sparseStagesAreReadToo() throws {
    let units = (0..<16).map { UnitNetwork.Unit.relu(AffineForm(value: $0 % 16)) }
    let network = try UnitNetwork(
      inputCount: 16, stages: [UnitNetwork.Stage(name: "copy", units: units)],
      outputs: [AffineForm(constant: 0, weights: Array(repeating: 1, count: 16), first: 16)])
    let program = StageProgram(network)
    guard case .sparse = program.stages[0].blocks[0].storage else {
      Issue.record("the stage should be sparse")
      return
    }
    let pass = BatchPass(program, lanes: 4)
    for lane in 0..<4 { pass.setInputs((0..<16).map { Double($0 - 8 + lane) }, lane: lane) }
    pass.forward()
    pass.clearGradients()
    for unit in 0..<16 { for lane in 0..<4 { pass.gradients[(16 + unit) * 4 + lane] = 1 } }
    pass.backward()
    for lane in 0..<4 {
      for input in 0..<16 {
        let value = Double(input - 8 + lane)
        #expect(pass.values[(16 + input) * 4 + lane] == max(value, 0))
        #expect(pass.gradients[input * 4 + lane] == (value > 0 ? 1 : 0))
      }
    }
  }
}
