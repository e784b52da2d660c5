import Execution
import Queries

/// Decides a query: searches for a point that satisfies it, and for a proof that there is none.
public struct VerificationSearch: Sendable {
  /// Whether points are looked for apart from the search itself. Without, a search that is complete still ends in one; the
  /// soundness gate runs so.
  public var attacks = true
  /// Whether the proof is kept.
  public var keepsProof = false
  public var threads = defaultThreadCount
  public var seed: UInt64 = 1

  public init() {}

  /// - Parameters:
  ///   - progress: nodes seen; the share of the input volume that is proved is `bound`, of 1.
  ///   - cancellation: carries the time limit.
  public func run(
    _ problem: QueryProblem, progress: some ProgressReporter = SilentProgress(), cancellation: Cancellation = Cancellation()
  ) -> VerificationResult {
    VerificationResult(verdict: .unknown("no case was searched"), effort: .init())
  }
}

/// The answer and what it took.
public struct VerificationResult: Sendable {
  public struct Effort: Sendable, Hashable {
    public var cases = 0
    public var nodes = 0
    public var splits = 0
    /// The share of the volume of all cases' boxes that is proved free of points that satisfy the query.
    public var provedShare = 0.0
  }

  public var verdict: Verdict
  public var effort: Effort
}
