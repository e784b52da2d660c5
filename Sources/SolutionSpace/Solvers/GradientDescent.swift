import Execution
import Foundation
import Probability

/// Stochastic gradient descent on the cross-entropy ln(1 + exp(−β σ z)) of spherical weights, with momentum; β grows
/// from epoch to epoch. With several replicas they attract each other ever more strongly, and their centre is the
/// answer.
///
/// Source: C. Baldassi et al., PNAS 113, E7655 (2016), replicated stochastic gradient descent.
public struct GradientDescent: Sendable {
  /// y; 1 is plain gradient descent.
  public var replicas: Int
  public var batch: Int
  public var rate: Double
  public var momentum: Double
  /// β at the start, and what is added in an epoch.
  public var steepness: (start: Double, growth: Double)
  /// The attraction of the replicas to their centre, and what is added in an epoch.
  public var attraction: (start: Double, growth: Double)

  public init(replicas: Int = 1, batch: Int = 50, rate: Double = 0.5) {
    self.replicas = replicas
    self.batch = batch
    self.rate = rate
    momentum = 0.9
    steepness = (1, 0.02)
    attraction = (0.01, 0.001)
  }

  /// Epochs of O(y PN) until the centre gets no pattern wrong. The replicas run side by side on `threads` threads.
  ///
  /// Throws `SolutionSpaceError` for activations without a derivative, such as sign.
  public func run(
    on storage: PatternStorage, unit: CommitteeUnit, epochs: Int, seed: UInt64, threads: Int = 1,
    cancellation: Cancellation = Cancellation(), _ report: (SolverProgress) -> Void = { _ in }
  ) throws -> SolverRun {
    guard unit.kernel.slopeAtOne.isFinite else {
      throw SolutionSpaceError(
        "\(unit.activation.name) jumps and has no gradient: use annealing, projection or message passing")
    }
    guard replicas >= 1, batch >= 1, rate > 0 else {
      throw SolutionSpaceError("at least one replica, one pattern in a batch and a positive rate are needed")
    }
    let out = try unit.outputWeights(hidden: storage.hidden)
    var copies = (0..<replicas).map { index in
      var source = RandomSource(seed: seed, index: index)
      var weights = (0..<storage.inputs).map { _ in Float(source.normal()) }
      storage.normalise(&weights)
      return Replica(weights: weights, velocity: weights.map { _ in 0 }, source: source)
    }
    var best = SolverRun(weights: copies[0].weights, errors: storage.count + 1, sweeps: 0)
    for epoch in 1...max(1, epochs) {
      let beta = min(steepness.start + steepness.growth * Double(epoch), 21)
      let pull = replicas > 1 ? attraction.start + attraction.growth * Double(epoch) : 0
      let centre = centre(copies, storage)
      let before = copies
      copies = parallelMap(count: replicas, threads: threads) { index in
        before[index].epoch(
          on: storage, unit: unit, out: out, centre: centre, beta: beta, pull: min(pull, 0.5), batch: batch, rate: rate,
          momentum: momentum)
      }
      let answer = self.centre(copies, storage)
      let errors = try storage.errors(answer, unit: unit)
      if errors < best.errors { best = SolverRun(weights: answer, errors: errors, sweeps: epoch) }
      report(SolverProgress(sweeps: epoch, errors: errors, parameter: beta))
      if errors == 0 || cancellation.shouldStop { break }
    }
    return best
  }

  private func centre(_ copies: [Replica], _ storage: PatternStorage) -> [Float] {
    guard copies.count > 1 else { return copies[0].weights }
    var sum = [Float](repeating: 0, count: storage.inputs)
    for copy in copies { for i in sum.indices { sum[i] += copy.weights[i] } }
    storage.normalise(&sum)
    return sum
  }

  private struct Replica: Sendable {
    var weights: [Float]
    var velocity: [Float]
    var source: RandomSource

    func epoch(
      on storage: PatternStorage, unit: CommitteeUnit, out: [Float], centre: [Float], beta: Double, pull: Double,
      batch: Int, rate: Double, momentum: Double
    ) -> Replica {
      var next = self
      let (hidden, n) = (storage.hidden, Double(storage.inputsPerUnit))
      let share = 1 / Double(hidden).squareRoot()
      var fields = [Float](repeating: 0, count: hidden)
      var steps = fields
      var gradient = [Float](repeating: 0, count: storage.inputs)
      let order = Array(0..<storage.count).shuffled(using: &next.source)
      for first in Swift.stride(from: 0, to: order.count, by: batch) {
        let patterns = order[first..<min(first + batch, order.count)]
        for i in gradient.indices { gradient[i] = 0 }
        for pattern in patterns {
          storage.fill(&fields, pattern: pattern, weights: next.weights)
          var output = 0.0
          for l in 0..<hidden { output += Double(out[l]) * Double(unit.value(fields[l])) }
          let label = Double(storage.labels[pattern])
          let force = label / (1 + exp(beta * label * output * share))
          for l in 0..<hidden {
            let slope = unit.form == .relu ? (fields[l] > 0 ? 1 : 0) : unit.activation.derivative(Double(fields[l]))
            steps[l] = Float(force * Double(out[l]) * share * slope / n.squareRoot())
          }
          storage.step(steps, pattern: pattern, weights: &gradient)
        }
        // Weights are of order 1, gradients of order batch/√N.
        let length = Float(rate * Double(hidden) / Double(patterns.count) * n.squareRoot())
        for i in gradient.indices {
          next.velocity[i] = Float(momentum) * next.velocity[i] + length * gradient[i]
          next.weights[i] += Float(1 - momentum) * next.velocity[i]
          if pull > 0 { next.weights[i] += Float(pull) * (centre[i] - next.weights[i]) }
        }
        storage.normalise(&next.weights)
      }
      return next
    }
  }
}
