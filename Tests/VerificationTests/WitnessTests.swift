import Exact
import Networks
import Probability
import Testing

@testable import Queries
@testable import Verification

@Suite struct WitnessTests {
  // MARK: Numbers

  @Test func singlePrecisionNumbersAreThoseOfFloat() {
    let seed: UInt64 = 2
    var random = RandomSource(seed: seed)
    for _ in 0..<2000 {
      let value = random.normal() * Double(sign: .plus, exponent: random.index(below: 300) - 160, significand: 1)
      guard abs(value) < Double(Float.greatestFiniteMagnitude) else { continue }
      let single = Float(value)
      #expect(NumberFormat.single.rounded(value) == Double(single), "seed \(seed): \(value)")
      if single.nextUp.isFinite, single.nextDown.isFinite {
        #expect(NumberFormat.single.above(Double(single)) == Double(single.nextUp), "seed \(seed): \(value)")
        #expect(NumberFormat.single.below(Double(single)) == Double(single.nextDown), "seed \(seed): \(value)")
      }
    }
    #expect(NumberFormat.single.rounded(1e300) == Double(Float.greatestFiniteMagnitude))
    #expect(!NumberFormat.single.contains(Rational(1, 10)))
    #expect(NumberFormat.single.contains(Rational(exactly: Double(Float.leastNonzeroMagnitude))))
    #expect(!NumberFormat.single.contains(Rational(exactly: Double(Float.leastNonzeroMagnitude) / 2)))
    #expect(NumberFormat(.float16)?.rounded(2049) == 2048)
    #expect(NumberFormat(.uint8)?.rounded(300) == 255)
  }

  @Test func rangesAreRoundedInwards() {
    let tenth = Rational(1, 10)
    let range = ValueRange(lower: .init(tenth), upper: .init(Rational(1, 5)))
    let low = NumberFormat.single.least(in: range)
    let high = NumberFormat.single.greatest(in: range)
    #expect(low == Double(Float(0.1)))
    #expect(high == Double(Float(0.2).nextDown))
    #expect(NumberFormat.single.least(in: ValueRange(tenth)) == nil)
    let open = ValueRange(lower: .init(.one, isStrict: true), upper: .init(Rational(2), isStrict: true))
    #expect(NumberFormat.single.least(in: open) == Double(Float(1).nextUp))
    #expect(NumberFormat.single.greatest(in: open) == Double(Float(2).nextDown))
  }

  // MARK: Points

  /// The only point of single precision that will do is the end of the range rounded inwards.
  @Test func theLastNumberOfTheBoxIsFound() throws {
    let problem = try AttackCases.problem(
      AttackCases.identity(), "(assert (and (<= X[0] 0.2) (>= X[0] 0.1)))\n(assert (>= Y[0] 0.19999998))")
    let found = try #require(AttackCases.witness(problem))
    #expect(found.point == [Rational(exactly: Double(Float(0.2).nextDown))])
    #expect(found.isRepresentable)
    // Half a unit in the last place is left: less than the bounds of every order allow for.
    #expect(found.singlePrecision == .inNaturalOrder)
  }

  @Test func aBoxWithoutSinglePrecisionNumbersHasARationalWitness() throws {
    for (type, isRepresentable) in [(nil, false), ("float32", false), ("float64", false), ("real", true)] {
      let x = type == nil ? "X_0" : "X[0]"
      let y = type == nil ? "Y_0" : "Y[0]"
      let problem = try AttackCases.problem(
        AttackCases.identity(), type: type,
        "(assert (<= \(x) 0.1))\n(assert (>= \(x) 0.1))\n(assert (>= \(y) 0.1))")
      let found = try #require(AttackCases.witness(problem), "\(type ?? "1.0")")
      #expect(found.point == [Rational(1, 10)])
      #expect(found.isRepresentable == isRepresentable, "\(type ?? "1.0")")
    }
  }

  @Test func doublesServeWhereSinglePrecisionIsTooCoarse() throws {
    let problem = try AttackCases.problem(
      AttackCases.identity(), type: "float64",
      "(assert (and (<= X[0] 0.1) (>= X[0] 0.099999999)))\n(assert (>= Y[0] 0.0999999995))")
    let found = try #require(AttackCases.witness(problem))
    #expect(problem.holds(at: found.point))
    #expect(found.isRepresentable)
  }

  /// A violation that is too small where the candidate stands is enlarged until every single precision arithmetic sees
  /// it.
  @Test func aThinMarginIsClimbed() throws {
    let seed: UInt64 = 8
    for round in 0..<10 {
      var random = RandomSource(seed: seed, index: round)
      let network = try AttackCases.network(3, width: 10, outputs: 1, &random)
      let point = (0..<3).map { _ in 1.8 * random.uniform() - 0.9 }
      let value = Rational(exactly: network(point)[0]).roundedDown(bits: 20)
      var text = "(assert (>= (* \(1 << 20).0 Y[0]) \(Int((value * Rational(1 << 20)).nearbyDouble)).0))\n"
      for input in 0..<3 { text += "(assert (and (<= X[\(input)] 1.0) (>= X[\(input)] -1.0)))\n" }
      let problem = try AttackCases.problem(network, text)
      var item: QueryCase?
      _ = problem.tree?.forEachCase(limit: 1) { item = $0 }
      let first = try #require(item)
      let search = try #require(WitnessSearch(problem, StageProgram(network), first))
      let found = try #require(search.polish(point), "seed \(seed), round \(round)")
      #expect(found.isStrict, "seed \(seed), round \(round)")
      #expect(problem.holds(at: found.point), "seed \(seed), round \(round)")
    }
  }

  // MARK: Single precision

  /// y = relu(relu(x + 2²⁷) − 2²⁷): the identity over the reals, nothing but steps of 8 in single precision.
  @Test func whatSinglePrecisionLosesIsSaid() throws {
    let network = try UnitNetwork(
      inputCount: 1,
      stages: [
        UnitNetwork.Stage(name: "up", units: [.relu(AffineForm(constant: 0x1p27, weights: [1], first: 0))]),
        UnitNetwork.Stage(name: "down", units: [.relu(AffineForm(constant: -0x1p27, weights: [1], first: 1))]),
      ],
      outputs: [AffineForm(value: 2)])
    let problem = try AttackCases.problem(
      network, "(assert (and (<= X[0] 0.75) (>= X[0] 0.25)))\n(assert (>= Y[0] 0.5))")
    let found = try #require(AttackCases.witness(problem))
    #expect(problem.holds(at: found.point))
    #expect(found.singlePrecision == .no)
    #expect(!found.isStrict)
  }

  /// The enclosures contain the exact outputs, and single precision with sums in random orders, fused or not.
  @Test func enclosuresContainEveryEvaluation() throws {
    let seed: UInt64 = 21
    for round in 0..<60 {
      var random = RandomSource(seed: seed, index: round)
      let network = try AttackCases.network(4, width: 14, outputs: 3, &random)
      let program = StageProgram(network)
      let pass = BatchPass(program, lanes: 2)
      // Large values, so that the roundings are not all alike.
      let point = (0..<4).map { _ in Float(random.normal() * 50) }
      let exact = point.map { Rational(exactly: Double($0)) }
      let outputs = network.exactOutputs(at: exact)
      let real = RoundingEnclosure(program, at: exact, .real).values(of: network.outputs, pass)
      let single = RoundingEnclosure(program, at: exact, .single).values(of: network.outputs, pass)
      for k in outputs.indices {
        let near = outputs[k].nearbyDouble
        #expect(Rational(exactly: real[k].lower) <= outputs[k] && outputs[k] <= Rational(exactly: real[k].upper))
        #expect(real[k].upper - real[k].lower < 1e-7 * (1 + abs(near)), "seed \(seed), round \(round): useless")
        #expect(single[k].lower <= real[k].lower && real[k].upper <= single[k].upper)
        #expect(single[k].upper - single[k].lower < 0.1 * (1 + abs(near)), "seed \(seed), round \(round): useless")
      }
      for _ in 0..<10 {
        let values = Self.evaluate(network, point, &random)
        for k in values.indices {
          #expect(single[k].contains(Double(values[k])), "seed \(seed), round \(round), output \(k)")
        }
      }
      let natural = program.singlePrecisionValues(at: point)
      for (k, form) in network.outputs.enumerated() {
        #expect(single[k].contains(Double(form.singlePrecision(natural))), "seed \(seed), round \(round)")
      }
    }
  }

  /// A coordinate that is no double still has its exact value enclosed.
  @Test func enclosuresTakeRationalPoints() throws {
    var random = RandomSource(seed: 4)
    let network = try AttackCases.network(2, width: 8, outputs: 1, &random)
    let program = StageProgram(network)
    let point = [Rational(1, 3), Rational(-2, 7)]
    let exact = network.exactOutputs(at: point)[0]
    let pass = BatchPass(program, lanes: 4)
    let real = RoundingEnclosure(program, at: point, .real).values(of: network.outputs, pass)[0]
    #expect(Rational(exactly: real.lower) <= exact && exact <= Rational(exactly: real.upper))
    let huge = [Rational(powerOfTwo: 2000), Rational(1)]
    #expect(RoundingEnclosure(program, at: huge, .real).values(of: network.outputs, pass)[0] == .whole)
    #expect(RoundingEnclosure(program, at: huge, .single).values(of: network.outputs, pass)[0] == .whole)
  }

  /// Single precision in one random order: terms shuffled, the bias at any place, products fused at random.
  private static func evaluate(_ network: UnitNetwork, _ point: [Float], _ random: inout RandomSource) -> [Float] {
    func sum(_ form: AffineForm, _ values: [Float], _ random: inout RandomSource) -> Float {
      let biasFirst = random.index(below: 2) == 0
      var total = biasFirst ? Float(form.constant) : 0
      for term in form.terms.shuffled(using: &random) {
        let weight = Float(term.weight)
        total =
          random.index(below: 2) == 0
          ? total.addingProduct(weight, values[term.value]) : total + weight * values[term.value]
      }
      return biasFirst ? total : total + Float(form.constant)
    }
    var values = point
    for stage in network.stages {
      var results: [Float] = []
      for unit in stage.units {
        guard case .hinge(let below, let above) = unit.kind else { continue }
        let form = sum(unit.forms[0], values, &random)
        results.append(form * Float(form > 0 ? above : below))
      }
      values += results
    }
    return network.outputs.map { sum($0, values, &random) }
  }
}
