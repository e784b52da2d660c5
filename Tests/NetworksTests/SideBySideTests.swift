import Exact
import Probability
import Testing

@testable import Networks

/// Networks side by side over common inputs.
@Suite struct SideBySideTests {
  private func random(_ random: inout RandomSource, inputs: Int) throws -> UnitNetwork {
    var known = inputs
    func form() -> AffineForm {
      AffineForm(constant: random.uniform(), weights: (0..<known).map { _ in random.uniform() - 0.5 }, first: 0)
    }
    let stages = (0..<(1 + random.index(below: 3))).map { stage in
      let units = (0...random.index(below: 3)).map { _ in UnitNetwork.Unit.relu(form()) }
      known += units.count
      return UnitNetwork.Stage(name: "\(stage)", units: units)
    }
    return try UnitNetwork(inputCount: inputs, stages: stages, outputs: [form(), form()])
  }

  @Test(arguments: [UInt64(1), 2, 3])
  func eachComputesWhatItComputesAlone(seed: UInt64) throws {
    var source = RandomSource(seed: seed)
    for round in 0..<20 {
      let count = 1 + source.index(below: 4)
      var parts: [UnitNetwork.Part] = []
      for _ in 0...source.index(below: 3) {
        let inputs = 1 + source.index(below: 3)
        // Inputs come again within one network, too.
        parts.append((try random(&source, inputs: inputs), (0..<inputs).map { _ in source.index(below: count) }))
      }
      parts.append(parts[0])
      let whole = try UnitNetwork.sideBySide(parts, inputCount: count)
      let point = (0..<count).map { _ in Rational(source.index(below: 60) - 30, 7) }
      let expected = parts.flatMap { part in part.network.exactOutputs(at: part.inputs.map { point[$0] }) }
      #expect(whole.exactOutputs(at: point) == expected, "seed \(seed), round \(round)")
      let alone = try UnitNetwork.sideBySide(Array(parts.dropLast()), inputCount: count)
      #expect(whole.unitCount == alone.unitCount, "seed \(seed), round \(round): a network twice costs no unit")
    }
  }

  @Test func oneNetworkOnItsOwnInputsStaysAsItIs() throws {
    var source = RandomSource(seed: 5)
    let network = try random(&source, inputs: 3)
    #expect(try UnitNetwork.sideBySide([(network, [0, 1, 2])], inputCount: 3) == network)
    #expect(throws: NetworkError.self) { try UnitNetwork.sideBySide([(network, [0, 1])], inputCount: 3) }
    #expect(throws: NetworkError.self) { try UnitNetwork.sideBySide([(network, [0, 1, 3])], inputCount: 3) }
  }
}
