import Exact
import Networks
import Probability
import Testing

@testable import PiecewiseLinear

@Suite struct LineRegionsTests {
  /// The same regions, in order, as brute force finds for a network of one input.
  private static func compare(
    _ line: LineRegions, with network: UnitNetwork, domain: [ExactForm], _ context: Comment
  ) {
    let cells = OracleRegions(network, domain: domain).cells.sorted { $0.interiorPoint[0] < $1.interiorPoint[0] }
    #expect(line.choices == cells.map(\.pattern), context)
    #expect(line.count == cells.count, context)
    #expect(line.outputs == cells.map { $0.outputs.map { Motion(start: $0[0], speed: $0[1]) } }, context)
    for (breakpoint, neighbours) in zip(line.breakpoints, zip(cells, cells.dropFirst())) {
      #expect(neighbours.0.interiorPoint[0] < breakpoint.time, context)
      #expect(breakpoint.time < neighbours.1.interiorPoint[0], context)
      let rows = neighbours.0.rows + neighbours.1.rows
      #expect(rows.allSatisfy { $0.value(at: [breakpoint.time]).signum >= 0 }, context)
    }
  }

  @Test func networksOfOneInput() {
    let seed: UInt64 = 41
    for round in 0..<300 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(
        round % 2 == 0 ? .degenerate : .generic, inputs: 1, units: 12, using: &source)
      let context: Comment = "seed \(seed), round \(round)"
      let whole = LineRegions(network, origin: [0], direction: [1], lower: nil, upper: nil)
      Self.compare(whole, with: network, domain: [], context)
      let inside = LineRegions(network, origin: [0], direction: [1], lower: -1, upper: 1)
      Self.compare(inside, with: network, domain: OracleRegions.box(-1, 1, inputCount: 1), context)
    }
  }

  /// Small integers make the restriction to a line exact, so that it is a network of one input again. Many of these lines
  /// run inside hyperplanes and through the places where several meet.
  @Test func segmentsOfNetworks() throws {
    let seed: UInt64 = 42
    for round in 0..<200 {
      var source = RandomSource(seed: seed, index: round)
      let network = OracleNetworks.random(.degenerate, using: &source)
      let start = (0..<network.inputCount).map { _ in Double(source.index(below: 5) - 2) }
      let end = (0..<network.inputCount).map { _ in Double(source.index(below: 5) - 2) }
      let line = LineRegions(
        network, from: start.map { Rational(exactly: $0) }, to: end.map { Rational(exactly: $0) })
      let restricted = try network.restricted(from: start, to: end)
      Self.compare(
        line, with: restricted, domain: OracleRegions.box(0, 1, inputCount: 1), "seed \(seed), round \(round)")
    }
  }

  /// t(x) = 2 relu(x) − 4 relu(x − 1/2) is a tent on [0, 1]; k tents, one after the other, have 2ᵏ pieces there.
  @Test func tents() throws {
    let depth = 7
    let first = [AffineForm(value: 0), AffineForm(constant: -0.5, weights: [1], first: 0)]
    let stages = (0..<depth).map { index -> UnitNetwork.Stage in
      let before = 2 * index - 1
      let forms =
        index == 0
        ? first
        : [0, -0.5].map { AffineForm(constant: $0, weights: [2, -4], first: before) }
      return .init(name: "tent \(index)", units: forms.map(UnitNetwork.Unit.relu))
    }
    let network = try UnitNetwork(
      inputCount: 1, stages: stages, outputs: [AffineForm(constant: 0, weights: [2, -4], first: 2 * depth - 1)])
    let line = LineRegions(network, from: [0], to: [1])
    #expect(line.breakpoints.map(\.time) == (1..<1 << depth).map { Rational($0, 1 << depth) })
    #expect(line.pieceCount == 1 << depth)
  }

  @Test func aLineThatStandsStill() {
    let line = LineRegions(OracleNetworks.diamond, from: [1, 1], to: [1, 1])
    #expect(line.count == 1 && line.pieceCount == 1)
    #expect(line.firstChoices == [1, 0, 1, 0, 1])
    #expect(line.outputs == [[Motion(start: Rational(3, 2), speed: 0)]])
  }

  /// Along the first axis |y| = 0: the units of y vanish identically and stay inactive.
  @Test func aLineInsideHyperplanes() {
    let line = LineRegions(OracleNetworks.diamond, from: [-1, 0], to: [1, 0])
    #expect(line.breakpoints.map(\.time) == [Rational(1, 4), Rational(1, 2), Rational(3, 4)])
    #expect(line.choices == [[0, 1, 0, 0, 1], [0, 1, 0, 0, 0], [1, 0, 0, 0, 0], [1, 0, 0, 0, 1]])
    #expect(line.pieceCount == 3)
  }
}

extension UnitNetwork {
  /// The network of one input t ↦ f(start + t (end − start)).
  fileprivate func restricted(from start: [Double], to end: [Double]) throws -> UnitNetwork {
    func restricted(_ form: AffineForm) -> AffineForm {
      var constant = form.constant
      var speed = 0.0
      var terms: [AffineForm.Term] = []
      for term in form.terms {
        if term.value < inputCount {
          constant += term.weight * start[term.value]
          speed += term.weight * (end[term.value] - start[term.value])
        } else {
          terms.append(.init(value: term.value - inputCount + 1, weight: term.weight))
        }
      }
      return AffineForm(constant: constant, terms: (speed == 0 ? [] : [.init(value: 0, weight: speed)]) + terms)
    }
    return try UnitNetwork(
      inputCount: 1,
      stages: stages.map { stage in
        Stage(
          name: stage.name, units: stage.units.map { Unit(kind: $0.kind, forms: $0.forms.map(restricted)) })
      }, outputs: outputs.map(restricted))
  }
}
