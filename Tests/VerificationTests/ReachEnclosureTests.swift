import Exact
import Networks
import Probability
import Testing

@testable import Verification

@Suite struct ReachEnclosureTests {
  /// What exact arithmetic says of points of the box lies within, to the last bit.
  @Test(arguments: OutputEnclosure.Method.allCases) func holdAllOutputs(method: OutputEnclosure.Method) throws {
    for seed in 0..<12 {
      var random = RandomSource(seed: UInt64(seed), index: 3)
      let network = try ReachCases.mixedNetwork(inputs: 3, stages: 3, &random)
      // From wide boxes, over ones of a few units in the last place, to points.
      let radius = [2.0, 1e-3, 0x1p-52, 0][seed % 4]
      let box = (0..<3).map { _ in
        let centre = random.uniform() - 0.5
        return Interval(lower: centre - radius, upper: centre + radius)
      }
      let enclosure = try OutputEnclosure(of: network, over: box, by: method)
      let halfPlanes = try enclosure.halfPlanes(0, 1)
      #expect(halfPlanes.count == 16)
      for sample in 0..<40 {
        let corner = box.map { random.uniform() < 0.5 ? $0.lower : $0.upper }
        let point = sample < 12 ? corner : ReachCases.point(in: box, &random)
        let outputs = network.exactOutputs(at: point.map { Rational(exactly: $0) })
        for (range, output) in zip(enclosure.ranges, outputs) {
          #expect(Rational(exactly: range.lower) <= output, "seed \(seed)")
          #expect(output <= Rational(exactly: range.upper), "seed \(seed)")
        }
        for halfPlane in halfPlanes {
          let sum = zip(halfPlane.normal, outputs).reduce(Rational.zero) { $0 + Rational(exactly: $1.0) * $1.1 }
          #expect(sum <= Rational(exactly: halfPlane.offset), "seed \(seed)")
        }
      }
    }
  }

  /// Of affine functions zonotopes and relaxations lose nothing but roundings.
  @Test func areTightWhereNothingBends() throws {
    let network = try UnitNetwork(
      inputCount: 2,
      stages: [
        .init(
          name: "sums",
          units: [
            .relu(AffineForm(constant: 4, weights: [1, 1], first: 0)),
            .relu(AffineForm(constant: 4, weights: [1, -1], first: 0)),
          ])
      ],
      outputs: [
        AffineForm(constant: 0, weights: [1, 1], first: 2), AffineForm(constant: 0, weights: [1, -1], first: 2),
      ])
    let box = [Interval(lower: -1, upper: 1), Interval(lower: -1, upper: 1)]
    for method in [OutputEnclosure.Method.zonotope, .relaxations] {
      let ranges = try OutputEnclosure(of: network, over: box, by: method).ranges
      #expect(abs(ranges[0].lower - 6) < 1e-12 && abs(ranges[0].upper - 10) < 1e-12, "\(method): \(ranges[0])")
      #expect(abs(ranges[1].lower + 2) < 1e-12 && abs(ranges[1].upper - 2) < 1e-12, "\(method): \(ranges[1])")
    }
    let loose = try OutputEnclosure(of: network, over: box, by: .intervals).ranges
    #expect(loose[1].upper > 3.9)
  }

  /// One ReLU on [−1, 1]: the chord ½ z + ¼ with ±¼.
  @Test func hingeOfAZonotope() throws {
    let network = try UnitNetwork(
      inputCount: 1, stages: [.init(name: "hinge", units: [.relu(AffineForm(value: 0))])],
      outputs: [AffineForm(value: 1)])
    let enclosure = try OutputEnclosure(of: network, over: [Interval(lower: -1, upper: 1)], by: .zonotope)
    let zonotope = try #require(enclosure.zonotope)
    #expect(abs(zonotope.centre[0] - 0.25) < 1e-15)
    #expect(zonotope.generators.elements.map { ($0 * 1e12).rounded() / 1e12 } == [0.5, 0.25])
    #expect(zonotope.radius[0] < 1e-14)
    // Interval arithmetic knows that it is not negative.
    #expect(enclosure.ranges[0].lower >= 0)
  }

  @Test func numbersThatLeaveTheRange() throws {
    let huge = AffineForm(constant: 0, weights: [1e300], first: 0)
    let network = try UnitNetwork(
      inputCount: 1, stages: [.init(name: "huge", units: [.relu(huge)])],
      outputs: [AffineForm(constant: 0, weights: [1e300], first: 1)])
    for method in OutputEnclosure.Method.allCases {
      let range = try OutputEnclosure(of: network, over: [Interval(lower: -1, upper: 1)], by: method).ranges[0]
      #expect(range.upper == .infinity, "\(method)")
    }
  }

  @Test func whatExcludesACase() throws {
    var random = RandomSource(seed: 11)
    let network = try ReachCases.network([2, 6, 2], &random)
    let box = "(assert (<= X_0 0.5)) (assert (>= X_0 -0.5)) (assert (<= X_1 0.25)) (assert (>= X_1 0.125))"
    for method in OutputEnclosure.Method.allCases {
      let intervals = [Interval(lower: -0.5, upper: 0.5), Interval(lower: 0.125, upper: 0.25)]
      let top = try OutputEnclosure(of: network, over: intervals, by: method).ranges[0].upper
      for (threshold, isExcluded) in [(top + 1, true), (top - 1, false)] {
        let text = box + "(assert (>= Y_0 \(threshold)))"
        let question = try ReachQuestion(ReachCases.problem(text, network))
        let part = try #require(question.parts.first)
        let enclosure = try OutputEnclosure(of: network, over: part.box, by: method)
        #expect(enclosure.excludes(part.cases[0]) == isExcluded, "\(method), \(threshold)")
      }
    }
  }
}
