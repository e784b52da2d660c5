import Execution
import Foundation
import Probability

/// Learning by least action, spherical weights: a pattern whose output is below the margin moves the fields to the
/// nearest ones that meet it, which changes the weights least; the units are scaled back to the sphere after each
/// epoch.
///
/// Source: G. Mitchison, R. Durbin, Biol. Cybern. 60, 345 (1989); with the exact projection for ReLU and sign units.
public struct LeastActionLearning: Sendable {
  /// The output that a pattern must reach, in units of Σ cₗ g / √K; without one the last corrections never end.
  public var margin: Double
  /// The share of the way to the nearest fields.
  public var step: Double

  public init(margin: Double = 0.02, step: Double = 1) {
    self.margin = margin
    self.step = step
  }

  /// Epochs of O(PN) until no pattern is wrong, `epochs` are over or the work is cancelled.
  ///
  /// Throws `SolutionSpaceError` for activations other than ReLU and sign, and a margin that is not positive.
  public func run(
    on storage: PatternStorage, unit: CommitteeUnit, epochs: Int, seed: UInt64, start: [Float]? = nil,
    cancellation: Cancellation = Cancellation(), _ report: (SolverProgress) -> Void = { _ in }
  ) throws -> SolverRun {
    guard unit.form != .general else {
      throw SolutionSpaceError(
        "the nearest fields are known for relu and sign; \(unit.activation.name) needs sgd, annealing or message "
          + "passing"
      )
    }
    guard margin > 0, step > 0, step <= 2 else {
      throw SolutionSpaceError(
        "a margin of \(margin) and a step of \(step): a positive margin and a step up to 2 are needed")
    }
    let out = try unit.outputWeights(hidden: storage.hidden)
    let projection = HalfSpaceProjection(unit: unit.form == .relu ? .relu : .sign)
    var source = RandomSource(seed: seed)
    var weights = start ?? (0..<storage.inputs).map { _ in Float(source.normal()) }
    storage.normalise(&weights)
    let (hidden, root) = (storage.hidden, Double(storage.inputsPerUnit).squareRoot())
    let threshold = unit.form == .relu ? margin * Double(hidden).squareRoot() : 0
    var fields = [Float](repeating: 0, count: hidden)
    var steps = fields
    var moved = [Double](repeating: 0, count: hidden)
    var scratch = moved
    // Units of the right sign first, for each label.
    let orders = [-1, 1].map { label in
      (0..<hidden).filter { Int(out[$0]) * label > 0 } + (0..<hidden).filter { Int(out[$0]) * label < 0 }
    }
    let positives = orders.enumerated().map { index, order in
      order.count { Int(out[$0]) * (index == 0 ? -1 : 1) > 0 }
    }
    var order = Array(0..<storage.count)
    var best = SolverRun(weights: weights, errors: try storage.errors(weights, unit: unit), sweeps: 0)
    for epoch in 1...max(1, epochs) {
      order.shuffle(using: &source)
      for pattern in order {
        let label = storage.labels[pattern]
        storage.fill(&fields, pattern: pattern, weights: weights)
        let side = label > 0 ? 1 : 0
        for (place, l) in orders[side].enumerated() { moved[place] = Double(fields[l]) }
        let distance = moved.withUnsafeMutableBufferPointer { moved in
          scratch.withUnsafeMutableBufferPointer { scratch in
            projection.project(moved, positives: positives[side], threshold: threshold, scratch: scratch)
          }
        }
        guard distance > 0 else { continue }
        for (place, l) in orders[side].enumerated() {
          var change = moved[place] - Double(fields[l])
          // A field of 0 has no sign: it is taken across by the margin.
          if unit.form == .sign, change != 0 { change += change > 0 ? margin : -margin }
          steps[l] = Float(step * change / root)
        }
        storage.step(steps, pattern: pattern, weights: &weights)
      }
      storage.normalise(&weights)
      let errors = try storage.errors(weights, unit: unit)
      if errors <= best.errors { best = SolverRun(weights: weights, errors: errors, sweeps: epoch) }
      report(SolverProgress(sweeps: epoch, errors: errors, parameter: 0))
      if errors == 0 || cancellation.shouldStop { break }
    }
    return best
  }
}
