import Certificates
import Exact
import Execution
import Networks
import Queries

/// Decides a query: searches for a point that satisfies it, and for a proof that there is none.
///
/// Cases that share a box are first looked at together, at their roots, where most of the easy ones end. Those that stay open
/// are attacked, and then searched in turns of growing length, so that a hard one does not stand before one that has a witness.
/// Cases with few free inputs are split by inputs and units (``CaseSearch``), others by units with optimised bounds
/// (``DualSearch``).
///
/// Every bound that closes a node is rigorous: rounding errors are accounted for. Every witness is confirmed in rational
/// arithmetic. The same query, seed and limits give the same answer on any number of threads, a time limit excepted.
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
    _ problem: QueryProblem, progress: some ProgressReporter = SilentProgress(),
    cancellation: Cancellation = Cancellation()
  ) -> VerificationResult {
    var run = VerificationRun(self, problem, progress, cancellation)
    let verdict = run.verdict()
    return VerificationResult(verdict: verdict, effort: run.effort)
  }
}

/// The answer and what it took.
public struct VerificationResult: Sendable {
  public struct Effort: Sendable, Hashable {
    public var cases = 0
    public var nodes = 0
    /// The share of the volume of all cases' boxes that is proved free of points that satisfy the query, cases counting
    /// alike.
    public var provedShare = 0.0
    /// Of the parts that were closed by a bound, the one whose bound was nearest to 0, as a box of the problem's inputs.
    public var tightest: Part?
    /// A part that was still open at the end.
    public var resisting: Part?
  }

  /// A box of the problem's inputs and by how much the bound there is below 0.
  public struct Part: Sendable, Hashable {
    public var margin: Double
    public var lower: [Double]
    public var upper: [Double]
  }

  public var verdict: Verdict
  public var effort: Effort
}
