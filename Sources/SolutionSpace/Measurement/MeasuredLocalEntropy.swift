import Execution
import Foundation

/// The entropy of solutions around a given one on one instance: message passing with a field γ along it.
///
/// S(p) = ϕ(γ) − γ p, Bethe's entropy of the beliefs, where p is their overlap with the solution. Source:
/// C. Baldassi et al., Phys. Rev. Lett. 115, 128101 (2015).
public struct MeasuredLocalEntropy: Sendable, Equatable {
  /// γ.
  public var field: Double
  public var overlap: Double
  public var entropy: Double
  /// Whether the messages came to rest.
  public var isConverged: Bool

  public var distance: Double { 0.5 * (1 - overlap) }

  /// One point for each field, each started from the one before it.
  public static func curve(
    around solution: [Int8], on storage: PatternStorage, unit: CommitteeUnit, fields: [Double], sweeps: Int = 300,
    threads: Int = 1, cancellation: Cancellation = Cancellation()
  ) throws -> [MeasuredLocalEntropy] {
    guard solution.count == storage.inputs else {
      throw SolutionSpaceError("\(solution.count) weights do not belong to an instance of \(storage.inputs) inputs")
    }
    var passing = try MessagePassing(storage, unit: unit, threads: threads)
    if let first = fields.first { passing.start(near: solution, overlap: tanh(first)) }
    var points: [MeasuredLocalEntropy] = []
    for field in fields where !cancellation.shouldStop {
      passing.pull(towards: solution, strength: field)
      for _ in 0..<sweeps {
        passing.sweep(.amp)
        if passing.change < 1e-4 { break }
      }
      let overlap =
        zip(passing.means, solution).reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / Double(storage.inputs)
      points.append(
        MeasuredLocalEntropy(
          field: field, overlap: overlap, entropy: passing.betheEntropy,
          isConverged: passing.change < 1e-3))
    }
    return points
  }
}
