import Exact

/// What Pleat claims of a query, and the proof: a point that satisfies it, or for each of its cases a tree that
/// excludes it.
///
/// The files are named by their digests (SHA-256 of the uncompressed bytes); the paths help to find them.
public struct SafetyCertificate: Sendable, Hashable {
  public struct File: Sendable, Hashable {
    /// The name of the network in the query; empty for the query itself.
    public var name: String
    public var path: String
    public var digest: String

    public init(name: String, path: String, digest: String) {
      self.name = name
      self.path = path
      self.digest = digest
    }
  }

  public enum Verdict: Sendable, Hashable {
    /// A value for each input of the problem's network, that satisfies the query over the real numbers.
    case satisfiable(point: [Rational])
    /// A proof for each case of the query, in the order of `QueryTree.forEachCase`; none when the assertions contradict
    /// each other.
    case unsatisfiable(proofs: [SafetyProof])
  }

  public var query: File
  public var networks: [File]
  public var verdict: Verdict

  public init(query: File, networks: [File], verdict: Verdict) {
    self.query = query
    self.networks = networks
    self.verdict = verdict
  }
}
