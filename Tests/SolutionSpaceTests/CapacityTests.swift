import Activations
import Foundation
import Probability
import Testing

@testable import SolutionSpace

@Suite struct CapacityTests {
  static func committee(_ text: String, _ weights: WeightSpace, margin: Double = 0) throws -> TreeCommittee {
    let activation = try (try? Activation(named: text)) ?? Activation(expression: text)
    return try TreeCommittee(kernel: OrderParameterKernel(activation), weights: weights, margin: margin)
  }

  @Test(arguments: [
    ("relu", 2.93388441384852, 2.664280056587236), ("leaky-relu:0.5", 2.135980758420734, 2.1205153408555755),
    ("abs", 5.503876787768218, 3.812131334911158), ("erf", 2.4514000075713813, 2.3749991905789334),
    ("square", 4, 3.3746644254996183), ("softplus", 2.1610561050149344, 2.1570385288742995),
  ]) func sphericalCapacities(_ name: String, _ symmetric: Double, _ broken: Double) throws {
    let values = try Self.committee(name, .spherical).brokenCapacities(steps: 1)
    #expect(abs(values[0].load.value - symmetric) < 1e-10 && abs(values[1].load.value - broken) < 1e-9)
    #expect(values[1].load.error < 1e-9)
  }

  @Test(arguments: [(0.1, 2.507930606001549, 2.3015019614242997), (1, 0.762182433153226, 0.7358031205058481)])
  func margins(_ margin: Double, _ symmetric: Double, _ broken: Double) throws {
    let values = try Self.committee("relu", .spherical, margin: margin).brokenCapacities(steps: 1)
    #expect(abs(values[0].load.value - symmetric) < 1e-12 && abs(values[1].load.value - broken) < 1e-9)
  }

  @Test func moreStepsLowerTheBound() throws {
    let values = try Self.committee("relu", .spherical).brokenCapacities(steps: 3)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0.load.value > $1.load.value })
    #expect(abs(values[2].load.value - 2.6532742) < 2e-6 && abs(values[3].load.value - 2.6514849) < 2e-6)
    let limit = try #require(values.fullyBroken)
    #expect(abs(limit.value - 2.6506) < 4e-4 && limit.value < values[3].load.value)
  }

  @Test func thePerceptronDoesNotBreak() throws {
    let values = try Self.committee("identity", .spherical).brokenCapacities(steps: 2)
    #expect(values.allSatisfy { abs($0.load.value - 2) < 1e-6 })
    #expect(try Self.committee("identity", .spherical).instability() == nil)
    #expect(try Self.committee("sign", .spherical).brokenCapacities(steps: 1)[1].load.value == .infinity)
  }

  @Test(arguments: [
    ("identity", 0.8330785997395671, 0.5639490800845516), ("sign", 0.946952427, 0.308769),
    ("relu", 0.9039862812922327, 0.44870476330046827), ("tanh", 0.8632566485936596, 0.5075214934037211),
  ]) func zeroEntropy(_ name: String, _ load: Double, _ overlap: Double) throws {
    let state = try Self.committee(name, .binary).zeroEntropyState()
    #expect(abs(state.load - load) < 1e-9 && abs(state.overlap - overlap) < 1e-6 && abs(state.freeEntropy) < 1e-12)
    #expect(state.isStable)
  }

  @Test func entropiesAndStability() throws {
    let relu = try Self.committee("relu", .binary)
    let state = try relu.state(load: 0.2)
    #expect(abs(state.freeEntropy - 0.5521796489728612) < 1e-11 && abs(state.overlap - 0.09399171750392527) < 1e-11)
    #expect(abs(state.replicon - 0.10440437498985305) < 1e-9)
    #expect(try relu.state(load: 0).freeEntropy == log(2.0))
    let spherical = try #require(try Self.committee("relu", .spherical).instability())
    #expect(abs(spherical.load - 1.7211967842593592) < 1e-10)
    let even = try #require(try Self.committee("square", .spherical).instability())
    #expect(abs(even.load - Double.pi / 4) < 1e-9)
  }

  /// The free entropy is stationary: its derivative by the load is the energetic term.
  @Test(arguments: [WeightSpace.binary, .spherical]) func entropyFallsByTheEnergeticTerm(_ weights: WeightSpace) throws
  {
    for seed in 0..<10 as Range<UInt64> {
      var source = RandomSource(seed: seed)
      let load = 0.1 + 0.7 * source.uniform()
      let committee = try Self.committee(seed % 2 == 0 ? "relu" : "tanh", weights, margin: 0.2 * source.normal())
      let step = 1e-4
      let (low, middle, high) = (
        committee.formalState(load: load - step), committee.formalState(load: load),
        committee.formalState(load: load + step)
      )
      let slope = (high.freeEntropy - low.freeEntropy) / (2 * step)
      let term = EnergeticAverages(committee.kernel.point(middle.overlap), margin: committee.margin).logarithm
      #expect(abs(slope - term) < 1e-6, "seed \(seed)")
    }
  }

  @Test func loadsBeyondTheCapacity() throws {
    let error = #expect(throws: SolutionSpaceError.self) { try Self.committee("relu", .binary).state(load: 0.95) }
    #expect(error?.description.contains("0.903986") == true)
    #expect(throws: SolutionSpaceError.self) { try Self.committee("relu", .spherical).state(load: -1) }
    #expect(throws: SolutionSpaceError.self) { try Self.committee("relu", .spherical, margin: .nan) }
    #expect(throws: SolutionSpaceError.self) { try Self.committee("relu", .binary).brokenCapacities(steps: 1) }
  }
}
