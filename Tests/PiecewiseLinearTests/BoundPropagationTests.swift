import Exact
import Networks
import Probability
import Testing

@testable import PiecewiseLinear

@Suite struct BoundPropagationTests {
  private static let methods: [BoundPropagation.Method] = [.intervals, .relaxations]

  private static func box(_ inputs: Int, radius: Double = 1) -> [Interval] {
    Array(repeating: Interval(lower: -radius, upper: radius), count: inputs)
  }

  private static func contains(_ interval: Interval, _ value: Rational) -> Bool {
    (interval.lower == -.infinity || Rational(exactly: interval.lower) <= value)
      && (interval.upper == .infinity || value <= Rational(exactly: interval.upper))
  }

  /// Exact values at points of every region lie in the bounds, and every region's pattern fits the choices that are left.
  @Test func boundsHoldOnEveryRegion() throws {
    let seed: UInt64 = 31
    for round in 0..<200 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(round % 2 == 0 ? .degenerate : .generic, using: &source)
      let cells = OracleRegions(network, domain: OracleRegions.box(-1, 1, inputCount: network.inputCount)).cells
      for method in Self.methods {
        let context: Comment = "seed \(seed), round \(round), \(method)"
        let bounds = try #require(BoundPropagation(network).bounds(over: Self.box(network.inputCount), method: method))
        for cell in cells { Self.check(bounds, network, cell, context) }
      }
    }
  }

  private static func check(
    _ bounds: UnitBounds, _ network: UnitNetwork, _ cell: OracleRegions.Cell, _ context: Comment
  ) {
    let values = network.exactValues(cell.interiorPoint)
    #expect(zip(bounds.values, values).allSatisfy { contains($0, $1) }, context)
    #expect(zip(bounds.outputs, network.outputs).allSatisfy { contains($0, $1.exactValue(values)) }, context)
    for (index, unit) in network.stages.flatMap(\.units).enumerated() {
      let forms = unit.forms.map { $0.exactValue(values) }
      #expect(zip(bounds.forms[index], forms).allSatisfy { contains($0, $1) }, context)
      if bounds.isDead(index) { #expect(values[network.inputCount + index] == 0, context) }
      // On the cell the unit equals one of the choices that are left, as a function.
      let maps = unit.forms.map { $0.exact(over: cell.values) }
      let here = cell.values[network.inputCount + index]
      let fits = bounds.choices[index].contains { choice in
        switch unit.kind {
        case .hinge(let below, let above):
          maps[0].map { Rational(exactly: choice == 0 && unit.bends ? below : above) * $0 } == here
        case .maximum: maps[choice] == here
        }
      }
      #expect(fits, context)
    }
  }

  /// Corners and random points of boxes of all sizes, for networks that are deeper and wider.
  @Test func boundsHoldAtPoints() throws {
    let seed: UInt64 = 32
    for round in 0..<60 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(.generic, inputs: 4, units: 30, using: &source)
      let box = (0..<4).map { _ in
        let middle = source.normal()
        let radius = [0, 1e-9, 0.1, 3].randomElement(using: &source)!
        return Interval(lower: middle - radius, upper: middle + radius)
      }
      let propagation = BoundPropagation(network)
      let loose = try #require(propagation.bounds(over: box, method: .intervals))
      let tight = try #require(propagation.bounds(over: box))
      let context: Comment = "seed \(seed), round \(round)"
      for (inner, outer) in zip(tight.values + tight.outputs, loose.values + loose.outputs) {
        #expect(outer.lower <= inner.lower && inner.upper <= outer.upper, context)
      }
      for _ in 0..<20 {
        let point = box.map { side in
          switch source.index(below: 3) {
          case 0: Rational(exactly: side.lower)
          case 1: Rational(exactly: side.upper)
          default: Rational(exactly: max(side.lower, min(side.upper, side.lower + source.uniform() * side.width)))
          }
        }
        let values = network.exactValues(point)
        #expect(zip(tight.values, values).allSatisfy { Self.contains($0, $1) }, context)
        #expect(zip(tight.outputs, network.outputs).allSatisfy { Self.contains($0, $1.exactValue(values)) }, context)
      }
    }
  }

  /// f(x) − f(x) for a deep f is 0: intervals lose that, back-substitution through stable units does not.
  @Test func backSubstitutionSeesCancellation() throws {
    let network = OracleNetworks.layers(
      inputs: 1, [[[5, 1], [7, -1]], [[0, 1, 1]], [[-11.5, 1], [-12.5, 1]]])
    let bounds = try #require(BoundPropagation(network).bounds(over: Self.box(1)))
    // (5 + x) + (7 − x) = 12: one of the last two units is always active, the other dead.
    #expect(bounds.choices.suffix(2) == [[1], [0]])
    #expect(bounds.isDead(4) && !bounds.isDead(3) && bounds.isStable(3))
    let loose = try #require(BoundPropagation(network).bounds(over: Self.box(1), method: .intervals))
    #expect(loose.choices.suffix(2) == [[0, 1], [0, 1]])
    #expect(bounds.outputs[0].contains(0.5) && bounds.outputs[0].width < 1e-12)
  }

  /// Given choices restrict the domain: the bounds hold for the cells that fit, and choices that no cell fits may be
  /// refuted, never the others.
  @Test func givenChoices() throws {
    let seed: UInt64 = 33
    var refuted = 0
    for round in 0..<150 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(round % 2 == 0 ? .degenerate : .generic, using: &source)
      let propagation = BoundPropagation(network)
      var choices = network.allChoices
      for unit in choices.indices where source.index(below: 3) == 0 {
        choices[unit] = [choices[unit].randomElement(using: &source)!]
      }
      let cells = OracleRegions(network, domain: OracleRegions.box(-1, 1, inputCount: network.inputCount)).cells
        .filter { cell in zip(cell.pattern, choices).allSatisfy { $1.contains($0) } }
      for method in Self.methods {
        let context: Comment = "seed \(seed), round \(round), \(method)"
        let box = Self.box(network.inputCount)
        guard let bounds = propagation.bounds(over: box, choices: choices, method: method) else {
          #expect(cells.isEmpty, context)
          refuted += 1
          continue
        }
        for cell in cells { Self.check(bounds, network, cell, context) }
      }
    }
    #expect(refuted > 10)
  }

  @Test func hugeAndInfiniteNumbers() throws {
    let seed: UInt64 = 34
    for round in 0..<100 {
      var source = RandomSource(seed: seed, index: round)
      let scale = [0x1p-1070, 0x1p-600, 0x1p600, 0x1p1000].randomElement(using: &source)!
      let stages = OracleNetworks.random(.generic, inputs: 2, using: &source).stages.map { stage in
        var stage = stage
        for unit in stage.units.indices {
          stage.units[unit].forms = stage.units[unit].forms.map { form in
            AffineForm(
              constant: form.constant,
              terms: form.terms.map { .init(value: $0.value, weight: $0.weight * scale) }.filter { $0.weight != 0 })
          }
        }
        return stage
      }
      let network = try UnitNetwork(inputCount: 2, stages: stages, outputs: [AffineForm(value: 2)])
      let finite = try #require(BoundPropagation(network).bounds(over: Self.box(2)))
      let values = network.exactValues([Rational(exactly: source.uniform()), Rational(exactly: -source.uniform())])
      let context: Comment = "seed \(seed), round \(round), scale \(scale)"
      #expect(zip(finite.values, values).allSatisfy { Self.contains($0, $1) }, context)
      let half = [Interval(lower: 0, upper: .infinity), Interval(lower: -1, upper: 0)]
      let infinite = try #require(BoundPropagation(network).bounds(over: half))
      #expect(zip(infinite.values, values).allSatisfy { Self.contains($0, $1) }, context)
    }
  }

  /// The range of an objective is that of the output when it is the output.
  @Test func objectives() throws {
    let network = OracleNetworks.diamond
    let propagation = BoundPropagation(network)
    let bounds = try #require(propagation.bounds(over: Self.box(2)))
    #expect(propagation.range(of: network.outputs[0], given: bounds) == bounds.outputs[0])
    // relu(|x| + |y| − 1/2) is at most 3/2 on the box, attained in the corners, and the relaxation finds it.
    #expect(bounds.outputs[0].upper >= 1.5 && bounds.outputs[0].upper < 1.5 + 1e-12)
    #expect(bounds.outputs[0].lower == 0)
    #expect(propagation.bounds(over: Self.box(2), choices: [[0], [0], [0], [0], [1]]) == nil)
  }
}
