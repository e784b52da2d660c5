import Exact
import Probability
import Testing

@testable import Networks

/// Maxima rewritten by hinges compute the same function exactly.
@Suite struct HingesOnlyTests {
  private func isHingeOnly(_ network: UnitNetwork) -> Bool {
    network.stages.allSatisfy { $0.units.allSatisfy { $0.kind != .maximum } }
  }

  @Test func aNetworkWithoutMaximaStaysAsItIs() throws {
    let network = try UnitNetwork(
      inputCount: 2, stages: [.init(name: "a", units: [.relu(AffineForm(value: 0)), .relu(AffineForm(value: 1))])],
      outputs: [AffineForm(constant: 1, weights: [1, -1], first: 2)])
    #expect(try network.hingesOnly() == network)
  }

  @Test func aTournamentOfValues() throws {
    let maximum = UnitNetwork.Unit(kind: .maximum, forms: (0..<4).map { AffineForm(value: $0) })
    let network = try UnitNetwork(
      inputCount: 4, stages: [.init(name: "pool", units: [maximum])], outputs: [AffineForm(value: 4)])
    let hinges = try network.hingesOnly()
    #expect(isHingeOnly(hinges))
    #expect(hinges.stages.map(\.name) == ["pool", "pool, round 2"])
    #expect(hinges.stages.map(\.units.count) == [2, 1])
    for point in [[1.0, 2, 3, 4], [4, 3, 2, 1], [-1, -1, -1, -1], [0, 7, 7, 0]] {
      #expect(hinges(point) == [point.max() ?? 0])
    }
  }

  @Test func overlappingMaximaShareTheirPairs() throws {
    func maximum(_ values: Int...) -> UnitNetwork.Unit {
      UnitNetwork.Unit(kind: .maximum, forms: values.map { AffineForm(value: $0) })
    }
    let network = try UnitNetwork(
      inputCount: 3, stages: [.init(name: "pool", units: [maximum(0, 1), maximum(0, 1, 2), maximum(2)])],
      outputs: (3..<6).map { AffineForm(value: $0) })
    let hinges = try network.hingesOnly()
    #expect(hinges.unitCount == 2)
    #expect(hinges([1, 5, 9]) == [5, 9, 9])
  }

  /// Random networks of hinges and maxima, whose differences often round, read each other in every way.
  @Test(arguments: Array(UInt64(1)...8))
  func theFunctionIsTheSame(seed: UInt64) throws {
    var random = RandomSource(seed: seed)
    for round in 0..<40 {
      let inputs = 1 + random.index(below: 3)
      var known = inputs
      let nasty = random.index(below: 2) == 0
      func form() -> AffineForm {
        let terms = (0..<known).compactMap { value -> AffineForm.Term? in
          guard random.index(below: 3) > 0 || known < 3 else { return nil }
          let weight = nasty ? random.uniform() - 0.5 : Double(random.index(below: 5) - 2)
          return weight == 0 ? nil : AffineForm.Term(value: value, weight: weight)
        }
        return AffineForm(constant: nasty ? random.uniform() * 0x1p40 : Double(random.index(below: 3)), terms: terms)
      }
      func operand() -> AffineForm {
        random.index(below: 3) == 0 ? AffineForm(value: random.index(below: known)) : form()
      }
      var stages: [UnitNetwork.Stage] = []
      for stage in 0..<(1 + random.index(below: 3)) {
        let units = (0..<(1 + random.index(below: 3))).map { _ -> UnitNetwork.Unit in
          guard random.index(below: 3) > 0 else { return .relu(form()) }
          return UnitNetwork.Unit(kind: .maximum, forms: (0...random.index(below: 5)).map { _ in operand() })
        }
        stages.append(UnitNetwork.Stage(name: "\(stage)", units: units))
        known += units.count
      }
      let network = try UnitNetwork(inputCount: inputs, stages: stages, outputs: [form(), operand()])
      let hinges = try network.hingesOnly()
      #expect(isHingeOnly(hinges), "seed \(seed), round \(round)")
      for _ in 0..<6 {
        let point = (0..<inputs).map { _ in Rational(random.index(below: 60) - 30, 7) }
        #expect(
          hinges.exactOutputs(at: point) == network.exactOutputs(at: point), "seed \(seed), round \(round), \(point)")
      }
    }
  }
}
