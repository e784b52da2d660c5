import Exact
import Networks
import Probability
import Testing

@testable import Certificates

/// Soundness by experiment: whatever is done to a proof, it is not accepted where a point exists; and no range leaves
/// out a value that exact arithmetic finds.
@Suite struct SafetyForgeryTests {
  /// A random network and the largest output that was seen among points of a grid, exactly.
  private func example(_ source: inout RandomSource) throws -> (network: UnitNetwork, best: Rational, point: [Rational])
  {
    let inputs = 1 + source.index(below: 3)
    let widths = (0...source.index(below: 3)).map { _ in 2 + source.index(below: 4) }
    let network = try source.hinges(inputs: inputs, widths: widths)
    var best: (value: Rational, point: [Rational])?
    for _ in 0..<40 {
      let point = (0..<inputs).map { _ in Rational(source.index(below: 17) - 8, 8) }
      let value = network.exactOutputs(at: point)[0]
      if best.map({ value > $0.value }) ?? true { best = (value, point) }
    }
    let found = try #require(best)
    return (network, found.value, found.point)
  }

  /// Output ≥ bound, rounded so that whatever reaches the bound satisfies it.
  private func question(_ network: UnitNetwork, atLeast bound: Rational) -> SafetyQuestion {
    let output = network.outputs[0]
    let constant = (Rational(exactly: output.constant) - bound).roundedUp
    return SafetyQuestion(network, requirements: [AffineForm(constant: constant, terms: output.terms)])
  }

  private func mutated(
    _ steps: [SafetyProof.Step], units: Int, inputs: Int, _ source: inout RandomSource
  ) -> [SafetyProof.Step] {
    var steps = steps
    for _ in 0...source.index(below: 3) where !steps.isEmpty {
      let place = source.index(below: steps.count)
      switch source.index(below: 9) {
      case 0: steps.remove(at: place)
      case 1: steps.insert(steps[source.index(below: steps.count)], at: place)
      case 2: steps.swapAt(place, source.index(below: steps.count))
      case 3: steps.insert(.claim(SafetyProof.Claim(.nothing, [])), at: place)
      case 4: steps.removeSubrange(place...)
      case 5: steps[place] = .splitInput(source.index(below: inputs), at: 4 * source.uniform() - 2)
      case 6:
        let value = 2 * source.uniform() - 1
        let goals: [SafetyProof.Goal] = [
          .inputAtMost(source.index(below: inputs), value), .unitAtMost(source.index(below: units), value),
          .unitAtLeast(source.index(below: units), value), .unitAtLeast(source.index(below: units), 0),
        ]
        let goal = goals[source.index(below: goals.count)]
        steps.insert(.claim(SafetyProof.Claim(goal, [.init(.requirement(0), 3 * source.uniform())])), at: place)
      case 7: steps.insert(.ranges(SafetyProof.Slopes(source.fractions(units))), at: place)
      default:
        guard case .claim(var claim) = steps[place] else { continue }
        let unit = SafetyProof.Multiplier(.unit(source.index(below: units)), source.uniform() - 0.1)
        claim.multipliers.append(unit)
        for index in claim.multipliers.indices { claim.multipliers[index].factor *= 3 * source.uniform() - 0.5 }
        claim.slopes = source.chance(0.5) ? SafetyProof.Slopes(source.fractions(units)) : nil
        steps[place] = .claim(claim)
      }
    }
    return steps
  }

  @Test(arguments: 0..<8) func proofsAreAcceptedOnlyWhereNoPointIs(_ seed: UInt64) throws {
    var complete = 0
    for round in 0..<30 {
      var source = RandomSource(seed: seed, index: round)
      let (network, best, point) = try example(&source)
      let units = network.unitCount
      let possible = question(network, atLeast: best)
      // The point itself satisfies the requirement: the proof must fail somewhere.
      #expect(possible.item.box.indices.allSatisfy { possible.item.box[$0].contains(point[$0].doubleValue) })
      let impossible = question(network, atLeast: best + Rational(1 + source.index(below: 200), 100))
      let (steps, isComplete) = try SafetyProver.steps(impossible, source, depth: 7)
      #expect(impossible.accepts(steps) == isComplete, "seed \(seed), round \(round): \(impossible.refusal(steps))")
      complete += isComplete ? 1 : 0
      #expect(!possible.accepts(steps), "seed \(seed), round \(round)")
      for attempt in 0..<30 {
        let forged = mutated(steps, units: units, inputs: network.inputCount, &source)
        #expect(!possible.accepts(forged), "seed \(seed), round \(round), attempt \(attempt)")
      }
    }
    #expect(complete >= 10, "only \(complete) of the properties were proved")
  }

  @Test func noStepOfAProofMayBeMissing() throws {
    var seen = 0
    for round in 0..<80 {
      var source = RandomSource(seed: 77, index: round)
      let (network, best, _) = try example(&source)
      let question = question(network, atLeast: best + Rational(1, 20))
      let (steps, isComplete) = try SafetyProver.steps(question, source, depth: 8)
      guard isComplete, steps.count > 3 else { continue }
      seen += 1
      for place in steps.indices {
        var shorter = steps
        let removed = shorter.remove(at: place)
        // The ranges of a node's parent may suffice; claims and splits are all needed.
        if case .ranges = removed { continue }
        #expect(!question.accepts(shorter), "round \(round), step \(place)")
        #expect(!question.accepts(Array(steps[..<place])), "round \(round), \(place) steps")
      }
    }
    #expect(seen >= 10)
  }

  @Test(arguments: 0..<6) func rangesContainAllExactValues(_ seed: UInt64) throws {
    for round in 0..<12 {
      var source = RandomSource(seed: 1000 + seed, index: round)
      let inputs = 1 + source.index(below: 4)
      let network = try source.hinges(
        inputs: inputs, widths: (0...source.index(below: 4)).map { _ in 2 + source.index(below: 9) })
      let forms = network.stages.flatMap { $0.units.map { $0.forms[0] } }
      let probe = try UnitNetwork(inputCount: inputs, stages: network.stages, outputs: forms + network.outputs)
      let flat = try FlatNetwork(network)
      var substitution = Substitution(flat)
      let radius = [1e-12, 0.01, 1, 1e8][source.index(below: 4)]
      let box = (0..<inputs).map { _ in
        let center = 2 * source.uniform() - 1
        return Interval(lower: center - radius * source.uniform(), upper: center + radius * source.uniform())
      }
      var node = ProofNode(box: box, unitCount: network.unitCount)
      substitution.tighten(&node, fractions: source.fractions(network.unitCount))
      #expect(!node.isEmpty)
      let fractions = source.fractions(network.unitCount)
      for sign in [1.0, -1.0] {
        substitution.setLines(0..<network.unitCount, node, fractions: fractions)
        for _ in 0..<12 {
          let point = box.map { side in
            let share = source.chance(0.5) ? Rational(source.index(below: 2)) : Rational(source.index(below: 65), 64)
            let (lower, upper) = (Rational(exactly: side.lower), Rational(exactly: side.upper))
            return lower + share * (upper - lower)
          }
          let exact = probe.exactOutputs(at: point)
          for unit in forms.indices {
            let range = node.interval(inputs + unit)
            #expect(
              Rational(exactly: range.lower) <= exact[unit] && exact[unit] <= Rational(exactly: range.upper),
              "seed \(seed), round \(round), unit \(unit)")
          }
          // No bound of the output below its value may be claimed, by however little.
          let value = Rational(exactly: sign) * exact[forms.count]
          let sum = ClaimSum(summands: [(network.outputs[0], sign)], remainder: (-value).roundedUp)
          #expect(!substitution.check(sum, isStrict: true, node).holds, "seed \(seed), round \(round)")
        }
      }
    }
  }

  /// Doubles and rationals give one bound, up to the error that doubles admit.
  @Test func exactBoundsAgreeWithDoubles() throws {
    for round in 0..<40 {
      var source = RandomSource(seed: 5, index: round)
      let network = try source.hinges(inputs: 2, widths: [6, 7, 5])
      var substitution = Substitution(try FlatNetwork(network))
      var node = ProofNode(box: Array(repeating: Interval(lower: -1, upper: 1), count: 2), unitCount: network.unitCount)
      substitution.tighten(&node, fractions: source.fractions(network.unitCount))
      substitution.setLines(0..<network.unitCount, node, fractions: node.fractions)
      let summand = (network.outputs[0], 1.0)
      let bound = substitution.check(ClaimSum(summands: [summand]), isStrict: true, node).bound
      // Moved to where doubles cannot tell, the answer comes from rationals; a little beside it, from doubles.
      let slack = 1e-10 * (1 + abs(bound))
      let below = substitution.check(ClaimSum(summands: [summand], remainder: -bound - slack), isStrict: true, node)
      let above = substitution.check(ClaimSum(summands: [summand], remainder: -bound + slack), isStrict: true, node)
      let tie = substitution.check(ClaimSum(summands: [summand], remainder: -bound), isStrict: true, node)
      #expect(below.holds && !below.isExact && !above.holds && !above.isExact, "round \(round)")
      #expect(abs(tie.bound) <= slack, "round \(round): \(tie)")
    }
  }

  /// A stage that is stored sparse, and rows in several batches, give the same ranges.
  @Test func sparseStagesAgreeWithDenseOnes() throws {
    var source = RandomSource(seed: 11)
    let dense = try source.hinges(inputs: 3, widths: [40, 70, 50])
    // Idle units that read only the first and the last value before them make every stage sparse.
    var numbers = Array(0..<3)
    var count = 3
    var stages: [UnitNetwork.Stage] = []
    for stage in dense.stages {
      let units = stage.units.map { unit in
        UnitNetwork.Unit(
          kind: unit.kind,
          forms: [
            AffineForm(
              unit.forms[0].constant,
              Dictionary(
                uniqueKeysWithValues: unit.forms[0].terms.map {
                  (numbers[$0.value], $0.weight)
                }))
          ])
      }
      let idle = (0..<8 * units.count).map { _ in UnitNetwork.Unit.relu(AffineForm(0, [0: 1, count - 1: 1])) }
      stages.append(UnitNetwork.Stage(name: stage.name, units: units + idle))
      numbers += count..<count + units.count
      count += units.count + idle.count
    }
    let sparse = try UnitNetwork(inputCount: 3, stages: stages, outputs: [AffineForm(constant: 0)])
    let flats = [try FlatNetwork(dense), try FlatNetwork(sparse)]
    #expect(!flats[0].stages[1].block.isEmpty && flats[1].stages[1].block.isEmpty)
    let nodes = flats.map { flat in
      var substitution = Substitution(flat)
      var node = ProofNode(box: Array(repeating: Interval(lower: -1, upper: 1), count: 3), unitCount: flat.unitCount)
      substitution.tighten(&node, fractions: Array(repeating: 64, count: flat.unitCount))
      return node
    }
    for value in 3..<163 {
      let (one, other) = (nodes[0].interval(value), nodes[1].interval(numbers[value]))
      let slack = 1e-9 * one.width
      #expect(abs(one.lower - other.lower) <= slack && abs(one.upper - other.upper) <= slack, "value \(value)")
    }
  }
}
