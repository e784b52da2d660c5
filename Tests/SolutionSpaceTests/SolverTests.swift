import Activations
import Datasets
import Foundation
import Probability
import Testing

@testable import SolutionSpace

@Suite struct SolverTests {
  private func unit(_ name: String) throws -> CommitteeUnit { try CommitteeUnit(Activation(named: name)) }

  /// Moments by the table against closed forms.
  @Test func momentTables() throws {
    for deviation in [0.1, 0.5, 1] {
      let ramp = MomentTable(try Activation(named: "relu"), deviation: deviation)
      for omega in [-2.3, -0.31, 0, 0.02, 1.7] {
        let (found, exact) = (ramp.moments(omega), UnitMoments(ramp: omega, deviation: deviation))
        let pairs = [
          (found.a, exact.a), (found.a1, exact.a1), (found.b, exact.b), (found.b1, exact.b1), (found.a2, exact.a2),
          (found.b2, exact.b2),
        ]
        for (value, expected) in pairs {
          #expect(abs(value - expected) < 3e-4 * max(1, abs(expected)), "\(deviation) \(omega)")
        }
      }
    }
  }

  @Test func entropyByMessagePassing() throws {
    let unit = try unit("relu")
    let typical = try TreeCommittee(kernel: unit.kernel, weights: .binary).state(load: 0.3)
    let storage = try PatternStorage.random(inputs: 3000, hidden: 30, load: 0.3, seed: 4)
    var passing = try MessagePassing(storage, unit: unit)
    for _ in 0..<60 { passing.sweep(.amp) }
    #expect(passing.change < 1e-4)
    #expect(abs(passing.betheEntropy - typical.freeEntropy) < 0.008 && abs(passing.overlap - typical.overlap) < 0.02)
  }

  @Test(arguments: [("relu", 20), ("sign", 21), ("tanh", 20)]) func focusing(_ name: String, _ hidden: Int) throws {
    let storage = try PatternStorage.random(inputs: 30 * hidden, hidden: hidden, load: 0.35, seed: 2)
    let unit = try unit(name)
    var state: MessagePassing?
    var settings = StorageAlgorithm.Settings(sweeps: 400, rate: 0.005)
    let run = try StorageAlgorithm.focusing.run(on: storage, unit: unit, settings: settings, state: &state)
    #expect(run.isSolved)
    #expect(try storage.errors(run.weights, unit: unit) == 0)
    #expect(run.weights.allSatisfy { abs($0) == 1 })
    // Stopped, stored, taken up, on another number of threads: the same weights.
    settings.sweeps = 30
    var first: MessagePassing?
    _ = try StorageAlgorithm.focusing.run(on: storage, unit: unit, settings: settings, state: &first)
    let stored = try #require(first).state(source: "test")
    var second: MessagePassing? = try StorageAlgorithm.focusing.messagePassing(
      on: storage, unit: unit, threads: 3)
    try second?.resume(from: stored)
    settings.sweeps = 400
    let again = try StorageAlgorithm.focusing.run(on: storage, unit: unit, settings: settings, state: &second)
    #expect(again.weights == run.weights && again.sweeps == run.sweeps)
  }

  @Test(arguments: [
    (StorageAlgorithm.projection, "relu", 1.2), (.gradient, "relu", 0.6), (.gradient, "tanh", 0.6),
    (.replicated, "relu", 0.4), (.annealing, "relu", 0.2), (.reinforced, "relu", 0.3), (.projection, "sign", 0.8),
  ]) func others(_ algorithm: StorageAlgorithm, _ name: String, _ load: Double) throws {
    let storage = try PatternStorage.random(inputs: 320, hidden: name == "sign" ? 5 : 10, load: load, seed: 3)
    let unit = try unit(name)
    var state: MessagePassing?
    let run = try algorithm.run(
      on: storage, unit: unit, settings: .init(sweeps: 1500, rate: algorithm == .reinforced ? 0.005 : nil),
      state: &state)
    #expect(run.errors == 0, "\(run.sweeps) sweeps")
    #expect(try storage.errors(run.weights, unit: unit) == run.errors)
    if algorithm.weights == .spherical {
      let square = run.weights[..<storage.inputsPerUnit].reduce(0) { $0 + $1 * $1 }
      #expect(abs(square / Float(storage.inputsPerUnit) - 1) < 1e-4)
    }
  }

  @Test func whatDoesNotFitIsRefused() throws {
    let storage = try PatternStorage.random(inputs: 90, hidden: 9, load: 0.3, seed: 1)
    #expect(throws: SolutionSpaceError.self) { try MessagePassing(storage, unit: unit("relu")) }
    var state: MessagePassing?
    #expect(throws: SolutionSpaceError.self) {
      try StorageAlgorithm.gradient.run(on: storage, unit: unit("sign"), settings: .init(sweeps: 5), state: &state)
    }
    #expect(throws: SolutionSpaceError.self) {
      try StorageAlgorithm.projection.run(on: storage, unit: unit("tanh"), settings: .init(sweeps: 5), state: &state)
    }
    #expect(throws: SolutionSpaceError.self) { try PatternStorage.random(inputs: 91, hidden: 9, load: 0.3, seed: 1) }
    #expect(throws: SolutionSpaceError.self) { try PatternStorage.random(inputs: 90, hidden: 9, load: -1, seed: 1) }
    #expect(throws: SolutionSpaceError.self) {
      try PatternStorage(inputs: 2, hidden: 1, signs: [1, 0, 1, 1], labels: [1, -1])
    }
  }

  @Test func filesComeBack() throws {
    let storage = try PatternStorage.random(inputs: 45, hidden: 5, load: 0.6, seed: 9)
    var source = RandomSource(seed: 1)
    for weights in [
      (0..<45).map { _ in source.next() & 1 == 0 ? Float(1) : -1 }, (0..<45).map { _ in Float(source.normal()) },
    ] {
      let solution = StoredSolution(
        storage: storage, weights: weights, activation: try Activation(expression: "x*tanh(x)"))
      let again = try StoredSolution(solution.bundle(source: "test"))
      #expect(again.storage == storage && again.weights == weights && again.activation.name == "x*tanh(x)")
    }
    var damaged = storage.bundle(source: "test")
    damaged["sizes"] = .init(shape: [2], numbers: [1e30, 5])
    #expect(throws: SolutionSpaceError.self) { try PatternStorage(damaged) }
    var short = storage.bundle(source: "test")
    short["patterns"] = .init(shape: [1, 6], bytes: [1, 2, 3, 4, 5, 6])
    #expect(throws: SolutionSpaceError.self) { try PatternStorage(short) }
    #expect(throws: SolutionSpaceError.self) { try StoredSolution(storage.bundle(source: "test")) }
  }

  @Test func tablesBecomePatterns() throws {
    let columns = [[1.0, 2, 3, 4], [5, 5, 5, 5], [-1, 1, -1, 1], [0, 9, 8, 7]]
    let (storage, leftOut) = try PatternStorage.table(
      columns: columns, positive: [true, false, true, false], hidden: 3, isShuffled: false, seed: 1)
    #expect(storage.inputs == 3 && storage.count == 4 && leftOut == 1 && storage.labels == [1, -1, 1, -1])
    #expect(throws: SolutionSpaceError.self) {
      try PatternStorage.table(
        columns: columns, positive: [true, false, true, false], hidden: 4, isShuffled: false, seed: 1)
    }
  }

  @Test func measurements() throws {
    let storage = try PatternStorage.random(inputs: 1000, hidden: 20, load: 0.3, seed: 5)
    let unit = try unit("relu")
    var state: MessagePassing?
    let run = try StorageAlgorithm.focusing.run(
      on: storage, unit: unit, settings: .init(sweeps: 400, rate: 0.005), state: &state)
    let measured = try MeasuredRobustness(storage, weights: run.weights, unit: unit)
    #expect(try measured.flippingWeights(share: 0, repetitions: 2, seed: 1).value == 0)
    let (weights, inputs) = (
      try measured.flippingWeights(share: 0.1, repetitions: 8, seed: 1, threads: 2),
      try measured.flippingInputs(share: 0.1, repetitions: 8, seed: 1)
    )
    #expect(try measured.flippingWeights(share: 0.1, repetitions: 8, seed: 1) == weights)
    // One law for both; the deviations share the instance.
    #expect(abs(weights.value - inputs.value) < 0.05)
    let half = try measured.flippingWeights(share: 0.5, repetitions: 20, seed: 2)
    #expect(abs(half.value - 0.5) < 0.1)
    let around = try MeasuredLocalEntropy.curve(
      around: run.weights.map { $0 < 0 ? -1 : 1 }, on: storage, unit: unit, fields: [1, 0.3])
    #expect(around[0].distance < around[1].distance && around[0].entropy < around[1].entropy && around[0].entropy > 0)
  }
}

@Suite struct SuccessRateTests {
  @Test func intervals() {
    let rate = SuccessRate(successes: 9, trials: 10)
    #expect(abs(rate.interval.low - 0.5958) < 1e-4 && abs(rate.interval.high - 0.9821) < 1e-4)
    #expect(SuccessRate(successes: 0, trials: 5).interval.low == 0)
  }

  @Test func thresholds() throws {
    let loads = [0.5, 0.6, 0.7, 0.8]
    let rates = [100, 90, 12, 1].map { SuccessRate(successes: $0, trials: 100) }
    let found = try #require(SuccessThreshold(inputs: 1000, loads: loads, rates: rates))
    #expect(abs(found.load.value - 0.652) < 0.01 && found.load.error < 0.02)
    // All or nothing: the gap is what is not known.
    let sharp = [5, 5, 0, 0].map { SuccessRate(successes: $0, trials: 5) }
    let gap = try #require(SuccessThreshold(inputs: 500, loads: loads, rates: sharp))
    #expect(abs(gap.load.value - 0.65) < 0.005 && gap.load.error > 0.01 && gap.load.error < 0.05)
    #expect(SuccessThreshold(inputs: 5, loads: [0.5], rates: [rates[0]]) == nil)
    let limit = try #require([found, gap].extrapolated)
    #expect(limit.value.isFinite && limit.error > 0)
  }
}
