import Execution
import Foundation
import Probability

/// Simulated annealing of binary weights: single flips, accepted by Metropolis' rule for the number of wrong patterns,
/// while the inverse temperature grows. The fields are kept up to date, O(P) for a flip.
public struct SimulatedAnnealing: Sendable {
  /// β at the first and the last sweep; it grows by equal factors.
  public var inverseTemperature: (first: Double, last: Double)

  public init(from first: Double = 0.3, to last: Double = 8) { inverseTemperature = (first, last) }

  /// Sweeps of N proposals, O(PN) each, until no pattern is wrong. Throws as ``CommitteeUnit/outputWeights(hidden:)``
  /// does.
  public func run(
    on storage: PatternStorage, unit: CommitteeUnit, sweeps: Int, seed: UInt64,
    cancellation: Cancellation = Cancellation(), _ report: (SolverProgress) -> Void = { _ in }
  ) throws -> SolverRun {
    let (inputs, n, count) = (storage.inputs, storage.inputsPerUnit, storage.count)
    let out = try unit.outputWeights(hidden: storage.hidden)
    var source = RandomSource(seed: seed)
    var weights: [Float] = (0..<inputs).map { _ in source.next() & 1 == 0 ? 1 : -1 }
    let scale = 1 / Float(n).squareRoot()
    var columns = [Int8](repeating: 0, count: inputs * count)
    for pattern in 0..<count {
      for i in 0..<inputs { columns[i * count + pattern] = storage.signs[pattern * inputs + i] }
    }
    // Sums are integers, so that no rounding gathers: field = scale · sum.
    var sums = [Int32](repeating: 0, count: storage.hidden * count)
    for l in 0..<storage.hidden {
      for i in l * n..<(l + 1) * n {
        for k in 0..<count { sums[l * count + k] += Int32(weights[i]) * Int32(columns[i * count + k]) }
      }
    }
    let values = (-n...n).map { unit.value(scale * Float($0)) }
    var outputs = [Float](repeating: 0, count: count)
    func refresh() {
      for k in 0..<count {
        outputs[k] = (0..<storage.hidden).reduce(0) { $0 + out[$1] * values[Int(sums[$1 * count + k]) + n] }
      }
    }
    let labels = storage.labels.map(Float.init)
    refresh()
    var errors = zip(outputs, labels).count { $0 * $1 <= PatternStorage.tie }
    var best = SolverRun(weights: weights, errors: errors, sweeps: 0)
    var changed = outputs
    for sweep in 1...max(1, sweeps) {
      let share = Double(sweep - 1) / Double(max(1, sweeps - 1))
      let beta = inverseTemperature.first * pow(inverseTemperature.last / inverseTemperature.first, share)
      for _ in 0..<inputs where errors > 0 {
        let i = source.index(below: inputs)
        let (l, sign) = (i / n, Int32(weights[i]))
        let factor = out[l]
        var after = 0
        columns.withUnsafeBufferPointer { columns in
          sums.withUnsafeBufferPointer { sums in
            outputs.withUnsafeBufferPointer { outputs in
              for k in 0..<count {
                let old = Int(sums[l * count + k])
                let new = old - 2 * Int(sign) * Int(columns[i * count + k])
                let output = outputs[k] + factor * (values[new + n] - values[old + n])
                changed[k] = output
                if output * labels[k] <= PatternStorage.tie { after += 1 }
              }
            }
          }
        }
        guard after <= errors || source.uniform() < exp(-beta * Double(after - errors)) else { continue }
        for k in 0..<count { sums[l * count + k] -= 2 * sign * Int32(columns[i * count + k]) }
        swap(&outputs, &changed)
        weights[i] = -weights[i]
        errors = after
        if errors < best.errors { best = SolverRun(weights: weights, errors: errors, sweeps: sweep) }
      }
      // Rounding of the outputs does not gather over sweeps.
      refresh()
      report(SolverProgress(sweeps: sweep, errors: errors, parameter: beta))
      if errors == 0 || cancellation.shouldStop { break }
    }
    best.errors = try storage.errors(best.weights, unit: unit)
    return best
  }
}
