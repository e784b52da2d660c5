/// Where a solver stands.
public struct SolverProgress: Sendable {
  /// Sweeps over the patterns or weights so far.
  public var sweeps: Int
  /// Patterns with a wrong output.
  public var errors: Int
  /// ρ, the inverse temperature β, or 0.
  public var parameter: Double
}

/// What a solver found.
public struct SolverRun: Sendable {
  /// N weights: ±1, or of any size with the squares of each unit summing to N/K.
  public var weights: [Float]
  public var errors: Int
  public var sweeps: Int

  public var isSolved: Bool { errors == 0 }
}

extension PatternStorage {
  /// Outputs Σ cₗ g(hₗ) this close to 0 count as 0, and 0 is wrong for both labels: with weights ±1 the outputs of ReLU
  /// and sign units are multiples of a step, and a tie must not be broken by rounding.
  static let tie: Float = 1e-4

  /// Patterns whose output σ Σ cₗ g(hₗ) is not above 0. O(PN).
  public func errors(_ weights: [Float], unit: CommitteeUnit) throws -> Int {
    let out = try unit.outputWeights(hidden: hidden)
    var fields = [Float](repeating: 0, count: hidden)
    return (0..<count).count { pattern in
      fill(&fields, pattern: pattern, weights: weights)
      var output: Float = 0
      for l in 0..<hidden { output += out[l] * unit.value(fields[l]) }
      return output * Float(labels[pattern]) <= Self.tie
    }
  }
}
