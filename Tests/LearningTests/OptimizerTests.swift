import Foundation
import Probability
import Testing

@testable import Learning

@Suite struct OptimizerTests {
  private static func line() throws -> Model {
    try Model(input: .vector(3), layers: [.dense(Dense(1, hasBias: false))])
  }

  private static func isNear(_ left: [Double], _ right: [Double], _ tolerance: Double = 1e-14) -> Bool {
    zip(left, right).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) }
  }

  /// Each rule once more, number by number, as its paper states it.
  @Test func chainsFollowTheirFormulas() throws {
    let start = [0.3, -1.2, 0.7]
    var source = RandomSource(seed: 9)
    let gradients = (0..<6).map { _ in (0..<3).map { _ in source.normal() } }
    typealias Rule = (inout [Double], inout [Double], Double, Int) -> Double
    let rules: [(String, [GradientTransformation], Rule)] = [
      ("sgd", [], { _, _, g, _ in g }),
      (
        "momentum", [.momentum(0.9)],
        { a, _, g, _ in
          a[0] = 0.9 * a[0] + g
          return a[0]
        }
      ),
      (
        "nesterov", [.momentum(0.9, nesterov: true)],
        { a, _, g, _ in
          a[0] = 0.9 * a[0] + g
          return g + 0.9 * a[0]
        }
      ),
      (
        "adagrad", [.adagrad(epsilon: 1e-10)],
        { a, _, g, _ in
          a[0] += g * g
          return g / (a[0].squareRoot() + 1e-10)
        }
      ),
      (
        "rmsprop", [.rmsprop(decay: 0.9, initial: 1e-3, epsilon: 0)],
        { a, _, g, step in
          if step == 0 { a[0] = 1e-3 }
          a[0] = 0.9 * a[0] + 0.1 * g * g
          return g / a[0].squareRoot()
        }
      ),
      (
        "adam", [.adam()],
        { a, b, g, step in
          a[0] = 0.9 * a[0] + 0.1 * g
          b[0] = 0.999 * b[0] + 0.001 * g * g
          let t = Double(step + 1)
          return a[0] / (1 - pow(0.9, t)) / ((b[0] / (1 - pow(0.999, t))).squareRoot() + 1e-8)
        }
      ),
    ]
    for (name, chain, rule) in rules {
      var run = try OptimizerRun<Double>(chain: chain + [.learningRate(0.1)], model: try Self.line(), parameters: start)
      var expected = start
      var first = [[Double]](repeating: [0], count: 3)
      var second = first
      for (step, gradient) in gradients.enumerated() {
        run.step(gradient)
        for place in 0..<3 {
          expected[place] -= 0.1 * rule(&first[place], &second[place], gradient[place], step)
        }
        #expect(Self.isNear(run.parameters, expected), "\(name), step \(step)")
      }
    }
  }

  @Test func clippingAndDecay() throws {
    let model = try Self.line()
    func end(_ chain: [GradientTransformation], _ start: [Double] = [0, 0, 0]) throws -> [Double] {
      var run = try OptimizerRun<Double>(chain: chain, model: model, parameters: start)
      run.step([3, -0.5, 4])
      return run.parameters.map { -$0 }
    }
    #expect(try end([.clipByValue(1)]) == [1, -0.5, 1])
    let unit = [3, -0.5, 4].map { $0 / 25.25.squareRoot() }
    #expect(Self.isNear(try end([.clipByNorm(1)]), unit))
    #expect(try end([.clipByNorm(100)]) == [3, -0.5, 4])
    #expect(try end([.addParameters(0.5)], [1, 0, -2]) == [2.5, -0.5, 5])
    #expect(try end([.learningRate(1, warmup: 4)]) == [0.75, -0.125, 1])
  }

  @Test func schedules() {
    #expect(Schedule.steps(period: 10, factor: 0.5).factor(at: 25) == 0.25)
    #expect(abs(Schedule.cosine(length: 100).factor(at: 50) - 0.5) < 1e-15)
    #expect(Schedule.inverse(period: 5).factor(at: 10) == 1.0 / 3)
    #expect(Schedule.constant.factor(at: 1, warmup: 4) == 0.5)
  }

  /// Three steps of a published example: one recurrent layer, the last output, squared loss.
  @Test func pathStepsOfTheExample() throws {
    let model = try Model(
      input: .vector(1),
      layers: [
        .recurrent(Recurrent(.simple(.relu), units: 1, hasBias: false)), .lastStep, .dense(Dense(1, hasBias: false)),
      ])
    // h = w(x₁ r + x₂) with x = (1, 2): κ(w) = u²(r² + 1), κ¹(r) = w² u², κ(u) = w²(r² + 1).
    let start = [0.5, 2, 3] as [Double]
    var run = try OptimizerRun<Double>(
      chain: [.precondition(PathPreconditioner()), .learningRate(0.1)], model: model, parameters: start, steps: 2)
    run.step([1, 1, 1])
    let steps = [45, 2.25, 1.25].map { 0.1 / $0 }
    let wanted = zip(start, steps).map { $0 - $1 }
    #expect(Self.isNear(run.parameters, wanted))
  }

  private static func problem() throws -> (Model, [Batch], [Double]) {
    let model = try Model(
      input: .vector(2),
      layers: [
        .recurrent(Recurrent(.simple(.relu), units: 6, learnsInitialState: true)),
        .recurrent(Recurrent(.simple(.relu), units: 5)), .dense(Dense(2)),
      ])
    let start: [Double] = try model.initialParameters(
      Initialisation(weights: .glorot, recurrent: .orthogonal), seed: 4)
    let batches = try (0..<3).map { try Batch.random(for: model, steps: 5, samples: 4, seed: 8, index: $0) }
    return (model, batches, start)
  }

  @Test func pathOptimisersSeeThroughRescaling() throws {
    let (model, batches, start) = try Self.problem()
    var source = RandomSource(seed: 77)
    let rescaling = try Rescaling.logNormal(model, &source)
    func deviation(_ chain: [GradientTransformation], steps: Int = 100) throws -> Double {
      try InvarianceCheck(
        model: model, parameters: start, chain: chain, batches: batches, loss: .squared, steps: steps,
        rescaling: rescaling
      ).deviation
    }
    let path = GradientTransformation.precondition(PathPreconditioner())
    let full = GradientTransformation.precondition(
      PathPreconditioner(options: PathNormOptions(secondTerm: 4), every: 3))
    let one = GradientTransformation.precondition(
      PathPreconditioner(options: PathNormOptions(exponent: 1)))
    let scaled = GradientTransformation.precondition(PathPreconditioner(scale: .pathNorm))
    let root = GradientTransformation.precondition(PathPreconditioner(power: .root))
    let normalised = GradientTransformation.precondition(PathPreconditioner(scale: .normalised))
    let rate = GradientTransformation.learningRate(1e-3)
    #expect(try deviation([path, rate]) < 1e-9)
    #expect(try deviation([path, .momentum(0.9), .learningRate(1e-4)]) < 1e-9)
    #expect(try deviation([full, rate]) < 1e-9)
    #expect(try deviation([one, rate]) < 1e-9)
    #expect(try deviation([scaled, .learningRate(1e-8)]) < 1e-9)
    #expect(try deviation([root, .adam(), root, rate]) < 1e-9)
    #expect(try deviation([.clipByPathNorm(0.1), normalised, rate]) < 1e-9)
    #expect(try deviation([path, rate, .limitGrowth(0.01)]) < 1e-9)
    // Adam divides the scale out again; a plain gradient never had it.
    #expect(try deviation([path, .adam(), rate], steps: 3) > 1e-3)
    #expect(try deviation([rate], steps: 3) > 1e-3)
  }

  @Test func growthIsLimited() throws {
    let (model, batches, start) = try Self.problem()
    var run = try OptimizerRun<Double>(
      chain: [.learningRate(10), .limitGrowth(0.1)], model: model, parameters: start, steps: 5)
    let before = try model.pathCurvature(at: start, steps: 5).squaredNorm.value
    let report = run.step(try model.gradient(at: start, of: batches[0], loss: .squared).gradient)
    #expect(report.halvings > 0)
    #expect(try model.pathCurvature(at: run.parameters, steps: 5).squaredNorm.value <= 1.1 * before * (1 + 1e-12))
  }

  @Test func weightsOnNoLivePathStandStill() throws {
    let model = try Model(
      input: .vector(1), layers: [.dense(Dense(2, .relu, hasBias: false)), .dense(Dense(1, hasBias: false))])
    var run = try OptimizerRun<Double>(
      chain: [.precondition(PathPreconditioner()), .learningRate(0.1)], model: model, parameters: [1, 1, 0, 2])
    let report = run.step([0, 1, 1, 1])
    #expect(report.isFinite)
    #expect(run.parameters[0] == 1)
  }

  @Test func nothingIsTakenFromAGradientThatIsNotFinite() throws {
    var run = try OptimizerRun<Double>(chain: [.learningRate(1)], model: try Self.line(), parameters: [1, 2, 3])
    #expect(!run.step([1, .nan, 0]).isFinite)
    #expect(run.parameters == [1, 2, 3])
  }
}
